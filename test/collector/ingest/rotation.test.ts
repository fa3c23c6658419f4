import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { generateKey, messageTypes, noPrevious, privateKey } from '../../../protocol/jws.ts'
import { provePossession } from '../../../protocol/possession.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { WireAgent, type WireAnswer } from '../../support/wire-agent.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const clock = new TestClock(start)

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let agent: WireAgent
let names = 0

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock)
})

beforeEach(async () => {
  agent = await joined()
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

async function joined(): Promise<WireAgent> {
  const host = new WireAgent(collector.app, start - hourMs)
  await host.enrol(await collector.token(), `turner-${++names}`)
  await host.heartbeat(hourMs)
  return host
}

const uniform = { code: 'auth', message: 'The message is not signed by an enrolled agent.' }
const said = ({ status, json }: WireAnswer) => [status, json()]

type Standing = { status: string; kid: string; contested: number }

async function standing(): Promise<Standing> {
  const { agents } = (await collector.ask('/api/v1/agents')).json() as {
    agents: (Standing & { agent: string })[]
  }
  return agents.find((each) => each.agent === agent.agent)!
}

test('a new key takes over in the stream and is stored with its message', async () => {
  await agent.send(agent.batch([]))
  const before = agent.kid
  const rotated = await agent.rotate()
  expect(rotated.status).toBe(200)
  expect(agent.kid).not.toBe(before)
  expect((await agent.heartbeat(hourMs + minuteMs)).status).toBe(200)
  expect((await agent.send(agent.batch([]))).status).toBe(200)
  expect((await agent.cursor()).json()).toEqual({ epoch: 1, seq: 4, prev: agent.prev })
  expect(await standing()).toMatchObject({ status: 'active', kid: agent.kid })
  const reader = sqliteReader(folder.file('collector.db'))
  const [stored] = (await reader.agents()).filter((each) => each.agent.agent === agent.agent)
  const row = stored!.agent
  expect((await reader.message(row, 1, 2))?.type).toBe('rotation')
  expect(stored!.retiredKeys).toMatchObject([{ kid: before, throughEpoch: 1, throughSeq: 2 }])
  await reader.close()
})

describe('the key before', () => {
  let old: WireAgent

  beforeEach(async () => {
    await agent.send(agent.batch([]))
    old = agent.copy()
    await agent.rotate()
  })

  test('still gets the receipts of what it sent, also of the rotation itself', async () => {
    const next = generateKey()
    const host = await joined()
    const batch = host.sign(messageTypes.batch, host.batch([]))
    const first = await host.post('/v1/batches', batch)
    await host.send(host.batch([]))
    const again = host.copy()
    expect((await host.rotate(next)).status).toBe(200)
    expect((await host.post('/v1/batches', batch)).status).toBe(200)
    expect(first.status).toBe(200)
    expect((await again.rotate(next)).status).toBe(200)
  })

  test.each<[string, () => Promise<WireAnswer>]>([
    ['the next message', () => old.send(old.batch([], { seq: agent.seq, prev: agent.prev }))],
    ['a message ahead', () => old.send(old.batch([], { seq: 9 }))],
    ['other bytes in the place of the rotation', () => old.send(old.batch([]))],
    [
      'other bytes in an earlier place',
      () => old.send(old.batch([], { seq: 1, prev: noPrevious })),
    ],
    ['a loss', () => old.declareLost(3)],
    ['a new epoch', () => old.restart()],
    ['another rotation', () => old.rotate()],
    ['a heartbeat', () => old.heartbeat(hourMs)],
    ['a question', () => old.cursor()],
    ['a wish to rejoin', () => old.rejoin()],
  ])('signs nothing else: %s', async (_name, attempt) => {
    expect(said(await attempt())).toEqual([401, uniform])
    expect(await standing()).toMatchObject({ status: 'active', kid: agent.kid, contested: 0 })
    expect((await agent.send(agent.batch([]))).status).toBe(200)
  })

  test('does so after a restart of the collector too', async () => {
    await collector.close()
    collector = await openTestCollector(folder.path, clock)
    for (const each of [agent, old]) each.connect(collector.app)
    expect(said(await old.send(old.batch([])))).toEqual([401, uniform])
    expect((await agent.send(agent.batch([]))).status).toBe(200)
  })
})

describe('a rotation is refused', () => {
  test('without a proof that the agent has the new key', async () => {
    const other = await joined()
    const next = generateKey()
    const proofs = ['A'.repeat(86), proofOf(other, next)]
    for (const possession of proofs) {
      const answer = await agent.rotate(next, { possession })
      expect(said(answer)).toMatchObject([400, { code: 'schema' }])
    }
    expect(await standing()).toMatchObject({ status: 'active', kid: agent.kid })
  })

  test.each(['its own', "another agent's", 'one it had before'])('to %s key', async (whose) => {
    const pair = generateKey()
    if (whose === 'one it had before') {
      const first = generateKey()
      await agent.rotate(first)
      await agent.rotate()
      expect(said(await agent.rotate(first))).toMatchObject([400, { code: 'schema' }])
      return
    }
    const owner = whose === 'its own' ? agent : await joined()
    await owner.rotate(pair)
    expect(said(await agent.rotate(pair))).toMatchObject([400, { code: 'schema' }])
  })

  test('from a revoked agent, like everything', async () => {
    await collector.ask(`/api/v1/agents/${agent.agent}/revoke`, { why: 'the host was stolen' })
    const kid = agent.kid
    expect(said(await agent.rotate())).toEqual([401, uniform])
    expect(await standing()).toMatchObject({ status: 'revoked', kid })
  })

  test('ahead of its turn, and told where to go on', async () => {
    const answer = await agent.rotate(generateKey(), { seq: 5 })
    expect(said(answer)).toMatchObject([409, { code: 'gap', expected: { epoch: 1, seq: 1 } }])
  })
})

/** A proof that was made for another agent. */
function proofOf(other: WireAgent, next: ReturnType<typeof generateKey>): string {
  return provePossession('rotation', other.agent, next.publicKey, privateKey(next.privatePem))
}

describe('at the same moment', () => {
  test('with a revocation: whatever comes first, nothing follows the revocation', async () => {
    const revoking = collector.ask(`/api/v1/agents/${agent.agent}/revoke`, { why: 'at once' })
    const sent = [agent.send(agent.batch([])), agent.heartbeat(hourMs), agent.rotate()]
    await Promise.all([revoking, ...sent])
    const reader = sqliteReader(folder.file('collector.db'))
    const leaves = await reader.leavesOf('local', 0, 1_000)
    const revoked = leaves.findIndex(({ entry }) => entry.includes(`"agent/${agent.agent}/status"`))
    const later = leaves.slice(revoked + 1).filter(({ message }) => message?.agent === agent.agent)
    expect(revoked).toBeGreaterThan(-1)
    expect(later).toEqual([])
    await reader.close()
  })

  test('with a batch signed by the key before: it is stored before or not at all', async () => {
    const rotation = agent.copy()
    const batch = agent.batch([], { seq: 2 })
    const [rotated, sent] = await Promise.all([rotation.rotate(), agent.send(batch)])
    expect(rotated.status).toBe(200)
    expect(sent.status).toBeOneOf([401, 409])
    expect(await standing()).toMatchObject({ kid: rotation.kid })
  })
})
