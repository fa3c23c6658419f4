import type { Gap } from '../protocol/gap.ts'
import { limits } from '../protocol/limits.ts'
import type { BootMs, EpochMs } from '../protocol/time.ts'
import type { SpooledRow } from './spool.ts'

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
  for (const row of rows) {
    if (row.attempted) continue
    const why = bytes > max.bytes ? 'spool_full' : 'spool_old'
    if (why === 'spool_old' && ageMs(row, now) <= max.ageMs) break
    bytes -= row.bytes
    const loss = losses.at(-1)
    if (loss && goesOn(loss, row)) loss.rows.push(row)
    else losses.push({ rows: [row], why: row.why === null ? why : (row.why as Why) }) // ours
  }
  return losses.filter((loss) => loss.rows.some(({ type }) => type === 'batch'))
}

/** The message that stands in the place of lost ones. */
export function gapFor(agent: string, { rows, why }: Loss): Gap {
  const first = rows[0]
  const last = rows.at(-1)
  if (!first || !last) throw new Error('A gap needs something that is missing.')
  const { epoch, seq, prev, boot } = first
  const window = { from: first.windowFrom, to: last.windowTo }
  const { through, after: lastDropped } = last
  return { v: 1, agent, epoch, seq, through, prev, lastDropped, boot, window, why }
}

/** A wall clock may jump by years; within a boot the uptime tells the age. */
function ageMs(row: SpooledRow, now: Moment): number {
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
