import { pino } from 'pino'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../../collector/app.ts'
import type { RouteAccess } from '../../../collector/http/access.ts'
import { type Role, roles } from '../../../collector/people/accounts.ts'
import { openDeskForAll, start } from '../../support/desk.ts'
import { noSessions } from '../../support/sample-sessions.ts'

/**
 * Who may use which route: every route has a row here, pages without their language, and the names
 * of files of the board without their hash. Who decides is the permissions' table; that nothing
 * got another row than somebody meant is this one's.
 */
const rows: Readonly<Record<string, readonly string[]>> = {
  public: [
    'GET /',
    'GET /api/docs',
    'GET /api/docs/json',
    'GET /api/docs/static/*',
    'GET /api/docs/static/index.html',
    'GET /api/docs/static/swagger-initializer.js',
    'GET /api/docs/yaml',
    'GET /assets/*',
    'GET /healthz',
    'GET /invite',
    'GET /login',
    'GET /readyz',
    'GET /v1/log-keys',
    'POST /invite',
    'POST /login',
    'POST /login/second-factor',
    'POST /login/set-up',
    'POST /logout',
  ],
  agent: [
    'POST /v1/batches',
    'POST /v1/cursor',
    'POST /v1/enrolments',
    'POST /v1/heartbeats',
    'POST /v1/rejoins',
  ],
  metrics: ['GET /metrics', 'POST /api/v1/prom/read'],
  commands: ['POST /api/v1/sign-in-links'],
  'admin ministry evaluator institution auditor': [
    'DELETE /api/v1/exports/:export',
    'GET /api/v1/account',
    'GET /api/v1/account/sessions',
    'GET /api/v1/acts',
    'GET /api/v1/acts.csv',
    'GET /api/v1/acts.jsonl',
    'GET /api/v1/api-tokens',
    'GET /api/v1/baselines',
    'GET /api/v1/checkpoints/:log',
    'GET /api/v1/cycles',
    'GET /api/v1/cycles/:cycle',
    'GET /api/v1/cycles/:cycle/changes',
    'GET /api/v1/cycles/:cycle/difference',
    'GET /api/v1/cycles/:cycle/revisions/:revision/changes',
    'GET /api/v1/declarations',
    'GET /api/v1/disputes',
    'GET /api/v1/exemptions',
    'GET /api/v1/exports',
    'GET /api/v1/exports/:export',
    'GET /api/v1/exports/:export/archive',
    'GET /api/v1/figures',
    'GET /api/v1/inbox',
    'GET /api/v1/institutions',
    'GET /api/v1/institutions/:institution',
    'GET /api/v1/institutions/:institution/baselines',
    'GET /api/v1/institutions/:institution/baselines/draft',
    'GET /api/v1/institutions/:institution/checks/sums',
    'GET /api/v1/institutions/:institution/declarations',
    'GET /api/v1/institutions/:institution/declarations/:id',
    'GET /api/v1/institutions/:institution/disputes',
    'GET /api/v1/institutions/:institution/environments/:environment/checks/sums',
    'GET /api/v1/institutions/:institution/environments/:environment/disputes/:id',
    'GET /api/v1/institutions/:institution/environments/:environment/lost',
    'GET /api/v1/institutions/:institution/environments/:environment/maintenance/:id',
    'GET /api/v1/institutions/:institution/exemptions',
    'GET /api/v1/institutions/:institution/figures',
    'GET /api/v1/institutions/:institution/lost',
    'GET /api/v1/institutions/:institution/maintenance',
    'GET /api/v1/institutions/:institution/migration',
    'GET /api/v1/institutions/:institution/readiness',
    'GET /api/v1/institutions/:institution/readiness/trend',
    'GET /api/v1/institutions/:institution/workloads',
    'GET /api/v1/institutions/:institution/workloads.csv',
    'GET /api/v1/institutions/:institution/workloads/:workload',
    'GET /api/v1/institutions/:institution/workloads/discovered',
    'GET /api/v1/institutions/:institution/workloads/discovered.csv',
    'GET /api/v1/kpis',
    'GET /api/v1/maintenance',
    'GET /api/v1/migration',
    'GET /api/v1/models',
    'GET /api/v1/models/:id/:version',
    'GET /api/v1/models/current',
    'GET /api/v1/official',
    'GET /api/v1/policy/proposals',
    'GET /api/v1/programme',
    'GET /api/v1/releases',
    'GET /api/v1/readiness',
    'GET /api/v1/readiness/trend',
    'POST /api/v1/account/password',
    'POST /api/v1/account/sessions/:session/end',
    'POST /api/v1/account/sessions/end',
    'POST /api/v1/api-tokens',
    'POST /api/v1/api-tokens/:id/end',
    'POST /api/v1/exports',
    'page GET /*',
    'page GET /account',
    'page GET /cycles',
    'page GET /declarations',
    'page GET /exports',
    'page GET /home',
    'page GET /inbox',
    'page GET /institutions/:institution',
    'page GET /institutions/:institution/agents',
    'page GET /institutions/:institution/declarations',
    'page GET /institutions/:institution/environments/:environment',
    'page GET /institutions/:institution/environments/:environment/checks/:agent/:check',
    'page GET /institutions/:institution/environments/:environment/lost',
    'page GET /institutions/:institution/migration',
    'page GET /institutions/:institution/migration/import',
    'page GET /institutions/:institution/migration/roadmap',
    'page GET /institutions/:institution/migration/workloads',
    'page GET /institutions/:institution/readiness',
    'page GET /institutions/:institution/readiness/trend',
    'page GET /log',
    'page GET /migration',
    'page GET /models',
    'page GET /models/:model/:version',
    'page GET /policy',
    'page GET /policy/proposals',
    'page GET /programme',
    'page GET /readiness',
    'page GET /readiness/trend',
    'page GET /register',
    'page GET',
    'page POST /account',
    'page POST /cycles',
    'page POST /declarations',
    'page POST /exports',
    'page POST /home',
    'page POST /institutions/:institution/agents',
    'page POST /institutions/:institution/declarations',
    'page POST /institutions/:institution/environments/:environment',
    'page POST /institutions/:institution/migration/import',
    'page POST /institutions/:institution/migration/roadmap',
    'page POST /institutions/:institution/migration/workloads',
    'page POST /models',
    'page POST /models/:model/:version',
    'page POST /policy/proposals',
  ],
  'admin ministry evaluator auditor': [
    'GET /api/v1/cycles/:cycle/revisions/:revision',
    'POST /api/v1/models/difference',
    'POST /api/v1/policy/difference',
    'POST /api/v1/models/what-if',
  ],
  'admin ministry evaluator': [
    'POST /api/v1/policy/proposals/:id/approve',
    'POST /api/v1/policy/proposals/:id/refuse',
    'POST /api/v1/agents/:agent/release/approve',
    'POST /api/v1/agents/:agent/release/refuse',
    'POST /api/v1/cycles/:cycle/approve',
    'POST /api/v1/cycles/:cycle/refuse',
    'POST /api/v1/institutions/:institution/baselines/:id/approve',
    'POST /api/v1/institutions/:institution/baselines/:id/refuse',
    'POST /api/v1/institutions/:institution/environments/:environment/maintenance/:id/approve',
    'POST /api/v1/institutions/:institution/environments/:environment/maintenance/:id/refuse',
    'POST /api/v1/institutions/:institution/exemptions/:id/approve',
    'POST /api/v1/institutions/:institution/exemptions/:id/refuse',
    'POST /api/v1/models/:id/:version/approve',
    'POST /api/v1/models/:id/:version/refuse',
  ],
  'admin ministry institution': [
    'DELETE /api/v1/institutions/:institution/workloads/:workload',
    'POST /api/v1/institutions/:institution/baselines',
    'POST /api/v1/institutions/:institution/baselines/:id/withdraw',
    'POST /api/v1/institutions/:institution/exemptions',
    'POST /api/v1/institutions/:institution/exemptions/:id/withdraw',
    'POST /api/v1/institutions/:institution/workloads/import',
    'PUT /api/v1/institutions/:institution/workloads/:workload',
  ],
  'ministry evaluator': [
    'POST /api/v1/institutions/:institution/declarations/:id/refuse',
    'POST /api/v1/institutions/:institution/declarations/:id/verify',
  ],
  evaluator: [
    'POST /api/v1/institutions/:institution/environments/:environment/disputes/:id/grant',
    'POST /api/v1/institutions/:institution/environments/:environment/disputes/:id/refuse',
  ],
  'admin ministry': [
    'POST /api/v1/policy/proposals',
    'POST /api/v1/policy/proposals/:id/withdraw',
    'POST /api/v1/cycles/:cycle/freeze',
    'POST /api/v1/cycles/:cycle/revisions',
    'POST /api/v1/models',
    'POST /api/v1/official/:cycle/import',
    'POST /api/v1/official/:cycle/withdraw',
    'POST /api/v1/programme/import',
    'POST /api/v1/publish/confirm',
    'page GET /official',
    'page GET /programme/import',
    'page POST /official',
    'page POST /programme/import',
  ],
  'admin institution': [
    'GET /api/v1/agents',
    'GET /api/v1/tokens',
    'POST /api/v1/agents/:agent/approve',
    'POST /api/v1/agents/:agent/release',
    'POST /api/v1/agents/:agent/release/withdraw',
    'POST /api/v1/agents/:agent/revoke',
    'POST /api/v1/institutions/:institution/declarations',
    'POST /api/v1/institutions/:institution/declarations/:id/withdraw',
    'POST /api/v1/institutions/:institution/environments/:environment/disputes',
    'POST /api/v1/institutions/:institution/environments/:environment/disputes/:id/withdraw',
    'POST /api/v1/institutions/:institution/environments/:environment/maintenance',
    'POST /api/v1/institutions/:institution/environments/:environment/maintenance/:id/shorten',
    'POST /api/v1/institutions/:institution/environments/:environment/maintenance/:id/withdraw',
    'POST /api/v1/tokens',
    'POST /api/v1/tokens/:id/end',
  ],
  admin: [
    'GET /api/v1/accounts',
    'GET /api/v1/hooks',
    'GET /api/v1/hooks/deliveries',
    'POST /api/v1/accounts',
    'POST /api/v1/accounts/:id',
    'POST /api/v1/accounts/:id/end',
    'POST /api/v1/accounts/:id/link',
    'POST /api/v1/hooks/:id/test',
    'page GET /accounts',
    'page POST /accounts',
  ],
}

