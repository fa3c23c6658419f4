import type { StateSpan, Timeline } from '../../collector/kpi/timeline.ts'
import type { ObservedState } from '../../protocol/check.ts'
import {
  type EpochMs,
  intersect,
  lengthMs,
  type Span,
  subtract,
  union,
} from '../../protocol/time.ts'

/**
 * The one oracle of every fault run: what may never be, however the world failed. Pure: whoever
 * ran the agents hands over what was written down meanwhile. The letters are those of
 * docs/simulation.md.
 */

/** A message that an agent signed and froze on its disk. */
export type Issued = {
  readonly agent: string
  readonly epoch: number
  readonly seq: number
  readonly through: number
  /** `batch`, `gap`, and whatever else travels in the stream. */
  readonly type: string
  readonly sha256: string
  readonly jws: string
}

/** A message for which the agent got a receipt. */
export type Acked = Pick<Issued, 'agent' | 'epoch' | 'seq' | 'sha256'>

/** A message as the collector has it. `why` is that of a gap. */
export type StoredRow = Issued & { readonly why: string | null }

/** A place in an evidence log that stands for a message. */
export type LoggedMessage = Acked & { readonly through: number }

/** What was found wrong: the letter of the rule, and a sentence. */
export type Violation = { readonly rule: string; readonly what: string }

/** Rules a to d: nothing acknowledged is lost, nothing is stored that was not said, no hole. */
export function judgeRecord(record: {
  readonly issued: readonly Issued[]
  readonly acked: readonly Acked[]
  readonly stored: readonly StoredRow[]
  /** Every leaf that stands for a message; null where a suite cannot read the log. */
  readonly logged: readonly LoggedMessage[] | null
}): Violation[] {
  const { issued, acked, stored, logged } = record
  const storedBy = Map.groupBy(stored, placeOf)
  const issuedBy = Map.groupBy(issued, placeOf)
  const lost = acked.filter((each) => storedBy.get(placeOf(each))?.[0]?.sha256 !== each.sha256)
  const foreign = stored.filter(
    (row) => !issuedBy.get(placeOf(row))?.some(({ jws }) => jws === row.jws),
  )
  const twice = [...storedBy].filter(([, rows]) => rows.length > 1).map(([place]) => place)
  return [
    ...lost.map((each) => violation('a', `acknowledged but not stored: ${placeOf(each)}`)),
    ...foreign.map((row) => violation('b', `stored but never issued: ${placeOf(row)}`)),
    ...twice.map((place) => violation('c', `stored twice: ${place}`)),
    ...(logged ? judgeLog(stored, logged) : []),
    ...judgeHoles(issuedBy, stored),
  ]
}

/** Rule c: rows and leaves are the same messages, each once, and no number is taken twice. */
function judgeLog(stored: readonly StoredRow[], logged: readonly LoggedMessage[]): Violation[] {
  const leaves = Map.groupBy(logged, placeOf)
  const repeated = [...leaves].filter(([, all]) => all.length > 1).map(([place]) => place)
  const missing = stored.filter((row) => leaves.get(placeOf(row))?.[0]?.sha256 !== row.sha256)
  const places = new Set(stored.map(placeOf))
  const bare = logged.filter((leaf) => !places.has(placeOf(leaf))).map(placeOf)
  return [
    ...repeated.map((place) => violation('c', `in the log twice: ${place}`)),
    ...missing.map((row) => violation('c', `stored but not in the log: ${placeOf(row)}`)),
    ...bare.map((place) => violation('c', `in the log but not stored: ${place}`)),
  ]
}

/** Rule d: what was issued and is not stored is declared by its agent, and nothing else is. */
function judgeHoles(
  issuedBy: ReadonlyMap<string, readonly Issued[]>,
  stored: readonly StoredRow[],
): Violation[] {
  const gaps = stored.filter(({ type }) => type === 'gap')
  const gapsOf = Map.groupBy(gaps, ({ agent }) => agent)
  const kept = new Set(stored.filter(({ type }) => type !== 'gap').map(placeOf))
  const undeclared = [...issuedBy].flatMap(([place, [message]]) => {
    const { agent, epoch, seq } = message! // groups are never empty
    const isDeclared = gapsOf.get(agent)?.some((gap) => declares(gap, epoch, seq)) ?? false
    return kept.has(place) || isDeclared ? [] : [violation('d', `lost undeclared: ${place}`)]
  })
  const untrue = gaps.flatMap((gap) => {
    // A gap that opens an epoch takes its first number; it declares the epochs before.
    const count = opensEpoch(gap) ? 0 : gap.through - gap.seq + 1
    const places = Array.from({ length: count }, (_, i) => placeOf({ ...gap, seq: gap.seq + i }))
    return [
      ...places
        .filter((place) => kept.has(place))
        .map((place) => violation('d', `declared lost but stored: ${place}`)),
      ...places
        .filter((place) => !issuedBy.has(place))
        .map((place) => violation('d', `declared lost but never issued: ${place}`)),
    ]
  })
  return [...undeclared, ...untrue]
}

/** What a gap says of itself. */
type Gap = Pick<StoredRow, 'epoch' | 'seq' | 'through' | 'why'>

/** A gap names its own epoch's numbers; one that opens an epoch speaks for all epochs before. */
export function declares(gap: Gap, epoch: number, seq: number): boolean {
  if (gap.epoch === epoch) return covers(gap, seq)
  return gap.epoch > epoch && opensEpoch(gap)
}

function opensEpoch({ why, seq }: Gap): boolean {
  return why === 'spool_lost' && seq === 1
}

