import { describe, expect, test } from 'vitest'
import { limits } from '../../protocol/limits.ts'
import { minuteMs, secondMs } from '../../protocol/time.ts'
import { drive, settle, start, startAgain } from '../support/delivery.ts'

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