/** One account of each role; the institution is `health`. */
const accounts: Readonly<Record<Role, string>> = {
  ...{ admin: 'amal', ministry: 'maryam', evaluator: 'nasser', institution: 'huda' },
  auditor: 'auditor',
}

const desk = openDeskForAll()
let routes: readonly RouteAccess[]

beforeAll(() => {
  // HEAD is answered wherever GET is, by the same route.
  routes = desk.collector.app.accessList.filter(({ method }) => method !== 'HEAD')
})

const language = /^\/(ar|en)(?=\/|$)/
const nameOf = ({ method, url }: RouteAccess) =>
  language.test(url)
    ? `page ${method} ${url.replace(language, '')}`.trim()
    : `${method} ${url.replace(/^\/assets\/.*/, '/assets/*')}`
const accessOf = ({ access }: RouteAccess) => [access].flat().join(' ')
/** In one language: the rows hold for both, and what is served differs in words only. */
const forPeople = () =>
  routes.filter(({ url, access }) => typeof access !== 'string' && !/^\/ar(\/|$)/.test(url))

/** Takes no body, and would end the walk. */
const endsSessions = ({ url }: RouteAccess) => url === '/api/v1/account/sessions/end'

/** An address of a route; what is in it is there, unless it is of an institution that is not. */
function addressOf({ url }: RouteAccess, institution: string): string {
  const query = url.endsWith('/sums') ? `?from=${start - 3_600_000}&to=${start}` : ''
  const values: Record<string, string> = {
    ...{ institution, environment: 'portal', cycle: '2027-04', revision: '0', version: '1' },
    ...{ id: '0123456789ab', agent: 'a-0', check: 'none', workload: 'mail', export: 'e-0' },
    model: 'om-infra',
  }
  return url.replace(/:(\w+)/g, (_all, name: string) => values[name]!).replace('*', 'x') + query
}

