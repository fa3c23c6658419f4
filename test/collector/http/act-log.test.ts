import { describe, expect, test } from 'vitest'
import { leafHash } from '../../../protocol/merkle.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { openDeskForAll, start } from '../../support/desk.ts'
import { reads } from '../../support/sample-pages.ts'

const desk = openDeskForAll()
const { as } = desk
const portal = '/api/v1/institutions/health/environments/portal'

type Act = { log: string; leaf: number; actor: string; kind: string; what: string; why: string }
type Answer = { acts: Act[]; next: number | null }

const acts = async (who: string, query = ''): Promise<Answer> => {
  const answer = await as(who, `/api/v1/acts${query}`)
  expect([answer.status, query], JSON.stringify(answer.json())).toEqual([200, query])
  return answer.json()
}
const raw = (who: string, url: string) =>
  desk.collector.app.inject({ url, headers: { cookie: desk.cookie(who) } })

let hours = 72
async function ask(why: string): Promise<string> {
  hours += 4
  const span = { from: start + hours * hourMs, to: start + (hours + 2) * hourMs }
  const answer = await as('huda', `${portal}/maintenance`, { ...span, why })
  expect(answer.status).toBe(201)
  return (answer.json() as { id: string }).id
}

describe('acts', () => {
  test('are told newest first, with leaf and what they were before and after', async () => {
    const id = await ask('new storage')
    await as('maryam', `${portal}/maintenance/${id}/approve`, { why: 'agreed' })
    const { acts: all } = await acts('auditor', '?kind=maintenance')
    const what = `institution/health/environment/portal/maintenance/${id}`
    expect(all.slice(0, 2)).toMatchObject([
      {
        ...{ log: 'health', actor: 'maryam', role: 'ministry', kind: 'maintenance', what },
        ...{ why: 'agreed', at: start, before: { decision: null } },
        after: { decision: { is: 'approved', by: 'maryam' } },
      },
      { actor: 'huda', role: 'institution', why: 'new storage', before: null },
    ])
    expect(all[0]!.leaf).toBe(all[1]!.leaf + 1)
  })

  test('are told page by page, none twice and none left out', async () => {
    for (const why of ['one', 'two', 'three']) await ask(`page ${why}`)
    const { acts: all } = await acts('amal', '?limit=200')
    const seen: Act[] = []
    let next: number | null = null
    do {
      const more: string = next === null ? '' : `&before=${next}`
      const answer: Answer = await acts('amal', `?limit=3${more}`)
      expect(answer.acts.length).toBeLessThanOrEqual(3)
      seen.push(...answer.acts)
      next = answer.next
    } while (next !== null)
    expect(seen).toEqual(all)
  })

  test('of its own log alone are an institution\u2019s to see', async () => {
    await ask('own log')
    const { acts: own } = await acts('huda', '?limit=200')
    expect(own.length).toBeGreaterThan(0)
    expect(new Set(own.map(({ log }) => log))).toEqual(new Set(['health']))
    expect((await acts('rashid', '?text=own log')).acts).toEqual([])
    expect((await acts('maryam', '?log=national&kind=policy')).acts.length).toBeGreaterThan(0)
    const missing = await as('huda', '/api/v1/acts?log=nobody-knows')
    for (const url of ['/api/v1/acts?log=roads', '/api/v1/acts.csv?log=roads']) {
      const foreign = await as('huda', url)
      expect([foreign.status, foreign.json()]).toEqual([404, missing.json()])
    }
    expect((await raw('huda', '/en/log?log=roads')).statusCode).toBe(404)
    expect((await as('nobody', '/api/v1/acts')).status).toBe(401)
  })

  test.each([
    ['?actor=huda&text=FILTERED', 1],
    ['?actor=salim&text=filtered', 0],
    ['?role=institution&text=filtered', 1],
    ['?role=ministry&text=filtered', 0],
    ['?kind=dispute&text=filtered', 0],
    ['?log=health&text=filtered', 1],
    ['?text=filtered&from=2026-11-21', 1],
    ['?text=filtered&to=2026-11-21', 1],
    ['?text=filtered&from=2026-11-22', 0],
    ['?text=filtered&to=2026-11-20', 0],
    ['?text=filtered&from=2026-11-21T12:00:00Z&to=2026-11-21T12:00:01Z', 1],
    ['?text=filtered&to=2026-11-21T16:00:00%2B04:00', 0],
    ['?text=&actor=&text=filtered'.replace('text=&', ''), 1],
  ])('that fit %s are %d', async (query, n) => {
    if ((await acts('amal', '?text=filtered')).acts.length === 0) await ask('to be filtered')
    expect((await acts('amal', query)).acts).toHaveLength(n)
  })

  test('are refused for what cannot be asked, with all of it named and none of it echoed', async () => {
    const query = '?log=A%20b&actor=%00&role=king&kind=none&from=yesterday&to=2026-02-30&limit=999'
    const answer = await as('amal', `/api/v1/acts${query}`)
    expect(answer.status).toBe(400)
    const { message } = answer.json() as { message: string }
    for (const field of ['log', 'actor', 'role', 'kind', 'from', 'to', 'limit']) {
      expect(message).toContain(`${field}: must be`)
    }
    expect(message).not.toMatch(/king|yesterday|999/)
    const isLate = await as('amal', '/api/v1/acts?from=2026-11-22&to=2026-11-21')
    expect((isLate.json() as { message: string }).message).toContain('after "from"')
    expect((await as('amal', `/api/v1/acts?text=${'x'.repeat(401)}`)).status).toBe(400)
    expect((await as('amal', '/api/v1/acts?unknown=1')).status).toBe(400)
    expect((await raw('amal', `/en/log${query}`)).statusCode).toBe(200)
  })
})

