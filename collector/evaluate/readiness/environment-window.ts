import type { CheckKind } from '../../../protocol/check.ts'
import { dayMs, dayOf, type EpochMs, hourMs, lengthMs, type Span } from '../../../protocol/time.ts'
import { explain, outageFigures } from '../../kpi/explain.ts'
import type { Ledger } from '../../kpi/ledger.ts'
import { mergeHistograms, percentileOf } from '../../kpi/readiness/histogram.ts'
import type { DerivedReason, Measure } from '../../kpi/readiness/inputs.ts'
import type { Environment } from '../../register/register.ts'
import type { CheckSums } from '../../store/answers.ts'
import type { CheckValues, FactReader } from '../../store/facts.ts'
import type { CheckRecord, EnvironmentKey, TimelineStore } from '../../store/store.ts'
import { derived, missing, notApplicable } from './measure.ts'

/** Whole UTC days that metrics over time look back. */
const windowDays = 30

/** The 30 whole UTC days that ended by an instant. */
export function windowBefore(at: EpochMs): Span {
  return { from: dayOf(at) - windowDays * dayMs, to: dayOf(at) }
}

/** Milliseconds of some checks that were seen, and that could have been. */
export type SeenTime = { readonly goodMs: number; readonly knownMs: number; readonly allMs: number }

/** What the last 30 days of an environment tell. */
export type EnvironmentWindow = {
  readonly measures: Readonly<Record<WindowMetric, Measure>>
  /** Of the checks that play a role for the institution, by `<agent name>/<check>`. */
  readonly roles: ReadonlyMap<string, SeenTime>
}

type WindowMetric =
  | 'outage.p90_over_rto_ratio'
  | 'service.success_ratio'
  | 'service.response_p95_seconds'
  | 'journey.completion_ratio'
  | 'link.loss_p95_ratio'
  | 'link.round_trip_p95_seconds'
  | 'coverage.ratio'

/** What a window of an environment is read from. */
export type WindowSource = {
  readonly key: EnvironmentKey
  readonly environment: Environment
  /** When it came into scope first. */
  readonly scopeFrom: EpochMs
  readonly records: readonly CheckRecord[]
  readonly ledger: Ledger | null
  readonly window: Span
  /** Share of the time that must be known for a share of it to say something. Ratio, 0 to 1. */
  readonly knownMin: number
  /** Checks that play a role for the institution. */
  readonly roleChecks: readonly string[]
}

type WindowReader = Pick<TimelineStore, 'checkSums'> & Pick<FactReader, 'valuesOver'>

/** Reads what the window tells; of checks whose kinds tell nothing here nothing is read. */
export async function environmentWindow(
  reader: WindowReader,
  source: WindowSource,
): Promise<EnvironmentWindow> {
  const { key, records, window, roleChecks } = source
  const kinds = new Map(records.map(({ name, kind }) => [name, kind]))
  const isTimed = ({ name, kind }: CheckRecord) =>
    kind === 'http' || kind === 'journey' || roleChecks.includes(name)
  const isValued = ({ kind }: CheckRecord) => kind === 'http' || kind === 'link'
  const sums = records.some(isTimed) ? await reader.checkSums(key, window) : []
  const values = records.some(isValued) ? await reader.valuesOver(key, window) : []
  const names = new Map(records.map(({ name, agent }) => [`${agent}/${ownName(name)}`, name]))
  const valuesOf = (wanted: CheckKind, wantedPart: string | null) =>
    values.filter(({ agent, check, part }) => {
      const name = names.get(`${agent}/${check}`)
      return name !== undefined && kinds.get(name) === wanted && part === wantedPart
    })
  const timeOf = (wanted: CheckKind) => sums.filter(({ check }) => kinds.get(check) === wanted)
  const has = (kind: CheckKind) => records.some((each) => each.kind === kind)
  const absent = absence(source)
  const p95 = (kind: CheckKind, part: string | null) =>
    has(kind) ? percentile(valuesOf(kind, part), window) : absent(kind)
  const share = (kind: CheckKind) =>
    has(kind) ? shareOf(seenTime(timeOf(kind)), source.knownMin, window) : absent(kind)
  return {
    measures: {
      'outage.p90_over_rto_ratio': outages(source),
      'service.success_ratio': share('http'),
      'service.response_p95_seconds': p95('http', null),
      'journey.completion_ratio': share('journey'),
      'link.loss_p95_ratio': p95('link', 'loss'),
      'link.round_trip_p95_seconds': p95('link', null),
      'coverage.ratio': coverage(source),
    },
    roles: new Map(
      sums
        .filter(({ check }) => roleChecks.includes(check))
        .map((each) => [each.check, seenTime([each])] as const),
    ),
  }
}

