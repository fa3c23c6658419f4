import { describe, expect, test } from 'vitest'
import { readIdentity } from '../../agent/identity.ts'
import { limits } from '../../protocol/limits.ts'
import { minuteMs, secondMs } from '../../protocol/time.ts'
import { addMessage, drive, settle, start, startAgain } from '../support/delivery.ts'
import { FakeCollector } from '../support/fake-collector.ts'

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

  test.each([
    ['ends the connection', 'cut', 'ECONNRESET', {}],
    ['says nothing', 'silence', 'timeout', { timeoutMs: 50 }],
  ] as const)('the log names one that %s by a code', async (_name, answer, code, patience) => {
    const { collector, time, codes } = await start(patience)
    collector.answer = () => answer
    await drive(time, collector.until('heartbeat', 1))
    await settle(time)
    // More than once where a busy machine took longer to ask than the answer was waited for.
    expect(new Set(codes)).toEqual(new Set([code]))
  })

  test.each([[true], [false]])(
    'a message that is answered and never taken waits ever longer, local: %s',
    async (local) => {
      const { collector, time } = await start({ messages: 1, local })
      collector.answer = ({ type }) => (type === 'batch' ? { status: 500 } : null)
      await drive(time, collector.until('batch', 12))
      const before = time.runningMs
      await drive(time, collector.until('batch', 13))
      // Half of the longest wait, though each heartbeat in between was heard.
      expect(time.runningMs - before).toBeCloseTo(7.5 * minuteMs, -4)
    },
  )

  test('a kept connection that died is no failure, and the heartbeat is signed anew', async () => {
    const { collector, time, codes } = await start({ timeoutMs: 50 })
    await drive(time, collector.until('heartbeat', 1))
    await settle(time)
    collector.answer = () => {
      collector.answer = () => null
      time.pass(777)
      return 'silence'
    }
    const [, lost, again] = await drive(time, collector.until('heartbeat', 3))
    await settle(time)
    const before = lost?.content.at
    expect(again?.content.at).toEqual({ wall: before.wall + 777, boot: before.boot + 777 })
    expect(codes).toEqual([])
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

describe('receipts', () => {
  test('a message goes when its receipt is on the disk, and not before', async () => {
    const { collector, time, outbox, spool } = await start({ messages: 1 })
    const depths: number[] = []
    collector.answer = ({ type }) => {
      if (type !== 'batch') return null
      depths.push(outbox.depth().messages)
      return depths.length === 1 ? { status: 503 } : null
    }
    await drive(time, collector.until('batch', 2))
    await settle(time)
    expect(depths).toEqual([1, 1])
    expect(outbox.depth().messages).toBe(0)
    expect(spool.lastReceipt()).toContain('.')
    expect(spool.sentFrom({ epoch: 1, seq: 1 })).toHaveLength(1)
  })

  test('the next process sends what has no receipt, and nothing again', async () => {
    const first = await start({ messages: 3 })
    const { collector, time } = first
    collector.answer = ({ type, content }) => (type === 'batch' && content.seq === 3 ? 'cut' : null)
    await drive(time, collector.until('batch', 3))
    await settle(time)
    await first.stop()
    collector.answer = () => null
    const count = collector.of('batch').length
    const { outbox } = await startAgain(first)
    addMessage(outbox, 3)
    await drive(time, collector.until('batch', count + 2))
    await settle(time)
    const again = collector.of('batch').slice(count)
    expect(again.map(({ content }) => content.seq)).toEqual([3, 4])
  })

  test('the newest checkpoint of each log is kept', async () => {
    const { collector, time, spool, outbox } = await start()
    const notes = [
      collector.note('ministry', 3, 'a'),
      collector.note('national', 90, 'b'),
      collector.note('ministry', 5, 'c'),
    ]
    for (const [i, note] of notes.entries()) {
      collector.checkpoint = note
      addMessage(outbox, i)
      await drive(time, collector.until('batch', i + 1))
      await settle(time)
    }
    expect(spool.state('checkpoints')).toMatchObject({
      held: [
        { log: 'national', size: 90, note: notes[1] },
        { log: 'ministry', size: 5, note: notes[2] },
      ],
      contradictions: [],
    })
  })

  test.each([
    ['a smaller log', 4, 'b'],
    ['another log of the same size', 5, 'b'],
  ])(
    '%s raises an alarm; both notes are kept, the message is delivered',
    async (_name, size, root) => {
      const { collector, time, spool, outbox, logged } = await start({ messages: 1 })
      const held = collector.note('ministry', 5, 'a')
      collector.checkpoint = held
      await drive(time, collector.until('batch', 1))
      await settle(time)
      const got = collector.note('ministry', size, root)
      collector.checkpoint = got
      addMessage(outbox, 1)
      await drive(time, collector.until('batch', 2))
      await settle(time)
      const alarm = "The collector's log contradicts itself; both checkpoints are kept."
      expect(logged.filter((message) => message === alarm)).toHaveLength(1)
      expect(spool.state('checkpoints')).toMatchObject({
        held: [{ size: 5, note: held }],
        contradictions: [{ log: 'ministry', held, got }],
      })
      expect(outbox.depth().messages).toBe(0)
    },
  )

  test('a receipt with a checkpoint of somebody else is none', async () => {
    const { collector, time, outbox } = await start({ messages: 1 })
    collector.checkpoint = (await FakeCollector.start()).note('ministry', 5, 'a')
    await drive(time, collector.until('batch', 1))
    await settle(time)
    expect(outbox.depth().messages).toBe(1)
  })
})

describe('when the key of the log changes', () => {
  test('the chain from the pinned key is followed, and the new one is pinned for good', async () => {
    const first = await start({ messages: 1 })
    const { collector, time, dir, outbox } = first
    const enrolledWith = collector.log.publicKey
    collector.changeLogKey()
    const between = collector.log.publicKey
    collector.changeLogKey()
    await drive(time, collector.until('batch', 1))
    await settle(time)
    expect(outbox.depth().messages).toBe(0)
    const { log } = readIdentity(dir)!
    expect(log).toEqual({ ...collector.log, earlier: [enrolledWith, between] })
    await first.stop()
    const again = await startAgain({ ...first, identity: readIdentity(dir)! })
    addMessage(again.outbox, 1)
    await drive(time, collector.until('batch', 2))
    await settle(time)
    expect(again.outbox.depth().messages).toBe(0)
  })

  test('without a chain nothing counts; it is asked for once in each failure', async () => {
    const { collector, time, dir, outbox } = await start({ messages: 1 })
    const pinned = collector.log
    collector.changeLogKey()
    collector.logKeys = []
    await drive(time, collector.until('batch', 3))
    await settle(time)
    expect(outbox.depth().messages).toBe(1)
    expect(readIdentity(dir)?.log).toEqual(pinned)
    expect(collector.asked).toEqual(Array(3).fill('/v1/log-keys'))
    expect(time.runningMs).toBeGreaterThan(minuteMs)
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
