import { describe, expect, test } from 'vitest'
import { dns } from '../../../agent/probes/dns.ts'
import { serverFrom } from '../../../agent/probes/name-query.ts'
import { probeContext } from '../../support/loopback.ts'
import { cut, framed, nameServer, reply, vouched } from '../../support/name-server.ts'

const settings = { lookup: 'portal.example', record: 'A', expect: 'record', dnssec: true } as const
const value = expect.any(Number)
const good = (question: Buffer) => vouched(reply(question, 'noError', 'A'))
const isUnchecked = (question: Buffer) => (question.readUInt8(3) & 0x10) !== 0

describe('dns with dnssec', () => {
  type Answer = (question: Buffer) => Buffer
  const missing = { state: 'degraded', reason: 'dnssec_missing', value }
  test.each<[string, Answer, object]>([
    ['an answer it vouches for', good, { state: 'up', value }],
    ['an answer it does not vouch for', (q) => reply(q, 'noError', 'A'), missing],
    [
      'an answer that is forged',
      (q) => (isUnchecked(q) ? reply(q, 'noError', 'A') : reply(q, 'serverFailed')),
      { state: 'degraded', reason: 'dnssec_invalid', value },
    ],
    ['failed', (q) => reply(q, 'serverFailed'), { state: 'down', reason: 'name_server_failed' }],
    ['refused', (q) => reply(q, 'refused'), { state: 'down', reason: 'name_server_failed' }],
    [
      'no such name',
      (q) => vouched(reply(q, 'nameError')),
      { state: 'down', reason: 'name_not_found' },
    ],
    [
      'another type of record',
      (q) => vouched(reply(q, 'noError', 'PTR')),
      { state: 'down', reason: 'name_not_found' },
    ],
    ['no record', (q) => vouched(reply(q, 'noError')), { state: 'down', reason: 'name_not_found' }],
    [
      'that it does not know options',
      (q) => Buffer.concat([q.subarray(0, 2), Buffer.from('81810000000000000000', 'hex')]),
      { state: 'down', reason: 'unexpected_answer' },
    ],
    [
      'more records than there are',
      (q) => {
        const answer = good(q)
        answer.writeUInt16BE(9, 6)
        return answer
      },
      { state: 'down', reason: 'unexpected_answer' },
    ],
    [
      'a name without end',
      (q) => {
        const answer = good(q)
        return Buffer.concat([answer.subarray(0, answer.length - 16), Buffer.alloc(100, 63)])
      },
      { state: 'down', reason: 'unexpected_answer' },
    ],
  ])('the server answers: %s', async (_name, answer, expected) => {
    const resolver = await nameServer(answer)
    expect(await dns({ ...settings, resolver }, probeContext())).toEqual(expected)
  })

  test('where any answer will do, no such name has its signatures too', async () => {
    const look = async (answer: Answer) => {
      const resolver = await nameServer(answer)
      return dns({ ...settings, expect: 'answer', resolver }, probeContext())
    }
    expect(await look((q) => vouched(reply(q, 'nameError')))).toEqual({ state: 'up', value })
    expect(await look((q) => reply(q, 'nameError'))).toEqual(missing)
  })

  test('asks for recursion, for the server’s word and for signatures', async () => {
    const asked: Buffer[] = []
    const resolver = await nameServer((question) => {
      asked.push(question)
      return good(question)
    })
    await dns({ ...settings, lookup: 'موقع.وزارة', resolver }, probeContext())
    const [question = Buffer.alloc(0)] = asked
    expect(question.toString('hex', 2, 12)).toBe('01200001000000000001')
    expect(question.toString('latin1')).toContain('xn--4gbrim')
    expect(question.toString('hex')).toMatch(/000001000100002904d0000080000000$/)
  })

  test('a question that is lost is asked again', async () => {
    let heard = 0
    const resolver = await nameServer((question) => (++heard === 2 ? good(question) : null))
    expect(await dns({ ...settings, resolver }, probeContext())).toEqual({ state: 'up', value })
  })

  test('what is cut short is asked by TCP, in whatever pieces it comes', async () => {
    const resolver = await nameServer(
      (question) => cut(reply(question, 'noError')),
      (socket) => {
        socket.setNoDelay(true)
        socket.once('data', (question: Buffer) => {
          const answer = framed(good(question.subarray(2)))
          for (const byte of answer) socket.write(Buffer.of(byte))
        })
      },
    )
    expect(await dns({ ...settings, resolver }, probeContext())).toEqual({ state: 'up', value })
  })

  test.each([
    ['127.0.0.1', { host: '127.0.0.1', port: 53 }],
    ['127.0.0.1:5353', { host: '127.0.0.1', port: 5353 }],
    ['2001:db8::53', { host: '2001:db8::53', port: 53 }],
    ['[2001:db8::53]:5353', { host: '2001:db8::53', port: 5353 }],
  ])('the server %s', (text, expected) => {
    expect(serverFrom(text)).toEqual(expected)
  })

  test.each(['', '1.2.3', ':::', '[::1'])('no server: "%s"', (text) => {
    expect(() => serverFrom(text)).toThrow('No name server')
  })
})