/** The share of known time that was good; none where too little of it is known. */
export function shareOf(
  { goodMs, knownMs, allMs }: SeenTime,
  knownMin: number,
  { to }: Span,
): Measure {
  if (allMs === 0) return missing('too_early')
  if (knownMs === 0 || knownMs / allMs < knownMin) return missing('no_evidence')
  return derived(goodMs / knownMs, to, `${hours(knownMs)} of ${hours(allMs)} h known`)
}

/** The time of several in one. */
export function addTime(times: readonly SeenTime[]): SeenTime {
  const sum = (of: (time: SeenTime) => number) => times.reduce((total, each) => total + of(each), 0)
  return {
    goodMs: sum(({ goodMs }) => goodMs),
    knownMs: sum(({ knownMs }) => knownMs),
    allMs: sum(({ allMs }) => allMs),
  }
}

function seenTime(sums: readonly CheckSums[]): SeenTime {
  return addTime(
    sums.map(({ upMs, degradedMs, downMs, unknownMs }) => {
      const knownMs = upMs + degradedMs + downMs
      return { goodMs: upMs + degradedMs, knownMs, allMs: knownMs + unknownMs }
    }),
  )
}

/**
 * Why there is nothing of a kind of check: what the public does not use has no web page and no
 * journey, by the word of the register, which is the ministry's.
 */
function absence({ environment }: WindowSource): (kind: CheckKind) => Measure {
  return (kind) => {
    if (kind === 'link' || environment.class === 'public') return missing('no_check')
    return notApplicable('no_public_service' satisfies DerivedReason)
  }
}

function percentile(values: readonly CheckValues[], { to }: Span): Measure {
  const merged = mergeHistograms(values.map(({ histogram }) => histogram))
  const value = merged && percentileOf(merged, 0.95)
  if (merged === null || value === null) return missing('no_evidence')
  return derived(value, to, `${merged.n} values`)
}

function coverage({ ledger, window, scopeFrom }: WindowSource): Measure {
  const time = timeIn(ledger, window)
  if (scopeFrom >= window.to || time.allMs === 0) return missing('too_early')
  return derived(time.knownMs / time.allMs, window.to)
}

function outages(source: WindowSource): Measure {
  const { environment, ledger, window, scopeFrom, knownMin } = source
  const rtoHours = environment.recovery?.rtoHours
  if (rtoHours === undefined) return missing('no_rto')
  const time = timeIn(ledger, window)
  if (!ledger || scopeFrom >= window.to || time.allMs === 0) return missing('too_early')
  // No outage was seen where nobody looked.
  if (time.knownMs / time.allMs < knownMin) return missing('no_evidence')
  const provider = environment.hosting?.provider ?? null
  const options = { window, asOf: window.to, provider, degradedIsLost: false }
  const { count, p90Ms } = outageFigures(explain(ledger.pieces(window), options).outages)
  const detail = `${count} outages, RTO ${rtoHours} h`
  return derived((p90Ms ?? 0) / (rtoHours * hourMs), window.to, detail)
}

/** Time in scope that counts, net. */
function timeIn(ledger: Ledger | null, window: Span): Omit<SeenTime, 'goodMs'> {
  if (!ledger) return { knownMs: 0, allMs: 0 }
  const { up, degraded, down, unknown } = ledger.sums(window)
  const knownMs = up + degraded + down
  return { knownMs, allMs: knownMs + unknown }
}

/**
 * Whether a link of an environment worked within a stretch of time; null where nothing of one is
 * known, undefined where it has none.
 */
export async function linkState(
  reader: Pick<TimelineStore, 'timelines'>,
  { key, environment, records, ledger }: Omit<WindowSource, 'window'>,
  span: Span,
): Promise<boolean | null | undefined> {
  const links = new Set(records.flatMap(({ kind, number }) => (kind === 'link' ? [number] : [])))
  if (links.size === 0 && environment.class !== 'link') return undefined
  const timelines = links.size > 0 ? await reader.timelines(key, span) : new Map()
  const states = [...links].flatMap((number) => timelines.get(number) ?? [])
  if (environment.class === 'link') states.push(...(ledger?.pieces(span) ?? []))
  if (states.some(({ state }) => state === 'up' || state === 'degraded')) return true
  return states.some(({ state }) => state === 'down') ? false : null
}

function ownName(check: string): string {
  return check.slice(check.indexOf('/') + 1)
}

function hours(ms: number): number {
  return Math.floor(ms / hourMs)
}

/** Whether anything of an environment is known within a stretch of time. */
export function isSeen(ledger: Ledger | null, span: Span): boolean {
  const pieces = ledger?.pieces(span) ?? []
  return pieces.some((piece) => piece.state !== 'unknown' && lengthMs(piece) > 0)
}
