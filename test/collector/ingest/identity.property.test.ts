import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rebuild } from '../../../collector/evidence/rebuild.ts'
import type { LeafRow } from '../../../collector/store/logs.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import type { AgentRow } from '../../../collector/store/store.ts'
import { generateKey, parseJws, publicKey, verifyJws } from '../../../protocol/jws.ts'
import { rejoinCode } from '../../../protocol/possession.ts'
import type { Rotation } from '../../../protocol/rotation.ts'
import { hourMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { numberOfRuns } from '../../support/number-of-runs.ts'
import { WireAgent } from '../../support/wire-agent.ts'

/**
 * Whatever is decided and sent in whatever order, also at the same moment: the log itself shows that
 * each message was signed by the key that was in use then, of an agent that was active then.
 */

const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let nasser: string

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock)
  nasser = await collector.cookieOf({ id: 'nasser', role: 'evaluator' })
})

afterAll(() => {
  folder[Symbol.dispose]()
})

const acts = [
  ...['enrol', 'approve', 'revoke', 'release', 'clone'],
  ...['send', 'send', 'send', 'rotate', 'rotate', 'replay', 'restart', 'old key'],
] as const
type Step = { readonly act: (typeof acts)[number]; readonly host: number; readonly twin: number }

const step = fc.record<Step>({
  act: fc.constantFrom(...acts),
  host: fc.nat({ max: 1 }),
  twin: fc.nat({ max: 1 }),
})
/** Steps of one group happen at the same moment. */
const groups = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 14 })

/** One name in the environment; the twins are two hosts with the same disk. */
class Place {
  twins: [WireAgent, WireAgent]
  /** Holders of keys from before. */
  readonly old: WireAgent[] = []
  readonly #name: string
  #lastSent: string | null = null

  constructor(name: string) {
    this.#name = name
    this.twins = [newHost(), newHost()]
  }

  async take({ act, twin }: Step): Promise<void> {
    const host = this.twins[twin]!
    const { agent } = host
    const decide = (what: string, more = {}, who?: string) =>
      collector.ask(`/api/v1/agents/${agent || 'a-0'}/${what}`, { why: 'a test', ...more }, who)
    if (act === 'enrol') await this.#enrol(twin)
    else if (act === 'approve' || act === 'revoke') await decide(act)
    else if (act === 'clone') this.twins[1 - twin] = host.copy()
    else if (act === 'send') await this.#send(host, twin)
    else if (act === 'rotate') await this.#keeping(host, () => host.rotate())
    else if (act === 'restart') await host.restart()
    else if (act === 'replay') await host.post('/v1/batches', this.#lastSent ?? 'nothing')
    else if (act === 'old key') await this.#useOldKey()
    else {
      const next = generateKey()
      await host.rejoin(next)
      const code = { code: rejoinCode(next.publicKey) }
      await decide('release', code)
      const { status } = await decide('release/approve', code, nasser)
      if (status === 200) await this.#keeping(host, async () => host.use(next))
    }
  }

  async #enrol(twin: number): Promise<void> {
    const { token } = (
      await collector.ask('/api/v1/tokens', {
        ...{ institution: 'local', environment: 'this-machine', approval: twin === 1 },
      })
    ).json() as { token: string }
    const host = newHost()
    const { status } = await host.enrol(token, this.#name)
    if (status === 409) return
    if (status === 202) host.agent = await agentOf(host.kid)
    this.twins[twin] = host
  }

  async #send(host: WireAgent, twin: number): Promise<void> {
    const batch = host.batch([], { window: { from: 0, to: twin } })
    this.#lastSent = host.sign('istimrar-batch+jws', batch)
    await host.send(batch)
  }

  async #keeping(host: WireAgent, change: () => Promise<unknown>): Promise<void> {
    this.old.push(host.copy())
    await change()
  }

  async #useOldKey(): Promise<void> {
    for (const host of this.old) {
      const { epoch, seq, prev } = this.twins[0]
      Object.assign(host, { epoch, seq, prev })
      await host.send(host.batch([]))
      await host.rotate()
      await host.restart()
    }
  }
}

function newHost(): WireAgent {
  return new WireAgent(collector.app, clock.at - hourMs)
}

type View = { agent: string; kid: string; status: string }

async function views(): Promise<View[]> {
  return ((await collector.ask('/api/v1/agents')).json() as { agents: View[] }).agents
}

async function agentOf(kid: string): Promise<string> {
  return (await views()).find((each) => each.kid === kid)!.agent
}

/** Reads the log as an auditor would: acts and messages alone, in their order. */
function requireSound(leaves: readonly LeafRow[]): number {
  const agents = new Map<string, { status: string; publicKey: string }>()
  let messages = 0
  for (const { entry, message } of leaves) {
    if (message) {
      messages++
      const { status, publicKey: key } = agents.get(message.agent)!
      const jws = parseJws(message.jws)
      expect([message.agent, status]).toEqual([message.agent, 'active'])
      expect(verifyJws(jws, publicKey(key)), `${message.agent} ${message.seq}`).toBe(true)
      if (message.type !== 'rotation') continue
      const { publicKey: next } = JSON.parse(Buffer.from(jws.payload).toString()) as Rotation
      agents.set(message.agent, { status, publicKey: next })
      continue
    }
    const { what = '', before, after } = JSON.parse(entry)
    const [family, id, about] = what.split('/')
    if (family !== 'agent') continue
    if (about === 'status') agents.set(id, { ...agents.get(id)!, status: after })
    else {
      if (about === undefined) expect(before).toBeNull()
      agents.set(id, after as AgentRow)
    }
  }
  return messages
}

test('no key adds evidence before it is approved, or after it is revoked or retired', async () => {
  let runs = 0
  let messages = 0
  await fc.assert(
    fc.asyncProperty(groups, async (all) => {
      const places = [new Place(`p-${++runs}-0`), new Place(`p-${runs}-1`)]
      for (const place of places) await place.take({ act: 'enrol', host: 0, twin: 0 })
      for (const group of all) {
        await Promise.all(group.map((each) => places[each.host]!.take(each)))
      }
      const reader = sqliteReader(folder.file('collector.db'))
      const leaves: LeafRow[] = []
      let page: LeafRow[]
      do {
        page = await reader.leavesOf('local', leaves.length, 1_000)
        leaves.push(...page)
      } while (page.length > 0)
      await reader.close()
      messages = requireSound(leaves)
      // And nobody in good standing is kept out: who holds the key in use can go on.
      const standing = new Map((await views()).map((view) => [view.agent, view]))
      for (const host of places.flatMap(({ twins }) => twins)) {
        const view = standing.get(host.agent)
        if (view?.status !== 'active' || view.kid !== host.kid) continue
        const { epoch } = (await host.cursor()).json() as { epoch: number }
        host.epoch = epoch
        expect((await host.restart()).status).toBe(200)
      }
    }),
    { numRuns: numberOfRuns(30) },
  )
  expect(messages).toBeGreaterThan(numberOfRuns(25))
})

test('the log alone tells who may send: folded again it gives the same identities', async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  const file = folder.file('collector.db')
  const rebuilt = await rebuild({ file, now: clock.at, accept: false, progress: () => {} })
  expect(rebuilt.comparisons.map(({ name }) => name)).toContain('agents')
  expect(rebuilt.comparisons.filter(({ row }) => row !== null)).toEqual([])
})
