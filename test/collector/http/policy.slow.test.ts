import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readDeclared } from '../../../collector/register/files.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import {
  exampleFiles,
  openTestCollector,
  TestClock,
  type TestCollector,
  textOf,
} from '../../support/collector.ts'
import { cookiesOf, start } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

type Proposal = { id: string; state: string; requestedBy: string; changes: { name: string }[] }

const clock = new TestClock(start)
const why = 'as the committee agreed'
const base = '/api/v1/policy/proposals'
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let cookies: ReadonlyMap<string, string>
let registerFile: string

beforeAll(async () => {
  folder = temporaryFolder()
  registerFile = twoInstitutions(folder.path)
  collector = await openTestCollector(folder.path, clock, registerFile)
  cookies = await cookiesOf(collector)
})
afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

/** The example with another notice for maintenance, in hours. */
const policyWith = (hours: number) =>
  textOf(exampleFiles.policy).replace(/(maintenanceNoticeHours:\s+value:) \d+/, `$1 ${hours}`)

const as = (who: string, url: string, body?: object) =>
  collector.ask(url, body, cookies.get(who) ?? 'session=nobody')
const say = (who: string, id: string, act: string) => as(who, `${base}/${id}/${act}`, { why })

async function proposed(who: string, hours: number): Promise<string> {
  const answer = await as(who, base, { text: policyWith(hours), why })
  expect([answer.status, answer.json()]).toMatchObject([201, { state: 'open', requestedBy: who }])
  return (answer.json() as Proposal).id
}

async function proposals(): Promise<Proposal[]> {
  return ((await as('auditor', base)).json() as { proposals: Proposal[] }).proposals
}

const stateOf = async (id: string) => (await proposals()).find((each) => each.id === id)?.state

async function entriesAbout(part: string) {
  const reader = sqliteReader(folder.file('collector.db'))
  const entries = await reader.entries()
  await reader.close()
  return entries.filter(({ what }) => what.startsWith(part))
}

/** The notice for maintenance as entries of the log set it, one after another. */
const notices = async () =>
  (await entriesAbout('policy/maintenanceNoticeHours')).map(
    ({ after }) => (after as { value: number }).value,
  )

let hours = 60
/** Another value than any before. */
const fresh = () => ++hours

/** Starts anew with a file, as a restart of the service does. */
async function restart(policy: string): Promise<void> {
  await collector.close()
  writeFileSync(folder.file('policy.yaml'), policy)
  const declared = readDeclared(registerFile, folder.file('policy.yaml'), clock.now())
  collector = await openTestCollector(folder.path, clock, registerFile, { declared })
}

describe('who may', () => {
  test.each([
    ['amal', 'amal', 403],
    ['amal', 'maryam', 200],
    ['maryam', 'amal', 200],
    ['maryam', 'nasser', 200],
    ['maryam', 'maryam', 403],
    ['maryam', 'huda', 403],
    ['maryam', 'auditor', 403],
    ['maryam', 'nobody', 401],
  ])('proposed by %s and approved by %s: %i', async (asker, who, status) => {
    const before = await notices()
    const value = fresh()
    const id = await proposed(asker, value)
    expect((await say(who, id, 'approve')).status).toBe(status)
    expect(await notices()).toEqual(status === 200 ? [...before, value] : before)
    if (status !== 200) expect((await say('evaluator', id, 'refuse')).status).toBe(200)
  })

  test.each(['nasser', 'huda', 'auditor'])('%s proposes nothing', async (who) => {
    expect((await as(who, base, { text: policyWith(fresh()), why })).status).toBe(403)
  })

  test('only whoever proposed takes it back', async () => {
    const id = await proposed('amal', fresh())
    expect((await say('maryam', id, 'withdraw')).status).toBe(403)
    expect((await say('amal', id, 'withdraw')).status).toBe(200)
    expect((await say('maryam', id, 'approve')).status).toBe(409)
  })
})

