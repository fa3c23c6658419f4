import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collector } from '../../../collector/collector.ts'
import {
  generateKey,
  messageTypes,
  noPrevious,
  privateKey,
  sha256,
  signJws,
} from '../../../protocol/jws.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { jsonVectors } from '../../support/vectors.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const end = 10 * minuteMs

let folder: ReturnType<typeof temporaryFolder>
let collector: Awaited<ReturnType<typeof openTestCollector>>
let clock: TestClock
let agent: WireAgent

let names = 0

beforeAll(async () => {
  folder = temporaryFolder()
  clock = new TestClock(start)
  collector = await openTestCollector(folder.path, clock)
})

beforeEach(async () => {
  clock.at = start
  agent = new WireAgent(collector.app, start - hourMs)
  await agent.enrol(await collector.token(), newName())
  await agent.heartbeat(hourMs)
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

/** Names are taken for good: each host of these tests has its own. */
const newName = () => `host-${++names}`

const up = (to: number) => ({ check: 'host', state: 'up', to }) as const

/** What the collector has of this agent: nothing may be stored by a refused message. */
async function cursor(): Promise<unknown> {
  const question = {
    v: 1,
    agent: agent.agent,
    at: { wall: start, boot: hourMs },
    boot: agent.boot,
  }
  return (await agent.post('/v1/cursor', agent.sign(messageTypes.cursor, question))).json()
}

describe('a stream', () => {
  test('moves on message by message, each with a signed receipt', async () => {
    const first = await agent.send(agent.batch([{ ...up(end), from: 0 }]))
    expect(first.status).toBe(200)
    const payload = JSON.parse(Buffer.from(first.text.split('.')[1]!, 'base64url').toString())
    expect(payload).toMatchObject({ agent: agent.agent, log: 'local', seq: 1, received: start })
    const second = await agent.send(agent.batch([up(end + minuteMs)]))
    const next = JSON.parse(Buffer.from(second.text.split('.')[1]!, 'base64url').toString())
    expect([next.seq, next.leaf]).toEqual([2, payload.leaf + 1])
    expect(await cursor()).toEqual({ epoch: 1, seq: 3, prev: agent.prev })
  })

  test('the same bytes again get the same leaf and change nothing', async () => {
    const jws = agent.sign(messageTypes.batch, agent.batch([{ ...up(end), from: 0 }]))
    const first = await agent.post('/v1/batches', jws)
    const again = await agent.post('/v1/batches', jws)
    expect([first.status, again.status]).toEqual([200, 200])
    expect(receiptIn(again)).toEqual(receiptIn(first))
    expect(await cursor()).toEqual({ epoch: 1, seq: 2, prev: sha256(jws) })
  })

  test('a message ahead of its turn is told where to go on', async () => {
    const ahead = await agent.send(agent.batch([{ ...up(end), from: 0 }], { seq: 5 }))
    expect([ahead.status, ahead.json()]).toEqual([
      409,
      {
        code: 'gap',
        message: 'Messages before this one are missing.',
        expected: { epoch: 1, seq: 1, prev: noPrevious },
      },
    ])
  })

  test('other bytes under a number that was used quarantine the agent', async () => {
    await agent.send(agent.batch([{ ...up(end), from: 0 }]))
    const clone = agent.batch([{ ...up(end), from: 0, count: 7 }], { seq: 1, prev: noPrevious })
    const answer = await agent.send({ ...clone, checks: [...agent.definitions] })
    expect([answer.status, answer.json()]).toMatchObject([409, { code: 'conflict' }])
    const next = await agent.send(agent.batch([up(end + minuteMs)]))
    expect([next.status, next.json()]).toMatchObject([409, { code: 'quarantined' }])
    expect((await agent.heartbeat(hourMs + minuteMs)).status).toBe(200)
  })

  test('a batch that does not follow the one before is a conflict', async () => {
    await agent.send(agent.batch([{ ...up(end), from: 0 }]))
    const answer = await agent.send(agent.batch([up(end + minuteMs)], { prev: noPrevious }))
    expect(answer.json()).toMatchObject({ code: 'conflict' })
  })

  test('a gap message stands in for what was lost, and the chain goes on after it', async () => {
    await agent.send(agent.batch([{ ...up(end), from: 0 }]))
    expect((await agent.declareLost(39)).status).toBe(200)
    expect(await cursor()).toEqual({ epoch: 1, seq: 41, prev: agent.prev })
    expect((await agent.send(agent.batch([up(2 * end)]))).status).toBe(200)
  })

  test('a message that was refused, declared lost and then comes late locks nobody', async () => {
    const jws = agent.sign(messageTypes.batch, agent.batch([{ ...up(end), check: 'nobody' }]))
    expect((await agent.post('/v1/batches', jws)).json()).toMatchObject({ code: 'schema' })
    expect((await agent.declareLost(1, sha256(jws))).status).toBe(200)
    const late = await agent.post('/v1/batches', jws)
    expect([late.status, late.json()]).toMatchObject([409, { code: 'conflict' }])
    expect((await agent.send(agent.batch([{ ...up(end), from: 0 }]))).status).toBe(200)
  })

  test('a new epoch begins with a gap after the spool was lost, and only so', async () => {
    await agent.send(agent.batch([{ ...up(end), from: 0 }]))
    const plain = await agent.send(
      agent.batch([up(2 * end)], { epoch: 2, seq: 1, prev: noPrevious }),
    )
    expect(plain.json()).toMatchObject({ code: 'gap', expected: { epoch: 1, seq: 2 } })
    const gap = {
      v: 1,
      agent: agent.agent,
      epoch: 2,
      seq: 1,
      through: 1,
      prev: noPrevious,
      lastDropped: null,
      boot: agent.boot,
      window: { from: end, to: end },
      why: 'spool_lost',
    }
    const jws = agent.sign(messageTypes.gap, gap)
    expect((await agent.post('/v1/batches', jws)).status).toBe(200)
    expect(await cursor()).toEqual({ epoch: 2, seq: 2, prev: sha256(jws) })
  })
})

describe('what a batch says must agree with itself', () => {
  test.each([
    ['a run that ends after the seal', { sealed: { wall: start, boot: 1 } }],
    [
      'a run that ends before it starts',
      { runs: [{ check: 'host', state: 'up' as const, from: 9, to: 5, count: 1 }] },
    ],
    ['a check that is not defined', { runs: [{ ...up(5), check: 'other', from: 0, count: 1 }] }],
    ['one definition too many in steady', { steady: { through: [null, null], counts: [0, 0] } }],
    ['definitions under another name', { steady: { checks: '1'.repeat(64) } }],
  ])('refused: %s', async (_name, { steady, ...more }: Record<string, unknown>) => {
    const batch = agent.batch([{ ...up(end), from: 0 }])
    const answer = await agent.send({
      ...batch,
      ...more,
      steady: { ...batch.steady, ...(steady as object) },
    })
    expect([answer.status, answer.json()]).toMatchObject([400, { code: 'schema' }])
    expect(await cursor()).toMatchObject({ seq: 1 })
  })

  test('a disk that claims to be down is refused: it can at most be degraded', async () => {
    const disk = new WireAgent(collector.app, start - hourMs, [
      { check: 'disk', kind: 'disk', intervalMs: 60_000 },
    ])
    await disk.enrol(await collector.token(), newName())
    const batch = disk.batch([{ check: 'disk', state: 'down', from: 0, to: end }])
    const answer = await disk.send(batch)
    expect([answer.status, answer.json()]).toMatchObject([400, { code: 'schema' }])
  })
})

describe('bad input', () => {
  const uniform = { code: 'auth', message: 'The message is not signed by an enrolled agent.' }

  test('everyone who cannot prove who they are gets one answer', async () => {
    const batch = agent.batch([{ ...up(end), from: 0 }])
    const jws = agent.sign(messageTypes.batch, batch)
    const [header, payload, signature] = jws.split('.') as [string, string, string]
    const none = Buffer.from(
      JSON.stringify({ alg: 'none', kid: agent.kid, typ: messageTypes.batch }),
    )
    const stranger = privateKey(generateKey().privatePem)
    const forged = [
      'garbage',
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${none.toString('base64url')}.${payload}.${signature}`,
      signJws(messageTypes.batch, batch, stranger, agent.kid),
      signJws(messageTypes.batch, batch, stranger, 'A'.repeat(43)),
      agent.sign(messageTypes.batch, { ...batch, agent: 'a-0000000000000000' }),
    ]
    for (const each of forged) {
      const answer = await agent.post('/v1/batches', each)
      expect([answer.status, answer.json()]).toEqual([401, uniform])
    }
  })

  const texts = jsonVectors().invalid.filter(({ bytes }) => bytes.length > 0)
  test.each(texts)('a signed text that is $name', async ({ bytes, code }) => {
    const answer = await agent.post('/v1/batches', agent.signBytes(messageTypes.batch, bytes))
    expect([answer.status, (answer.json() as { code: string }).code]).toEqual([400, code])
  })

  test.each([
    ['text/plain', {}, 415, 'content_type'],
    ['application/jose; charset=utf-8', {}, 415, 'content_type'],
    ['application/xml', {}, 415, 'content_type'],
    ['application/json', {}, 415, 'content_type'],
    ['application/jose', { 'content-encoding': 'gzip' }, 415, 'content_encoding'],
  ])('a body of type %s %o is refused unread', async (type, headers, status, code) => {
    const answer = await agent.post('/v1/batches', '{}', { 'content-type': type, ...headers })
    expect([answer.status, (answer.json() as { code: string }).code]).toEqual([status, code])
  })

  test('a message over the limit is refused before it is read', async () => {
    const answer = await agent.post('/v1/batches', 'a'.repeat(64 * 1024 + 1))
    expect([answer.status, answer.json()]).toMatchObject([413, { code: 'too_large' }])
  })

  test('no answer repeats what was sent', async () => {
    const marked = { ...agent.batch([]), '<img onerror=alert(1)>': 'SECRET-4711' }
    const answer = await agent.post('/v1/batches', agent.sign(messageTypes.batch, marked))
    expect(answer.status).toBe(400)
    expect(answer.text).not.toMatch(/SECRET|onerror|node_modules|\.ts/)
  })
})

describe('enrolment', () => {
  test('the same token and key again get the same answer, even when it is used up', async () => {
    const token = await oneTimeToken(collector)
    const host = new WireAgent(collector.app, start)
    const name = newName()
    const first = await host.enrol(token, name)
    const again = await host.enrol(token, name)
    expect([first.status, again.text]).toEqual([200, first.text])
    const other = await new WireAgent(collector.app, start).enrol(token, newName())
    expect([other.status, other.json()]).toEqual([401, expect.objectContaining({ code: 'auth' })])
  })

  test('of two hosts with one token at the same moment exactly one joins', async () => {
    const token = await oneTimeToken(collector)
    const hosts = [newName(), newName()].map((name) =>
      new WireAgent(collector.app, start).enrol(token, name),
    )
    const statuses = (await Promise.all(hosts)).map((answer) => answer.status)
    expect(statuses.toSorted()).toEqual([200, expect.toBeOneOf([401, 409])])
  })

  test.each([
    ['expired', 2 * hourMs],
    ['unknown', 0],
  ])('a token that is %s is refused like any stranger', async (name, laterMs) => {
    const token = name === 'unknown' ? 'B'.repeat(43) : await oneTimeToken(collector)
    clock.at += laterMs
    const answer = await new WireAgent(collector.app, start).enrol(token, newName())
    expect(answer.status).toBe(401)
  })

  test('a name that another host has is refused', async () => {
    const answer = await new WireAgent(collector.app, start).enrol(
      await collector.token(),
      `host-${names}`,
    )
    expect([answer.status, answer.json()]).toMatchObject([409, { code: 'conflict' }])
  })
})

/** What a receipt says of its message; the checkpoint that comes along is another matter. */
function receiptIn({ text }: { readonly text: string }): unknown {
  const payload = JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString())
  return { ...payload, checkpoint: null }
}

async function oneTimeToken({ app }: Collector): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/tokens',
    headers: { cookie: await collector.cookie() },
    payload: { institution: 'local', environment: 'this-machine', usesMax: 1, lifeHours: 1 },
  })
  return (answer.json() as { token: string }).token
}
