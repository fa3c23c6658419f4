import { describe, expect, test } from 'vitest'
import { readIdentity } from '../../agent/identity.ts'
import { noPrevious, sha256 } from '../../protocol/jws.ts'
import { limits } from '../../protocol/limits.ts'
import { minuteMs, secondMs } from '../../protocol/time.ts'
import { addMessage, drive, settle, start, startAgain, untilStored } from '../support/delivery.ts'
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
    [503, { 'retry-after': '100' }, 145],
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

  test('503 with a long wait to a batch: the host shows itself alive before that', async () => {
    const { collector, time } = await start({ messages: 1, random: 0.99 })
    const refusal = { status: 503, headers: { 'retry-after': '20' } }
    collector.answer = ({ type }) => (type === 'batch' ? refusal : null)
    await drive(time, collector.until('batch', 1))
    expect(await time.untilNext()).toBeLessThan(110 * secondMs)
    await drive(time, collector.until('heartbeat', 2))
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

  test('a quarantine outlives the process, which then sends heartbeats and nothing else', async () => {
    const first = await start({ messages: 2 })
    const { collector, time } = first
    collector.cursor = { epoch: 1, seq: 2, prev: 'f'.repeat(64) }
    await drive(time, collector.until('batch', 1))
    await settle(time)
    await first.stop()
    const at = time.runningMs
    const { outbox } = await startAgain(first)
    expect(outbox.quarantine?.code).toBe('conflict')
    const count = collector.received.length
    await drive(time, collector.until('heartbeat', collector.of('heartbeat').length + 4))
    expect(collector.received.slice(count).map(({ type }) => type)).toEqual(
      Array(4).fill('heartbeat'),
    )
    expect(time.runningMs - at).toBeGreaterThanOrEqual(3 * 0.95 * limits.heartbeatMs)
  })

  test('409 quarantined means the same', async () => {
    const { collector, time, outbox } = await start({ messages: 1 })
    collector.isQuarantined = true
    await drive(time, collector.until('batch', 1))
    await settle(time)
    expect(outbox.quarantine).toMatchObject({ code: 'quarantined', at: time.wallMs })
    expect(outbox.depth().messages).toBe(1)
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

describe('when the collector lost something', () => {
  test('409 gap: what was sent goes out again as it was, nothing is declared', async () => {
    const { collector, time, outbox } = await start({ messages: 4 })
    await drive(time, collector.until('batch', 4))
    await settle(time)
    const before = new Map(collector.stored())
    const third = collector.of('batch')[2]!.content
    collector.restore({ epoch: 1, seq: 3, prev: third.prev })
    addMessage(outbox, 4)
    await drive(time, untilStored(collector, 5))
    await settle(time)
    expect(collector.of('gap')).toEqual([])
    for (const [place, jws] of before) expect(collector.stored().get(place), place).toBe(jws)
    expect(outbox.depth().messages).toBe(0)
    // The collector has the whole chain again: nothing need be spelled out anew.
    expect(outbox.cursor?.afterLoss).toBe(false)
  })

  test('409 gap: only what is gone is declared', async () => {
    const { collector, time, db, outbox } = await start({ messages: 5 })
    await drive(time, collector.until('batch', 5))
    await settle(time)
    const jws = collector.of('batch').map((each) => each.jws)
    db.exec('DELETE FROM sent WHERE seq IN (1, 3)')
    collector.restore({ epoch: 1, seq: 1, prev: noPrevious })
    addMessage(outbox, 5)
    await drive(time, untilStored(collector, 6))
    await settle(time)
    const gaps = collector.of('gap').map(({ content }) => content)
    expect(gaps).toMatchObject([
      { seq: 1, through: 1, prev: noPrevious, lastDropped: sha256(jws[0]!), why: 'spool_lost' },
      { seq: 3, through: 3, prev: sha256(jws[1]!), lastDropped: sha256(jws[2]!) },
    ])
    for (const seq of [2, 4, 5]) expect(collector.stored().get(`1/${seq}`)).toBe(jws[seq - 1])
    expect(outbox.depth().messages).toBe(0)
    expect(outbox.cursor?.afterLoss).toBe(true)
  })

  test('409 gap: a copy that was damaged on the disk is as good as gone', async () => {
    const { collector, time, db, outbox } = await start({ messages: 3 })
    await drive(time, collector.until('batch', 3))
    await settle(time)
    db.exec("UPDATE sent SET jws = replace(jws, 'A', 'B') WHERE seq = 2")
    collector.restore({ epoch: 1, seq: 1, prev: noPrevious })
    addMessage(outbox, 3)
    await drive(time, untilStored(collector, 4))
    await settle(time)
    expect(collector.of('gap')).toMatchObject([{ content: { seq: 2, through: 2 } }])
    expect(outbox.depth().messages).toBe(0)
  })

  test('409 gap for an epoch before: the present one is opened again', async () => {
    const { collector, time, db, outbox } = await start({ lost: true })
    collector.cursor = { epoch: 3, seq: 8, prev: 'a'.repeat(64) }
    await drive(time, collector.until('gap', 1))
    await settle(time)
    addMessage(outbox, 0)
    db.exec('DELETE FROM sent')
    collector.restore({ epoch: 3, seq: 5, prev: 'b'.repeat(64) })
    await drive(time, collector.until('gap', 2))
    await drive(time, collector.until('batch', 2))
    await settle(time)
    expect(collector.of('gap')[1]?.content).toMatchObject({
      ...{ epoch: 4, seq: 1, through: 1, prev: noPrevious, why: 'spool_lost' },
    })
    expect(outbox.depth().messages).toBe(0)
  })

  test('409 gap that nothing can mend is a failure, tried again slowly', async () => {
    const { collector, time, outbox } = await start({ messages: 1 })
    const expected = { epoch: 1, seq: 9, prev: 'a'.repeat(64) }
    collector.answer = ({ type }) =>
      type === 'batch' ? { status: 409, body: JSON.stringify({ code: 'gap', expected }) } : null
    await drive(time, collector.until('batch', 1))
    expect(await time.untilNext()).toBe(62.5 * secondMs)
    expect(outbox.quarantine).toBeNull()
    expect(outbox.depth().messages).toBe(1)
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
