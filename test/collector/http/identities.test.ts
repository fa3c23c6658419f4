import { describe, expect, test } from 'vitest'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { generateKey } from '../../../protocol/jws.ts'
import { rejoinCode } from '../../../protocol/possession.ts'
import { openDeskForAll } from '../../support/desk.ts'

const desk = openDeskForAll()
const { as, tokenOf, agentOf, agentsFor } = desk
const why = 'agreed by telephone'

describe('who may', () => {
  /** What each of them is answered: by an admin, its institution, another one, others, nobody. */
  const routes: [string, number, () => Promise<[string, object?]>][] = [
    ['GET tokens', 200, async () => ['/api/v1/tokens']],
    [
      'make a token',
      201,
      async () => ['/api/v1/tokens', { institution: 'health', environment: 'portal' }],
    ],
    ['end a token', 200, async () => [`/api/v1/tokens/${(await tokenOf()).id}/end`, { why }]],
    ['GET agents', 200, async () => ['/api/v1/agents?institution=health']],
    [
      'approve',
      200,
      async () => [
        `/api/v1/agents/${(await agentOf('health', { approval: true })).agent}/approve`,
        { why },
      ],
    ],
    ['revoke', 200, async () => [`/api/v1/agents/${(await agentOf()).agent}/revoke`, { why }]],
    [
      'ask for a release',
      200,
      async () => {
        const { agent, code } = await lockedAgent()
        return [`/api/v1/agents/${agent}/release`, { why, code }]
      },
    ],
    [
      'withdraw a release',
      200,
      async () => [`/api/v1/agents/${(await askedRelease()).agent}/release/withdraw`, { why }],
    ],
  ]

  test.each(routes)('%s', async (name, done, prepare) => {
    for (const who of ['amal', 'huda']) {
      const [url, body] = await prepare()
      expect([who, (await as(who, url, body)).status]).toEqual([who, done])
    }
    const [url, body] = await prepare()
    const foreign = await as('rashid', url, body)
    expect(foreign.status).toBe(name === 'GET tokens' ? 200 : 404)
    for (const who of ['maryam', 'evaluator', 'auditor']) {
      expect([who, (await as(who, url, body)).status]).toEqual([who, 403])
    }
    expect((await as('nobody', url, body)).status).toBe(401)
    // What was refused to others was not done.
    expect((await as('amal', url, body)).status).toBe(done)
  })

  test('an institution sees its own alone', async () => {
    await agentOf('health')
    await agentOf('roads')
    await tokenOf('roads')
    const owners = async (who: string) => {
      const { tokens } = (await as(who, '/api/v1/tokens')).json() as {
        tokens: { institution: string }[]
      }
      return new Set([...(await agentsFor(who)), ...tokens].map((each) => each.institution))
    }
    expect(await owners('huda')).toEqual(new Set(['health']))
    expect(await owners('rashid')).toEqual(new Set(['roads']))
    expect(await owners('amal')).toEqual(new Set(['health', 'roads']))
  })

  test('a foreign id answers like one that does not exist', async () => {
    const { agent } = await agentOf('roads')
    const { id } = await tokenOf('roads')
    for (const path of ['approve', 'revoke', 'release']) {
      const body = path === 'release' ? { why, code: '0000-0000-0000' } : { why }
      const foreign = await as('huda', `/api/v1/agents/${agent}/${path}`, body)
      const missing = await as('huda', `/api/v1/agents/a-0000/${path}`, body)
      expect([foreign.status, foreign.json()]).toEqual([404, missing.json()])
    }
    const foreign = await as('huda', `/api/v1/tokens/${id}/end`, { why })
    const missing = await as('huda', '/api/v1/tokens/000000000000/end', { why })
    expect([foreign.status, foreign.json()]).toEqual([404, missing.json()])
  })
})

async function lockedAgent(): Promise<{ agent: string; code: string }> {
  const host = await agentOf()
  await host.send(host.batch([]))
  const copy = host.copy()
  await host.send(host.batch([]))
  await copy.send(copy.batch([], { window: { from: 0, to: 7 } }))
  const next = generateKey()
  await host.rejoin(next)
  return { agent: host.agent, code: rejoinCode(next.publicKey) }
}

/** The same, of which `who` asked that it may go on. */
async function askedRelease(who = 'huda'): Promise<{ agent: string; code: string }> {
  const locked = await lockedAgent()
  const { agent, code } = locked
  const asked = await as(who, `/api/v1/agents/${agent}/release`, { why, code })
  expect([asked.status, asked.json()]).toMatchObject([200, { state: 'open', requestedBy: who }])
  return locked
}

