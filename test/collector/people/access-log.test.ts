import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { closeHole } from '../../../collector/operations/every-minute.ts'
import { AccessLog } from '../../../collector/people/access-log.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import type { Act } from '../../../collector/store/store.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'

const auditor: Account = { id: 'auditor', role: 'auditor' }
const huda: Account = { id: 'huda', role: 'institution', institution: 'health' }

/** An access log, and what it wrote; a full disk refuses it. */
function opened() {
  const clock = new TestClock(0)
  const written: Act[] = []
  const disk = { isFull: false }
  const applyActs = async (acts: readonly Act[]) => {
    if (disk.isFull) throw new Error('The disk is full.')
    written.push(...acts)
  }
  const told = () =>
    written.map(({ leaf, entry: { actor, role, what, after } }) => {
      return { log: leaf.log, actor, role, what, after }
    })
  return { clock, disk, told, log: new AccessLog({ applyActs }, clock.now) }
}

test('a log-in and an export are acts in the log of whoever did it', async () => {
  const { log, told } = opened()
  await log.noteAccess(huda, 'log-in', { via: 'password' })
  const detail = { what: 'kpis', format: 'csv', institution: null, of: '2027-04' }
  await log.noteAccess(auditor, 'export', detail)
  expect(told()).toEqual([
    {
      ...{ log: 'health', actor: 'huda', role: 'institution', what: 'access/huda/log-in' },
      after: { via: 'password' },
    },
    {
      ...{ log: 'national', actor: 'auditor', role: 'auditor', what: 'access/auditor/export' },
      after: detail,
    },
  ])
})

test('a withheld act is followed by a note that the collector runs', async () => {
  using folder = temporaryFolder()
  const store = sqliteStore(folder.file('collector.db'))
  const clock = new TestClock(hourMs)
  const log = new AccessLog(store, clock.now, (at) => closeHole(store, at))
  const lastNoted = async () => (await store.liveness()).at(-1)?.to ?? null
  await log.noteAccess(huda, 'log-in', { via: 'link' })
  expect(await lastNoted()).toBeNull()
  await log.noteAccess(auditor, 'log-in', { via: 'link' })
  clock.at += minuteMs
  await log.noteAccess(auditor, 'log-in', { via: 'link' })
  expect(await lastNoted()).toBe(clock.at)
  await store.close()
})

test('a withheld act and the note behind it are stored together or not at all', async () => {
  using folder = temporaryFolder()
  const store = sqliteStore(folder.file('collector.db'))
  const log = new AccessLog(store, new TestClock(hourMs).now, (at) => closeHole(store, at))
  await log.noteAccess(auditor, 'log-in', { via: 'link' })
  const before = (await store.leavesAfter(0, 10)).map(({ kind }) => kind)
  expect(before).toEqual(['liveness', 'act', 'liveness'])
  const other = new Database(folder.file('collector.db'))
  other.exec(`CREATE TRIGGER refuse BEFORE INSERT ON leaf WHEN NEW.kind = 'liveness'
    BEGIN SELECT RAISE(ABORT, 'refused'); END`)
  other.close()
  await expect(log.noteAccess(auditor, 'log-in', { via: 'link' })).rejects.toThrow('refused')
  expect((await store.leavesAfter(0, 10)).map(({ kind }) => kind)).toEqual(before)
  await store.close()
})

test('what cannot be noted is not let in', async () => {
  const { log, disk } = opened()
  disk.isFull = true
  await expect(log.noteAccess(huda, 'log-in', { via: 'link' })).rejects.toThrow('full')
})

test('what an auditor reads is one act for each quarter of an hour, with counts', async () => {
  const { clock, log, told } = opened()
  log.noteRead(huda, '/institutions/health')
  log.noteRead(auditor, '/cycles')
  log.noteRead(auditor, '/cycles')
  clock.at = 10 * minuteMs
  log.noteRead(auditor, '/institutions/roads')
  await log.writeReads()
  expect(told()).toEqual([])
  clock.at = 15 * minuteMs
  await log.writeReads()
  await log.writeReads()
  const places = { '/cycles': 2, '/institutions/roads': 1 }
  expect(told()).toEqual([
    {
      ...{ log: 'national', actor: 'auditor', role: 'auditor', what: 'access/auditor/read' },
      after: { from: 0, to: 15 * minuteMs, places, more: 0 },
    },
  ])
})

test('what was read is kept while the disk is full, and is written when it is not', async () => {
  const { clock, disk, log, told } = opened()
  log.noteRead(auditor, '/cycles')
  disk.isFull = true
  clock.at = 20 * minuteMs
  await expect(log.writeReads()).rejects.toThrow('full')
  disk.isFull = false
  await log.writeReads(true)
  const after = { from: 0, to: 20 * minuteMs, places: { '/cycles': 1 }, more: 0 }
  expect(told().map((each) => each.after)).toEqual([after])
})

test('beyond 200 places and in long ones reads are only counted', async () => {
  const { log, told } = opened()
  for (let i = 0; i < 203; i++) log.noteRead(auditor, `/checks/${i}`)
  log.noteRead(auditor, '/checks/7')
  log.noteRead(auditor, `/${'x'.repeat(300)}`)
  await log.writeReads(true)
  const { places, more } = told()[0]!.after as { places: Record<string, number>; more: number }
  expect([Object.keys(places).length, places['/checks/7'], more]).toEqual([200, 2, 4])
})
