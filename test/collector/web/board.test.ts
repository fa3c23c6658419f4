import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { boardRoutes } from '../../../collector/http/board.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { samplePeople } from '../../support/sample-disputes.ts'
import { asOf } from '../../support/sample-figures.ts'
import { readySnapshot } from '../../support/sample-readiness.ts'
import { sampleSessions } from '../../support/sample-sessions.ts'
import { sampleViews } from '../../support/sample-views.ts'

const ministry: Account = { id: 'ministry-1', role: 'ministry' }
const owner: Account = { id: 'owner', role: 'institution', institution: 'water-authority' }

let app: FastifyInstance
async function board({ account = ministry, views = sampleViews() } = {}): Promise<void> {
  app = Fastify()
  const sessions = sampleSessions('code', 'secret', account)
  await app.register(boardRoutes(views, sessions, await samplePeople(), () => asOf))
}
afterEach(() => app.close())

const get = (url: string, headers: Record<string, string> = { cookie: 'session=secret' }) =>
  app.inject({ url, headers })
const post = (url: string, payload: string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url,
    payload,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      host: 'board.test',
      ...headers,
    },
  })

const environmentPath = '/institutions/services-authority/environments/portal'

describe('pages', () => {
  test.each([
    '',
    '/institutions/services-authority',
    environmentPath,
    `${environmentPath}/lost`,
    `${environmentPath}/checks/web-1/payment`,
    '/readiness',
    '/institutions/services-authority/readiness',
  ])('/ar%s and /en%s are served, safe and never kept', async (path) => {
    await board()
    for (const language of ['ar', 'en']) {
      const answer = await get(`/${language}${path}`)
      expect(answer.statusCode).toBe(200)
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
      expect(answer.headers['content-security-policy']).toBe(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; " +
          "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
          "frame-ancestors 'none'",
      )
      expect(answer.body).toContain(`<html lang="${language}"`)
      const other = language === 'ar' ? 'en' : 'ar'
      expect(answer.body).toContain(`href="/${other}${path}"`)
    }
  })

  test.each([
    '/institutions/nobody',
    '/institutions/nobody/readiness',
    '/institutions/__proto__/readiness',
    '/institutions/services-authority/environments/none',
    '/institutions/services-authority/environments/none/lost',
    `${environmentPath}/checks/web-1/none`,
    '/institutions/__proto__',
    '/elsewhere',
  ])('%s is not found, in the language of the address', async (path) => {
    await board()
    const answer = await get(`/ar${path}`)
    expect(answer.statusCode).toBe(404)
    expect(answer.body).toContain('الصفحة غير موجودة')
  })

  test('before the first snapshot every page says so', async () => {
    await board({ views: sampleViews(null) })
    const answer = await get('/en/institutions/services-authority')
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toContain('First figures in a moment')
  })

  test('an institution sees its own pages only', async () => {
    await board({ account: owner })
    expect((await get('/en')).statusCode).toBe(200)
    expect((await get('/en/institutions/water-authority')).statusCode).toBe(200)
    expect((await get('/en/institutions/services-authority')).statusCode).toBe(404)
    expect((await get(`/en${environmentPath}`)).statusCode).toBe(404)
    expect((await get(`/en${environmentPath}/lost`)).statusCode).toBe(404)
    expect((await get(`/en${environmentPath}/checks/web-1/payment`)).statusCode).toBe(404)
  })

  test('the readiness behind an institution is asked for by those who may see it, once', async () => {
    const asked: string[] = []
    const views = sampleViews(readySnapshot)
    const readiness: typeof views.readiness = (institution) => {
      asked.push(institution)
      return views.readiness(institution)
    }
    const water = '/en/institutions/water-authority/readiness'
    const services = '/en/institutions/services-authority/readiness'
    await board({ account: owner, views: { ...views, readiness } })
    expect((await get(services)).statusCode).toBe(404)
    expect((await get(water)).body).toContain('No readiness is computed')
    expect((await get('/en/readiness')).body).not.toContain('services-authority')
    expect(asked).toEqual(['water-authority'])
    await app.close()
    await board({ views: { ...views, readiness } })
    expect((await get(services)).body).toContain('71.65%')
    expect(asked).toEqual(['water-authority', 'services-authority'])
  })

  test('lost time is asked for by window and place; what the address says else is left out', async () => {
    const asked: unknown[] = []
    const views = sampleViews()
    const lost: typeof views.lost = (...place) => {
      asked.push(place)
      return views.lost(...place)
    }
    await board({ views: { ...views, lost } })
    for (const query of ['', '?window=7d&after=5', '?window=1y&after=-5', '?after=5&after=6']) {
      expect((await get(`/en${environmentPath}/lost${query}`)).statusCode).toBe(200)
    }
    const place = ['services-authority', 'portal']
    const latest = { order: 'newest', limit: 50, after: null }
    expect(asked).toEqual([
      [...place, { ...latest, window: 'cycle' }],
      [...place, { ...latest, window: '7d', after: 5 }],
      [...place, { ...latest, window: 'cycle' }],
      [...place, { ...latest, window: 'cycle' }],
    ])
  })

  test('a failure is told in the language of the reader, without its details', async () => {
    const views = sampleViews()
    await board({
      views: { ...views, environmentStrip: () => Promise.reject(new Error('secret')) },
    })
    const answer = await get(`/en${environmentPath}`, { cookie: 'session=secret; language=en' })
    expect(answer.statusCode).toBe(500)
    expect(answer.body).toContain('The page cannot be shown')
    expect(answer.body).not.toContain('Error')
  })
})

