import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { TimeClass } from '../../collector/ingest/clock.ts'
import { spanStop } from '../../collector/store/sqlite/rows.ts'
import { hourMs } from '../../protocol/time.ts'
import type { Tally } from './row.ts'

/** How one message was dated: `offsetMs` is when its boot began, as the collector has it. */
export type Dated = {
  readonly epoch: number
  readonly seq: number
  readonly timeClass: TimeClass
  readonly offsetMs: number
}

/** What class A and B promise. */
const errorMsMax = 2_000

/** When this machine booted, on its wall clock: no fault here touches either. */
export function bootedAt(): number {
  return Date.now() - uptime() * 1_000
}

/** The kernel's name for the boot of this machine. */
export function realBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

/** How the batches of an agent were dated, oldest first. Reads a stopped collector. */
export function datesOf(dataDir: string, agent: string): Dated[] {
  const db = new Database(join(dataDir, 'collector.db'), { readonly: true })
  try {
    const dated = db.prepare(
      `SELECT epoch, seq, time_class AS timeClass, offset_ms AS offsetMs FROM leaf
       WHERE agent = ? AND time_class IS NOT NULL ORDER BY epoch, seq`,
    )
    return dated.all(agent) as Dated[] // the columns are the type's fields
  } finally {
    db.close()
  }
}

/** How far each date is off. Unit: milliseconds. */
export function noteErrors(
  tally: Tally,
  dates: readonly (Dated & { readonly trueOffsetMs: number })[],
): void {
  for (const timeClass of ['A', 'B', 'C'] as const) {
    const own = dates.filter((date) => date.timeClass === timeClass)
    const worst = Math.max(0, ...own.map((date) => Math.abs(date.offsetMs - date.trueOffsetMs)))
    const before = Number(tally.figures[`class ${timeClass}`] ?? 0)
    tally.figures[`class ${timeClass}`] = before + own.length
    // What cannot be dated is not in the figures, so its date is nobody's error.
    if (timeClass === 'C') continue
    const name = `max error ${timeClass} ms`
    tally.figures[name] = Math.max(Number(tally.figures[name] ?? 0), Math.round(worst))
    if (worst > errorMsMax) {
      tally.failures.push(`A date of class ${timeClass} is off by ${Math.round(worst)} ms.`)
    }
  }
}

/** Spans that overlap, that end before they start, or hours with more than 60 minutes. */
export function noteImpossibleTimes(tally: Tally, dataDir: string): void {
  const db = new Database(join(dataDir, 'collector.db'), { readonly: true })
  const rows = db
    .prepare(
      `SELECT number, start, ${spanStop} AS stop FROM span JOIN check_timeline
       ON check_number = number ORDER BY number, start`,
    )
    .all() as { number: number; start: number; stop: number }[]
  db.close()
  const hours = new Map<string, number>()
  rows.forEach(({ number, start, stop }, i) => {
    const before = rows[i - 1]
    if (stop <= start) tally.failures.push(`A span of check ${number} ends before it starts.`)
    if (before?.number === number && before.stop > start) {
      tally.failures.push(`Spans of check ${number} overlap.`)
    }
    for (let at = start; at < stop; at = (Math.floor(at / hourMs) + 1) * hourMs) {
      const hour = `${number} ${Math.floor(at / hourMs)}`
      const partMs = Math.min(stop, (Math.floor(at / hourMs) + 1) * hourMs) - at
      hours.set(hour, (hours.get(hour) ?? 0) + partMs)
    }
  })
  const full = Math.max(0, ...hours.values())
  tally.figures['most minutes in an hour'] = Math.round(full / 600) / 100
  if (full > hourMs) tally.failures.push('An hour has more than 60 minutes.')
}
