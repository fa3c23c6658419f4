import type Database from 'better-sqlite3'
import type { ClockRow, ClockStore } from '../clocks.ts'

/** SQLite's memory of the collector's own clock. */
export function clockStore(db: Database.Database): ClockStore {
  const read = db.prepare('SELECT boot, booted_at AS bootedAt FROM own_clock')
  const newest = db.prepare(
    `SELECT coalesce(received, json_extract(entry, '$.at')) FROM leaf
     ORDER BY position DESC LIMIT 1`,
  )
  const write = {
    forget: db.prepare('DELETE FROM own_clock'),
    clock: db.prepare('INSERT INTO own_clock (boot, booted_at) VALUES (?, ?)'),
    forgetAnchors: db.prepare('DELETE FROM anchor'),
    anchor: db.prepare(
      `INSERT INTO anchor (agent, boot, bucket, offset_ms, wall_error_ms)
       VALUES (?, ?, ?, ?, ?)`,
    ),
  }
  const save = db.transaction((...[own, anchors]: Parameters<ClockStore['saveClock']>) => {
    write.forget.run()
    write.clock.run(own.boot, own.bootedAt)
    write.forgetAnchors.run()
    for (const [agent, rows] of anchors) {
      for (const { boot, bucket, offsetMs, wallErrorMs } of rows) {
        write.anchor.run(agent, boot, bucket, offsetMs, wallErrorMs)
      }
    }
  })
  return {
    clock: async () => (read.get() as ClockRow | undefined) ?? null,
    newestLeafAt: async () => (newest.pluck().get() as number | undefined) ?? null,
    saveClock: async (own, anchors) => save.immediate(own, anchors),
  }
}
