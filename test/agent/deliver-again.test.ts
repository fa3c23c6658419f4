import { describe, expect, test } from 'vitest'
import { noPrevious, sha256 } from '../../protocol/jws.ts'
import { secondMs } from '../../protocol/time.ts'
import { addMessage, drive, settle, start, untilStored } from '../support/delivery.ts'

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
