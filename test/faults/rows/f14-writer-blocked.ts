import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { CollectorProcess } from '../collector-process.ts'
import { httpExchange } from '../exchange.ts'
import { Fleet } from '../fleet.ts'
import { newTally, type Row, type Tally } from '../row.ts'
import { finish } from '../settle.ts'

const walBytesMax = 256 * 1024 * 1024

/** F14: somebody else locks the database, or reads so long that it cannot be tidied. */
export const writerBlocked: Row = {
  id: 'F14',
  what: 'writer blocked, checkpoint starved',
  injected: 'another process holds the write lock 60 s; a reader keeps its snapshot',
  run: async ({ quick, random, folder, log }) => {
    const tally = newTally()
    await using collector = await CollectorProcess.prepare(folder)
    using http = httpExchange(() => collector.url, { timeoutMs: 20_000 })
    const options = { random, exchange: http.exchange, paceMs: [5, 50] as const }
    const fleet = new Fleet({ size: quick ? 40 : 500, ...options })
    await collector.start()
    await fleet.enrol(await collector.tokens(500))
    fleet.run()
    await fleet.acks(50, AbortSignal.timeout(60_000))
    await holdWriteLock(collector, fleet, quick ? 8_000 : 60_000, tally)
    log(`write lock let go: ${fleet.replies.get(503) ?? 0} refused with 503`)
    await holdSnapshot(collector, quick ? 4_000 : 120_000, tally)
    log(`reader let go: WAL peak ${tally.figures['WAL peak MiB']} MiB`)
    await finish(collector, fleet, tally)
    tally.figures['refused with 503'] = fleet.replies.get(503) ?? 0
    return tally
  },
}

/** Whoever holds the lock is not the disk failing: nothing is stored, nobody is down, it passes. */
async function holdWriteLock(
  collector: CollectorProcess,
  fleet: Fleet,
  forMs: number,
  tally: Tally,
): Promise<void> {
  const db = new Database(join(collector.dataDir, 'collector.db'), { timeout: 10_000 })
  db.exec('BEGIN IMMEDIATE')
  await wait(forMs)
  if (!collector.isRunning) tally.failures.push('Write lock held: the collector ended.')
  else if (!fleet.replies.get(503)) tally.failures.push('Write lock held: nobody got a 503.')
  db.exec('ROLLBACK')
  db.close()
  tally.kills++
  const startedAt = performance.now()
  if (!collector.isRunning) await collector.start()
  await fleet.acks(1, AbortSignal.timeout(60_000))
  tally.recoverMs.push(performance.now() - startedAt)
}

/** A snapshot that stays open keeps the WAL from being reused: it grows. */
async function holdSnapshot(collector: CollectorProcess, forMs: number, tally: Tally) {
  const file = join(collector.dataDir, 'collector.db')
  const db = new Database(file, { readonly: true })
  db.exec('BEGIN')
  db.prepare('SELECT count(*) FROM leaf').get()
  const endAt = performance.now() + forMs
  let peak = 0
  while (performance.now() < endAt) {
    peak = Math.max(peak, statSync(`${file}-wal`).size)
    await wait(250)
  }
  db.exec('COMMIT')
  db.close()
  tally.kills++
  tally.figures['WAL peak MiB'] = Math.round(peak / 1_048_576)
  if (peak > walBytesMax) tally.failures.push('The WAL grew beyond 256 MiB.')
}
