import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Batch } from '../../protocol/batch.ts'
import { generateKey, messageTypes, sha256, thumbprint } from '../../protocol/jws.ts'
import { hourMs, minuteMs } from '../../protocol/time.ts'
import { type Random, randomOf } from '../simulation/random.ts'
import { type HeardAgent, openHeardAgent } from '../support/heard-agent.ts'

/** 10,000 signed batches, each broken in one way: none is stored, none brings a collector down. */

const count = 10_000
const start = Date.parse('2026-11-21T12:00:00Z')

let collector: HeardAgent['collector']
let clock: HeardAgent['clock']
let agent: HeardAgent['agent']
let close: HeardAgent['close']

beforeAll(async () => {
  ;({ clock, collector, agent, close } = await openHeardAgent(start))
})

afterAll(() => close())

/** A batch in which everything occurs that can occur; ahead of its turn, so it is never stored. */
function full(): Batch {
  const run = { check: 'host', from: 0, to: minuteMs, state: 'down', count: 1, reason: 'timeout' }
  const values = { n: 2, min: 1, max: 2.5, last: 1, buckets: [[0, 2]] }
  return {
    ...agent.batch([run as never]),
    seq: 7,
    facts: [
      { indicator: 'check.host', at: minuteMs, value: values, detail: 'as measured' },
      { indicator: 'os.patched', at: minuteMs, value: true, method: 'apt' },
      { indicator: 'os.name', at: minuteMs, value: null, method: 'file', missing: 'not_known' },
    ],
    pauses: [{ from: 0, to: 1, why: 'suspended' }],
    checks: [{ check: 'host', kind: 'host', intervalMs: minuteMs, label: 'Portal' }],
  }
}

const strange = [
  ...[null, true, '', 'a', '7', '<img onerror>', "'; DROP TABLE leaf; --", '\u0000', '\u202e'],
  ...[-1, 0.5, 1e21, 2 ** 53, [], {}, [[]], { a: 1 }, Array(600).fill(1), 'x'.repeat(5_000)],
  ...['../../etc/passwd', '{{7*7}}', '=1+1', '\ud83d\ude00', 'a'.repeat(64)],
]
const keys = ['__proto__', 'constructor', 'toString', 'admin', 'v', 'agent', '', '\u0000']

/** The objects and arrays inside a value, itself included. */
function containers(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(containers)]
}

/** One change in the structure: a part is put in, taken out, replaced, repeated or moved. */
function changed({ whole, pick }: Random): string {
  const batch = full() as unknown as Record<string, unknown>
  const where = pick(containers(batch))
  const key = pick([...Object.keys(where), 'more'])
  const how = whole(0, 4)
  if (how === 0) delete where[key]
  else if (how === 1) where[key] = pick(strange)
  else if (how === 2) Object.defineProperty(where, pick(keys), { value: 1, enumerable: true })
  else if (how === 3) where[key] = pick(containers(full()))
  else if (Array.isArray(where)) where.push(...where, ...where)
  else where[pick(Object.keys(where))] = where[key]
  const text = JSON.stringify(batch)
  // Some say the same thing twice, or end too early.
  return whole(0, 19) === 0
    ? pick([`${text}${text}`, text.slice(0, -1), text.replace('{', '{"v":1,')])
    : text
}

/** Bytes flipped, cut out or put in anywhere in a message. */
function damaged(jws: string, { whole, pick }: Random): string {
  const bytes = [...Buffer.from(jws)]
  for (let times = 1 + whole(0, 2); times > 0; times--) {
    const at = whole(0, bytes.length - 1)
    const how = whole(0, 2)
    if (how === 0) bytes[at] = bytes[at]! ^ (1 << whole(0, 7))
    else if (how === 1) bytes.splice(at, 1 + whole(0, 19))
    else bytes.splice(at, 0, ...Array.from({ length: 1 + whole(0, 19) }, () => whole(0, 255)))
  }
  const text = Buffer.from(bytes).toString('latin1')
  return text === jws ? jws.slice(1) : pick([text, text.trimEnd(), text])
}

const stranger = thumbprint(generateKey().publicKey)

/** Another header over the same content, with the signature as it was. */
function reheaded(jws: string, { pick }: Random): string {
  const [, payload, signature] = jws.split('.')
  const header = pick<object>([
    { alg: 'none', kid: agent.kid, typ: messageTypes.batch },
    { alg: 'HS256', kid: agent.kid, typ: messageTypes.batch },
    { alg: 'ES256', kid: agent.kid, typ: messageTypes.batch },
    { alg: 'Ed25519', kid: stranger, typ: messageTypes.batch },
    { alg: 'Ed25519', kid: agent.kid, typ: messageTypes.gap },
    { alg: 'Ed25519', kid: agent.kid, typ: pick(['', 'JWT', '../batch']) },
    { alg: 'Ed25519', kid: agent.kid, typ: messageTypes.batch, crit: ['exp'] },
  ])
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`
}

function mutated(random: Random): { jws: string; path: string } {
  const signed = () => agent.sign(messageTypes.batch, full())
  const how = random.whole(0, 9)
  const path =
    random.whole(0, 19) === 0 ? random.pick(['heartbeats', 'cursor', 'enrolments']) : 'batches'
  if (how < 3) return { jws: damaged(signed(), random), path }
  if (how === 3) return { jws: reheaded(signed(), random), path }
  if (how === 4)
    return { jws: agent.sign(random.pick(Object.values(messageTypes)), full()), path: 'cursor' }
  return { jws: agent.signBytes(messageTypes.batch, Buffer.from(changed(random))), path }
}

/** All that the collector has on disk, counted. */
async function stored(): Promise<string> {
  const { body } = await collector.app.inject('/metrics')
  return (body.match(/^istimrar_collector_messages_total.*stored.*$/gm) ?? []).join('\n')
}

test('10,000 mutated batches: no failure, nothing stored, and the collector goes on', async () => {
  const seed = Number(process.env.SEED ?? 20_261_121)
  const random = randomOf(seed, 'mutations')
  const before = await stored()
  const seen = new Map<number, number>()
  for (let i = 0; i < count; i++) {
    // The quota is not what is tried here.
    clock.at += 250
    const { jws, path } = mutated(random)
    const { status, text } = await agent.post(`/v1/${path}`, jws)
    seen.set(status, (seen.get(status) ?? 0) + 1)
    if (![400, 401, 409].includes(status)) {
      expect.fail(`SEED=${seed}, message ${i} to ${path}: ${status} ${text}`)
    }
    if (/node_modules|\.ts\b|onerror|passwd|DROP/.test(text)) expect.fail(`message ${i}: ${text}`)
  }
  expect(await stored()).toBe(before)
  // Every way to be refused was met often, or the mutations are blind.
  for (const status of [400, 401, 409])
    expect(seen.get(status), String(status)).toBeGreaterThan(100)
  const question = { v: 1, agent: agent.agent, at: { wall: start, boot: 1 }, boot: agent.boot }
  const cursor = await agent.post('/v1/cursor', agent.sign(messageTypes.cursor, question))
  expect(cursor.json()).toMatchObject({ epoch: 1, seq: 1 })
  await agent.heartbeat(2 * hourMs)
  const good = agent.sign(messageTypes.batch, {
    ...full(),
    seq: 1,
    runs: [],
    checks: [...agent.definitions],
  })
  const answer = await agent.post('/v1/batches', good)
  expect([answer.status, sha256(good)]).toEqual([200, expect.any(String)])
  expect(collector.fatal).toEqual([])
})
