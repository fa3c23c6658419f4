import { beforeAll, describe, expect, test } from 'vitest'
import { documentationPath, type RouteAccess } from '../../../collector/http/access.ts'
import { openDeskForAll } from '../../support/desk.ts'

const desk = openDeskForAll()
let routes: readonly RouteAccess[]

beforeAll(async () => {
  await desk.collector.evaluate()
  // In one language, and not what agents ask, nor the library's pages of the API's documentation.
  routes = desk.collector.app.accessList.filter(({ method, url, access }) => {
    return (
      method !== 'HEAD' &&
      !/^\/ar(\/|$)/.test(url) &&
      access !== 'agent' &&
      !url.startsWith(documentationPath)
    )
  })
})

const form = 'application/x-www-form-urlencoded'
const isForm = ({ url }: RouteAccess) => !url.startsWith('/api/') && !url.startsWith('/v1/')
const nameOf = ({ method, url }: RouteAccess) => `${method} ${url}`

/** An address of a route with something in place of each of its parameters. */
const addressOf = ({ url }: RouteAccess, value: string) =>
  url.replaceAll(/:\w+/g, value).replace('*', value)

function send(route: RouteAccess, url: string, headers: Record<string, string> = {}) {
  const method = route.method as 'GET'
  const hasBody = method !== 'GET' && method !== ('DELETE' as string)
  const type = isForm(route) ? form : 'application/json'
  return desk.collector.app.inject({
    ...{ method, url },
    headers: {
      ...{ cookie: desk.cookie('amal'), host: 'board.test' },
      ...(hasBody && { 'content-type': type }),
      ...headers,
    },
    ...(hasBody && { payload: isForm(route) ? 'why=attack' : '{}' }),
  })
}

describe('a form of another site', () => {
  const foreign: readonly [string, Record<string, string>][] = [
    ['of another origin', { origin: 'https://evil.test' }],
    ['of no origin that it may name', { origin: 'null' }],
    ['of another port', { origin: 'http://board.test:8443' }],
    ['of a neighbour, without an origin', { 'sec-fetch-site': 'same-site' }],
    ['with a foreign referer only', { referer: 'https://evil.test/board.test' }],
    ['of a browser that says nothing', { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' }],
  ]
  test.each(foreign)('%s is refused by every route that changes something', async (_, headers) => {
    const changing = routes.filter(({ method, access }) => {
      return method !== 'GET' && access !== 'metrics' && access !== 'commands'
    })
    expect(changing.filter(isForm).length).toBeGreaterThan(12)
    for (const route of changing) {
      const { statusCode } = await send(route, addressOf(route, 'health'), headers)
      expect([nameOf(route), statusCode]).toEqual([nameOf(route), 403])
    }
    // Nobody was signed out by any of them.
    expect((await desk.as('amal', '/api/v1/acts')).status).toBe(200)
  })
})

describe('an address', () => {
  const values: readonly [string, string][] = [
    ['of the folder above', '..%2f'],
    ['that climbs', '..%2f..%2f..%2fetc%2fpasswd'],
    ['that climbs, encoded twice', '%252e%252e%252fetc%252fpasswd'],
    ['that climbs on Windows', '..%5c..%5cwindows%5cwin.ini'],
    ['with a null byte', 'a%00.gz'],
    ['with a mark of direction', '%E2%80%AEabc'],
    ['with markup', '%3Cimg%20src=x%20onerror=alert(1)%3E'],
    ['that is endless', 'a'.repeat(4_000)],
    ['that is no text', '%ff%fe'],
    ['of what every object has', '__proto__'],
  ]
  test.each(values)('%s leads nowhere', async (_name, value) => {
    const withPlaces = routes.filter(({ url, method }) => /[:*]/.test(url) && method !== 'POST')
    expect(withPlaces.length).toBeGreaterThan(40)
    for (const route of withPlaces) {
      const { statusCode, body } = await send(route, addressOf(route, value))
      const isRefused = [400, 403, 404, 405, 414].includes(statusCode)
      expect([nameOf(route), statusCode, isRefused]).toEqual([nameOf(route), statusCode, true])
      expect(body).not.toMatch(/root:|\[fonts\]|<img src=x|\u202e/)
    }
  })

  const filters = [
    'log',
    'actor',
    'role',
    'kind',
    'from',
    'to',
    'text',
    'before',
    'limit',
    'window',
  ]
  const queries: readonly [string, string][] = [
    ['a huge one', filters.map((name) => `${name}=${'9'.repeat(1_000)}`).join('&')],
    ['a thousand', Array.from({ length: 1_000 }, (_all, i) => `f${i}=1`).join('&')],
    ['the same again and again', filters.map((name) => `${name}=a&${name}=b`).join('&')],
    ['of what every object has', '__proto__=1&constructor=1&toString=1&__proto__[x]=1'],
    ['broken', '%ff=%ff&from=%&text=%E2%80%AE%00'],
  ]
  test.each(queries)('with filters: %s, is answered at once, or refused', async (_name, query) => {
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      const started = performance.now()
      const { statusCode } = await send(route, `${addressOf(route, 'health')}?${query}`)
      const tookMs = performance.now() - started
      expect([nameOf(route), statusCode < 500]).toEqual([nameOf(route), true])
      // A page takes some tens; what grows with the filter would take far more.
      expect([nameOf(route), tookMs < 20_000]).toEqual([nameOf(route), true])
    }
  })
})

describe('hidden characters', () => {
  const hidden = ['\u202egnihton', '\u2066nothing', 'no\u200bthing', 'nothing\u0000', 'no\nthing']
  test.each(hidden)('are refused in whys, labels and names: %j', async (text) => {
    const from = desk.clock.at + 100 * 3_600_000
    const own = '/api/v1/institutions/health'
    const asked: readonly [string, object][] = [
      [`${own}/environments/portal/maintenance`, { from, to: from + 3_600_000, why: text }],
      ['/api/v1/api-tokens', { label: text, scope: 'read', lifeDays: 9 }],
    ]
    for (const [url, body] of asked) {
      expect([url, (await desk.as('huda', url, body)).status]).toEqual([url, 400])
    }
    const account = { id: 'hidden', role: 'auditor', why: text }
    expect((await desk.as('amal', '/api/v1/accounts', account)).status).toBe(400)
    const workload = await desk.collector.app.inject({
      method: 'PUT',
      url: `${own}/workloads/hidden`,
      headers: { cookie: desk.cookie('huda') },
      payload: { name: { ar: `نظام ${text}`, en: text }, why: 'the inventory' },
    })
    expect(workload.statusCode).toBe(400)
  })
})
