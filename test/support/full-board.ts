import { readFileSync, writeFileSync } from 'node:fs'
import type { RouteAccess } from '../../collector/http/access.ts'
import { type Account, type Role, roles } from '../../collector/people/accounts.ts'
import { readDeclared } from '../../collector/register/files.ts'
import { sqliteStore } from '../../collector/store/sqlite/sqlite.ts'
import { generateKey, sha256 } from '../../protocol/jws.ts'
import { dayMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { openTestCollector, type TestCollector } from './collector.ts'
import { EventfulNation } from './eventful-nation.ts'
import { WireAgent } from './wire-agent.ts'

/** Markup that would be heard of: it opens a window, and loads an image that is not there. */
export const hostile = '<img src=x onerror=alert(1)>"\'><script>alert(2)</script>'

/** Somebody of each role; the institution is one with something of everything. */
const people: Readonly<Record<Role, Account>> = {
  admin: { id: 'amal', role: 'admin' },
  ministry: { id: 'maha', role: 'ministry' },
  evaluator: { id: 'noura', role: 'evaluator' },
  institution: { id: 'rashid', role: 'institution', institution: 'roads' },
  auditor: { id: 'salim', role: 'auditor' },
}

/** A page of the board for somebody: who opens it, and its address behind the language. */
export type BoardPage = { readonly role: Role | null; readonly path: string }

/**
 * A real collector that listens, with an eventful nation on it where everything waits for
 * somebody, and where every text that people may choose is markup.
 */
export class FullBoard {
  readonly base: string
  readonly collector: TestCollector
  readonly nation: EventfulNation
  readonly cookies: ReadonlyMap<Role, string>
  /** The address of an invitation that nobody has used. */
  readonly invitation: string

  private constructor(
    board: Pick<FullBoard, 'base' | 'collector' | 'nation' | 'cookies' | 'invitation'>,
  ) {
    this.base = board.base
    this.collector = board.collector
    this.nation = board.nation
    this.cookies = board.cookies
    this.invitation = board.invitation
  }

  static async open(folder: string): Promise<FullBoard> {
    const nation = await new EventfulNation(folder).live()
    const collector = await reopen(nation)
    const cookies = new Map<Role, string>()
    for (const account of Object.values(people)) {
      const made = await collector.ask('/api/v1/accounts', { ...account, why: hostile })
      if (made.status >= 300) throw new Error(JSON.stringify(made.json()))
      cookies.set(account.role, await signIn(nation, account))
    }
    await ask(collector, nation, cookies)
    const invitation = await fill(collector, nation)
    await collector.evaluate()
    const base = await collector.app.listen({ port: 0, host: '127.0.0.1' })
    return new FullBoard({ base, collector, nation, cookies, invitation })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.collector.close()
  }

  /** Every page there is, from the collector's own table of routes, for each role it differs for. */
  pages(): BoardPage[] {
    const routes = this.collector.app.accessList.filter(({ method }) => method === 'GET')
    const own = routes.filter(({ url }) => /^\/en(\/|$)/.test(url))
    return own.flatMap((route) => {
      const path = this.pathOf(route).replace(/^\/en/, '')
      return this.#rolesOf(route).map((role) => ({ role, path }))
    })
  }

  /** Where nobody is signed in yet. */
  publicPages(): string[] {
    const { accessList } = this.collector.app
    const none = /^\/$|^\/(api|assets|v1)\/|^\/(healthz|readyz)$|\/callback$/
    return accessList
      .filter(
        ({ method, access, url }) => method === 'GET' && access === 'public' && !none.test(url),
      )
      .map(({ url }) => url)
  }

  /** A route's address, of what is there. */
  pathOf({ url }: Pick<RouteAccess, 'url'>): string {
    const values: Readonly<Record<string, string>> = {
      ...{ institution: 'roads', environment: 'portal', agent: 'web-1', check: 'web' },
      ...{ model: 'om-infra', version: '1.0.1', '*': 'nowhere' },
    }
    return url.replace(/:(\w+)|\*/g, (all, name: string | undefined) => {
      const value = values[name ?? all]
      if (value === undefined) throw new Error(`Nothing is known to put in ${all} of ${url}.`)
      return value
    })
  }

  /** Forms differ by role; where there are none, one role sees as much as another. */
  #rolesOf({ url, access }: RouteAccess): readonly Role[] {
    const { accessList } = this.collector.app
    const hasForms = accessList.some((each) => each.method === 'POST' && each.url === url)
    const allowed = roles.filter((role) => access.includes(role))
    const seen: readonly Role[] = url.endsWith('/home')
      ? roles
      : hasForms || url.endsWith('/inbox')
        ? ['evaluator', 'institution']
        : ['ministry']
    const both = seen.filter((role) => allowed.includes(role))
    return both.length > 0 ? both : allowed.slice(0, 1)
  }
}

