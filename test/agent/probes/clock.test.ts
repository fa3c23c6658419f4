import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clock, settings as schema } from '../../../agent/probes/clock.ts'
import { readAnswer } from '../../../agent/probes/ntp.ts'
import { withDefaults } from '../../../agent/probes/settings.ts'
import { hourMs } from '../../../protocol/time.ts'
import { probeContext as contextOf } from '../../support/loopback.ts'
import { type NtpSaid, ntpServer, ntpReply as replyOf } from '../../support/ntp-server.ts'

const settings = (port: number, given: object = {}) =>
  withDefaults(schema, { server: '127.0.0.1', port, ...given })
const off = (seconds: number) => expect.closeTo(seconds, 6)

/** Both clocks stand: how long a busy machine takes from one to the other is no offset. */
const at = Date.UTC(2026, 10, 22, 12)
const ntpReply = (question: Buffer, said: NtpSaid = {}) => replyOf(question, { now: at, ...said })
const probeContext = (changes: Parameters<typeof contextOf>[0] = {}) =>
  contextOf({ now: () => at, ...changes })

describe('clock', () => {
  test.each<[string, NtpSaid, object]>([
    ['right', {}, { state: 'up', value: off(0) }],
    ['a little slow', { offsetMs: 900 }, { state: 'up', value: off(0.9) }],
    [
      'fast',
      { offsetMs: -1_500 },
      { state: 'degraded', reason: 'clock_offset_high', value: off(1.5) },
    ],
    [
      'years off',
      { offsetMs: 20_000 * hourMs },
      { state: 'degraded', reason: 'clock_offset_high', value: off(72e6) },
    ],
    ['set by a server about to insert a second', { leap: 1 }, { state: 'up', value: off(0) }],
    [
      'set by a server without time',
      { leap: 3 },
      { state: 'degraded', reason: 'clock_not_synchronised' },
    ],
    [
      'set by a server at stratum 16',
      { stratum: 16 },
      { state: 'degraded', reason: 'clock_not_synchronised' },
    ],
    [
      'set by a server that has just started',
      { stratum: 0, leap: 3, code: 'INIT' },
      { state: 'degraded', reason: 'clock_not_synchronised' },
    ],
  ])('the clock is %s', async (_name, said, expected) => {
    const port = await ntpServer((question) => [ntpReply(question, said)])
    expect(await clock(settings(port), probeContext())).toEqual(expected)
  })

  test('is not called wrong by what the way there and back may explain', async () => {
    let readings = 0
    // The question takes three seconds by this clock: half of it may be the way back alone.
    const now = () => at + (readings++ === 0 ? -3_000 : 0)
    const port = await ntpServer((question) => [ntpReply(question)])
    const observation = await clock(settings(port), probeContext({ now }))
    expect(observation).toEqual({ state: 'up', value: off(1.5) })
  })

  const wrong: [string, (question: Buffer) => Buffer][] = [
    ['the answer to another question', (q) => ntpReply(q, { origin: Buffer.alloc(8, 7) })],
    ['a packet cut short', (q) => ntpReply(q).subarray(0, 47)],
    ['nothing in a packet', () => Buffer.alloc(0)],
    ['our own question', (q) => q],
    ['a broadcast', (q) => ntpReply(q, { mode: 5 })],
    ['no time', (q) => ntpReply(q).fill(0, 32, 48)],
    ['that it answered before it was asked', (q) => ntpReply(q, { sentAt: at - 9_000 })],
  ]
  test.each(wrong)('waits past %s', async (_name, answer) => {
    const port = await ntpServer((question) => [answer(question), ntpReply(question)])
    expect(await clock(settings(port), probeContext())).toEqual({ state: 'up', value: off(0) })
  })

  test.each(wrong)('makes no observation of %s', async (_name, answer) => {
    const controller = new AbortController()
    const port = await ntpServer((question) => {
      setTimeout(() => controller.abort(), 20)
      return [answer(question)]
    })
    const look = clock(settings(port), probeContext({ signal: controller.signal }))
    await expect(look).rejects.toThrow('did not answer in time')
  })

  test('takes no notice of an answer from elsewhere', async () => {
    const stranger = createSocket('udp4')
    const server = createSocket('udp4').bind(0, '127.0.0.1')
    await once(server, 'listening')
    server.on('message', (question, { port, address }) => {
      stranger.send(ntpReply(question, { offsetMs: 9 * hourMs }), port, address, () =>
        server.send(ntpReply(question), port, address),
      )
    })
    const observation = await clock(settings(server.address().port), probeContext())
    stranger.close()
    server.close()
    expect(observation).toEqual({ state: 'up', value: off(0) })
  })

  test.each(['RATE', 'DENY', 'RSTR'])('leaves a server alone that says %s', async (code) => {
    let asked = 0
    const port = await ntpServer((question) => {
      asked += 1
      return [ntpReply(question, { stratum: 0, leap: 3, code })]
    })
    let waitedMs = 0
    const context = probeContext({ now: () => at + waitedMs })
    const look = () => clock(settings(port), context)
    await expect(look()).rejects.toThrow('does not want')
    await expect(look()).rejects.toThrow('left alone')
    expect(asked).toBe(1)
    waitedMs = hourMs
    await expect(look()).rejects.toThrow('does not want')
    expect(asked).toBe(2)
  })

  test('makes no observation where nothing listens, nor of a name that does not exist', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const { port } = socket.address()
    socket.close()
    await expect(clock(settings(port), probeContext())).rejects.toThrow('ECONNREFUSED')
    const nowhere = settings(port, { server: 'ntp.invalid' })
    await expect(clock(nowhere, probeContext())).rejects.toThrow('ntp.invalid')
  })

  test("asks no cloud's metadata service", async () => {
    const look = clock(settings(123, { server: '169.254.169.254' }), probeContext())
    await expect(look).rejects.toThrow('metadata')
  })

  test('reads times on both sides of 2036, when the count of seconds begins anew', () => {
    const nonce = Buffer.alloc(8, 1)
    for (const now of [Date.UTC(2036, 1, 7, 6), Date.UTC(2036, 1, 7, 7), Date.UTC(2090, 0)]) {
      const bytes = ntpReply(Buffer.alloc(48), { origin: nonce, now })
      const answer = readAnswer(bytes, nonce, now)
      expect(answer).toMatchObject({ kind: 'time', sentAt: expect.closeTo(now, -2) })
    }
  })
})

describe('readAnswer', () => {
  const bytes = fc.uint8Array({ maxLength: 96 }).map((each) => Buffer.from(each))
  const nonce = fc.uint8Array({ minLength: 8, maxLength: 8 })

  test('never fails, and believes nothing that does not repeat the number', () => {
    fc.assert(
      fc.property(bytes, nonce, (packet, number) => {
        const answer = readAnswer(packet, number, Date.UTC(2026, 0))
        if (!packet.subarray(24, 32).equals(number)) expect(answer).toBeNull()
      }),
    )
  })

  test('reads any time within half an era of now', () => {
    const now = at
    const halfEraMs = 2 ** 31 * 1_000
    const offsets = fc.integer({ min: -halfEraMs + 1, max: halfEraMs - 1 })
    fc.assert(
      fc.property(offsets, (offset) => {
        const packet = ntpReply(Buffer.alloc(48), { now: now + offset })
        const answer = readAnswer(packet, Buffer.alloc(8), now)
        const off = answer?.kind === 'time' ? answer.sentAt - now - offset : Number.NaN
        expect(Math.abs(off)).toBeLessThan(1_000)
      }),
    )
  })
})
