import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { livenessAt } from '../../../collector/evidence/leaf.ts'
import { backup, keepNewest } from '../../../collector/operations/backup.ts'
import { checkData } from '../../../collector/operations/check-data.ts'
import { readLastBackup } from '../../../collector/operations/last-backup.ts'
import { type Data, openData } from '../../../collector/operations/open-data.ts'
import { restore } from '../../../collector/operations/restore.ts'
import { lockDirectory } from '../../../collector/store/sqlite/lock.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { temporaryFolder } from '../../support/folder.ts'

let folder: ReturnType<typeof temporaryFolder>
let dataDir: string
let data: Data
const at = Date.parse('2026-11-22T10:00:00Z')

beforeEach(async () => {
  folder = temporaryFolder()
  dataDir = folder.file('data')
  data = openData(dataDir, () => {})
  await live(0, 10)
})

afterEach(() => folder[Symbol.dispose]())

async function live(from: number, to: number): Promise<void> {
  for (let minute = from; minute < to; minute++) {
    const time = at + minute * 60_000
    await data.store.appendLiveness(livenessAt(time))
  }
}

async function stop(): Promise<void> {
  await data.store.close()
  data.unlock()
}

function makeBackup(name: string, time = at) {
  return backup({ dataDir, folder: folder.file(name), at: time, version: 'test' })
}

function putBack(name: string, force = true) {
  const who = { actor: 'amal', why: 'the disk broke' }
  return restore({ dataDir, folder: folder.file(name), force, ...who, at: at + 3_600_000 })
}

test('the newest backup is noted beside the data; what is no note of ours is none', async () => {
  expect(readLastBackup(dataDir)).toBeNull()
  await makeBackup('one')
  await makeBackup('two', at + 3_600_000)
  expect(readLastBackup(dataDir)).toBe(at + 3_600_000)
  for (const text of ['', 'null', '{}', '{"at":"now"}', '{"at":-1}', '{"at":1.5}']) {
    writeFileSync(join(dataDir, 'last-backup.json'), text)
    expect([text, readLastBackup(dataDir)]).toEqual([text, null])
  }
  await stop()
})

test('a backup beside a store that writes is whole, alone in its folder, and its own', async () => {
  const manifest = await makeBackup('one')
  await live(10, 12)
  expect(manifest.heads).toMatchObject([{ log: 'national', size: 10 }])
  expect(manifest.kid).toBe(data.logKey.kid)
  expect(readdirSync(folder.file('one')).sort()).toEqual(['collector.db', 'manifest.json'])
  expect(readdirSync(folder.path).sort()).toEqual(['data', 'one'])
  const { heads, faults } = await checkData(join(folder.file('one'), 'collector.db'))
  expect(faults).toEqual([])
  expect(heads[0]?.root.toString('hex')).toBe(manifest.heads[0]?.root)
  await expect(makeBackup('one')).rejects.toThrow('exists already')
  await stop()
})

test('a backup of damaged data is none', async () => {
  await stop()
  const file = join(dataDir, 'collector.db')
  const bytes = readFileSync(file)
  bytes.fill(0, 3 * 4_096, 4 * 4_096)
  writeFileSync(file, bytes)
  await expect(makeBackup('one')).rejects.toThrow(/is damaged; no backup was made|is damaged/)
  expect(readdirSync(folder.path)).toEqual(['data'])
})

test('what a killed backup left is no backup; the next one clears it, but none that is made', async () => {
  const left = folder.file('killed.unfinished')
  mkdirSync(left)
  writeFileSync(join(left, 'collector.db'), 'half')
  const foreign = folder.file('theirs.unfinished')
  mkdirSync(foreign)
  writeFileSync(join(foreign, 'letter.txt'), 'keep me')
  const being = folder.file('being-made.unfinished')
  mkdirSync(being)
  const unlock = lockDirectory(join(being, 'lock.db'))
  await expect(putBack('killed.unfinished')).rejects.toThrow('is no backup of a collector')
  await makeBackup('one')
  expect([left, foreign, being].map((path) => existsSync(path))).toEqual([false, true, true])
  unlock()
  await stop()
})

test('the newest are kept; what is no backup stays', async () => {
  for (const [i, name] of ['a', 'b', 'c'].entries()) await makeBackup(name, at + i)
  mkdirSync(folder.file('other'))
  expect(keepNewest(folder.file('c'), 2)).toEqual(['a'])
  expect(readdirSync(folder.path).sort()).toEqual(['b', 'c', 'data', 'other'])
  await stop()
})

test('a restore goes back to the backup, and the log says so with how far both reached', async () => {
  const manifest = await makeBackup('one')
  await live(10, 15)
  await expect(putBack('one')).rejects.toThrow('Stop it first')
  await stop()
  await expect(putBack('one', false)).rejects.toThrow('--force')
  const { movedTo } = await putBack('one')
  expect((await checkData(join(movedTo!, 'collector.db'))).heads).toMatchObject([{ size: 15 }])
  const reader = sqliteReader(join(dataDir, 'collector.db'))
  expect(await reader.heads()).toMatchObject([{ log: 'national', size: 11 }])
  const [act] = await reader.entries()
  expect(act).toMatchObject({ actor: 'amal', what: 'collector/restored', why: 'the disk broke' })
  expect(act?.before).toMatchObject({ heads: [{ log: 'national', size: 15 }] })
  expect(act?.after).toMatchObject({ backupAt: at, heads: manifest.heads, sha256: manifest.sha256 })
  await reader.close()
  expect((await checkData(join(dataDir, 'collector.db'))).faults).toEqual([])
  data = openData(dataDir, () => {})
  await live(20, 21)
  await stop()
})

test('a restore refuses what it could not answer for, and leaves what is there', async () => {
  await makeBackup('one')
  await stop()
  const database = join(dataDir, 'collector.db')
  const before = readFileSync(database)
  const key = join(dataDir, 'log-key.pem')
  renameSync(key, folder.file('key'))
  await expect(putBack('one')).rejects.toThrow(/needs the log key .*there is none/)
  openData(folder.file('elsewhere'), () => {}).unlock()
  copyFileSync(join(folder.file('elsewhere'), 'log-key.pem'), key)
  await expect(putBack('one')).rejects.toThrow(/needs the log key/)
  copyFileSync(folder.file('key'), key)
  const copy = join(folder.file('one'), 'collector.db')
  const bytes = readFileSync(copy)
  bytes[bytes.length - 10]! ^= 1
  writeFileSync(copy, bytes)
  await expect(putBack('one')).rejects.toThrow('The backup is damaged; nothing was changed')
  expect(readFileSync(database).equals(before)).toBe(true)
  expect(readdirSync(dataDir).filter((name) => /restoring|replaced/.test(name))).toEqual([])
  rmSync(join(folder.file('one'), 'manifest.json'))
  await expect(putBack('one')).rejects.toThrow('is no backup of a collector')
})

test('an empty directory with the key takes a backup without force', async () => {
  await makeBackup('one')
  await stop()
  const moved = folder.file('moved')
  mkdirSync(moved)
  copyFileSync(join(dataDir, 'log-key.pem'), join(moved, 'log-key.pem'))
  const options = { folder: folder.file('one'), force: false, actor: 'a', why: 'w', at }
  expect((await restore({ dataDir: moved, ...options })).movedTo).toBeNull()
  const reader = sqliteReader(join(moved, 'collector.db'))
  expect((await reader.entries())[0]?.before).toBeNull()
  await reader.close()
})
