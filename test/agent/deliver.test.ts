import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Contact, Delivery } from '../../agent/deliver.ts'
import { newFold, observe } from '../../agent/fold.ts'
import { pinnedLog } from '../../agent/identity.ts'
import type { Log } from '../../agent/log.ts'
import { Outbox } from '../../agent/outbox.ts'
import { openPost } from '../../agent/post.ts'
import { seal } from '../../agent/seal.ts'
import { Spool } from '../../agent/spool.ts'
import { openSpool } from '../../agent/spool-file.ts'
import { sha256 } from '../../protocol/jws.ts'
import { limits } from '../../protocol/limits.ts'
import { minuteMs, secondMs } from '../../protocol/time.ts'
import { enrolledFolder } from '../support/agent-folder.ts'
import { FakeCollector } from '../support/fake-collector.ts'
import { FakeTime } from '../support/fake-time.ts'
import { FullDisk } from '../support/full-disk.ts'

/** A delivery with a real spool and a real connection; time stands until a test moves it. */
async function start(options: { messages?: number; local?: boolean; lost?: boolean } = {}) {
  const collector = await FakeCollector.start()
  const { dir, identity, signer } = enrolledFolder(collector)
  const time = new FakeTime()
  openSpool(dir, 0).close()
  const db = new FullDisk(join(dir, 'spool.sqlite'))
  const spool = new Spool(db)
  if (options.lost) spool.commit({ states: { cursor: null } })
  const outbox = new Outbox(spool, signer, identity.agent)
  const { post, close } = await openPost(collector.url)
  const logged: string[] = []
  const contacts: Contact['outcome'][] = []
  const report: Log = (_level, message) => logged.push(message)
  const delivery = new Delivery({
    ...{ outbox, signer, agent: identity.agent, log: pinnedLog(identity), post, report },
    ...{ clock: time.clock, timer: time.timer, bootId: 'b007-0001' },
    random: () => 0.5,
    local: options.local ?? false,
    onContact: ({ outcome }) => contacts.push(outcome),
  })
  onTestFinished(async () => {
    await delivery.stop()
    close()
    spool.close()
  })
  for (let i = 0; i < (options.messages ?? 0); i++) addMessage(outbox, i)
  delivery.wake()
  return { collector, time, db, spool, outbox, delivery, logged, contacts }
}

function addMessage(outbox: Outbox, i: number): void {
  let fold = newFold('b007-0001', [{ check: 'web', kind: 'http', intervalMs: minuteMs }], 0)
  for (const at of [i, i + 1]) fold = observe(fold, 'web', { state: 'up', at: at * minuteMs })
  const at = { wall: 0, boot: (i + 1) * minuteMs }
  const sealed = seal(fold, at, false)
  outbox.put(sealed.bodies, { fold: sealed.fold, at })
}

/** Runs timers until what is asked for has come. */
async function drive<T>(time: FakeTime, wanted: Promise<T>): Promise<T> {
  let isThere = false
  const done = wanted.finally(() => {
    isThere = true
  })
  while (!isThere) await Promise.race([done, time.jump()])
  return done
}

/** Waits until the exchange under way is over: then the next timer is set. */
async function settle(time: FakeTime): Promise<void> {
  await time.untilNext()
}

describe('when all is well', () => {
  test('a heartbeat comes first, then messages, oldest first, a second apart', async () => {
    const { collector, time, outbox, spool } = await start({ messages: 3 })
    await drive(time, collector.until('batch', 3))
    await settle(time)
    expect(collector.received.map(({ type }) => type)).toEqual([
      ...['heartbeat', 'batch', 'batch', 'batch'],
    ])
    expect(collector.of('batch').map(({ content }) => content.seq)).toEqual([1, 2, 3])
    expect(outbox.depth().messages).toBe(0)
    expect(spool.lastReceipt()).toContain('.')
    expect(time.runningMs).toBeGreaterThanOrEqual(2 * secondMs)
  })

  test('a heartbeat says how deep the spool is, and is signed at its own time', async () => {
    const { collector, time } = await start({ messages: 2 })
    time.pass(777)
    const [heartbeat] = await drive(time, collector.until('heartbeat', 1))
    expect(heartbeat?.content).toMatchObject({
      ...{ epoch: 1, boot: 'b007-0001', at: { wall: time.wallMs, boot: time.bootMs } },
      spool: { messages: 2 },
    })
  })

  test('heartbeats go on every 90 s, but not after a message that was just acknowledged', async () => {
    const { collector, time, outbox, delivery } = await start()
    await drive(time, collector.until('heartbeat', 2))
    expect(time.runningMs).toBe(limits.heartbeatMs)
    await settle(time)
    time.pass(60 * secondMs)
    addMessage(outbox, 0)
    delivery.wake()
    await drive(time, collector.until('batch', 1))
    expect(await time.untilNext()).toBe(limits.heartbeatMs)
  })
})