function ask(route: RouteAccess, who: string, institution = 'health') {
  const url = addressOf(route, institution)
  const headers: Record<string, string> = { cookie: `session=session-of-${who}` }
  const isForm = language.test(route.url) && route.method === 'POST'
  if (isForm) headers['content-type'] = 'application/x-www-form-urlencoded'
  // No body fits: what was let through does nothing.
  const payload = isForm ? 'why=walk' : route.method === 'GET' ? undefined : { walk: true }
  const method = route.method as 'GET'
  return desk.collector.app.inject({ url, method, headers, ...(payload && { payload }) })
}

test('every route has a row, and every row a route', () => {
  const known = Object.entries(rows).flatMap(([who, names]) => names.map((name) => [name, who]))
  const found = routes.map((route) => [nameOf(route), accessOf(route)].join(': '))
  expect([...new Set(found)].sort()).toEqual(known.map((row) => row.join(': ')).sort())
  const heads = desk.collector.app.accessList.filter(({ method, access }) => {
    return method === 'HEAD' && access !== 'public'
  })
  for (const head of heads) {
    const get = routes.find(({ method, url }) => method === 'GET' && url === head.url)
    expect([head.url, head.access]).toEqual([head.url, get?.access])
  }
})

test('a route that says nothing is refused when it is added', async () => {
  const guard = { sessions: noSessions, metricsToken: null }
  await using app = await buildApp({ logger: pino({ level: 'silent' }), version: '1', guard })
  expect(() => app.get('/api/v1/secret', async () => 'all')).toThrow('GET /api/v1/secret')
})

