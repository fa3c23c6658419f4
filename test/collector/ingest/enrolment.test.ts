import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { hourMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { WireAgent, type WireAnswer } from '../../support/wire-agent.ts'

const start = Date.parse('2026-11-21T12:00:00Z')

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let clock: TestClock

beforeAll(async () => {
  folder = temporaryFolder()
  clock = new TestClock(start)
  collector = await openTestCollector(folder.path, clock)
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const uniform = { code: 'auth', message: 'The message is not signed by an enrolled agent.' }
const place = { institution: 'local', environment: 'this-machine' }

let names = 0
const newName = () => `joiner-${++names}`
const newHost = () => new WireAgent(collector.app, start - hourMs)

async function tokenFor(more: object = {}): Promise<{ token: string; id: string }> {
  const made = await collector.ask('/api/v1/tokens', { ...place, ...more })
  expect(made.status).toBe(201)
  return made.json()
}

type AgentView = { agent: string; name: string; status: string }

async function agents(): Promise<AgentView[]> {
  const { agents: all } = (await collector.ask('/api/v1/agents')).json() as { agents: AgentView[] }
  return all
}

const statusesOf = (answers: readonly WireAnswer[]) => answers.map(({ status }) => status)
const count = (statuses: readonly number[], status: number) =>
  statuses.filter((each) => each === status).length

describe('a token', () => {
  test('lets one host in unless it says otherwise', async () => {
    const { token } = await tokenFor()
    expect((await newHost().enrol(token, newName())).status).toBe(200)
    const second = await newHost().enrol(token, newName())
    expect([second.status, second.json()]).toEqual([401, uniform])
  })

  test('that was ended lets nobody in any more, but still answers who joined', async () => {
    const { token, id } = await tokenFor({ usesMax: 5 })
    const host = newHost()
    const name = newName()
    const first = await host.enrol(token, name)
    await collector.ask(`/api/v1/tokens/${id}/end`, { why: 'all have joined' })
    expect((await host.enrol(token, name)).text).toBe(first.text)
    const late = await newHost().enrol(token, newName())
    expect([late.status, late.json()]).toEqual([401, uniform])
  })

  test.each([
    ['10.1.2.3', 200],
    ['::ffff:10.1.2.3', 200],
    ['2001:db8::7', 200],
    ['10.2.0.1', 401],
    ['2001:db9::7', 401],
    ['127.0.0.1', 401],
  ])('for two networks: from %s it answers %i', async (from, status) => {
    const { token } = await tokenFor({ subnets: ['10.1.0.0/16', '2001:db8::/32'] })
    const answer = await newHost().enrol(token, newName(), from)
    expect(answer.status).toBe(status)
    if (status === 401) expect(answer.json()).toEqual(uniform)
  })

  test('is worth nothing under another key: the key must prove itself', async () => {
    const { token } = await tokenFor()
    const host = newHost()
    const thief = newHost()
    const stolen = { v: 1, token, name: newName(), publicKey: host.publicKey }
    const answer = await thief.post(
      '/v1/enrolments',
      thief.sign('istimrar-enrolment+jws', stolen, host.kid),
    )
    expect([answer.status, answer.json()]).toEqual([401, uniform])
  })
})

describe('at the same moment', () => {
  test('of two hosts with a one-time token exactly one joins, the other is in conflict', async () => {
    const { token } = await tokenFor()
    const before = await conflicts()
    const asked = [newName(), newName()].map((name) => newHost().enrol(token, name))
    const answers = await Promise.all(asked)
    expect(statusesOf(answers).toSorted()).toEqual([200, 409])
    const loser = answers.find(({ status }) => status === 409)!
    expect(loser.json()).toMatchObject({ code: 'conflict' })
    expect(await conflicts()).toBe(before + 1)
  })

  test('the same host twice is one agent, with one answer', async () => {
    const { token } = await tokenFor()
    const host = newHost()
    const name = newName()
    const answers = await Promise.all([host.enrol(token, name), host.enrol(token, name)])
    expect(statusesOf(answers)).toEqual([200, 200])
    expect(answers[1]!.text).toBe(answers[0]!.text)
    expect((await agents()).filter((each) => each.name === name)).toHaveLength(1)
  })

  test('of two hosts of one name exactly one joins', async () => {
    const { token } = await tokenFor({ usesMax: 2 })
    const name = newName()
    const answers = await Promise.all([newHost().enrol(token, name), newHost().enrol(token, name)])
    expect(statusesOf(answers).toSorted()).toEqual([200, 409])
  })

  test('of 50 hosts with a token for 20 exactly 20 join', async () => {
    const { token } = await tokenFor({ usesMax: 20 })
    const before = (await agents()).length
    const hosts = Array.from({ length: 50 }, () => newHost().enrol(token, newName()))
    const statuses = statusesOf(await Promise.all(hosts))
    expect([count(statuses, 200), count(statuses, 409)]).toEqual([20, 30])
    expect((await agents()).length - before).toBe(20)
    const { tokens } = (await collector.ask('/api/v1/tokens')).json() as { tokens: object[] }
    expect(tokens).toContainEqual(expect.objectContaining({ usesMax: 20, uses: 20, state: 'used' }))
  })

  test('500 hosts join and leave no ghosts: each once, each can send', async () => {
    const { token } = await tokenFor({ usesMax: 500 })
    const before = new Set((await agents()).map(({ agent }) => agent))
    const hosts = Array.from({ length: 500 }, () => ({ host: newHost(), name: newName() }))
    const twice = hosts.flatMap(({ host, name }) => [
      host.enrol(token, name),
      host.enrol(token, name),
    ])
    expect(new Set(statusesOf(await Promise.all(twice)))).toEqual(new Set([200]))
    const joined = (await agents()).filter(({ agent }) => !before.has(agent))
    expect(joined.map(({ name }) => name).toSorted()).toEqual(
      hosts.map(({ name }) => name).toSorted(),
    )
    const beats = await Promise.all(hosts.map(({ host }) => host.heartbeat(hourMs)))
    expect(new Set(statusesOf(beats))).toEqual(new Set([200]))
  })
})

describe('with approval', () => {
  test('a host waits, sends nothing, and goes on when it is approved', async () => {
    const { token } = await tokenFor({ approval: true })
    const host = newHost()
    const name = newName()
    const waits = await host.enrol(token, name)
    expect([waits.status, waits.json()]).toMatchObject([202, { code: 'pending' }])
    expect((await host.enrol(token, name)).text).toBe(waits.text)
    const { agent, status } = (await agents()).find((each) => each.name === name)!
    expect(status).toBe('pending')
    host.agent = agent
    const refused = await Promise.all([
      host.heartbeat(hourMs),
      host.send(host.batch([])),
      host.rotate(),
      host.rejoin(),
      host.cursor(),
    ])
    for (const each of refused) {
      expect([each.status, each.json()]).toMatchObject([403, { code: 'pending' }])
    }
    const why = { why: 'its owner called' }
    expect((await collector.ask(`/api/v1/agents/${agent}/approve`, why)).status).toBe(200)
    expect((await host.enrol(token, name)).status).toBe(200)
    expect((await host.send(host.batch([]))).status).toBe(200)
  })

  test('a host that is turned down stays out, and its name is free', async () => {
    const { token } = await tokenFor({ approval: true, usesMax: 2 })
    const host = newHost()
    const name = newName()
    await host.enrol(token, name)
    const { agent } = (await agents()).find((each) => each.name === name)!
    await collector.ask(`/api/v1/agents/${agent}/revoke`, { why: 'nobody knows this host' })
    const out = await host.enrol(token, name)
    expect([out.status, out.json()]).toEqual([401, uniform])
    expect((await newHost().enrol(token, name)).status).toBe(202)
  })
})

describe('after a revocation', () => {
  test('nothing is taken from the agent any more, whatever it sends', async () => {
    const { token } = await tokenFor()
    const host = newHost()
    const name = newName()
    await host.enrol(token, name)
    const first = host.sign('istimrar-batch+jws', host.batch([]))
    expect((await host.post('/v1/batches', first)).status).toBe(200)
    await collector.ask(`/api/v1/agents/${host.agent}/revoke`, { why: 'the host was sold' })
    const refused = await Promise.all([
      host.post('/v1/batches', first),
      host.heartbeat(hourMs),
      host.send(host.batch([])),
      host.declareLost(3),
      host.restart(),
      host.rotate(),
      host.rejoin(),
      host.cursor(),
      host.enrol(token, name),
    ])
    for (const each of refused) expect([each.status, each.json()]).toEqual([401, uniform])
  })

  test('the next host of that name takes its timelines over', async () => {
    const { token } = await tokenFor({ usesMax: 2 })
    const name = newName()
    const old = newHost()
    await old.enrol(token, name)
    await old.heartbeat(hourMs)
    const run = { check: 'host', state: 'up', from: 0, to: hourMs } as const
    expect((await old.send(old.batch([run]))).status).toBe(200)
    expect((await newHost().enrol(token, name)).status).toBe(409)
    await collector.ask(`/api/v1/agents/${old.agent}/revoke`, { why: 'its disk died' })
    const next = newHost()
    expect((await next.enrol(token, name)).status).toBe(200)
    await next.heartbeat(hourMs)
    clock.at += hourMs
    const later = { ...run, from: hourMs, to: 2 * hourMs }
    expect((await next.send(next.batch([later]))).status).toBe(200)
    await collector.evaluate()
    const { institution } = (await collector.ask('/api/v1/institutions/local')).json() as {
      institution: { environments: { checks: { check: string; agent: string }[] }[] }
    }
    const checks = institution.environments.flatMap((each) => each.checks)
    const own = checks.filter(({ check }) => check === `${name}/host`)
    expect(own.map(({ agent }) => agent)).toEqual([next.agent])
  })
})

test('the log says who joined with which token', async () => {
  const { token, id } = await tokenFor()
  const host = newHost()
  await host.enrol(token, newName())
  const acts = await actsOf(folder.path, host.agent)
  expect(acts).toEqual([
    expect.objectContaining({
      actor: host.agent,
      before: null,
      after: expect.objectContaining({ agent: host.agent, kid: host.kid, token: id }),
    }),
  ])
})

/** Refusals for a conflict so far: each is a security event. */
async function conflicts(): Promise<number> {
  const { body } = await collector.app.inject('/metrics')
  const found = /^istimrar_collector_refusals_total\{code="conflict"\} (\d+)$/m.exec(body)
  return Number(found?.[1])
}

/** The acts about an agent, as they stand in the log. */
async function actsOf(dataDir: string, agent: string): Promise<object[]> {
  const reader = sqliteReader(`${dataDir}/collector.db`)
  const entries = await reader.entries()
  await reader.close()
  return entries.filter(({ what }) => what.startsWith(`agent/${agent}`))
}