describe('a proposal', () => {
  test.each([
    ['two approvals', 'approve', 'approve'],
    ['an approval and a refusal', 'approve', 'refuse'],
  ])('of %s at one moment one counts', async (_name, one, other) => {
    const id = await proposed('amal', fresh())
    const before = (await notices()).length
    const both = await Promise.all([say('maryam', id, one), say('nasser', id, other)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const decided = (await entriesAbout(`policy-change/${id}`)).slice(1)
    expect(decided).toHaveLength(1)
    const isApproved = (await stateOf(id)) === 'approved'
    expect((await notices()).length).toBe(before + Number(isApproved))
  })

  test('holds from its approval at the earliest, or later as it says', async () => {
    const later = clock.at + 3_600_000
    for (const [asked, holds] of [
      [undefined, () => clock.at],
      [later, () => later],
    ] as const) {
      const body = { text: policyWith(fresh()), why, ...(asked && { effectiveFrom: asked }) }
      const { id } = (await as('amal', base, body)).json() as Proposal
      clock.at += 60_000
      await say('maryam', id, 'approve')
      const last = (await entriesAbout('policy/')).at(-1)
      expect(last).toMatchObject({ actor: 'maryam', why, effectiveFrom: holds() })
    }
    const past = { text: policyWith(fresh()), why, effectiveFrom: clock.at - 1 }
    expect((await as('amal', base, past)).status).toBe(409)
    clock.at = later
  })

  test('is outdated once another change came first', async () => {
    const [first, second] = [await proposed('amal', fresh()), await proposed('amal', fresh())]
    await say('maryam', second, 'approve')
    expect(await stateOf(first)).toBe('outdated')
    expect((await say('maryam', first, 'approve')).status).toBe(409)
    expect((await say('maryam', first, 'refuse')).status).toBe(200)
  })

  test('is refused with all that is wrong, and where nothing would change', async () => {
    const wrong = policyWith(fresh()).replace('value: 0.95', 'value: 95').replace('Asia/', 'Asia-')
    const answer = await as('amal', base, { text: wrong, why })
    expect(answer.status).toBe(400)
    const { problems } = answer.json() as { problems: { path: string }[] }
    expect(problems.map(({ path }) => path).join()).toContain('continuityTargetRatio')
    const same = policyWith((await notices()).at(-1)!)
    expect((await as('amal', base, { text: same, why })).status).toBe(409)
    const value = fresh()
    const id = await proposed('amal', value)
    expect((await as('maryam', base, { text: policyWith(value), why })).status).toBe(409)
    await say('maryam', id, 'refuse')
  })

  test('waits in the inbox of who may decide, and says what became of it', async () => {
    const id = await proposed('amal', fresh())
    type Inbox = { waiting: { id: string; kind: string }[]; asked: { id: string; state: string }[] }
    const inbox = async (who: string) => (await as(who, '/api/v1/inbox')).json() as Inbox
    const waits = async (who: string) => (await inbox(who)).waiting.some((each) => each.id === id)
    const found = await Promise.all(['maryam', 'nasser', 'amal', 'huda'].map(waits))
    expect(found).toEqual([true, true, false, false])
    await say('nasser', id, 'refuse')
    const mine = (await inbox('amal')).asked.find((each) => each.id === id)
    expect(mine).toMatchObject({ kind: 'policy', state: 'refused' })
  })

  test('shows beforehand how a file differs', async () => {
    const text = policyWith(fresh())
    const answer = await as('auditor', '/api/v1/policy/difference', { text })
    const { changes } = answer.json() as { changes: { name: string }[] }
    expect(changes.map(({ name }) => name)).toEqual(['maintenanceNoticeHours'])
    expect((await as('huda', '/api/v1/policy/difference', { text })).status).toBe(403)
  })
})

describe('the file at start', () => {
  test('proposes once what it would change, and one person approves', async () => {
    const before = await notices()
    const value = fresh()
    await restart(policyWith(value))
    await restart(policyWith(value))
    expect(await notices()).toEqual(before)
    const [newest] = await proposals()
    expect(newest).toMatchObject({ state: 'open', requestedBy: 'collector' })
    expect(newest!.changes.map(({ name }) => name)).toEqual(['maintenanceNoticeHours'])
    const local = await collector.ask(`${base}/${newest!.id}/approve`, { why })
    expect(local.status).toBe(200)
    expect(await notices()).toEqual([...before, value])
    const count = (await proposals()).length
    await restart(policyWith(value))
    expect(await proposals()).toHaveLength(count)
  })

  test('is not proposed again after it was refused', async () => {
    const value = fresh()
    await restart(policyWith(value))
    const [newest] = await proposals()
    expect((await say('nasser', newest!.id, 'refuse')).status).toBe(200)
    const count = (await proposals()).length
    await restart(policyWith(value))
    expect(await proposals()).toHaveLength(count)
    expect(await notices()).not.toContain(value)
  })
})

describe('the page', () => {
  const path = '/en/policy/proposals'
  const headers = (who: string) => ({ cookie: cookies.get(who) ?? '', host: 'board.example' })
  const page = async (who: string, url = path) =>
    (await collector.app.inject({ url, headers: headers(who) })).body
  const send = (who: string, fields: Record<string, string>) =>
    collector.app.inject({
      ...{ method: 'POST', url: path, payload: new URLSearchParams({ why, ...fields }).toString() },
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers(who) },
    })

  test('takes a file, and gives each the forms of what they may do', async () => {
    const text = policyWith(fresh()).replaceAll('\n', '\r\n')
    expect((await send('amal', { act: 'propose', text })).statusCode).toBe(303)
    const [{ id } = { id: '' }] = await proposals()
    const acts = async (who: string) => {
      const body = await page(who)
      const own = body.slice(body.indexOf(`id="decide-${id}"`), body.indexOf('id="propose"'))
      const form = body.includes(`id="decide-${id}"`) ? own.slice(0, own.indexOf('</form>')) : ''
      return [...form.matchAll(/name="act" value="(\w+)"/g)].map(([, act]) => act)
    }
    expect(await Promise.all(['amal', 'maryam', 'nasser', 'huda', 'auditor'].map(acts))).toEqual([
      ['withdraw'],
      ['approve', 'refuse'],
      ['approve', 'refuse'],
      [],
      [],
    ])
    expect((await send('amal', { act: 'approve', id })).statusCode).toBe(422)
    expect((await send('nasser', { act: 'approve', id })).statusCode).toBe(303)
    expect(await stateOf(id)).toBe('approved')
    expect(await page('huda', '/ar/policy/proposals')).toContain('مقترحات تعديل السياسة')
    expect(await page('huda', '/en/policy')).toContain('href="/en/policy/proposals"')
  })

  test('names all that is wrong in a file, and keeps what was typed', async () => {
    const text = policyWith(fresh()).replace('value: 0.95', 'value: 95').replace('Asia/', 'Asia-')
    const { statusCode, body } = await send('amal', { act: 'propose', text })
    expect([statusCode, body]).toEqual([422, expect.stringContaining('not valid')])
    expect(body).toContain('continuityTargetRatio.value')
    expect(body).toContain('value: 95')
  })
})
