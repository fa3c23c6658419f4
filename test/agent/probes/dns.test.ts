import { describe, expect, test } from 'vitest'
import { dns } from '../../../agent/probes/dns.ts'
import { probeContext } from '../../support/loopback.ts'
import { nameServer, reply } from '../../support/name-server.ts'

const settings = { lookup: 'portal.example', record: 'A', expect: 'record' } as const
const value = expect.any(Number)

describe('dns', () => {
  test.each<[string, (question: Buffer) => Buffer, object]>([
    ['an address', (q) => reply(q, 'noError', 'A'), { state: 'up', value }],
    ['no such name', (q) => reply(q, 'nameError'), { state: 'down', reason: 'name_not_found' }],
    ['no such record', (q) => reply(q, 'noError'), { state: 'down', reason: 'name_not_found' }],
    ['failed', (q) => reply(q, 'serverFailed'), { state: 'down', reason: 'name_server_failed' }],
    ['refused', (q) => reply(q, 'refused'), { state: 'down', reason: 'name_server_failed' }],
  ])('the server answers: %s', async (_name, answer, expected) => {
    const resolver = await nameServer(answer)
    expect(await dns({ ...settings, resolver }, probeContext())).toEqual(expected)
  })

  test.each<[string, (question: Buffer) => Buffer, object]>([
    ['no such name', (q) => reply(q, 'nameError'), { state: 'up', value }],
    ['failed', (q) => reply(q, 'serverFailed'), { state: 'down', reason: 'name_server_failed' }],
  ])('where any answer will do: %s', async (_name, answer, expected) => {
    const resolver = await nameServer(answer)
    const observation = await dns({ ...settings, resolver, expect: 'answer' }, probeContext())
    expect(observation).toEqual(expected)
  })

  test.each<[string, (question: Buffer) => Buffer | null]>([
    ['says nothing', () => null],
    ['answers another question', (q) => Buffer.concat([Buffer.of(0xff, 0xff), q.subarray(2)])],
    ['answers garbage', () => Buffer.from('garbage')],
  ])('a server that %s ends with the signal', async (_name, answer) => {
    const controller = new AbortController()
    const resolver = await nameServer((question) => {
      setImmediate(() => controller.abort())
      return answer(question)
    })
    const context = probeContext({ signal: controller.signal })
    const observation = await dns({ ...settings, resolver }, context)
    expect(observation).toEqual({ state: 'down', reason: 'timeout' })
  })

  test('no name server at the address', async () => {
    const resolver = '127.0.0.1:1'
    const observation = await dns({ ...settings, resolver }, probeContext())
    expect(observation).toEqual({ state: 'down', reason: 'name_server_failed' })
  })

  test('asks for names with Arabic letters in their ASCII form', async () => {
    const asked: string[] = []
    const resolver = await nameServer((question) => {
      asked.push(question.toString('latin1'))
      return reply(question, 'noError', 'A')
    })
    await dns({ ...settings, lookup: 'موقع.وزارة', resolver }, probeContext())
    expect(asked[0]).toContain('xn--4gbrim')
  })
})
