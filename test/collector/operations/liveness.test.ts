import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'

test('minutes that could not be noted end nothing and are an outage of the collector', async () => {
  using folder = temporaryFolder()
  const startedAt = Date.parse('2026-11-22T10:00:00Z')
  const clock = new TestClock(startedAt)
  const collector = await openTestCollector(folder.path, clock)
  const file = join(folder.path, 'collector.db')
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE')
  clock.at += minuteMs
  await expect(collector.noteLiveness()).rejects.toThrow('nothing was stored')
  await collector.close()
  expect(collector.fatal).toEqual([])
  other.exec('ROLLBACK')
  other.close()
  clock.at += 9 * minuteMs
  const next = await openTestCollector(folder.path, clock)
  await next.close()
  const reader = sqliteReader(file)
  expect(await reader.liveness()).toEqual([
    { from: startedAt, to: startedAt },
    { from: clock.at, to: clock.at },
  ])
  await reader.close()
})
