import { beforeAll, describe, expect, test } from 'vitest'
import { version } from '../../../collector/version.ts'
import { parseCheckpoint } from '../../../protocol/checkpoint.ts'
import { generateKey, parseJws } from '../../../protocol/jws.ts'
import { rejoinCode } from '../../../protocol/possession.ts'
import type { Receipt } from '../../../protocol/receipt.ts'
import { dayMs, hourMs } from '../../../protocol/time.ts'
import { openDeskForAll, start } from '../../support/desk.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const desk = openDeskForAll()
const { as, agentOf, tokenOf } = desk
const place = { institution: 'health', environment: 'portal' }
const agents = '/institutions/health/agents'
const host = 'board.example'

let board: ReturnType<typeof open>

/** Pages and forms as the desk's people use them. */
function open() {
  const cookieOf = (id: string) => `session=session-of-${id}`
  const get = (who: string, path: string) =>
    desk.collector.app.inject({ url: path, headers: { cookie: cookieOf(who), host } })
  const send = (who: string, path: string, fields: Record<string, string>) =>
    desk.collector.app.inject({
      ...{ method: 'POST', url: path, payload: new URLSearchParams(fields).toString() },
      headers: {
        ...{ 'content-type': 'application/x-www-form-urlencoded', cookie: cookieOf(who), host },
      },
    })
  return { get, send }
}
beforeAll(() => {
  board = open()
})

/** The text of a page, without its markup. */
const reads = (body: string) =>
  body
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ')

const ask = { act: 'token', environment: 'portal', uses: '2', hours: '3' }

/** The lines to paste that a page shows. */
const linesOf = (body: string, system: 'linux' | 'join' | 'windows') =>
  new RegExp(`id="paste-${system}"[^>]*>([^<]*)<`)
    .exec(body)?.[1]
    ?.replaceAll('&#39;', "'")
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&') ?? ''

describe('the home of an institution', () => {
  test('is in both languages what its people begin with, and nobody else’s', async () => {
    const member = await agentOf()
    const id = member.agent
    for (const [language, words] of [
      ['en', ['Receipts', 'Install the agent', 'Maintenance asked for', 'Disputes']],
      ['ar', ['إيصالات الاستلام', 'تركيب برنامج الرصد', 'صيانة مطلوبة', 'اعتراضات']],
    ] as const) {
      const { statusCode, body } = await board.get('huda', `/${language}/home`)
      expect(statusCode).toBe(200)
      for (const each of words) expect(reads(body)).toContain(each)
      expect(body).toContain(`/${language}${agents}`)
    }
    expect((await board.get('maryam', '/en/home')).body).not.toContain(agents)
    expect((await board.get('rashid', '/en/home')).body).not.toContain(id)
  })

  test('tells what was asked for and is due, and which agents need somebody', async () => {
    const from = start + 10 * dayMs
    const asked = { from, to: from + hourMs, why: 'a newer database' }
    await as('huda', '/api/v1/institutions/health/environments/portal/maintenance', asked)
    const waiting = await agentOf('health', { approval: true })
    const { body } = await board.get('huda', '/en/home')
    expect(reads(body)).toMatch(/Maintenance asked for or to come .{0,80}Waiting for approval/)
    expect(body).toContain(`${agents}#${waiting.agent}`)
    expect(reads(body)).toContain('Nothing it measures counts before it is approved.')
  })

  test('shows the leaf and the hash that the newest receipt of an agent names', async () => {
    const member = await agentOf()
    const sends = [
      () => member.send(member.batch([])),
      () => member.send(member.batch([])),
      () => member.declareLost(1),
      () => member.send(member.batch([])),
    ]
    const receipts: Receipt[] = []
    for (const send of sends) {
      const { text } = await send()
      receipts.push(JSON.parse(parseJws(text).payload.toString()) as Receipt)
      const { leaf, batch } = receipts.at(-1)!
      const { body } = await board.get('huda', '/en/home')
      expect(reads(body)).toMatch(new RegExp(` ${leaf} .{0,60}${batch}`))
      expect(receipts.filter((each) => body.includes(each.batch))).toHaveLength(1)
      expect((await board.get('maryam', '/en/home')).body).not.toContain(batch)
    }
  })

  test('leads to the newest checkpoint of its log, as the verifier reads it', async () => {
    await agentOf()
    desk.clock.at += 2 * hourMs
    await desk.collector.keepLogs()
    const { body } = await board.get('huda', '/en/home')
    const address = /href="(\/api\/v1\/checkpoints\/[^"]+)"/.exec(body)?.[1] ?? ''
    const answer = await board.get('huda', address)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="checkpoint-health-/,
    )
    expect(parseCheckpoint(answer.body)).toMatchObject({ log: 'health' })
    const foreign = await board.get('rashid', address)
    const missing = await board.get('rashid', '/api/v1/checkpoints/nobody')
    expect([foreign.statusCode, foreign.body]).toEqual([404, missing.body])
    expect((await board.get('auditor', address)).body).toBe(answer.body)
  })
})

