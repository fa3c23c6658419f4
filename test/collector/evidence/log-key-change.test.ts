import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { followLogKeys } from '../../../agent/log-keys.ts'
import { rotateLogKey } from '../../../collector/cli/rotate-log-key.ts'
import { openLogKey, readLogKey } from '../../../collector/evidence/log-key.ts'
import {
  changeLogKey,
  firstLogKey,
  logKeyStatements,
  settleLogKey,
} from '../../../collector/evidence/log-key-change.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import type { Store } from '../../../collector/store/store.ts'
import { generateKey, sha256 } from '../../../protocol/jws.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'

const at = Date.parse('2026-11-21T22:30:00Z')

const quiet = { now: () => at, out: () => {}, err: () => {} }

let folder: ReturnType<typeof temporaryFolder>
let store: Store
let file: string

beforeEach(() => {
  folder = temporaryFolder()
  store = sqliteStore(folder.file('collector.db'))
  file = folder.file('log-key.pem')
  openLogKey(file)
})

afterEach(async () => {
  await store.close()
  folder[Symbol.dispose]()
})

test('a new key is signed by the one before; agents follow from whichever they pinned', async () => {
  const first = readLogKey(file)
  const second = await changeLogKey(store, file, at)
  const third = await changeLogKey(store, file, at + 1)
  expect(readLogKey(file).kid).toBe(third.kid)
  const body = JSON.stringify({ keys: await logKeyStatements(store) })
  const chain = [second.publicKey, third.publicKey]
  expect(followLogKeys(body, first.publicKey, third.kid)).toEqual(chain)
  expect(followLogKeys(body, second.publicKey, third.kid)).toEqual([third.publicKey])
  expect(await firstLogKey(store, third.publicKey)).toBe(first.publicKey)
})

test('cut short before the log names it, the new key is forgotten', async () => {
  const first = readLogKey(file)
  const failing = { ...store, appendLeaves: () => Promise.reject(new Error('killed')) }
  await expect(changeLogKey(failing, file, at)).rejects.toThrow('killed')
  expect(existsSync(`${file}.next`)).toBe(true)
  expect((await settleLogKey(store, first, file)).kid).toBe(first.kid)
  expect(existsSync(`${file}.next`)).toBe(false)
  expect((await changeLogKey(store, file, at)).kid).not.toBe(first.kid)
})

test('cut short after the log names it, the new key takes its place at the next start', async () => {
  const first = readLogKey(file)
  const killed = {
    newestLeaves: store.newestLeaves,
    appendLeaves: async (leaves: Parameters<Store['appendLeaves']>[0]) => {
      await store.appendLeaves(leaves)
      throw new Error('killed')
    },
  }
  await expect(changeLogKey(killed, file, at)).rejects.toThrow('killed')
  expect(readLogKey(file).kid).toBe(first.kid)
  const settled = await settleLogKey(store, first, file)
  expect(settled.kid).not.toBe(first.kid)
  expect([readLogKey(file).kid, existsSync(`${file}.next`)]).toEqual([settled.kid, false])
})

test('a key that the log does not know is refused', async () => {
  const first = folder.file('first.pem')
  writeFileSync(first, generateKey().privatePem)
  await changeLogKey(store, file, at)
  renameSync(first, file)
  await expect(settleLogKey(store, readLogKey(file), file)).rejects.toThrow(
    'is not the key that the log says is in use',
  )
})

test.each(['a key that never changed', 'a key that changed'])(
  '%s: no other starts',
  async (name) => {
    const clock = new TestClock(at)
    const dir = folder.file('data')
    const keyFile = `${dir}/log-key.pem`
    const open = () => openTestCollector(dir, clock)
    await (await open()).close()
    if (name.endsWith('that changed')) {
      const own = sqliteStore(`${dir}/collector.db`)
      await changeLogKey(own, keyFile, at)
      await own.close()
    }
    renameSync(keyFile, `${dir}/right.pem`)
    writeFileSync(keyFile, generateKey().privatePem)
    // SQLite leaves files without content where it only looked.
    const content = () =>
      ['collector.db', 'log-key.pem'].map((each) => sha256(readFileSync(`${dir}/${each}`)))
    const untouched = content()
    await expect(open()).rejects.toThrow('is not the one that signed the evidence beside it')
    const rotating = rotateLogKey.run({ ...quiet, environment: { DATA_DIR: dir } }, {}, [])
    await expect(rotating).rejects.toThrow('is not the one that signed')
    expect(content()).toEqual(untouched)
    renameSync(`${dir}/right.pem`, keyFile)
    await (await open()).close()
  },
)

test('a change that was cut short after the log names the key is no other key', async () => {
  const dir = folder.file('data')
  const keyFile = `${dir}/log-key.pem`
  await (await openTestCollector(dir, new TestClock(at))).close()
  cpSync(keyFile, folder.file('first.pem'))
  const own = sqliteStore(`${dir}/collector.db`)
  const { kid } = await changeLogKey(own, keyFile, at)
  await own.close()
  renameSync(keyFile, `${keyFile}.next`)
  cpSync(folder.file('first.pem'), keyFile)
  await (await openTestCollector(dir, new TestClock(at))).close()
  expect(readLogKey(keyFile).kid).toBe(kid)
})

test('a collector answers with the statements, and signs with the newest key', async () => {
  const clock = new TestClock(at)
  const dir = folder.file('data')
  const before = await openTestCollector(dir, clock)
  expect((await before.app.inject('/v1/log-keys')).json()).toEqual({ keys: [] })
  await before.close()
  const pinned = readLogKey(`${dir}/log-key.pem`)
  const own = sqliteStore(`${dir}/collector.db`)
  const { kid } = await changeLogKey(own, `${dir}/log-key.pem`, at)
  await own.close()
  const after = await openTestCollector(dir, clock)
  const answer = await after.app.inject('/v1/log-keys')
  expect(answer.headers['cache-control']).toBe('public, max-age=60')
  expect(followLogKeys(answer.body, pinned.publicKey, kid)).toHaveLength(1)
  await after.close()
})