describe('a file of acts', () => {
  test('holds them as they stand in the log, and is an act itself', async () => {
    await ask('=HYPERLINK("http://x")')
    const answer = await raw('auditor', '/api/v1/acts.jsonl?log=health&kind=maintenance')
    expect(answer.headers['content-disposition']).toBe('attachment; filename="acts.jsonl"')
    const lines = answer.body.trimEnd().split('\n')
    const shown = (await acts('auditor', '?log=health&kind=maintenance&limit=200')).acts
    expect(lines).toHaveLength(shown.length)
    for (const line of lines) {
      const { hash, entry } = JSON.parse(line) as { hash: string; entry: object }
      const bytes = line.slice(line.indexOf('"entry":') + '"entry":'.length, -1)
      expect(leafHash(Buffer.from(bytes)).toString('hex')).toBe(hash)
      expect(entry).toMatchObject({ kind: 'act' })
    }
    const csv = await raw('huda', '/api/v1/acts.csv?text=HYPERLINK')
    expect(csv.headers['content-type']).toMatch(/^text\/csv/)
    expect(csv.body.split('\r\n')[1]).toContain(`"'=HYPERLINK(""http://x"")"`)
    const { acts: taken } = await acts('auditor', '?kind=access&text=export')
    expect(taken).toMatchObject([
      {
        ...{ log: 'health', actor: 'huda', what: 'access/huda/export' },
        after: { what: 'acts', format: 'csv', institution: 'health' },
      },
      {
        ...{ log: 'national', actor: 'auditor', what: 'access/auditor/export' },
        after: { what: 'acts', format: 'jsonl', institution: 'health' },
      },
    ])
  })
})

describe('the page', () => {
  test.each([
    ['ar', 'سجل الإجراءات', 'صيانة مجدولة', 'ما تغير'],
    ['en', 'Log of acts', 'Maintenance', 'What changed'],
  ])('tells in %s who did what and what changed', async (language, title, kind, changed) => {
    await ask('for the page')
    const answer = await raw('auditor', `/${language}/log?kind=maintenance&text=page`)
    const page = reads(answer.body)
    for (const text of [title, kind, changed, 'for the page', 'huda', 'requestedBy']) {
      expect(page).toContain(text)
    }
    expect(answer.body).toContain('/api/v1/acts.csv?kind=maintenance&amp;text=page')
  })

  test('leads to older acts, and keeps what was asked for', async () => {
    const ids: string[] = []
    for (let i = 0; i < 51; i++) ids.push((await desk.tokenOf()).id)
    const first = (await raw('huda', '/en/log?kind=token&actor=local-admin')).body
    const older = /rel="next" href="([^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&')
    expect(older).toMatch(/^\/en\/log\?actor=local-admin&kind=token&before=\d+$/)
    const second = reads((await raw('huda', older!)).body)
    expect([first.includes(ids[0]!), first.includes(ids[1]!)]).toEqual([false, true])
    expect([second.includes(ids[0]!), second.includes(ids[1]!)]).toEqual([true, false])
    expect(second).toContain('Newest acts')
  })

  test('names a value that is not valid, and shows the rest without it', async () => {
    const { body, statusCode } = await raw('amal', '/en/log?from=soon&kind=policy')
    expect(statusCode).toBe(200)
    expect(reads(body)).toContain('Not valid, so left out: From day')
    expect(body).not.toContain('acts.csv?from')
  })
})

describe('access', () => {
  test('of people who come in is an act; a refused one is none', async () => {
    const before = (await acts('amal', '?text=log-in')).acts.length
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const logIn = async (code: string) => {
      const payload = new URLSearchParams({ code }).toString()
      const sent = { method: 'POST', url: '/login', payload, headers } as const
      return (await desk.collector.app.inject(sent)).statusCode
    }
    expect(await logIn(desk.collector.issueLoginCode())).toBe(303)
    expect(await logIn('wrong')).toBe(401)
    const { acts: all } = await acts('amal', '?text=log-in')
    expect(all.length).toBe(before + 1)
    expect(all[0]).toMatchObject({
      ...{ actor: 'local-admin', kind: 'access', what: 'access/local-admin/log-in' },
      ...{ log: 'national', after: { via: 'link' } },
    })
  })

  test('of auditors tells what they read, one act for a quarter of an hour', async () => {
    await desk.collector.noteReads(true)
    const seen = (await acts('amal', '?text=/read')).acts.length
    await raw('auditor', '/en/institutions/health?x=secret')
    await raw('auditor', '/ar/institutions/health')
    await raw('auditor', '/en/institutions/nobody-knows')
    await raw('maryam', '/en/institutions/roads')
    await raw('auditor', '/api/v1/cycles')
    desk.clock.at += 14 * minuteMs
    await desk.collector.noteReads()
    expect((await acts('amal', '?text=/read')).acts).toHaveLength(seen)
    desk.clock.at += minuteMs
    await desk.collector.noteReads()
    const { acts: all } = await acts('amal', '?text=/read')
    expect(all).toHaveLength(seen + 1)
    expect(all[0]).toMatchObject({
      ...{ log: 'national', what: 'access/auditor/read' },
      after: {
        ...{ from: start, to: start + 15 * minuteMs, more: 0 },
        places: { '/institutions/health': 2, '/api/v1/cycles': 1 },
      },
    })
  })
})
