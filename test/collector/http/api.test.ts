import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'

let folder: ReturnType<typeof temporaryFolder>
let collector: Awaited<ReturnType<typeof openTestCollector>>
let cookie: string

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, new TestClock(Date.parse('2026-11-21T12:00Z')))
  cookie = await collector.cookie()
})

afterAll(async () => {
  await collector.close()
  folder[Symbol.dispose]()
})

function get(url: string, headers: Record<string, string> = { cookie }) {
  return collector.app.inject({ url, headers })
}

function makeToken(payload: object | string, headers: Record<string, string> = {}) {
  const all = { cookie, 'content-type': 'application/json', ...headers }
  return collector.app.inject({ method: 'POST', url: '/api/v1/tokens', headers: all, payload })
}

const grant = { institution: 'local', environment: 'this-machine', usesMax: 1, lifeHours: 1 }

describe('figures', () => {
  test('nation and institutions, with what they rest on', async () => {
    const kpis = (await get('/api/v1/kpis')).json()
    expect(kpis).toMatchObject({
      engine: '0.1.0',
      timezone: 'Asia/Muscat',
      simulated: false,
      target: { ratio: 0.95, percent: '95.00' },
      cycle: { id: '2027-04', name: 'april' },
      nation: { targets: 1, reporting: 0, stage: 'being_set_up' },
    })
    const { institutions } = (await get('/api/v1/institutions')).json()
    expect(institutions).toEqual([expect.objectContaining({ id: 'local', target: true })])
    expect(institutions[0]).not.toHaveProperty('environments')
    const { institution } = (await get('/api/v1/institutions/local')).json()
    expect(institution.environments[0]).toMatchObject({ id: 'this-machine', state: 'unknown' })
  })

  test.each([
    ['/api/v1/institutions/nobody', 404, 'not_found'],
    ['/api/v1/institutions/..%2f..%2fetc', 400, 'schema'],
    ['/api/v1/nothing', 404, 'not_found'],
  ])('%s answers %i %s', async (url, status, code) => {
    const answer = await get(url)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  })

  test.each(['/api/v1/kpis', '/api/v1/institutions', '/api/v1/institutions/local'])(
    '%s is not for strangers',
    async (url) => {
      for (const headers of [{}, { cookie: 'session=x' }, { authorization: 'Bearer x' }]) {
        const answer = await get(url, headers)
        expect([answer.statusCode, answer.json().code]).toEqual([401, 'auth'])
      }
    },
  )

  test('a program may carry its session in a header', async () => {
    const bearer = { authorization: `Bearer ${cookie.split('=')[1]}` }
    expect((await get('/api/v1/kpis', bearer)).statusCode).toBe(200)
  })
})

describe('tokens', () => {
  test('an admin makes one for an environment of the register', async () => {
    const answer = await makeToken(grant)
    expect(answer.statusCode).toBe(201)
    expect(answer.json().token).toMatch(/^[\w-]{43}$/)
  })

  test.each<[string, object | string, number, string]>([
    ['an environment that is not registered', { ...grant, environment: 'other' }, 404, 'not_found'],
    ['a life that is too long', { ...grant, lifeHours: 73 }, 400, 'schema'],
    ['a number as text', { ...grant, usesMax: '1' }, 400, 'schema'],
    ['a field too many', { ...grant, admin: true }, 400, 'schema'],
    ['a key twice', '{"usesMax":1,"usesMax":500}', 400, 'duplicate_key'],
    ['a prototype', '{"__proto__":{"usesMax":1}}', 400, 'schema'],
    ['half a text', '{"usesMax":', 400, 'syntax'],
    ['depth', '['.repeat(50_000), 400, 'depth'],
    ['a size', `"${'a'.repeat(300_000)}"`, 413, 'too_large'],
  ])('refused: %s', async (_name, payload, status, code) => {
    const answer = await makeToken(payload)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  })

  test.each([
    ['text/plain', 415],
    ['application/json garbage', 415],
    ['\tfoo', 415],
  ])('a body of type %j is refused', async (type, status) => {
    const answer = await makeToken(JSON.stringify(grant), { 'content-type': type })
    expect(answer.statusCode).toBe(status)
  })

  test("another site's page cannot make one in an admin's name", async () => {
    const answer = await makeToken(grant, { origin: 'https://evil.example' })
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'forbidden'])
  })
})

test('health, readiness, API page', async () => {
  expect((await get('/healthz', {})).json()).toEqual({ status: 'ok' })
  expect((await get('/readyz', {})).statusCode).toBe(200)
  const { paths } = (await get('/api/docs/json', {})).json()
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/api/v1/kpis', '/api/v1/institutions', '/api/v1/tokens', '/metrics']),
  )
  expect(Object.keys(paths).filter((path) => path.startsWith('/v1/'))).toEqual([])
  expect((await get('/api/docs/static/index.html', {})).body).not.toMatch(/https?:\/\//)
})