describe('when the collector cannot be reached', () => {
  test('the first loss waits longer, heartbeats keep their rhythm, one success drains', async () => {
    const { collector, time, outbox } = await start({ messages: 2 })
    collector.answer = () => 'cut'
    await drive(time, collector.until('heartbeat', 1))
    // Half of 0 to 120 s for the first loss, and half of 5 s; the next heartbeat is at 90 s.
    expect(await time.untilNext()).toBe(62.5 * secondMs)
    await drive(time, collector.until('heartbeat', 4))
    expect(collector.of('batch')).toEqual([])
    collector.answer = () => null
    await drive(time, collector.until('batch', 2))
    await settle(time)
    expect(outbox.depth().messages).toBe(0)
  })

  test('a message is sent again with the same bytes after its answer was lost', async () => {
    const { collector, time, outbox } = await start({ messages: 1 })
    let cuts = 0
    collector.answer = ({ type }) => (type === 'batch' && cuts++ < 2 ? 'cut' : null)
    await drive(time, collector.until('batch', 3))
    await settle(time)
    expect(new Set(collector.of('batch').map(({ jws }) => jws)).size).toBe(1)
    expect(outbox.depth().messages).toBe(0)
    // The end of a kept connection is no loss yet: it is tried on a new one at once. After that,
    // the small message finds out whether the collector is there again.
    const types = collector.received.map(({ type }) => type)
    expect(types).toEqual(['heartbeat', 'batch', 'batch', 'heartbeat', 'batch'])
  })

  test('on the same host it is tried again within a second', async () => {
    const { collector, time } = await start({ local: true })
    collector.answer = () => 'cut'
    await drive(time, collector.until('heartbeat', 1))
    expect(await time.untilNext()).toBeLessThanOrEqual(secondMs)
  })
})

describe('when the collector says no', () => {
  test.each([
    [503, { 'retry-after': '100' }, 162.5],
    [429, { 'retry-after': '1' }, 63.5],
    [500, {}, 62.5],
    [404, {}, 62.5],
    [401, {}, 90],
    [403, {}, 90],
  ])('%i %o: comes back after %d s', async (status, headers, seconds) => {
    const { collector, time } = await start({ messages: 1 })
    collector.answer = () => ({ status, headers })
    await drive(time, collector.until('heartbeat', 1))
    expect(await time.untilNext()).toBe(seconds * secondMs)
    expect(collector.of('batch')).toEqual([])
  })

  test.each([400, 413, 415])(
    '%i: the message is kept aside and declared missing',
    async (status) => {
      const { collector, time, outbox } = await start({ messages: 2 })
      collector.answer = ({ type, content }) =>
        type === 'batch' && content.seq === 1
          ? { status, body: '{"code":"schema","message":"no"}' }
          : null
      await drive(time, collector.until('batch', 2))
      await settle(time)
      expect(collector.of('gap')[0]?.content).toMatchObject({
        ...{ epoch: 1, seq: 1, through: 1, why: 'refused' },
        window: { from: 0, to: minuteMs },
      })
      expect(outbox.depth().messages).toBe(0)
      expect(outbox.cursor).toMatchObject({ seq: 3, afterLoss: true })
    },
  )

  test('400 from something that is not a collector is only a failure', async () => {
    const { collector, time, outbox } = await start({ messages: 1 })
    collector.answer = ({ type }) => (type === 'batch' ? { status: 400, body: '<html>' } : null)
    await drive(time, collector.until('batch', 1))
    await settle(time)
    expect(outbox.head()?.type).toBe('batch')
  })

  test('200 without a receipt of the pinned log is no receipt', async () => {
    const { collector, time, outbox, logged } = await start({ messages: 1 })
    collector.answer = ({ type, jws }) => (type === 'batch' ? { status: 200, body: jws } : null)
    await drive(time, collector.until('batch', 1))
    await settle(time)
    expect(outbox.depth().messages).toBe(1)
    expect(logged).toContain('Not delivered.')
  })

  test('409 conflict: quarantined, nothing more is sent but heartbeats', async () => {
    const { collector, time, outbox, contacts } = await start({ messages: 2 })
    collector.cursor = { epoch: 1, seq: 2, prev: 'f'.repeat(64) }
    await drive(time, collector.until('heartbeat', 3))
    expect(collector.of('batch')).toHaveLength(1)
    expect(outbox.depth().messages).toBe(2)
    expect(contacts).toContain('quarantined')
  })
})