describe('a release', () => {
  const say = (who: string, agent: string, act: string, code: string) =>
    as(who, `/api/v1/agents/${agent}/release/${act}`, act === 'withdraw' ? { why } : { why, code })
  const statusOf = async (id: string) =>
    (await agentsFor('amal')).find(({ agent }) => agent === id)?.status
  const rule = ({ json }: { json(): unknown }) => (json() as { rule?: string }).rule

  test.each([
    ['amal', 'amal', 403, 'second_person'],
    ['amal', 'maryam', 200, undefined],
    ['huda', 'huda', 403, 'role'],
    ['huda', 'salim', 403, 'role'],
    ['huda', 'rashid', 403, 'role'],
    ['huda', 'auditor', 403, 'role'],
    ['huda', 'amal', 200, undefined],
    ['huda', 'maryam', 200, undefined],
    ['huda', 'nasser', 200, undefined],
    ['huda', 'nobody', 401, undefined],
  ])('asked for by %s and approved by %s: %i', async (asker, who, status, why) => {
    const { agent, code } = await askedRelease(asker)
    const answer = await say(who, agent, 'approve', code)
    expect([answer.status, why && rule(answer)]).toEqual([status, why && expect.anything()])
    expect(await statusOf(agent)).toBe(status === 200 ? 'active' : 'quarantined')
    const about = (await actsAbout(agent)).slice(-2).map(({ what }) => what.split('/')[2])
    expect(about).toEqual(status === 200 ? ['release', 'key'] : ['status', 'release'])
  })

  test.each([
    ['two approvals', ['maryam', 'approve'], ['nasser', 'approve']],
    ['an approval and a refusal', ['maryam', 'approve'], ['nasser', 'refuse']],
    ['an approval by one person twice', ['nasser', 'approve'], ['nasser', 'approve']],
    ['an approval and a withdrawal', ['nasser', 'approve'], ['huda', 'withdraw']],
  ] as const)('of %s at one moment one counts', async (_name, one, other) => {
    const { agent, code } = await askedRelease()
    const both = await Promise.all([one, other].map(([who, act]) => say(who, agent, act, code)))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const about = (await actsAbout(agent)).map(({ what }) => what.split('/')[2])
    expect(about.filter((each) => each === 'release')).toHaveLength(2)
    expect(about.filter((each) => each === 'key').length).toBeLessThanOrEqual(1)
  })

  test('approved with another code than was asked for is refused', async () => {
    const { agent } = await askedRelease()
    const answer = await say('nasser', agent, 'approve', '0000-0000-0000')
    expect([answer.status, await statusOf(agent)]).toEqual([409, 'quarantined'])
  })

  test.each(['refuse', 'withdraw'])('may be asked for again after: %s', async (act) => {
    const { agent, code } = await askedRelease()
    const again = () => as('amal', `/api/v1/agents/${agent}/release`, { why, code })
    expect((await again()).status).toBe(409)
    expect((await say(act === 'refuse' ? 'nasser' : 'huda', agent, act, code)).status).toBe(200)
    expect((await say('nasser', agent, 'approve', code)).status).toBe(409)
    expect((await again()).status).toBe(200)
    expect((await say('nasser', agent, 'approve', code)).status).toBe(200)
    expect(await statusOf(agent)).toBe('active')
  })

  test('of an agent that is shut out meanwhile lapses', async () => {
    const { agent, code } = await askedRelease()
    await as('amal', `/api/v1/agents/${agent}/revoke`, { why })
    expect((await say('nasser', agent, 'approve', code)).status).toBe(409)
    const { releases } = (await as('nasser', '/api/v1/releases?state=lapsed')).json() as {
      releases: { agent: string }[]
    }
    expect(releases.map((each) => each.agent)).toContain(agent)
  })

  test('is seen by its institution and by who decides, and by no neighbour', async () => {
    const { agent } = await askedRelease()
    const seenBy = async (who: string) => {
      type Answer = { releases: { agent: string }[] }
      const { releases } = (await as(who, '/api/v1/releases?state=open')).json() as Answer
      return releases.some((each) => each.agent === agent)
    }
    const seen = await Promise.all(['huda', 'salim', 'nasser', 'auditor', 'rashid'].map(seenBy))
    expect(seen).toEqual([true, true, true, true, false])
  })

  test('waits in the inbox of who may decide, and its agent in nobody’s any more', async () => {
    const { agent } = await askedRelease()
    const kinds = async (who: string) => {
      type Answer = { waiting: { kind: string; id: string }[] }
      const { waiting } = (await as(who, '/api/v1/inbox')).json() as Answer
      return waiting.filter(({ id }) => id === agent).map(({ kind }) => kind)
    }
    const found = await Promise.all(['nasser', 'amal', 'huda', 'auditor'].map(kinds))
    expect(found).toEqual([['release'], ['release'], [], []])
  })
})

