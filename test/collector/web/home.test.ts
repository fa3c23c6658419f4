import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { boardRoutes } from '../../../collector/http/board.ts'
import { type Homes, homePart } from '../../../collector/http/pages-home.ts'
import { type Account, type Role, roles } from '../../../collector/people/accounts.ts'
import { samplePeople } from '../../support/sample-disputes.ts'
import { asOf } from '../../support/sample-figures.ts'
import { sampleSessions } from '../../support/sample-sessions.ts'
import { sampleViews } from '../../support/sample-views.ts'

const accountOf = (role: Role): Account =>
  role === 'institution' ? { id: 'one', role, institution: 'water-authority' } : { id: 'one', role }

let app: FastifyInstance
async function board(role: Role, homes: Homes = {}): Promise<void> {
  app = Fastify()
  const sessions = sampleSessions('code', 'secret', accountOf(role))
  const people = await samplePeople()
  const parts = [homePart(homes)]
  await app.register(boardRoutes(sampleViews(), sessions, people, () => asOf, null, null, parts))
}
afterEach(() => app.close())

const cookie = 'session=secret'
const get = (url: string) => app.inject({ url, headers: { cookie } })

describe('a home', () => {
  test.each(roles)('is there for %s in both languages, and is where / leads to', async (role) => {
    await board(role)
    const headers = { cookie: `${cookie}; language=en` }
    expect((await app.inject({ url: '/', headers })).headers.location).toBe('/en/home')
    expect((await get('/ar/home')).body).toContain('<h1>الصفحة الرئيسية</h1>')
    expect((await get('/en/home')).body).toContain('<h1>Home</h1>')
  })

  test('of an institution that the register does not name is the one of everybody', async () => {
    await board('institution', { institution: { page: async () => null } })
    const answer = await get('/en/home')
    expect([answer.statusCode, answer.body.includes('<h1>Home</h1>')]).toEqual([200, true])
  })

  test('is nobody’s without a session', async () => {
    await board('ministry')
    expect((await app.inject({ url: '/' })).headers.location).toBe('/ar')
    expect((await app.inject({ url: '/en/home' })).headers.location).toBe('/login')
  })

  test('of a role that has its own is that one, and so is what takes its forms', async () => {
    const sent: string[] = []
    const form: NonNullable<Homes['auditor']>['form'] = async (_account, _place, _shown, body) => {
      sent.push(body.get('a') ?? '')
      return '#done'
    }
    const homes = { auditor: { page: async () => 'of auditors', form } }
    const submit = () =>
      app.inject({
        ...{ method: 'POST', url: '/en/home', payload: 'a=b' },
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
      })
    await board('auditor', homes)
    expect((await get('/en/home')).body).toBe('of auditors')
    expect((await submit()).headers.location).toBe('/en/home#done')
    await app.close()
    await board('ministry', homes)
    expect((await get('/en/home')).body).not.toBe('of auditors')
    expect((await submit()).headers.location).toBe('/en/home')
    expect(sent).toEqual(['b'])
  })
})
