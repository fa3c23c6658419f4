import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Schedule } from '../../../collector/operations/every-minute.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { exampleFiles, openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'

const startedAt = Date.parse('2026-11-23T10:00:00Z')

let folder: ReturnType<typeof temporaryFolder>
let clock: TestClock
let jobs: Map<string, () => unknown>
let collector: Awaited<ReturnType<typeof openTestCollector>>
let asked: number

beforeEach(async () => {
  folder = temporaryFolder()
  clock = new TestClock(startedAt)
  jobs = new Map()
  asked = 0
  const schedule: Schedule = (expression, action) => {
    jobs.set(expression, action)
    return { destroy: () => void jobs.delete(expression) }
  }
  const timer = () => {
    asked++
    return () => {}
  }
  collector = await openTestCollector(folder.path, clock, exampleFiles.register, {
    ...{ schedule, timer },
  })
})

afterEach(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

test('notes each minute that the collector runs, without a hole', async () => {
  for (let minute = 1; minute <= 20; minute++) {
    clock.at = startedAt + minute * minuteMs
    await jobs.get('0 * * * * *')!()
  }
  const reader = sqliteReader(`${folder.path}/collector.db`)
  expect(await reader.liveness()).toEqual([{ from: startedAt, to: clock.at }])
  await reader.close()
})

test('asks for figures four times a minute', async () => {
  const before = asked
  await jobs.get('*/15 * * * * *')!()
  expect(asked).toBe(before + 1)
})

test('nothing is done any more by a collector that was closed', async () => {
  expect(jobs.size).toBe(5)
  await collector.close()
  expect(jobs.size).toBe(0)
  collector = await openTestCollector(folder.path, clock)
})
