import { describe, expect, test } from 'vitest'
import type { InboxView } from '../../../collector/people/inbox.ts'
import { hourMs } from '../../../protocol/time.ts'
import { openDeskForAll, start } from '../../support/desk.ts'
import { reads } from '../../support/sample-pages.ts'

const desk = openDeskForAll()
const { as, agentOf } = desk
const portal = '/api/v1/institutions/health/environments/portal'
const why = 'agreed by telephone'

const inbox = async (who: string): Promise<InboxView> =>
  (await as(who, '/api/v1/inbox')).json() as InboxView
const kinds = async (who: string) => (await inbox(who)).waiting.map(({ kind }) => kind)

async function ask(what: string, hours: number, more: object = {}): Promise<{ id: string }> {
  const span = { from: start + hours * hourMs, to: start + (hours + 2) * hourMs }
  const answer = await as('huda', `${portal}/${what}`, { ...span, why, ...more })
  expect(answer.status).toBe(201)
  return answer.json()
}

describe('an inbox', () => {
  test('holds what waits for each, the oldest first, and what became of it', async () => {
    expect((await as('nobody', '/api/v1/inbox')).status).toBe(401)
    const { agent } = await agentOf('health', { approval: true })
    desk.clock.at += hourMs
    const { id } = await ask('maintenance', 72)

    const place = { institution: 'health', environment: 'portal' }
    const path = '/institutions/health/environments/portal'
    expect((await inbox('maryam')).waiting).toEqual([
      {
        ...{ kind: 'maintenance', id, ...place, path: `${path}#${id}` },
        ...{ since: start + hourMs, by: 'huda', due: start + 72 * hourMs },
      },
    ])
    expect(await inbox('amal')).toMatchObject({
      waiting: [
        { kind: 'pending-agent', id: agent, ...place, since: start, by: null },
        { kind: 'maintenance' },
      ],
      ...{ waitingCount: 2, asked: [] },
    })
    expect(await kinds('evaluator')).toEqual(['maintenance'])
    // Who asked decides nothing, but approves its own agents; a neighbour is told nothing.
    expect(await kinds('huda')).toEqual(['pending-agent'])
    for (const who of ['rashid', 'auditor']) {
      expect(await inbox(who), who).toEqual({ waiting: [], waitingCount: 0, asked: [] })
    }
    expect((await inbox('huda')).asked).toMatchObject([{ id, state: 'waiting', decision: null }])
    expect((await inbox('salim')).asked).toEqual([])

    await as('maryam', `${portal}/maintenance/${id}/approve`, { why })
    expect(await kinds('maryam')).toEqual([])
    expect((await inbox('huda')).asked).toMatchObject([
      { id, state: 'approved', decision: { is: 'approved', by: 'maryam', role: 'ministry', why } },
    ])
  })

  test('says of what nobody decided in time that it lapsed', async () => {
    const { id } = await ask('maintenance', 80)
    desk.clock.at = start + 81 * hourMs
    expect(await kinds('maryam')).toEqual([])
    const { asked } = await inbox('huda')
    expect(asked.find((each) => each.id === id)).toMatchObject({ state: 'lapsed', decision: null })
  })

  test.each([
    ['ar', 'الوارد', 'طلب صيانة مجدولة', 'معتمد'],
    ['en', 'Inbox', 'Maintenance', 'Approved'],
  ])('is a page in %s', async (language, title, kind, state) => {
    const { id } = await ask('maintenance', language === 'ar' ? 90 : 100)
    const page = async (who: string) => {
      const url = `/${language}/inbox`
      const answer = await desk.collector.app.inject({ url, headers: { cookie: desk.cookie(who) } })
      expect(answer.statusCode).toBe(200)
      return answer.body
    }
    const waiting = await page('maryam')
    expect(reads(waiting)).toContain(title)
    expect(waiting).toContain(
      `<a href="/${language}/institutions/health/environments/portal#${id}">${kind}`,
    )
    await as('maryam', `${portal}/maintenance/${id}/approve`, { why })
    const own = reads(await page('huda'))
    expect(own).toContain(state)
    expect(own).toContain(why)
  })
})