describe('decisions', () => {
  test.each([
    ['approve', 'pending', 200, 'active'],
    ['approve', 'active', 200, 'active'],
    ['approve', 'quarantined', 409, 'quarantined'],
    ['approve', 'revoked', 409, 'revoked'],
    ['revoke', 'pending', 200, 'revoked'],
    ['revoke', 'active', 200, 'revoked'],
    ['revoke', 'quarantined', 200, 'revoked'],
    ['revoke', 'revoked', 200, 'revoked'],
    ['release', 'pending', 409, 'pending'],
    ['release', 'active', 409, 'active'],
    ['release', 'quarantined', 200, 'quarantined'],
    ['release', 'revoked', 409, 'revoked'],
  ])('%s of an agent that is %s: %i, then %s', async (act, before, status, after) => {
    const { agent, code } = await agentThatIs(before)
    const body = act === 'release' ? { why, code } : { why }
    const answer = await as('amal', `/api/v1/agents/${agent}/${act}`, body)
    expect(answer.status).toBe(status)
    const found = (await agentsFor('amal')).find((each) => each.agent === agent)
    expect(found?.status).toBe(after)
  })

  test('the same again writes nothing more', async () => {
    const { agent } = await agentOf('health', { approval: true })
    const acts = async () => (await actsAbout(agent)).length
    const counts: number[] = []
    for (const act of ['approve', 'approve', 'revoke', 'revoke']) {
      await as('amal', `/api/v1/agents/${agent}/${act}`, { why })
      counts.push(await acts())
    }
    expect(counts).toEqual([2, 2, 3, 3])
  })

  test('the log says who decided, in which role, and why', async () => {
    const { agent } = await agentOf()
    await as('huda', `/api/v1/agents/${agent}/revoke`, { why: 'الخادم أُخرج من الخدمة' })
    expect((await actsAbout(agent)).at(-1)).toMatchObject({
      ...{ actor: 'huda', role: 'institution', why: 'الخادم أُخرج من الخدمة' },
      ...{ what: `agent/${agent}/status`, before: 'active', after: 'revoked' },
    })
  })

  async function agentThatIs(status: string): Promise<{ agent: string; code: string }> {
    if (status === 'quarantined') return lockedAgent()
    const host = await agentOf('health', { approval: status === 'pending' })
    if (status === 'revoked') await as('amal', `/api/v1/agents/${host.agent}/revoke`, { why })
    return { agent: host.agent, code: '0000-0000-0000' }
  }
})

async function actsAbout(agent: string): Promise<{ what: string }[]> {
  const reader = sqliteReader(desk.file('collector.db'))
  const entries = await reader.entries()
  await reader.close()
  return entries.filter(({ what }) => what.startsWith(`agent/${agent}`))
}

describe('input', () => {
  test.each([
    ['no reason', {}],
    ['a short one', { why: 'ab' }],
    ['one of spaces', { why: '     ' }],
    ['spaces around it', { why: ' because ' }],
    ['a long one', { why: 'a'.repeat(301) }],
    ['a line break', { why: 'one\ntwo' }],
    ['a hidden direction', { why: 'one \u202E two' }],
    ['half a character', { why: 'one \uD800 two' }],
    ['a number', { why: 12_345 }],
    ['something else with it', { why, force: true }],
  ])('a decision with %s is refused', async (_name, body) => {
    const { agent } = await agentOf()
    const answer = await as('amal', `/api/v1/agents/${agent}/revoke`, body)
    expect(answer.status).toBe(400)
    expect((await actsAbout(agent)).length).toBe(1)
  })

  test.each([
    ['?status=gone'],
    ['?status=active&status=revoked'],
    ['?institution=A%20B'],
    ['?limit=5'],
  ])('a question for agents %s is refused', async (query) => {
    expect((await as('amal', `/api/v1/agents${query}`)).status).toBe(400)
  })
})

test('the API page lists all of it, with a summary each', async () => {
  const answer = await desk.collector.app.inject('/api/docs/json')
  const { paths } = answer.json() as { paths: Record<string, Record<string, { summary: string }>> }
  const operations = [
    ['/api/v1/agents', 'get'],
    ['/api/v1/agents/{agent}/approve', 'post'],
    ['/api/v1/agents/{agent}/revoke', 'post'],
    ['/api/v1/agents/{agent}/release', 'post'],
    ['/api/v1/agents/{agent}/release/approve', 'post'],
    ['/api/v1/agents/{agent}/release/refuse', 'post'],
    ['/api/v1/agents/{agent}/release/withdraw', 'post'],
    ['/api/v1/releases', 'get'],
    ['/api/v1/tokens', 'get'],
    ['/api/v1/tokens', 'post'],
    ['/api/v1/tokens/{id}/end', 'post'],
  ] as const
  for (const [path, method] of operations) {
    expect(paths[path]?.[method]?.summary, path).toMatch(/\w{3}/)
  }
})