function covers(gap: Gap, seq: number): boolean {
  return gap.seq <= seq && seq <= gap.through
}

/** One check's truth beside what the collector shows of it. Instants on the collector's clock. */
export type Shown = {
  readonly name: string
  readonly intervalMs: number
  readonly timeline: Timeline
  /** Without holes over all the time judged. */
  readonly truth: readonly StateSpan<ObservedState>[]
  /** When the agent looked, in order; null where a suite does not know. */
  readonly looks: readonly EpochMs[] | null
  /** Time that says of itself that it may be misplaced (class B): it is not judged. */
  readonly flagged: readonly Span[]
  /** Time whose looks may be missing: around losses, crashes and full disks. */
  readonly excused: readonly Span[]
}

/** How far what is shown may lag behind the truth. Unit: milliseconds. */
export type Tolerance = {
  /** After this a second look confirms a failure. */
  readonly retryMs: number
  /** How late the least delayed message of an hour may be, and how far a clock may be off. */
  readonly clockMs: number
}

/** A look holds so many intervals, and so many when the next sees the same: docs/methodology.md. */
const hold = 1.5
const holdEqual = 2.5

/**
 * Rules h and k: no DOWN that never was, no UP over a failure, nothing known that nobody looked at. A
 * look holds up to 2.5 intervals and a failure counts once a second look confirms it: what is
 * shorter than that may be missed, what is longer may not.
 */
export function judgeShown(checks: readonly Shown[], tolerance: Tolerance): Violation[] {
  return checks.flatMap((check) => [
    ...judgeTruth(check, tolerance),
    ...judgeLooks(check, tolerance),
    ...judgeKept(check, tolerance),
    ...judgeOrder(check),
  ])
}

function judgeTruth(check: Shown, tolerance: Tolerance): Violation[] {
  const { name, timeline, truth, intervalMs, flagged } = check
  const allowedMs = holdEqual * intervalMs + tolerance.retryMs + tolerance.clockMs
  const isReal = (claim: Span) => {
    const around = { from: claim.from - allowedMs, to: claim.to + allowedMs }
    return truth.some((real) => real.state === 'down' && intersect(around, real))
  }
  const found: Violation[] = []
  for (const shown of ['up', 'down'] as const) {
    const opposite = shown === 'up' ? 'down' : 'up'
    const claims = union(timeline.filter(({ state }) => state === shown)).flatMap((span) =>
      subtract(span, flagged),
    )
    for (const claim of claims) {
      if (shown === 'down' && !isReal(claim)) {
        found.push(violation('h', `${name} shown down though it never was: ${text(claim)}`))
        continue
      }
      for (const real of truth.filter(({ state }) => state === opposite)) {
        const wrong = intersect(claim, real)
        if (!wrong || lengthMs(wrong) <= allowedMs) continue
        found.push(violation('h', `${name} shown ${shown} while ${opposite}: ${text(wrong)}`))
      }
    }
  }
  return found
}

/** What is known rests on looks: in each stretch of it somebody looked, time and again. */
function judgeLooks(check: Shown, { clockMs }: Tolerance): Violation[] {
  const { name, timeline, looks, intervalMs, flagged } = check
  if (!looks) return []
  const reachMs = holdEqual * intervalMs + clockMs
  const seen = union(looks.map((at) => ({ from: at - clockMs, to: at + reachMs })))
  return union(timeline).flatMap((span) =>
    subtract(span, [...seen, ...flagged]).map((unseen) =>
      violation('h', `${name} shown as known though nobody looked: ${text(unseen)}`),
    ),
  )
}

/** Rule k: what was looked at without a break, and not lost, is known. */
function judgeKept(check: Shown, { retryMs, clockMs }: Tolerance): Violation[] {
  const { name, timeline, looks, intervalMs, flagged, excused } = check
  const marginMs = holdEqual * intervalMs + retryMs + clockMs
  const unbroken = union(
    (looks ?? []).slice(1).flatMap((to, i) => {
      const from = looks![i]! // one before, of the same list
      return to - from <= hold * intervalMs ? [{ from, to }] : []
    }),
  )
  return unbroken.flatMap(({ from, to }) => {
    const sure = { from: from + marginMs, to: to - marginMs }
    const holes = subtract(sure, [...union(timeline), ...flagged, ...excused])
    return holes
      .filter((hole) => lengthMs(hole) > clockMs)
      .map((hole) => violation('k', `${name} unknown though looked at: ${text(hole)}`))
  })
}

function judgeOrder({ name, timeline }: Shown): Violation[] {
  return timeline.flatMap(({ from, to }, i) => {
    const isInOrder = from < to && (i === 0 || timeline[i - 1]!.to <= from)
    return isInOrder
      ? []
      : [violation('h', `${name} has spans out of order: ${text({ from, to })}`)]
  })
}

/** Rule e: every agent's fresh observation was shown in time. */
export function judgeFresh(
  probes: readonly { readonly name: string; readonly shownAfterMs: number | null }[],
  withinMs = 60_000,
): Violation[] {
  return probes
    .filter(({ shownAfterMs }) => shownAfterMs === null || shownAfterMs > withinMs)
    .map(({ name, shownAfterMs }) => {
      const after = shownAfterMs === null ? 'never' : `after ${shownAfterMs} ms`
      return violation('e', `${name}: a fresh observation was shown ${after}`)
    })
}

function placeOf({ agent, epoch, seq }: Pick<Issued, 'agent' | 'epoch' | 'seq'>): string {
  return `${agent}/${epoch}/${seq}`
}

function violation(rule: string, what: string): Violation {
  return { rule, what }
}

function text({ from, to }: Span): string {
  return `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`
}
