import type { Gap } from '../protocol/gap.ts'
import { limits } from '../protocol/limits.ts'
import type { BootMs, EpochMs } from '../protocol/time.ts'
import type { Row, SpooledRow } from './spool-row.ts'

/** Why messages are missing. */
type Why = Gap['why']

/** Messages that follow one another, to be replaced by one declared gap. */
export type Loss = { readonly rows: readonly SpooledRow[]; readonly why: Why }

/** This moment, and which boot it is in. */
export type Moment = { readonly bootId: string; readonly wall: EpochMs; readonly boot: BootMs }

/**
 * What has to go so that the spool keeps its limits: the oldest messages that no one can have
 * received yet. Gaps declared before are joined where they touch.
 */
export function lossesOf(
  rows: readonly SpooledRow[],
  now: Moment,
  max: { readonly bytes: number; readonly ageMs: number } = {
    bytes: limits.spoolBytesMax,
    ageMs: limits.spoolAgeMsMax,
  },
): Loss[] {
  let bytes = rows.reduce((sum, row) => sum + row.bytes, 0)
  const losses: { rows: SpooledRow[]; why: Why }[] = []
  const uptimes = uptimesAfter(rows, now)
  for (const row of rows) {
    // Without its rotation the collector could never verify what follows.
    if (row.attempted || row.type === 'rotation') continue
    const why = bytes > max.bytes ? 'spool_full' : 'spool_old'
    const ageMs = (uptimes.get(row.boot) ?? 0) - row.sealedBoot
    if (why === 'spool_old' && ageMs <= max.ageMs) break
    bytes -= row.bytes
    const loss = losses.at(-1)
    if (loss && goesOn(loss, row)) loss.rows.push(row)
    else losses.push({ rows: [row], why: row.why === null ? why : (row.why as Why) }) // ours
  }
  return losses.filter((loss) => loss.rows.some(({ type }) => type === 'batch'))
}

/**
 * How long the host was up since each boot began, as far as the messages show. Less than the time
 * that went by, and no wall clock that jumps by years can make evidence too old.
 */
function uptimesAfter(rows: readonly SpooledRow[], now: Moment): Map<string, number> {
  const uptimes = new Map([[now.bootId, now.boot]])
  let sumMs = now.boot
  for (const { boot, sealedBoot } of rows.toReversed()) {
    if (uptimes.has(boot)) continue
    sumMs += sealedBoot
    uptimes.set(boot, sumMs)
  }
  return uptimes
}

/** The message that stands in the place of lost ones. */
export function gapFor(
  agent: string,
  { rows, why }: { readonly rows: readonly Row[]; readonly why: Why },
): Gap {
  const first = rows[0]
  const last = rows.at(-1)
  if (!first || !last) throw new Error('A gap needs something that is missing.')
  const { epoch, seq, prev, boot } = first
  const window = { from: first.windowFrom, to: last.windowTo }
  const { through, after: lastDropped } = last
  return { v: 1, agent, epoch, seq, through, prev, lastDropped, boot, window, why }
}

/**
 * How long ago a message was sealed. A wall clock may jump by years; within a boot the uptime
 * tells the age.
 */
export function ageMs(row: Row, now: Moment): number {
  return row.boot === now.bootId ? now.boot - row.sealedBoot : now.wall - row.sealedWall
}

/** A gap names one boot, and says one reason: full and old are the same to whoever reads it. */
function goesOn(loss: Loss, row: SpooledRow): boolean {
  const last = loss.rows.at(-1)
  if (!last || last.boot !== row.boot || last.after !== row.prev) return false
  return isOverLimit(loss.why) && (row.why === null || isOverLimit(row.why))
}

function isOverLimit(why: string): boolean {
  return why === 'spool_full' || why === 'spool_old'
}
