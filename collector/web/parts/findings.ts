import type { Model } from '../../kpi/readiness/model.ts'
import type { Finding } from '../../kpi/readiness/result.ts'
import type { InstitutionRow } from '../../kpi/snapshot.ts'
import { ago, name, number, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { placeTexts } from '../texts/places.ts'
import { readinessTexts } from '../texts/readiness.ts'
import { findingOwnerTexts, findingTexts } from '../texts/readiness-words.ts'
import { unitPlace } from './gates.ts'
import { atLeast } from './migration-lists.ts'
import { table } from './table.ts'

/** Findings on the page, the oldest first; how many more there are is said. */
const findingsShownMax = 100

/** Where what is declared and what is measured do not agree, since when, and who must act. */
export function findingsCard(
  writer: Writer,
  row: InstitutionRow,
  model: Model,
  findings: readonly Finding[],
  now: number,
): Html {
  const { language } = writer
  const title = html`<h2 id="findings">${say(language, readinessTexts.findings)}
<span class="count">${number(language, findings.length)}</span></h2>`
  if (findings.length === 0) {
    return html`<section class="card" aria-labelledby="findings">${title}
<p class="calm">${say(language, readinessTexts.noFindings)}</p></section>`
  }
  const sorted = findings.toSorted((a, b) => (a.since ?? now) - (b.since ?? now))
  const more = sorted.length - findingsShownMax
  const rows = sorted.slice(0, findingsShownMax).map((finding) => {
    const { kind, environment, since, detail } = finding
    const owner = kind === 'host_not_registered' ? 'ministry' : 'institution'
    return [
      html`${say(language, findingTexts[kind])}
<small>${detail !== null && html`<bdi dir="auto">${detail}</bdi>`}</small>`,
      unitPlace(language, row, { environment, host: null }),
      subject(writer, model, finding),
      since === null
        ? say(language, readinessTexts.notKnownSince)
        : html`${time(writer, since, 'dayOfYear')}
<small>${ago(language, Math.max(0, now - since))}</small>${atLeast(language, finding)}`,
      say(language, findingOwnerTexts[owner]),
    ]
  })
  const columns = (['finding', 'where', 'subject', 'since', 'owner'] as const).map((key) => ({
    head: say(language, readinessTexts[key]),
  }))
  const rest = more > 0 && say(language, placeTexts.more, { more: number(language, more) })
  return html`<section class="card" aria-labelledby="findings">${title}
${table({ labelledBy: 'findings', columns, rows, cards: true })}
${rest && html`<p class="note">${rest}</p>`}</section>`
}

/** An agent, a check, or a metric by the name of the indicator that scores it. */
function subject({ language }: Writer, model: Model, { subject: of }: Finding): Content {
  if (of === null) return null
  const rule = model.dimensions
    .flatMap(({ indicators }) => indicators)
    .find(({ metric }) => metric === of)
  return rule ? name(language, rule.label) : html`<bdi dir="ltr">${of}</bdi>`
}
