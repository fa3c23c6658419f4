import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportThread, type StartExport } from '../../../collector/exports/start-export.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { until } from '../../support/processes.ts'
import { mayMount, SmallDisk } from '../../support/small-disk.ts'

type Job = { id: string; state: string; failure: string | null; archive: { sha256: string } | null }

const mib = 1024 ** 2
let folder: ReturnType<typeof temporaryFolder>
const clock = new TestClock(1_800_000_000_000)

beforeAll(() => {
  folder = temporaryFolder()
})
afterAll(() => folder[Symbol.dispose]())

const open = (startExport: StartExport, data = 'data') =>
  openTestCollector(folder.file(data), clock, undefined, { startExport })
const jobs = async (collector: TestCollector): Promise<Job[]> =>
  ((await collector.ask('/api/v1/exports')).json() as { exports: Job[] }).exports
const over = (collector: TestCollector) =>
  until(
    () => jobs(collector),
    (all) => all.every(({ state }) => state === 'done' || state === 'failed'),
    60_000,
  )

describe('exports on a thread of their own', () => {
  test('are made there, also over a restart that interrupts one', async () => {
    const first = await open(exportThread)
    await first.ask('/api/v1/exports', {})
    await first.ask('/api/v1/exports', { institution: 'local' })
    // While the first is being made.
    await first.close()
    expect(readdirSync(folder.file('data/exports')).every((name) => /\.json$/.test(name))).toBe(
      true,
    )
    const second = await open(exportThread)
    const all = await over(second)
    expect(all.map(({ state, failure }) => [state, failure]).sort()).toEqual([
      ['done', null],
      ['failed', 'interrupted'],
    ])
    const done = all.find(({ archive }) => archive)!
    const bytes = readFileSync(folder.file(`data/exports/${done.id}.tar.gz`))
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(done.archive!.sha256)
    await second.close()
  })
})

describe.runIf(mayMount())('a disk that is full', () => {
  test('refuses exports and goes on taking evidence; nothing half-done stays', async () => {
    using disk = new SmallDisk(folder.file('small'), 64 * mib)
    const collector = await open(exportThread, 'small/data')
    const answer = await collector.ask('/api/v1/exports', {})
    // Less room than an export leaves to the evidence.
    expect(answer.status).toBe(503)
    expect(answer.json()).toMatchObject({ code: 'unavailable' })
    expect(await jobs(collector)).toEqual([])
    disk.fill()
    expect((await collector.ask('/api/v1/exports', {})).status).toBe(503)
    disk.clear()
    await collector.noteLiveness()
    await collector.close()
  })
})
