import { describe, expect, test } from 'vitest'
import { hourMs } from '../../../protocol/time.ts'
import { type Made, openDeskForAll, start } from '../../support/desk.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const desk = openDeskForAll()
const { clock, as, tokenOf } = desk
const why = 'agreed by telephone'

describe('tokens', () => {
  test('are good once and for a day unless somebody says otherwise', async () => {
    const made = (
      await as('huda', '/api/v1/tokens', {
        ...{ institution: 'health', environment: 'portal' },
      })
    ).json() as Made & { expiresAt: number }
    const { tokens } = (await as('huda', '/api/v1/tokens')).json() as { tokens: object[] }
    expect(tokens).toContainEqual({
      ...{ id: made.id, institution: 'health', environment: 'portal', state: 'open' },
      ...{ expiresAt: start + 24 * hourMs, usesMax: 1, uses: 0 },
      ...{ subnets: null, approval: false, endedAt: null },
    })
    expect(JSON.stringify(tokens)).not.toContain(made.token)
  })

  test('say what became of them', async () => {
    const ended = await tokenOf()
    const used = await tokenOf('health', { usesMax: 1, lifeHours: 72 })
    const expired = await tokenOf('health', { lifeHours: 1 })
    await new WireAgent(desk.collector.app, start).enrol(used.token, 'web-1')
    await as('amal', `/api/v1/tokens/${ended.id}/end`, { why })
    clock.at += 2 * hourMs
    const { tokens } = (await as('amal', '/api/v1/tokens')).json() as {
      tokens: { id: string; state: string }[]
    }
    const states = new Map(tokens.map(({ id, state }) => [id, state]))
    const own = [ended, used, expired].map(({ id }) => states.get(id))
    expect(own).toEqual(['ended', 'used', 'expired'])
  })

  test('that ended keep the moment and the reason of the first time', async () => {
    const { id } = await tokenOf()
    const first = (await as('amal', `/api/v1/tokens/${id}/end`, { why })).json()
    clock.at += hourMs
    const again = await as('amal', `/api/v1/tokens/${id}/end`, { why: 'something else' })
    expect(again.json()).toEqual(first)
  })

  test.each<[string, object]>([
    ['an address', { subnets: ['192.0.2.1'] }],
    ['too many bits', { subnets: ['192.0.2.0/33'] }],
    ['bits with a zero before', { subnets: ['192.0.2.0/08'] }],
    ['too many bits of IPv6', { subnets: ['2001:db8::/129'] }],
    ['a zone', { subnets: ['fe80::1%eth0/64'] }],
    ['a name', { subnets: ['health.example/24'] }],
    ['a right one and a wrong one', { subnets: ['10.0.0.0/8', '10.0.0.0/8/8'] }],
    ['none at all', { subnets: [] }],
    ['21 of them', { subnets: Array(21).fill('10.0.0.0/8') }],
    ['501 hosts', { usesMax: 501 }],
    ['no host', { usesMax: 0 }],
    ['73 hours', { lifeHours: 73 }],
    ['approval as a text', { approval: 'yes' }],
  ])('a token for %s is refused, and nothing of it repeated', async (_name, more) => {
    const before = (await as('amal', '/api/v1/tokens')).json()
    const asked = { institution: 'health', environment: 'portal', ...more }
    const answer = await as('amal', '/api/v1/tokens', asked)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.json())).not.toMatch(/%eth0|health\.example/)
    expect((await as('amal', '/api/v1/tokens')).json()).toEqual(before)
  })
})

describe('witnesses', () => {
  test('join by a token of an admin alone, and are among the agents', async () => {
    const place = { institution: 'national', environment: 'witness' }
    for (const who of ['huda', 'maryam', 'auditor']) {
      expect((await as(who, '/api/v1/tokens', place)).status).not.toBe(201)
    }
    const made = (await as('amal', '/api/v1/tokens', place)).json() as Made
    const host = new WireAgent(desk.collector.app, start)
    const answer = (await host.enrol(made.token, 'north')).json() as object
    expect(answer).toMatchObject({ ...place, log: { id: 'national' } })
    const found = (await desk.agentsFor('amal', '?institution=national')).map(({ name }) => name)
    expect(found).toEqual(['north'])
    expect((await desk.agentsFor('huda')).map(({ name }) => name)).not.toContain('north')
  })

  test.each([
    { institution: 'national', environment: 'portal' },
    { institution: 'health', environment: 'witness' },
  ])('there is no other place of theirs: %o', async (place) => {
    expect((await as('amal', '/api/v1/tokens', place)).status).toBe(404)
  })
})
