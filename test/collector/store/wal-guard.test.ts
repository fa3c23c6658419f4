import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../collector/store/sqlite/open.ts'
import { walGuard } from '../../../collector/store/sqlite/wal-guard.ts'
import { temporaryFolder } from '../../support/folder.ts'

const bytesMax = 2 * 1024 * 1024

test('a reader that does not end stops the writer before the log grows on; then it goes on', () => {
  using folder = temporaryFolder()
  const file = folder.file('c.db')
  const db = openDatabase(file)
  const guard = walGuard(db, bytesMax)
  db.exec('CREATE TABLE filler (bytes BLOB)')
  const insert = db.prepare('INSERT INTO filler VALUES (randomblob(65536))')
  const reader = new Database(file, { readonly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM filler').get()
  const write = () => {
    guard()
    insert.run()
  }
  let written = 0
  expect(() => {
    while (written < 100) {
      write()
      written += 1
    }
  }).toThrow(/long reader/)
  expect(written).toBeGreaterThan(10)
  expect(statSync(`${file}-wal`).size).toBeLessThan(bytesMax + 2 * 65_536)
  reader.exec('COMMIT')
  write()
  expect(statSync(`${file}-wal`).size).toBeLessThan(bytesMax)
  const stored = db.prepare('SELECT count(*) FROM filler').pluck().get()
  expect(stored).toBe(written + 1)
  reader.close()
  db.close()
})
