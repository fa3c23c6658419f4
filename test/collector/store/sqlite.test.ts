import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { livenessAt } from '../../../collector/evidence/leaf.ts'
import { lockDirectory } from '../../../collector/store/sqlite/lock.ts'
import { openDatabase } from '../../../collector/store/sqlite/open.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import { temporaryFolder } from '../../support/folder.ts'

test('every connection that writes commits with fsync', () => {
  using folder = temporaryFolder()
  for (const _opening of ['new', 'again']) {
    const db = openDatabase(folder.file('c.db'))
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    db.close()
  }
})

test('data of a newer version is refused and stays byte for byte as it was', () => {
  using folder = temporaryFolder()
  const file = folder.file('c.db')
  const db = openDatabase(file)
  db.pragma('user_version = 99')
  db.close()
  const before = readFileSync(file)
  expect(() => sqliteStore(file)).toThrow(/format 99; this version reads up to \d+/)
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('evidence cannot be changed or deleted, whoever asks', async () => {
  using folder = temporaryFolder()
  const store = sqliteStore(folder.file('c.db'))
  await store.appendLiveness(livenessAt(0))
  await store.close()
  const db = new Database(folder.file('c.db'))
  expect(() => db.exec("UPDATE leaf SET entry = ''")).toThrow('never changed')
  expect(() => db.exec('DELETE FROM leaf')).toThrow('never deleted')
  db.close()
})

test('a data directory has one collector at a time', () => {
  using folder = temporaryFolder()
  const unlock = lockDirectory(folder.file('lock.db'))
  expect(() => lockDirectory(folder.file('lock.db'))).toThrow('Another collector')
  unlock()
  lockDirectory(folder.file('lock.db'))()
})
