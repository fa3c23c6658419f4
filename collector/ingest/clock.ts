import { type BootMs, dayMs, type EpochMs, hourMs, minuteMs } from '../../protocol/time.ts'
import type { AnchorRow } from '../store/store.ts'

/**
 * How far an agent's times can be trusted. Only A and B count in figures. Source:
 * docs/protocol.md.
 */
export type TimeClass = 'A' | 'B' | 'C'

/** How a message's boot times become instants: instant = offset + boot milliseconds. */
export type Dating = { readonly timeClass: TimeClass; readonly offsetMs: number }

const bucketMs = 10 * minuteMs
const wallErrorMsMax = 2_000
const futureMsMax = 5 * minuteMs
const pastMsMax = 8 * dayMs

/** The anchor a heartbeat gives, joined with what its ten minutes already had. */
export function anchorOf(
  known: readonly AnchorRow[],
  boot: string,
  at: { wall: EpochMs; boot: BootMs },
  received: EpochMs,
): AnchorRow {
  const bucket = Math.floor(received / bucketMs) * bucketMs
  const offsetMs = received - at.boot
  const before = known.find((anchor) => anchor.boot === boot && anchor.bucket === bucket)
  if (before && before.offsetMs <= offsetMs) return before
  return { boot, bucket, offsetMs, wallErrorMs: offsetMs + at.boot - at.wall }
}

/**
 * Anchors with one more, oldest first; those of a boot older than an hour before it are dropped.
 */
export function withAnchor(known: readonly AnchorRow[], anchor: AnchorRow): AnchorRow[] {
  const kept = known.filter(
    ({ boot, bucket }) =>
      (boot !== anchor.boot || bucket !== anchor.bucket) &&
      (boot !== anchor.boot || bucket > anchor.bucket - hourMs),
  )
  return [...kept, anchor].slice(-anchorsMax)
}

/** Anchors kept in memory for one agent: an hour of this boot, and some earlier boots. */
const anchorsMax = 24

/**
 * Dates a message. A: the boot has anchors; the least delayed heartbeat of the last hour counts.
 * B: it has none, but the wall clock was right before and after. C: neither, or the outcome is
 * more than five minutes ahead or eight days back.
 */
export function datingOf(
  anchors: readonly AnchorRow[],
  boot: string,
  sealed: { wall: EpochMs; boot: BootMs },
  received: EpochMs,
): Dating {
  const dating = bootDating(anchors, boot) ?? wallDating(anchors, sealed)
  const sealedAt = dating.offsetMs + sealed.boot
  const plausible = sealedAt <= received + futureMsMax && sealedAt >= received - pastMsMax
  return plausible ? dating : { ...dating, timeClass: 'C' }
}

function bootDating(anchors: readonly AnchorRow[], boot: string): Dating | null {
  const own = anchors.filter((anchor) => anchor.boot === boot)
  const newest = own.at(-1)
  if (!newest) return null
  const recent = own.filter((anchor) => anchor.bucket > newest.bucket - hourMs)
  return { timeClass: 'A', offsetMs: Math.min(...recent.map((anchor) => anchor.offsetMs)) }
}

function wallDating(
  anchors: readonly AnchorRow[],
  sealed: { wall: EpochMs; boot: BootMs },
): Dating {
  const before = anchors.findLast((anchor) => anchor.bucket <= sealed.wall)
  const after = anchors.find((anchor) => anchor.bucket + bucketMs > sealed.wall)
  const right = [before, after].every(
    (anchor) => anchor !== undefined && Math.abs(anchor.wallErrorMs) <= wallErrorMsMax,
  )
  return { timeClass: right ? 'B' : 'C', offsetMs: sealed.wall - sealed.boot }
}