describe('the language', () => {
  test.each([
    ['', '', '/ar'],
    ['language=en', 'ar', '/en'],
    ['language=fr', 'en-US,en;q=0.9', '/en'],
    ['', 'fr-FR, en;q=0.5, ar;q=0.8', '/ar'],
    ['', 'fr', '/ar'],
    ['', 'en;q=0, *', '/ar'],
  ])('cookie %j and Accept-Language %j lead from / to %s', async (cookie, accept, to) => {
    await board()
    const answer = await get('/', { cookie, 'accept-language': accept })
    expect(answer.headers.location).toBe(to)
  })

  test('is remembered from the address', async () => {
    await board()
    const answer = await get('/en')
    expect(answer.headers['set-cookie']).toMatch(/^language=en; Path=\/; HttpOnly; SameSite=Lax/)
    const again = await get('/en', { cookie: 'session=secret; language=en' })
    expect(again.headers['set-cookie']).toBeUndefined()
  })
})

describe('signing in', () => {
  test.each([{}, { cookie: 'session=wrong' }, { cookie: `session=${'a'.repeat(5_000)}` }])(
    'is asked of whoever has no session: %o',
    async (headers) => {
      await board()
      const answer = await get('/ar/institutions/services-authority', headers as never)
      expect(answer.statusCode).toBe(303)
      expect(answer.headers.location).toBe('/login')
      expect(answer.body).not.toContain('services')
    },
  )

  test('works once with a code', async () => {
    await board()
    const answer = await post('/login', 'code=code')
    expect(answer.statusCode).toBe(303)
    expect(answer.headers.location).toBe('/')
    expect(answer.headers['set-cookie']).toBe('session=secret; Path=/; HttpOnly; SameSite=Strict')
    expect((await post('/login', 'code=code')).statusCode).toBe(401)
  })

  test.each(['code=wrong', '', 'other=code', 'code='])('fails with %j', async (form) => {
    await board()
    const answer = await post('/login', form, { 'accept-language': 'en' })
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.body).toContain('The code is wrong, already used or expired.')
  })

  test('marks its cookie secure on https', async () => {
    app = Fastify({ trustProxy: true })
    const sessions = sampleSessions('code', 'secret', ministry)
    await app.register(boardRoutes(sampleViews(), sessions, await samplePeople(), () => asOf))
    const answer = await post('/login', 'code=code', { 'x-forwarded-proto': 'https' })
    expect(answer.headers['set-cookie']).toMatch(/^__Host-session=secret; Path=\/; .*; Secure$/)
    const over = (protocol: string, name: string) => {
      const headers = { 'x-forwarded-proto': protocol, cookie: `${name}=secret` }
      return app.inject({ url: '/ar', headers }).then(({ statusCode }) => statusCode)
    }
    expect(await over('https', '__Host-session')).toBe(200)
    expect(await over('https', 'session')).toBe(303)
    expect(await over('http', '__Host-session')).toBe(303)
  })

  test('ends with signing out', async () => {
    await board()
    const answer = await post('/logout', '', { cookie: 'session=secret' })
    expect(answer.headers.location).toBe('/login')
    expect(answer.headers['set-cookie']).toMatch(/^session=; .*Max-Age=0$/)
    expect((await get('/ar')).statusCode).toBe(303)
  })
})

describe('forms', () => {
  test.each(['https://evil.test', 'null', 'https://board.test.evil.test', 'garbage'])(
    'from %s are refused',
    async (origin) => {
      await board()
      for (const url of ['/login', '/logout']) {
        const answer = await post(url, 'code=code', { origin, cookie: 'session=secret' })
        expect(answer.statusCode).toBe(403)
        expect(answer.headers['set-cookie']).toBeUndefined()
      }
      expect((await get('/ar')).statusCode).toBe(200)
    },
  )

  test('of our own are accepted', async () => {
    await board()
    const answer = await post('/login', 'code=code', { origin: 'http://board.test' })
    expect(answer.statusCode).toBe(303)
  })

  test.each([
    ['too long', 'application/x-www-form-urlencoded', `code=${'a'.repeat(4_096)}`, 413],
    ['of another type', 'application/json', '{"code":"code"}', 415],
    ['of no type', 'garbage', 'code=code', 415],
  ])('that are %s are refused with a page', async (_name, type, form, status) => {
    await board()
    const answer = await post('/login', form, { 'content-type': type, 'accept-language': 'en' })
    expect(answer.statusCode).toBe(status)
    expect(answer.body).toContain('Request not accepted')
  })
})

test('assets are named by their content and kept for ever', async () => {
  await board()
  const { body } = await get('/ar')
  const urls = [...body.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, url]) => url ?? '')
  expect(urls).toHaveLength(5)
  for (const url of urls) {
    const asset = await get(url, {})
    expect(asset.statusCode).toBe(200)
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  }
  const style = await get(urls.find((url) => url.endsWith('.css')) ?? '', {})
  const fonts = [...style.body.matchAll(/url\("([^"]+)"\)/g)].map(([, url]) => url ?? '')
  expect(fonts).toHaveLength(4)
  for (const font of fonts) {
    expect((await get(font, {})).headers['content-type']).toBe('font/woff2')
  }
  expect((await get('/assets/../board.ts', {})).statusCode).toBe(404)
})
