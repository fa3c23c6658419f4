import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import type { Account } from '../../collector/people/accounts.ts'
import { hourMs } from '../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from './collector.ts'
import { temporaryFolder } from './folder.ts'
import { twoInstitutions } from './two-institutions.ts'
import { WireAgent } from './wire-agent.ts'

/** When each test at the desk begins. */
export const start = Date.parse('2026-11-21T12:00:00Z')

/** Somebody of each role; two of the same institution, and two evaluators. */
const people: readonly Account[] = [
  { id: 'amal', role: 'admin' },
  { id: 'huda', role: 'institution', institution: 'health' },
  { id: 'salim', role: 'institution', institution: 'health' },
  { id: 'rashid', role: 'institution', institution: 'roads' },
  { id: 'maryam', role: 'ministry' },
  { id: 'evaluator', role: 'evaluator' },
  { id: 'nasser', role: 'evaluator' },
  { id: 'auditor', role: 'auditor' },
]

/** A session of each of them, by id. */
export async function cookiesOf(
  collector: TestCollector,
  accounts: readonly Account[] = people,
): Promise<ReadonlyMap<string, string>> {
  const cookies = new Map<string, string>()
  for (const each of accounts) cookies.set(each.id, await collector.cookieOf(each))
  return cookies
}

/** A token as it is answered to who made it. */
export type Made = { token: string; id: string }

type View = { agent: string; name: string; institution: string; status: string }

/**
 * One collector for all tests of a file, with two institutions, `health` and `roads`, and somebody
 * of each role who asks its API.
 */
export function openDeskForAll() {
  const clock = new TestClock(start)
  let cookies: ReadonlyMap<string, string>
  let folder: ReturnType<typeof temporaryFolder>
  let collector: TestCollector
  let names = 0

  beforeAll(async () => {
    folder = temporaryFolder()
    collector = await openTestCollector(folder.path, clock, twoInstitutions(folder.path))
    cookies = await cookiesOf(collector)
  })
  beforeEach(() => {
    clock.at = start
  })
  afterAll(async () => {
    await collector.close()
    expect(collector.fatal).toEqual([])
    folder[Symbol.dispose]()
  })

  const as = (who: string, url: string, body?: object) =>
    collector.ask(url, body, cookies.get(who) ?? 'session=nobody')

  async function tokenOf(institution = 'health', more: object = {}): Promise<Made> {
    const asked = { institution, environment: 'portal', usesMax: 5, ...more }
    return (await collector.ask('/api/v1/tokens', asked)).json()
  }

  async function agentsFor(who: string, query = ''): Promise<View[]> {
    return ((await as(who, `/api/v1/agents${query}`)).json() as { agents: View[] }).agents
  }

  async function agentOf(institution = 'health', more: object = {}): Promise<WireAgent> {
    const host = new WireAgent(collector.app, start - hourMs)
    const name = `host-${++names}`
    const { token } = await tokenOf(institution, more)
    await host.enrol(token, name)
    const all = await agentsFor('amal')
    host.agent = all.find((each) => each.name === name)!.agent
    return host
  }

  return {
    clock,
    as,
    cookie: (who: string) => cookies.get(who) ?? 'session=nobody',
    tokenOf,
    agentOf,
    agentsFor,
    get collector() {
      return collector
    },
    file: (name: string) => folder.file(name),
  }
}
