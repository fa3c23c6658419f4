import { type CheckKind, valueUnits } from '../../../protocol/check.ts'
import { reasonTexts } from '../../../protocol/reason-texts.ts'
import { dayMs, hourMs, secondMs } from '../../../protocol/time.ts'
import type { AgentRow, CheckRow, EnvironmentDetail, EnvironmentRow } from '../../kpi/snapshot.ts'
import { number, time, type Writer, wholePercent } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { count, type Language, say } from '../language.ts'
import { checkKindTexts, checkTexts, dayCount } from '../texts/checks.ts'
import { stateChip } from './chip.ts'
import { table } from './table.ts'

/** A check's last value as people say it: 37% free, 12 ms, 40 days left. */
export function checkValue(language: Language, kind: CheckKind, value: number | null): Content {
  if (value === null) return null
  const units: Partial<Record<CheckKind, (typeof valueUnits)[keyof typeof valueUnits]>> = valueUnits
  switch (units[kind]) {
    case 'seconds': {
      const ms = value * secondMs
      const n = number(language, ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms))
      return say(language, checkTexts.milliseconds, { n })
    }
    case 'seconds_left': {
      if (value <= 0) return say(language, checkTexts.expired)
      const days = Math.floor((value * secondMs) / dayMs)
      return say(language, checkTexts.daysLeft, { days: count(language, dayCount, days) })
    }
    case 'seconds_old': {
      const hours = number(language, Math.round((value * secondMs * 10) / hourMs) / 10)
      return say(language, checkTexts.hoursOld, { hours })
    }
    case 'seconds_off':
      return say(language, checkTexts.millisecondsOff, {
        n: number(language, Math.round(value * secondMs)),
      })
    case 'ratio_free':
      return say(language, checkTexts.free, { share: wholePercent(value) })
    case 'ratio_used':
      return say(language, checkTexts.used, { share: wholePercent(value) })
    default:
      return number(language, value)
  }
}

/** Whose evidence a check's state rests on, and that it is no live reading. */
export function asLastSealed(language: Language, agent: AgentRow | undefined): Html {
  const alive = agent !== undefined && !agent.silent
  return say(language, alive ? checkTexts.sealedAlive : checkTexts.sealedSilent)
}

/** What a check is called: its label, else its name. */
export function checkName({ check, label }: CheckRow): string {
  return label ?? check
}

/** Needed or advisory, and whether the agent still declares it. */
export function checkNeed(language: Language, { needed, declared }: CheckRow): Html {
  const undeclared = say(language, checkTexts.undeclared, { file: html`<bdi>agent.yaml</bdi>` })
  const need = say(language, needed ? checkTexts.needed : checkTexts.advisory)
  return html`${need}${!declared && html` <small>${undeclared}</small>`}`
}

function checkLink(row: CheckRow, href: string): Html {
  const id = row.label && html`<small><bdi dir="ltr">${row.check}</bdi></small>`
  return html`<a href="${href}"><bdi>${checkName(row)}</bdi></a>${id}`
}

function checkState(language: Language, { agents }: EnvironmentRow, row: CheckRow): Html {
  const agent = agents.find((each) => each.agent === row.agent)
  const remarks = [
    row.reason && say(language, reasonTexts[row.reason]),
    agent?.silent !== false && asLastSealed(language, agent),
  ]
  const shown = remarks.map((remark) => remark && html` <small>${remark}</small>`)
  return html`${stateChip(language, row.state)}${shown}`
}

/** The checks of an environment, those it needs first. */
export function checksTable(
  writer: Writer,
  environment: EnvironmentDetail,
  href: (check: string) => string,
): Html {
  const { language } = writer
  const columns = [
    { head: say(language, checkTexts.check) },
    { head: say(language, checkTexts.kind) },
    { head: say(language, checkTexts.state) },
    { head: say(language, checkTexts.since) },
    { head: say(language, checkTexts.value) },
    { head: say(language, checkTexts.need) },
  ]
  const rows = environment.checks
    .toSorted((a, b) => Number(b.needed) - Number(a.needed))
    .map((row) => [
      checkLink(row, href(row.check)),
      say(language, checkKindTexts[row.kind]),
      checkState(language, environment, row),
      row.since !== null && time(writer, row.since),
      checkValue(language, row.kind, row.value),
      checkNeed(language, row),
    ])
  return html`<section class="card" aria-labelledby="checks">
<h2 id="checks">${say(language, checkTexts.checks)}</h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, checkTexts.noChecks)}</p>`
    : html`<p class="note">${say(language, checkTexts.sealed)}</p>
${table({ labelledBy: 'checks', columns, rows, cards: true })}`
}</section>`
}
