import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { livenessAt } from '../../../collector/evidence/leaf.ts'
import { guarded, type StoreFailure } from '../../../collector/store/failure.ts'
import { sqliteFailure } from '../../../collector/store/sqlite/failures.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import { temporaryFolder } from '../../support/folder.ts'

test.each([
  ['SQLITE_FULL', false],
  ['SQLITE_BUSY', false],
  ['SQLITE_BUSY_SNAPSHOT', false],
  ['SQLITE_LOCKED', false],
  ['SQLITE_IOERR', true],
  ['SQLITE_IOERR_FSYNC', true],
  ['SQLITE_IOERR_WRITE', true],
  ['SQLITE_CORRUPT', true],
  ['SQLITE_CORRUPT_VTAB', true],
  ['SQLITE_NOTADB', true],
  ['SQLITE_READONLY_DBMOVED', true],
  ['SQLITE_CANTOPEN', true],
  ['SQLITE_CONSTRAINT_UNIQUE', null],
  ['SQLITE_ERROR', null],
])('%s: lasting %s', (code, lasting) => {
  const failure = sqliteFailure(new Database.SqliteError('it failed', code))
  expect(failure?.lasting ?? null).toBe(lasting)
  if (failure) expect(failure.message).toContain(code)
})

test('after a lasting failure nothing reaches the disk any more, and it is told once', async () => {
  const told: StoreFailure[] = []
  const calls: string[] = []
  const failing = { write: 'SQLITE_FULL' }
  const store = guarded(
    {
      write: async (what: string) => {
        calls.push(what)
        if (what !== 'fine') throw new Database.SqliteError(what, failing.write)
      },
    },
    sqliteFailure,
    (failure) => told.push(failure),
  )
  await expect(store.write('full')).rejects.toThrow('disk is full')
  await store.write('fine')
  failing.write = 'SQLITE_IOERR_FSYNC'
  await expect(store.write('broken')).rejects.toThrow('disk failed')
  // The same group again on the same connection could be answered without being on disk.
  await expect(store.write('fine')).rejects.toThrow('disk failed')
  expect(calls).toEqual(['full', 'fine', 'broken'])
  expect(told).toHaveLength(1)
})

test('another process that holds the lock: refused soon, nothing stored, then it goes on', async () => {
  using folder = temporaryFolder()
  const store = sqliteStore(folder.file('c.db'))
  await store.appendLiveness(livenessAt(0))
  const other = new Database(folder.file('c.db'))
  other.exec('BEGIN IMMEDIATE')
  const startedAt = performance.now()
  await expect(store.appendLiveness(livenessAt(60_000))).rejects.toMatchObject({
    code: 'unavailable',
    lasting: false,
  })
  await expect(store.saveDays([], [])).rejects.toThrow('Another process holds')
  // Half a second; a connection that was left as it comes waits ten.
  expect(performance.now() - startedAt).toBeLessThan(8_000)
  expect(await store.heads()).toMatchObject([{ log: 'national', size: 1 }])
  other.exec('ROLLBACK')
  other.close()
  await store.appendLiveness(livenessAt(60_000))
  expect(await store.heads()).toMatchObject([{ log: 'national', size: 2 }])
  await store.close()
})

test('a damaged page that is met later ends the process', async () => {
  using folder = temporaryFolder()
  const file = folder.file('c.db')
  const first = sqliteStore(file)
  await first.appendLiveness(livenessAt(0))
  await first.close()
  const db = new Database(file)
  const root = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'liveness'").pluck()
  const at = (Number(root.get()) - 1) * (db.pragma('page_size', { simple: true }) as number)
  db.close()
  const bytes = readFileSync(file)
  bytes.fill(0xff, at, at + 200)
  writeFileSync(file, bytes)
  const told: StoreFailure[] = []
  const store = sqliteStore(file, (failure) => told.push(failure))
  await expect(store.liveness()).rejects.toMatchObject({ code: 'unavailable', lasting: true })
  expect(told.map(({ message }) => message)).toEqual([expect.stringMatching(/is damaged/)])
})
