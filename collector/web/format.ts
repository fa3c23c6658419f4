import { dayMs, type EpochMs, hourMs, minuteMs, secondMs } from '../../protocol/time.ts'
import type { Bilingual, Bound, Cycle } from '../kpi/snapshot.ts'
import { type Html, html } from './html.ts'
import { directions, type Language, locales, sayPlainly, type Text } from './language.ts'
import { cycleTexts, figureTexts } from './texts/figures.ts'

const hour = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const dayAndMonth = { day: 'numeric', month: 'short' } as const

/** The ways in which an instant is written. */
const timeStyles = {
  hour,
  second: { ...hour, second: '2-digit' },
  day: dayAndMonth,
  dayOfYear: { ...dayAndMonth, year: 'numeric' },
  minute: { ...dayAndMonth, ...hour },
  minuteOfYear: { ...dayAndMonth, year: 'numeric', ...hour },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>
export type TimeStyle = keyof typeof timeStyles

/** What every page needs to write a value: the language, and the zone that times are told in. */
export type Writer = {
  readonly language: Language
  readonly timezone: string
  readonly times: Readonly<Record<TimeStyle, Intl.DateTimeFormat>>
}

/** A writer for one page; it makes its formats once, since making one costs more than using it. */
export function writerOf(language: Language, timezone: string): Writer {
  const entries = Object.entries(timeStyles).map(([style, options]) => [
    style,
    new Intl.DateTimeFormat(locales[language], { ...options, timeZone: timezone }),
  ])
  return { language, timezone, times: Object.fromEntries(entries) }
}

const dash = html`<span aria-hidden="true">–</span>`

/** A bound as the snapshot writes it, never rounded again; a dash where there is no value. */
export function percent(bound: Bound | null): Html {
  return bound ? html`<bdi dir="ltr">${bound.percent}%</bdi>` : dash
}

/** A target as people say it: 95%, not 95.00%; plain text. */
export function roundPercent({ percent }: Bound): string {
  return `${percent.replace(/\.0+$/, '')}%`
}

/** A measured ratio in whole percent. */
export function wholePercent(ratio: number): Html {
  return html`<bdi dir="ltr">${Math.round(ratio * 100)}%</bdi>`
}

/** A whole number with its groups of digits. */
export function number(language: Language, n: number): Html {
  return html`<bdi dir="ltr">${new Intl.NumberFormat(locales[language]).format(n)}</bdi>`
}

/** Milliseconds as whole minutes, rounded. */
export function minutes(language: Language, ms: number): Html {
  return number(language, Math.round(ms / minuteMs))
}

/** A length of time in its two largest units, e.g. "3 hours, 12 minutes"; plain text. */
export function duration(language: Language, ms: number): string {
  const whole = Math.max(0, Math.round(ms / secondMs)) * secondMs
  const units = [
    ['days', Math.floor(whole / dayMs)],
    ['hours', Math.floor((whole % dayMs) / hourMs)],
    ['minutes', Math.floor((whole % hourMs) / minuteMs)],
    ['seconds', (whole % minuteMs) / secondMs],
  ] as const
  const first = units.findIndex(([, n]) => n > 0)
  const shown = first === -1 ? units.slice(3) : units.slice(first, first + 2)
  const style = { style: 'long', secondsDisplay: first === -1 ? 'always' : 'auto' } as const
  return new Intl.DurationFormat(locales[language], style).format(Object.fromEntries(shown))
}

/** How long ago something was, in its largest unit, e.g. "3 hours ago" or "now"; plain text. */
export function ago(language: Language, ms: number): string {
  const format = new Intl.RelativeTimeFormat(locales[language])
  if (ms >= dayMs) return format.format(-Math.floor(ms / dayMs), 'day')
  if (ms >= hourMs) return format.format(-Math.floor(ms / hourMs), 'hour')
  if (ms >= minuteMs) return format.format(-Math.floor(ms / minuteMs), 'minute')
  return new Intl.RelativeTimeFormat(locales[language], { numeric: 'auto' }).format(0, 'second')
}

/** An instant, told in the zone of the page and marked up for machines. */
export function time(writer: Writer, at: EpochMs, style: TimeStyle = 'minute'): Html {
  const iso = new Date(at).toISOString()
  return html`<time datetime="${iso}"><bdi>${plainTime(writer, at, style)}</bdi></time>`
}

/** The same as plain text. */
export function plainTime({ times }: Writer, at: EpochMs, style: TimeStyle = 'minute'): string {
  return times[style].format(at)
}

/** A day such as `2026-04-01`, told as people write it and marked up for machines. */
export function day(writer: Writer, of: string): Html {
  const noon = Temporal.PlainDateTime.from(`${of}T12:00`).toZonedDateTime(writer.timezone)
  const words = plainTime(writer, noon.epochMilliseconds, 'dayOfYear')
  return html`<time datetime="${of}"><bdi>${words}</bdi></time>`
}

/** A number with its decimals cut off, never rounded up across a whole one. */
export function decimals(language: Language, n: number, digits: number): Html {
  const format = new Intl.NumberFormat(locales[language], {
    ...{ minimumFractionDigits: digits, maximumFractionDigits: digits, roundingMode: 'floor' },
  })
  return html`<bdi dir="ltr">${format.format(n)}</bdi>`
}

/** An instant as a `datetime-local` field has it, in the zone of the page. */
export function localInput({ timezone }: Writer, at: EpochMs): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone)
  return local.toPlainDateTime().toString({ smallestUnit: 'minute' })
}

/** The name of the zone and its distance from UTC, e.g. "Gulf Standard Time (GMT+4)". */
export function zone({ language, timezone }: Writer, at: EpochMs): Html {
  const name = zonePart(locales[language], timezone, at, 'long')
  const offset = zonePart(locales.en, timezone, at, 'shortOffset')
  return html`<bdi>${name}</bdi> <bdi dir="ltr">(${offset})</bdi>`
}

function zonePart(
  locale: string,
  timeZone: string,
  at: EpochMs,
  timeZoneName: 'long' | 'shortOffset',
): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

/** A name from the register in the language of the page. */
export function name(language: Language, { [language]: own }: Bilingual): Html {
  return html`<bdi dir="${directions[language]}">${own}</bdi>`
}

/** The name of a cycle, e.g. "Cycle April 2027"; plain text. */
export function cycleName(language: Language, cycle: Cycle): string {
  const month: Text = cycleTexts[cycle.name]
  const values = { month: month[language], year: cycle.id.slice(0, 4) }
  return sayPlainly(language, figureTexts.cycle, values)
}