describe('a walk over all routes for people', () => {
  test('nobody is told to sign in', async () => {
    for (const route of forPeople()) {
      const { statusCode, headers } = await ask(route, 'nobody')
      const isPage = language.test(route.url)
      expect([nameOf(route), statusCode]).toEqual([nameOf(route), isPage ? 303 : 401])
      if (isPage) expect(headers.location).toBe('/login')
    }
  })

  test.each(roles)('%s gets through where its role stands, and nowhere else', async (role) => {
    for (const route of forPeople()) {
      const isMeant = route.access.includes(role)
      // What a page shows is seen below.
      if (isMeant && (language.test(route.url) || endsSessions(route))) continue
      const { statusCode, body } = await ask(route, accounts[role])
      const isRefused = statusCode === 401 || /not for your role|صلاحية غير كافية/i.test(body)
      expect([nameOf(route), isRefused, statusCode]).toEqual([
        nameOf(route),
        !isMeant,
        isMeant ? statusCode : 403,
      ])
      expect([nameOf(route), statusCode < 500]).toEqual([nameOf(route), true])
    }
  })

  test('only commands on the machine make ways in', async () => {
    for (const who of Object.values(accounts)) {
      const answer = await desk.as(who, '/api/v1/sign-in-links', {})
      expect([who, answer.status]).toEqual([who, 403])
    }
  })
})

describe('an institution', () => {
  test('is answered for a foreign one as for one that does not exist, everywhere', async () => {
    const own = forPeople().filter(({ url }) => url.includes(':institution'))
    expect(own.length).toBeGreaterThan(50)
    for (const route of own) {
      const foreign = await ask(route, 'huda', 'roads')
      const missing = await ask(route, 'huda', 'nobody')
      const told = foreign.body.replaceAll('roads', 'nobody')
      expect([nameOf(route), foreign.statusCode]).toEqual([nameOf(route), 404])
      expect([missing.statusCode, missing.body]).toEqual([404, told])
    }
  })

  test('finds no agent of a foreign one by a filter', async () => {
    const ids = ['roads', 'nobody']
    const asked = ids.map((id) => desk.as('huda', `/api/v1/agents?institution=${id}`))
    const [foreign, missing] = await Promise.all(asked)
    expect(foreign!.status).toBe(404)
    expect(foreign!.json()).toEqual(missing!.json())
  })

  test('reads nothing of its neighbour anywhere', async () => {
    const { clock, as, agentOf } = desk
    await agentOf('roads', { approval: true })
    await agentOf('health')
    const why = 'words of the neighbour'
    const from = clock.at + 100 * 3_600_000
    const url = '/api/v1/institutions/roads/environments/portal/maintenance'
    const asked = await as('rashid', url, { from, to: from + 3_600_000, why })
    expect(asked.status).toBe(201)
    await desk.collector.evaluate()
    const isNeighbour = /roads|words of the neighbour|rashid/
    const seen = async (who: string) => {
      const found: string[] = []
      for (const route of forPeople().filter(({ method }) => method === 'GET')) {
        // The people of the desk have sessions, and no accounts of their own.
        if (!route.access.includes('institution') || nameOf(route) === 'page GET /account') continue
        const { body, statusCode } = await ask(route, who)
        expect([nameOf(route), statusCode < 500]).toEqual([nameOf(route), true])
        if (isNeighbour.test(body)) found.push(`${nameOf(route)} ${isNeighbour.exec(body)![0]}`)
      }
      return found
    }
    expect(await seen('huda')).toEqual([])
    // The same walk finds it where it may be seen.
    expect(await seen('auditor')).not.toEqual([])
  })
})