describe('when the collector lost something', () => {
  test('409 gap: what is not spooled any more is declared, the rest follows', async () => {
    const { collector, time, outbox } = await start({ messages: 3 })
    await drive(time, collector.until('batch', 2))
    await settle(time)
    const restored = { epoch: 1, seq: 1, prev: '0'.repeat(64) }
    collector.cursor = restored
    await drive(time, collector.until('gap', 1))
    await drive(time, collector.until('batch', 4))
    await settle(time)
    const [, second] = collector.of('batch')
    expect(collector.of('gap')[0]?.content).toMatchObject({
      ...{ seq: 1, through: 2, prev: restored.prev, why: 'spool_lost' },
    })
    expect(collector.of('batch').at(-1)?.content.prev).toBe(
      collector.of('gap')[0]?.content.lastDropped,
    )
    expect(second?.content.seq).toBe(2)
    expect(outbox.depth().messages).toBe(0)
    expect(outbox.cursor?.afterLoss).toBe(true)
  })

  test('409 gap for an epoch before: the present one is opened again', async () => {
    const { collector, time, outbox } = await start({ lost: true })
    collector.cursor = { epoch: 3, seq: 8, prev: 'a'.repeat(64) }
    await drive(time, collector.until('gap', 1))
    await settle(time)
    addMessage(outbox, 0)
    collector.cursor = { epoch: 3, seq: 5, prev: 'b'.repeat(64) }
    await drive(time, collector.until('gap', 2))
    await drive(time, collector.until('batch', 2))
    await settle(time)
    expect(collector.of('gap')[1]?.content).toMatchObject({
      ...{ epoch: 4, seq: 1, through: 1, prev: '0'.repeat(64), why: 'spool_lost' },
    })
    expect(outbox.depth().messages).toBe(0)
  })

  test('without a spool the agent asks where to go on, and opens an epoch', async () => {
    const { collector, time, outbox } = await start({ lost: true })
    collector.cursor = { epoch: 3, seq: 8, prev: 'a'.repeat(64) }
    await drive(time, collector.until('gap', 1))
    await settle(time)
    expect(collector.received.map(({ type }) => type)).toEqual(['heartbeat', 'cursor', 'gap'])
    const [gap] = collector.of('gap')
    expect(gap?.content).toMatchObject({
      ...{ epoch: 4, seq: 1, through: 1, prev: '0'.repeat(64), lastDropped: null },
      ...{ boot: 'b007-0001', window: { from: 0, to: time.bootMs }, why: 'spool_lost' },
    })
    expect(outbox.cursor).toEqual({
      ...{ epoch: 4, seq: 2, prev: sha256(gap?.jws ?? ''), afterLoss: true },
    })
    addMessage(outbox, 0)
    await drive(time, collector.until('batch', 1))
    expect(collector.of('batch')[0]?.content).toMatchObject({ epoch: 4, seq: 2 })
  })
})

test('a full disk stops delivery only until there is room', async () => {
  const { collector, time, db, outbox, logged } = await start({ messages: 2 })
  db.isFull = true
  await drive(time, collector.until('heartbeat', 3))
  expect(logged).toContain('Not delivered.')
  expect(outbox.depth().messages).toBe(2)
  db.isFull = false
  await drive(time, collector.until('batch', 2))
  await settle(time)
  expect(outbox.depth().messages).toBe(0)
})

describe('stopping', () => {
  test.each([
    ['delivers once more', null, 1],
    ['leaves a collector in peace that did not answer', { status: 503 }, 0],
  ])('%s', async (_name, answer, batches) => {
    const { collector, outbox, delivery, time } = await start()
    collector.answer = () => answer
    await drive(time, collector.until('heartbeat', 1))
    await settle(time)
    addMessage(outbox, 0)
    await delivery.stop()
    expect(collector.of('batch')).toHaveLength(batches)
    expect(outbox.depth().messages).toBe(1 - batches)
  })
})
