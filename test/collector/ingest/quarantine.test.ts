import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { generateKey, messageTypes, noPrevious, sha256 } from '../../../protocol/jws.ts'
import { rejoinCode } from '../../../protocol/possession.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { WireAgent, type WireAnswer } from '../../support/wire-agent.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const clock = new TestClock(start)

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
/** Two hosts with one key: a disk was copied, and both run. */
let original: WireAgent
let copy: WireAgent
let names = 0
/** The session of a second person. */
let nasser: string

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock)
  nasser = await collector.cookieOf({ id: 'nasser', role: 'evaluator' })
})

beforeEach(async () => {
  original = new WireAgent(collector.app, start - hourMs)
  await original.enrol(await collector.token(), `twin-${++names}`)
  await original.heartbeat(hourMs)
  await original.send(original.batch([]))
  copy = original.copy()
  await original.send(original.batch([]))
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const uniform = { code: 'auth', message: 'The message is not signed by an enrolled agent.' }
const said = ({ status, json }: { status: number; json(): unknown }) => [status, json()]
/** What the copy sends under a number that the original has used. */
const fork = () => copy.batch([], { window: { from: 0, to: 7 } })

const contestedOf = (agent: string) => reading((reader) => reader.contested(agent))

async function reading<T>(read: (reader: ReturnType<typeof sqliteReader>) => Promise<T>) {
  const reader = sqliteReader(folder.file('collector.db'))
  try {
    return await read(reader)
  } finally {
    await reader.close()
  }
}

/** Asked for by the local administrator, and approved by another account. */
async function release(code: string, why = 'the copy was switched off') {
  const url = `/api/v1/agents/${original.agent}/release`
  const asked = await collector.ask(url, { code, why })
  if (asked.status !== 200) return asked
  return collector.ask(`${url}/approve`, { code, why }, nasser)
}

test('a fork is found at its first message, which is kept aside', async () => {
  const jws = copy.sign(messageTypes.batch, fork())
  const answer = await copy.post('/v1/batches', jws)
  expect(said(answer)).toMatchObject([409, { code: 'conflict' }])
  expect(await contestedOf(original.agent)).toEqual([
    {
      ...{ agent: original.agent, epoch: 1, seq: 2, sha256: sha256(jws), received: start, jws },
      why: 'Another message has this number.',
    },
  ])
  const acts = (await reading((reader) => reader.entries())).filter(
    ({ what }) => what === `agent/${original.agent}/status`,
  )
  expect(acts).toMatchObject([{ actor: 'collector', before: 'active', after: 'quarantined' }])
})

describe('a quarantined agent', () => {
  beforeEach(async () => {
    await copy.send(fork())
  })

  test('is alive, asks where it stands, and adds no evidence', async () => {
    expect((await original.heartbeat(hourMs + minuteMs)).status).toBe(200)
    const before = (await original.cursor()).json()
    const sent: [string, WireAnswer][] = [
      ['batch', await original.send(original.batch([]))],
      ['gap', await original.declareLost(2)],
      ['rotation', await original.rotate()],
      ['batch of the copy', await copy.send(copy.batch([]))],
      ['restart', await original.restart()],
    ]
    for (const [name, answer] of sent) {
      expect([name, ...said(answer)]).toMatchObject([name, 409, { code: 'quarantined' }])
    }
    expect((await original.cursor()).json()).toEqual(before)
    expect(await contestedOf(original.agent)).toHaveLength(6)
    const { agents } = (await collector.ask('/api/v1/agents?status=quarantined')).json() as {
      agents: { agent: string }[]
    }
    expect(agents).toContainEqual(
      expect.objectContaining({ agent: original.agent, contested: 6, status: 'quarantined' }),
    )
  })

  test('waits with a code, and goes on with the new key once that is released', async () => {
    const next = generateKey()
    const asked = await original.rejoin(next)
    expect(said(asked)).toMatchObject([202, { code: 'waiting' }])
    expect((await original.rejoin(next)).status).toBe(202)
    const wrong = await copy.rejoin()
    expect(wrong.status).toBe(202)
    const code = rejoinCode(next.publicKey)
    const listed = (await collector.ask('/api/v1/agents?status=quarantined')).json() as {
      agents: { agent: string; rejoins: { code: string }[] }[]
    }
    const { rejoins } = listed.agents.find(({ agent }) => agent === original.agent)!
    expect(rejoins.map((each) => each.code)).toContain(code)
    expect(rejoins).toHaveLength(2)
    expect((await release(code)).json()).toMatchObject({ state: 'approved' })
    original.use(next)
    expect((await original.cursor()).json()).toMatchObject({ epoch: 1, seq: 3 })
    expect((await original.restart()).status).toBe(200)
    expect((await original.send(original.batch([]))).status).toBe(200)
    const locked = await Promise.all([
      copy.send(copy.batch([])),
      copy.heartbeat(hourMs),
      copy.restart(),
      copy.rotate(),
      copy.rejoin(),
      copy.cursor(),
    ])
    for (const each of locked) expect(said(each)).toEqual([401, uniform])
    expect((await original.send(original.batch([]))).status).toBe(200)
  })

  test('stays released after a restart, and its old key locked', async () => {
    const next = generateKey()
    await original.rejoin(next)
    await release(rejoinCode(next.publicKey))
    await collector.close()
    collector = await openTestCollector(folder.path, clock)
    for (const each of [original, copy]) each.connect(collector.app)
    expect(said(await copy.heartbeat(hourMs))).toEqual([401, uniform])
    original.use(next)
    expect((await original.restart()).status).toBe(200)
  })

  test('is released by one person and another one, with a restart between them', async () => {
    const next = generateKey()
    await original.rejoin(next)
    const [code, why] = [rejoinCode(next.publicKey), 'the copy was switched off']
    const url = `/api/v1/agents/${original.agent}/release`
    expect((await collector.ask(url, { code, why })).status).toBe(200)
    await collector.close()
    collector = await openTestCollector(folder.path, clock)
    for (const each of [original, copy]) each.connect(collector.app)
    expect((await collector.ask(`${url}/approve`, { code, why })).status).toBe(403)
    expect(said(await original.send(original.batch([])))).toMatchObject([409, {}])
    expect((await collector.ask(`${url}/approve`, { code, why }, nasser)).status).toBe(200)
    original.use(next)
    expect((await original.restart()).status).toBe(200)
  })

  test('may be shut out instead, whatever it asked for', async () => {
    const next = generateKey()
    await original.rejoin(next)
    const why = { why: 'neither is to be trusted' }
    await collector.ask(`/api/v1/agents/${original.agent}/revoke`, why)
    expect((await release(rejoinCode(next.publicKey))).status).toBe(409)
    expect(said(await original.rejoin())).toEqual([401, uniform])
    expect(said(await original.heartbeat(hourMs))).toEqual([401, uniform])
  })

  test('has its release in the log: who, why, which key was before, which follows', async () => {
    const next = generateKey()
    await original.rejoin(next)
    await release(rejoinCode(next.publicKey), 'the copy was switched off')
    const entries = await reading((reader) => reader.entries())
    expect(entries.filter(({ what }) => what === `agent/${original.agent}/key`)).toMatchObject([
      {
        ...{ actor: 'nasser', role: 'evaluator', why: 'the copy was switched off' },
        before: { status: 'quarantined', kid: original.kid, publicKey: original.publicKey },
        after: { status: 'active', publicKey: next.publicKey },
      },
    ])
  })
})

describe('to rejoin', () => {
  test('there must be a reason: an agent in good standing is refused', async () => {
    expect(said(await original.rejoin())).toMatchObject([409, { code: 'conflict' }])
  })

  test('the new key must be proved, be new, and its holder be the agent', async () => {
    await copy.send(fork())
    const other = new WireAgent(collector.app, start)
    await other.enrol(await collector.token(), `twin-${++names}`)
    const pair = generateKey()
    await other.rotate(pair)
    const refused = [
      [401, await original.rejoin(generateKey(), { possession: 'A'.repeat(86) })],
      [401, await original.rejoin(generateKey(), { agent: other.agent })],
      [409, await original.rejoin(pair)],
    ] as const
    for (const [status, answer] of refused) expect(answer.status).toBe(status)
    expect(await reading((reader) => reader.rejoins())).toEqual([])
  })

  test('only the code that the host shows lets it in', async () => {
    await copy.send(fork())
    await original.rejoin()
    expect((await release('0000-0000-0000')).status).toBe(409)
    expect((await original.send(original.batch([]))).status).toBe(409)
  })

  test('the same release again changes nothing', async () => {
    await copy.send(fork())
    const next = generateKey()
    await original.rejoin(next)
    const code = rejoinCode(next.publicKey)
    expect([(await release(code)).status, (await release(code)).status]).toEqual([200, 409])
    const entries = await reading((reader) => reader.entries())
    const own = entries.filter(({ what }) => what === `agent/${original.agent}/key`)
    expect(own).toHaveLength(1)
  })
})

test('of two contradictions in one commit one act comes', async () => {
  const one = copy.sign(messageTypes.batch, fork())
  const two = copy.sign(messageTypes.batch, copy.batch([], { seq: 1, prev: noPrevious }))
  const answers = await Promise.all([one, two].map((jws) => copy.post('/v1/batches', jws)))
  expect(answers.map(({ status }) => status)).toEqual([409, 409])
  const entries = await reading((reader) => reader.entries())
  const own = entries.filter(({ what }) => what === `agent/${original.agent}/status`)
  expect(own).toHaveLength(1)
  expect(await contestedOf(original.agent)).toHaveLength(2)
})
