import { afterEach, beforeEach, expect, test } from 'vitest'
import { CheckpointBook, LogKeeper } from '../../../collector/evidence/checkpoints.ts'
import { leafOf, nationalLog } from '../../../collector/evidence/leaf.ts'
import { openLogKey } from '../../../collector/evidence/log-key.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import type { Store } from '../../../collector/store/store.ts'
import { openCheckpoint } from '../../../protocol/checkpoint.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { temporaryFolder } from '../../support/folder.ts'

const start = Date.parse('2026-11-21T22:30:00Z')
const agent = { agent: 'a-1', institution: 'health' }

let folder: ReturnType<typeof temporaryFolder>
let store: Store

beforeEach(() => {
  folder = temporaryFolder()
  store = sqliteStore(folder.file('collector.db'))
})

afterEach(async () => {
  await store.close()
  folder[Symbol.dispose]()
})

async function opened() {
  const key = openLogKey(folder.file('log-key.pem'))
  const book = new CheckpointBook()
  const keeper = new LogKeeper(store, key, book)
  await keeper.open()
  return { key, book, keeper }
}

function add(log: string, at: number): Promise<void> {
  return store.appendLeaves([leafOf(log, { kind: 'act', at })])
}

async function sizes(log: string): Promise<number[]> {
  return (await store.checkpoints(log)).map(({ size }) => size)
}

test('each hour the logs that grew are signed, as far as they are', async () => {
  const { key, keeper } = await opened()
  await add('health', start)
  await add('roads', start)
  await keeper.tick(start)
  await add('health', start)
  await keeper.tick(start + minuteMs)
  expect([await sizes('health'), await sizes('roads')]).toEqual([[1], [1]])
  await keeper.tick(start + hourMs)
  expect([await sizes('health'), await sizes('roads')]).toEqual([[1, 2], [1]])
  const heads = new Map((await store.heads()).map((head) => [head.log, head]))
  for (const { log, note, size } of await store.newestCheckpoints()) {
    const { root } = openCheckpoint(note, [key.publicKey])
    expect({ log, size, root }).toEqual(heads.get(log))
  }
})

test('each UTC day the national log names the size and root of every other log', async () => {
  const { keeper } = await opened()
  await add('health', start)
  await add('roads', start)
  await keeper.tick(start)
  for (const minutes of [1, 60, 89]) await keeper.tick(start + minutes * minuteMs)
  // A restart on the same day commits to nothing again.
  await (await opened()).keeper.tick(start + 89 * minuteMs)
  expect(await store.newestLeaves('heads', 10)).toHaveLength(1)
  await add('health', start)
  await (await opened()).keeper.tick(start + 90 * minuteMs)
  const [first, second, ...more] = await store.newestLeaves('heads', 10)
  expect([first?.log, second?.log, more.length]).toEqual([nationalLog, nationalLog, 0])
  const named = (entry = '') =>
    (JSON.parse(entry) as { logs: { log: string; size: number }[] }).logs.map((each) => each.size)
  expect([named(first?.entry), named(second?.entry)]).toEqual([
    [1, 1],
    [2, 1],
  ])
  const heads = await store.heads()
  const { logs } = JSON.parse(second!.entry) as { logs: { log: string; root: string }[] }
  for (const { log, root } of logs) {
    expect(heads.find((head) => head.log === log)?.root.toString('hex')).toBe(root)
  }
  // The checkpoint of that moment covers the commitment.
  expect((await sizes(nationalLog)).at(-1)).toBe(second!.index + 1)
})

test('a receipt brings each new checkpoint once: its own log’s first, then the national one', async () => {
  const { book, keeper } = await opened()
  await add('health', start)
  await add('roads', start)
  await keeper.tick(start)
  const logs = () => [book.next(agent), book.next(agent), book.next(agent)].map(logOf)
  expect(logs()).toEqual(['health', 'national', null])
  await add('health', start)
  await keeper.tick(start + hourMs)
  expect(logs()).toEqual(['health', null, null])
  await keeper.tick(start + dayMs)
  expect(logs()).toEqual(['national', null, null])
  // After a restart nobody knows what was given.
  const again = (await opened()).book
  expect([again.next(agent), again.next(agent)].map(logOf)).toEqual(['health', 'national'])
})

test('no checkpoint is given that is not on disk', async () => {
  const { book, keeper } = await opened()
  await add('health', start)
  const failing = { ...store, saveCheckpoints: () => Promise.reject(new Error('disk full')) }
  const key = openLogKey(folder.file('log-key.pem'))
  await expect(new LogKeeper(failing, key, book).tick(start)).rejects.toThrow('disk full')
  expect(book.next(agent)).toBeNull()
  await keeper.tick(start + minuteMs)
  expect(logOf(book.next(agent))).toBe('health')
})

function logOf(note: string | null): string | null {
  return note === null ? null : note.slice('istimrar/'.length, note.indexOf('\n'))
}