describe('a token of the board', () => {
  test('stands once in the lines to paste, and lets a host join', async () => {
    const { statusCode, body } = await board.send('huda', '/en/home', ask)
    expect(statusCode).toBe(200)
    expect(linesOf(body, 'linux').split('\n')).toEqual([
      `apt install -y ./istimrar-agent_${version}-1_amd64.deb`,
      'istimrar-agent init --collector http://board.example',
    ])
    const [, token = ''] = /printf '%s\\n' '([\w-]{43})' > token/.exec(linesOf(body, 'join')) ?? []
    expect(linesOf(body, 'windows')).toContain(`-Value '${token}'`)
    expect(body).toContain('role="alert"')
    const member = new WireAgent(desk.collector.app, start)
    expect((await member.enrol(token, 'pasted')).status).toBe(200)
    const pages = ['/en/home', `/en${agents}`, `/ar${agents}`]
    for (const page of pages) expect((await board.get('huda', page)).body).not.toContain(token)
    expect(JSON.stringify((await as('amal', '/api/v1/tokens')).json())).not.toContain(token)
  })

  test('has the caps that were asked for', async () => {
    const subnets = '192.0.2.0/24, 2001:db8::/32'
    const sent = { ...ask, uses: '40', hours: '72', subnets, approval: 'yes' }
    const { body } = await board.send('amal', `/en${agents}`, sent)
    const [, id = ''] = /Token <code dir="ltr">([0-9a-f]{12})/.exec(body) ?? []
    const { tokens } = (await as('amal', '/api/v1/tokens')).json() as { tokens: { id: string }[] }
    expect(tokens.find((each) => each.id === id)).toMatchObject({
      ...{ ...place, state: 'open', usesMax: 40, expiresAt: start + 72 * hourMs },
      ...{ subnets: ['192.0.2.0/24', '2001:db8::/32'], approval: true },
    })
  })

  test('is refused with all that is wrong, and what was typed stays', async () => {
    const before = (await as('amal', '/api/v1/tokens')).json()
    const wrong = { uses: '501', hours: '0', subnets: '"><b>', environment: '' }
    for (const [language, words] of [
      ['en', ['Hosts: a whole number from 1', 'Good for: a whole', 'Networks: at most', 'choose']],
      ['ar', ['عدد الخوادم: عدد صحيح', 'مدة الصلاحية: عدد', 'الشبكات: حتى 20', 'يلزم اختيار بيئة']],
    ] as const) {
      const answer = await board.send('huda', `/${language}/home`, { ...ask, ...wrong })
      expect(answer.statusCode).toBe(422)
      for (const each of words) expect(reads(answer.body)).toContain(each)
      expect(answer.body).toContain('value="&quot;&gt;&lt;b&gt;"')
    }
    for (const [name, value] of Object.entries({
      ...{ uses: '1.5', hours: '1e1', environment: 'elsewhere' },
      subnets: Array(21).fill('10.0.0.0/8').join(' '),
    })) {
      const answer = await board.send('huda', '/en/home', { ...ask, [name]: value })
      expect([name, answer.statusCode]).toEqual([name, 422])
    }
    expect((await as('amal', '/api/v1/tokens')).json()).toEqual(before)
  })

  test('ends on the page of the agents', async () => {
    const { id } = await tokenOf()
    const end = { act: 'end', id, why: 'made by mistake' }
    const foreign = await board.send('rashid', '/en/institutions/roads/agents', end)
    expect(foreign.statusCode).toBe(422)
    const done = await board.send('huda', `/en${agents}`, end)
    expect([done.statusCode, done.headers.location]).toEqual([303, `/en${agents}#tokens`])
    expect(reads((await board.get('huda', `/en${agents}`)).body)).toMatch(
      new RegExp(`${id} .{0,60}Ended`),
    )
  })
})

