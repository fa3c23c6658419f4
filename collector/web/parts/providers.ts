import type { InstitutionRow, ProviderRow, Snapshot } from '../../kpi/snapshot.ts'
import { number, percent } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, html } from '../html.ts'
import { say } from '../language.ts'
import { figureTexts } from '../texts/figures.ts'
import { placeTexts, providerTexts } from '../texts/places.ts'
import { providerName } from './hosting-names.ts'
import { rangeBar, scaleNote } from './range-bar.ts'
import { type Column, table } from './table.ts'

const bounds = ['observed', 'high', 'coverage'] as const

/** What the environments at each hosting provider reach; nothing where the register names none. */
export function providersTable(frame: Frame, snapshot: Snapshot): Content {
  const { language } = frame
  const { byProvider } = snapshot.nation
  if (byProvider.length === 0) return null
  const columns: Column[] = [
    { head: say(language, placeTexts.provider) },
    { head: say(language, placeTexts.environments), look: 'number' },
    { head: say(language, placeTexts.institutions), look: 'number' },
    { head: say(language, figureTexts.bounds), look: 'wide' },
    { head: say(language, figureTexts.low), look: 'number' },
    ...bounds.map((key): Column => ({ head: say(language, figureTexts[key]), look: 'number' })),
  ]
  const rows = byProvider.toSorted(byLow).map(({ provider, continuity, ...counts }) => {
    const { cycle } = continuity
    return [
      providerName(frame, provider),
      number(language, counts.environments),
      number(language, counts.institutions),
      cycle.low && rangeBar(language, cycle, snapshot.target),
      html`<strong>${percent(cycle.low)}</strong>`,
      ...bounds.map((key) => percent(cycle[key])),
    ]
  })
  const others = unnamed(snapshot.institutions)
  const words = say(language, providerTexts.unnamed, { n: number(language, others) })
  const note = others > 0 && html`<p class="note">${words}</p>`
  return html`<section class="card" aria-labelledby="providers">
<h2 id="providers">${say(language, providerTexts.title)}</h2>
<p class="note">${say(language, providerTexts.pooled)} ${scaleNote(language, snapshot.target)}</p>
${table({ labelledBy: 'providers', columns, rows, cards: true })}${note}</section>`
}

/** Environments of target institutions that are in no row. */
function unnamed(institutions: readonly InstitutionRow[]): number {
  return institutions
    .filter(({ target }) => target)
    .flatMap(({ environments }) => environments)
    .filter(({ provider }) => provider === null).length
}

/** Lowest proven share first; without a value last. */
function byLow(a: ProviderRow, b: ProviderRow): number {
  return (a.continuity.cycle.low?.ratio ?? 2) - (b.continuity.cycle.low?.ratio ?? 2)
}