/** A session through a connection of its own: nobody has accepted an invitation. */
async function signIn({ dataDir, clock }: EventfulNation, account: Account): Promise<string> {
  const store = sqliteStore(`${dataDir}/collector.db`)
  const secret = `session-of-${account.id}`
  const [openedAt, expiresAt] = [clock.at - minuteMs, clock.at + 12 * hourMs]
  await store.saveSession({ hash: sha256(secret), account, openedAt, usedAt: clock.at, expiresAt })
  await store.close()
  return `session=${secret}`
}

/** The nation goes on, with names that are markup. */
async function reopen(nation: EventfulNation): Promise<TestCollector> {
  const registerFile = `${nation.folder}/hostile.yaml`
  const register = readFileSync(`${nation.folder}/register.yaml`, 'utf8')
  const names = /(ar|en): ([^,}]*(?:الطرق|roads)[^,}]*?)(?= ?[,}])/g
  const marked = register.replaceAll(names, (_all, language, name) => {
    return `${language}: ${JSON.stringify(`${name} ${hostile}`)}`
  })
  writeFileSync(registerFile, marked)
  const policyFile = `${nation.folder}/policy.yaml`
  const declared = readDeclared(registerFile, policyFile, nation.clock.now())
  return openTestCollector(nation.dataDir, nation.clock, registerFile, { declared })
}

/** What waits for somebody: asked for by the institution, with a reason that is markup. */
async function ask(
  collector: TestCollector,
  { clock }: EventfulNation,
  cookies: ReadonlyMap<Role, string>,
): Promise<void> {
  const act = async (role: Role, url: string, body: object) => {
    const answer = await collector.ask(url, body, cookies.get(role))
    if (answer.status >= 300) throw new Error(`${url}: ${JSON.stringify(answer.json())}`)
    return answer.json() as { id: string }
  }
  const why = hostile
  const own = '/api/v1/institutions/roads'
  const portal = `${own}/environments/portal`
  const from = clock.at + 3 * dayMs
  await act('institution', `${portal}/maintenance`, { from, to: from + hourMs, why })
  const lost = { from: clock.at - 60 * minuteMs, to: clock.at - 50 * minuteMs }
  const claim = { state: 'up', cause: null }
  const evidenceSha256 = 'cd'.repeat(32)
  await act('institution', `${portal}/disputes`, { ...lost, claim, evidenceSha256, why })
  await act('institution', '/api/v1/tokens', { institution: 'roads', environment: 'portal' })
  const expiresAt = clock.at + 200 * dayMs
  const label = hostile
  await act('institution', '/api/v1/api-tokens', { label, scope: 'read', lifeDays: 9 })
  await act('institution', `${own}/declarations`, {
    ...{ environment: null, evidenceSha256, detail: why, expiresAt },
    about: { kind: 'metric', metric: 'operations.trained_staff', value: true },
  })
  await act('institution', `${own}/exemptions`, { workload: 'licences', reason: why, expiresAt })
  const shipped = readFileSync('collector/model/readiness-1.0.0.yaml', 'utf8')
  const text = shipped
    .replace('version: 1.0.0', 'version: 1.0.1')
    .replace('en: "Foundations"', `en: ${JSON.stringify(hostile)}`)
    .replace('        weight: 25', '        weight: 5')
    .replace('        weight: 15', '        weight: 35')
  await act('ministry', '/api/v1/models', { text, why })
}

/** Accounts in every state, workloads and hosts that wait; answers an invitation. */
async function fill(collector: TestCollector, { clock }: EventfulNation): Promise<string> {
  const { app } = collector
  const cookie = await collector.cookie()
  const workload = await app.inject({
    method: 'PUT',
    url: '/api/v1/institutions/roads/workloads/tolls',
    headers: { cookie },
    payload: {
      ...{
        name: { ar: `الرسوم ${hostile}`, en: hostile },
        dataClass: 'restricted',
        owner: hostile,
      },
      ...{ provider: 'government-cloud', state: 'identified', criticality: 'critical' },
      why: hostile,
    },
  })
  if (workload.statusCode !== 200) throw new Error(workload.body)
  const token = await collector.ask('/api/v1/tokens', {
    ...{ institution: 'roads', environment: 'portal', approval: true },
  })
  const host = new WireAgent(app, clock.at - hourMs)
  await host.enrol((token.json() as { token: string }).token, 'waiting-host')
  const rejoining = new WireAgent(app, clock.at - hourMs)
  await rejoining.enrol(await collector.token('roads', 'portal'), 'copied-host')
  await rejoining.heartbeat(hourMs)
  // What another host with its key sends in the same place puts it in quarantine.
  await rejoining.send(rejoining.batch([]))
  await rejoining.send(rejoining.batch([], { seq: 1, prev: 'f'.repeat(64) }))
  await rejoining.rejoin(generateKey())
  const made = await collector.ask('/api/v1/accounts', {
    ...{ id: 'zahra', role: 'evaluator', why: hostile },
  })
  if (made.status >= 300) throw new Error(JSON.stringify(made.json()))
  return (made.json() as { link: { path: string } }).link.path
}