describe('the agents of an institution', () => {
  const statusOf = async (agent: string) =>
    (await desk.agentsFor('amal')).find((each) => each.agent === agent)?.status

  test.each([
    ['huda', 200, true],
    ['amal', 200, true],
    ['maryam', 200, false],
    ['auditor', 200, false],
    ['rashid', 404, false],
  ])('for %s: %i, with forms: %s', async (who, status, forms) => {
    const member = await agentOf()
    const { statusCode, body } = await board.get(who, `/en${agents}`)
    expect([statusCode, body.includes(`id="decide-${member.agent}"`)]).toEqual([status, forms])
    expect([body.includes('id="tokens"'), body.includes('id="install"')]).toEqual([forms, forms])
  })

  test('are let in and shut out', async () => {
    const { agent } = await agentOf('health', { approval: true })
    for (const [act, then] of [
      ['approve', 'active'],
      ['revoke', 'revoked'],
    ] as const) {
      const done = await board.send('huda', `/en${agents}`, { act, id: agent, why: 'our host' })
      expect([done.statusCode, done.headers.location]).toEqual([303, `/en${agents}#agents`])
      expect(await statusOf(agent)).toBe(then)
    }
    const late = await board.send('huda', `/en${agents}`, {
      act: 'approve',
      id: agent,
      why: 'ours',
    })
    expect([late.statusCode, reads(late.body)]).toEqual([
      422,
      expect.stringContaining('no longer in a state'),
    ])
  })

  test('go on after a quarantine with the code of the host only', async () => {
    const { agent, code } = await lockedAgent()
    const { body } = await board.get('huda', `/en${agents}`)
    expect(reads(body)).toMatch(/istimrar-agent rejoin .{0,80}Requests to go on: 1/)
    expect(body).not.toContain(code)
    const release = { act: 'release', id: agent, why: 'the right one' }
    for (const wrong of ['0000-0000-0000', 'x', '']) {
      const answer = await board.send('huda', `/en${agents}`, { ...release, code: wrong })
      expect([answer.statusCode, reads(answer.body)]).toEqual([
        422,
        expect.stringContaining('Code: three groups'),
      ])
      expect(answer.body).toContain(`<details id="decide-${agent}" open>`)
    }
    expect(await statusOf(agent)).toBe('quarantined')
    await board.send('huda', `/en${agents}`, { ...release, code: code.toUpperCase() })
    expect(await statusOf(agent)).toBe('quarantined')
    expect(reads((await board.get('huda', `/en${agents}`)).body)).toContain('Withdraw the request')
    const approve = { act: 'approve-release', id: agent, why: 'as the host says', code }
    expect((await board.send('huda', `/en${agents}`, approve)).statusCode).toBe(422)
    const asked = reads((await board.get('maryam', `/en${agents}`)).body)
    expect(asked).toMatch(`Release asked for with the code ${code}`)
    expect(asked).toContain('Approve the release')
    await board.send('maryam', `/en${agents}`, approve)
    expect(await statusOf(agent)).toBe('active')
  })

  test.each([
    ['of another institution', { id: 'foreign' }, 'no such agent'],
    ['that is none', { id: 'a-0' }, 'no such agent'],
    ['without a reason', { why: '' }, 'Give a reason'],
    ['for another act', { act: 'promote' }, 'nothing has changed'],
  ])('a decision %s is refused', async (_name, more, words) => {
    const own = await agentOf('health', { approval: true })
    const foreign = await agentOf('roads', { approval: true })
    const sent = { act: 'approve', id: own.agent, why: 'our host', ...more }
    const id = sent.id === 'foreign' ? foreign.agent : sent.id
    const answer = await board.send('huda', `/en${agents}`, { ...sent, id })
    expect([answer.statusCode, reads(answer.body)]).toEqual([422, expect.stringContaining(words)])
    expect([await statusOf(own.agent), await statusOf(foreign.agent)]).toEqual([
      'pending',
      'pending',
    ])
  })

  test('are decided about by nobody who may not', async () => {
    const { agent } = await agentOf('health', { approval: true })
    const act = { act: 'approve', id: agent, why: 'our host' }
    expect((await board.send('maryam', `/en${agents}`, act)).statusCode).toBe(422)
    expect((await board.send('auditor', `/en${agents}`, ask)).statusCode).toBe(422)
    expect((await board.send('rashid', `/en${agents}`, act)).statusCode).toBe(404)
    expect(await statusOf(agent)).toBe('pending')
  })
})

/** An agent that is locked, and the code of the key with which it asks to go on. */
async function lockedAgent(): Promise<{ agent: string; code: string }> {
  const member = await agentOf()
  await member.send(member.batch([]))
  const copy = member.copy()
  await member.send(member.batch([]))
  await copy.send(copy.batch([], { window: { from: 0, to: 7 } }))
  const next = generateKey()
  await member.rejoin(next)
  return { agent: member.agent, code: rejoinCode(next.publicKey) }
}
