import { type BootMs, dayMs, type EpochMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { collectorLimits } from '../limits.ts'
import type { AnchorRow } from '../store/clocks.ts'

/**
 * How far an agent's times can be trusted. Only A and B count in figures. Source:
 * docs/protocol.md.
 */
export type TimeClass = 'A' | 'B' | 'C'

/** How a message's boot times become instants: instant = offset + boot milliseconds. */
export type Dating = {
  readonly timeClass: TimeClass
  readonly offsetMs: number
  /** The anchor that counted: start of its ten minutes on our clock; null where none did. */
  readonly anchoredAt: EpochMs | null
}

/** The same moment on the host's two clocks. */
type Reading = { readonly wall: EpochMs; readonly boot: BootMs }

const bucketMs = 10 * minuteMs
const wallErrorMsMax = 2_000
const futureMsMax = 5 * minuteMs
const pastMsMax = 8 * dayMs
/** Two anchors that differ by more than this a millisecond do not differ by drift. */
const driftMax = 200e-6

/**
 * The anchor a heartbeat gives, joined with what its ten minutes already had: the least delayed
 * heartbeat, and the most that the wall clock was wrong. That error is taken against the least
 * delayed heartbeat of the hour, so that a slow way does not look like a wrong clock.
 */
export function anchorOf(
  known: readonly AnchorRow[],
  boot: string,
  at: Reading,
  received: EpochMs,
): AnchorRow {
  const bucket = Math.floor(received / bucketMs) * bucketMs
  const before = known.find((anchor) => anchor.boot === boot && anchor.bucket === bucket)
  const recent = known.filter((each) => each.boot === boot && each.bucket >= bucket - hourMs)
  const sentAt = Math.min(received, ...recent.map(({ offsetMs }) => offsetMs + at.boot))
  const offsetMs = Math.min(received - at.boot, before?.offsetMs ?? Number.POSITIVE_INFINITY)
  const errors = [before?.wallErrorMs ?? 0, sentAt - at.wall]
  return { boot, bucket, offsetMs, wallErrorMs: errors.reduce(farther) }
}

function farther(a: number, b: number): number {
  return Math.abs(b) > Math.abs(a) ? b : a
}

/**
 * Anchors with one more, oldest first. Of its boot the last hour is kept, and one anchor of each
 * time before that a silence of more than an hour ended.
 */
export function withAnchor(known: readonly AnchorRow[], anchor: AnchorRow): AnchorRow[] {
  const isOwn = (each: AnchorRow) => each.boot === anchor.boot
  const own = known.filter((each) => isOwn(each) && each.bucket !== anchor.bucket)
  const kept = stretchesOf([...own, anchor]).flatMap((stretch) => {
    const last = stretch.at(-1)!
    return last === anchor ? lastHour(stretch) : [{ ...last, offsetMs: best(stretch).offsetMs }]
  })
  return [...known.filter((each) => !isOwn(each)), ...kept].slice(-collectorLimits.anchorsMax)
}

/** The anchors of one boot, divided where more than an hour lies between two. */
function stretchesOf(own: readonly AnchorRow[]): AnchorRow[][] {
  const stretches: AnchorRow[][] = []
  for (const anchor of own) {
    const last = stretches.at(-1)
    if (last && anchor.bucket - last.at(-1)!.bucket <= hourMs) last.push(anchor)
    else stretches.push([anchor])
  }
  return stretches
}

function lastHour(stretch: readonly AnchorRow[]): AnchorRow[] {
  const from = stretch.at(-1)!.bucket - hourMs
  return stretch.filter(({ bucket }) => bucket >= from)
}

/** The least delayed of the last hour. */
function best(stretch: readonly AnchorRow[]): AnchorRow {
  return lastHour(stretch).reduce(lesser)
}

function lesser(a: AnchorRow, b: AnchorRow): AnchorRow {
  return b.offsetMs < a.offsetMs ? b : a
}

/**
 * The anchors after the collector's own clock was set by so much. They keep their moment, which
 * has another name now.
 */
export function shiftAnchors(known: readonly AnchorRow[], stepMs: number): AnchorRow[] {
  return known.map((anchor) => ({
    ...anchor,
    bucket: Math.floor((anchor.bucket + stepMs) / bucketMs) * bucketMs,
    offsetMs: anchor.offsetMs + stepMs,
    wallErrorMs: anchor.wallErrorMs + stepMs,
  }))
}

/**
 * Dates a message. A: the boot has anchors; the least delayed heartbeat of the hour counts. B: it
 * has none, but lies between two other boots, and the wall clock was right at the last anchor
 * before and at the first after. C: neither, or the outcome is more than five minutes ahead or
 * eight days back.
 */
export function datingOf(
  anchors: readonly AnchorRow[],
  boot: string,
  sealed: Reading,
  received: EpochMs,
): Dating {
  const own = anchors.filter((anchor) => anchor.boot === boot)
  const dating = own.length > 0 ? bootDating(own, sealed.boot) : wallDating(anchors, sealed)
  const sealedAt = dating.offsetMs + sealed.boot
  const plausible = sealedAt <= received + futureMsMax && sealedAt >= received - pastMsMax
  return plausible ? dating : { ...dating, timeClass: 'C' }
}

function bootDating(own: readonly AnchorRow[], sealedBoot: BootMs): Dating {
  const stretches = stretchesOf(own)
  const newest = best(stretches.at(-1)!)
  const at = newest.offsetMs + sealedBoot
  const next = stretches.findIndex(([first]) => first!.bucket > at)
  // Sealed since the newest stretch began, or before the oldest did.
  if (next === -1) return anchored('A', newest)
  if (next === 0) return anchored('A', best(stretches[0]!))
  return between(stretches[next - 1]!, stretches[next]!, at)
}

/** Sealed in a silence: the boot clock may have drifted from the anchor before to the one after. */
function between(earlier: AnchorRow[], later: AnchorRow[], at: EpochMs): Dating {
  const before = best(earlier)
  const after = best(later)
  const { bucket: from } = earlier.at(-1)!
  const lengthMs = later[0]!.bucket - from
  const changeMs = after.offsetMs - before.offsetMs
  // More than drift explains: one of the two was delayed, which only ever adds.
  if (Math.abs(changeMs) > driftMax * lengthMs) return anchored('A', lesser(before, after))
  const ratio = Math.max(0, at - from) / lengthMs
  return { ...anchored('A', before), offsetMs: before.offsetMs + Math.round(changeMs * ratio) }
}

function anchored(timeClass: TimeClass, { offsetMs, bucket }: AnchorRow): Dating {
  return { timeClass, offsetMs, anchoredAt: bucket }
}

/**
 * By the wall clock of a boot without anchors. Its date is only believed where the boot fits, as a
 * whole, into the silence between the last anchor of an earlier boot and the start of a later one.
 */
function wallDating(anchors: readonly AnchorRow[], sealed: Reading): Dating {
  const offsetMs = sealed.wall - sealed.boot
  const next = anchors.findIndex((each) => sealed.wall <= each.offsetMs + wallErrorMsMax)
  const before = anchors[next - 1]
  const after = anchors[next]
  const fits =
    before !== undefined &&
    after !== undefined &&
    before.boot !== after.boot &&
    isRight(before) &&
    isRight(after) &&
    offsetMs >= before.bucket
  if (!fits) return { timeClass: 'C', offsetMs, anchoredAt: null }
  return { timeClass: 'B', offsetMs, anchoredAt: before.bucket }
}

function isRight({ wallErrorMs }: AnchorRow): boolean {
  return Math.abs(wallErrorMs) <= wallErrorMsMax
}
