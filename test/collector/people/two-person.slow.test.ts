import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AccountActs } from '../../../collector/people/account-acts.ts'
import { type Account, localAdmin } from '../../../collector/people/accounts.ts'
import type { Waiting } from '../../../collector/people/inbox.ts'
import { decisionOf, isSecondPerson } from '../../../collector/people/two-person.ts'
import { sqliteReader, sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import { sha256 } from '../../../protocol/jws.ts'
import { hourMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { askedWorkload } from '../../support/sample-workloads.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

describe('who is a second person', () => {
  const salim: Account = { id: 'salim', role: 'institution', institution: 'health' }
  test.each<[string, Account, string, boolean, string | null]>([
    ['somebody else', { id: 'judge', role: 'evaluator', related: ['huda'] }, 'salim', true, null],
    ['nobody to themselves', salim, 'salim', false, null],
    [
      ...(['not whoever made the account', { id: 'judge', role: 'evaluator' }] as const),
      ...(['salim', true, null] as const),
    ],
    [
      ...([
        'not whoever is related',
        { id: 'judge', role: 'evaluator', related: ['salim'] },
      ] as const),
      ...(['salim', false, 'second_person'] as const),
    ],
    [
      'but commands on the machine are related to none',
      ...([{ ...localAdmin, related: ['salim'] }, 'salim', true, null] as const),
    ],
    [
      'nor is anybody to them',
      ...([{ id: 'judge', role: 'evaluator', related: [localAdmin.id] }] as const),
      ...([localAdmin.id, true, null] as const),
    ],
    [
      'a token is no person',
      ...([{ id: 'judge', role: 'evaluator', via: 'token', scope: 'write' }] as const),
      ...(['salim', false, 'token'] as const),
    ],
  ])('%s', (_name, account, requestedBy, isSecond, rule) => {
    expect(isSecondPerson(account, requestedBy)).toBe(isSecond)
    const said = { is: 'approved', at: 1, why: 'so it is' } as const
    const decision = () => decisionOf(account, { requestedBy }, said)
    if (rule === null) expect(decision()).toEqual({ ...said, by: account.id, role: account.role })
    else expect(decision).toThrow(expect.objectContaining({ code: 'forbidden', detail: { rule } }))
  })
})

const start = Date.parse('2026-11-02T08:00:00Z')
const clock = new TestClock(start)
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector

/** Who made whom: `judge` let `salim` in; `amal` made `nasser`, and `nasser` made `clerk`. */
const family: readonly [maker: Account, made: Account][] = [
  [localAdmin, { id: 'amal', role: 'admin' }],
  [localAdmin, { id: 'maryam', role: 'ministry' }],
  [localAdmin, { id: 'judge', role: 'evaluator' }],
  [localAdmin, { id: 'arbiter', role: 'evaluator' }],
  [
    { id: 'judge', role: 'evaluator' },
    { id: 'salim', role: 'institution', institution: 'health' },
  ],
  [
    { id: 'amal', role: 'admin' },
    { id: 'nasser', role: 'admin' },
  ],
  [
    { id: 'nasser', role: 'admin' },
    { id: 'clerk', role: 'ministry' },
  ],
]

beforeAll(async () => {
  folder = temporaryFolder()
  const register = twoInstitutions(folder.path)
  await (await openTestCollector(folder.path, clock, register)).close()
  const store = sqliteStore(folder.file('collector.db'))
  const acts = await AccountActs.open({ store, now: clock.now })
  for (const [maker, { id, role, institution = null }] of family) {
    const after = { role, institution, external: null, endedAt: null }
    await acts.write(maker, { id, role, institution }, [{ before: null, after }], {
      ...{ why: 'a new colleague', at: clock.at },
    })
    // Two sessions of each.
    for (const which of [1, 2]) {
      const account = { id, role, ...(institution !== null && { institution }) }
      const never = Number.MAX_SAFE_INTEGER
      const times = { openedAt: clock.at, usedAt: never, expiresAt: never }
      await store.saveSession({ hash: sha256(`${id}-${which}`), account, ...times })
    }
  }
  await store.close()
  collector = await openTestCollector(folder.path, clock, register)
  clock.at += 6 * hourMs
  const { id, ...workload } = askedWorkload({ id: 'archive', plannedFinish: '2027-06-30' })
  const put = await collector.app.inject({
    ...{ method: 'PUT', url: `/api/v1/institutions/health/workloads/${id}` },
    ...{ payload: { ...workload, why }, headers: { cookie: 'session=salim-1' } },
  })
  expect(put.statusCode).toBe(200)
})
afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

type Answer = { id?: string; rule?: string; state?: string; mark?: { version: string } }

async function as(who: string, url: string, body: object, session = 1) {
  const answer = await collector.ask(`/api/v1${url}`, body, `session=${who}-${session}`)
  return { status: answer.status, body: answer.json() as Answer }
}

/** The last part of an id, and of a label. */
function names({ id, label = '' }: Waiting): (string | undefined)[] {
  return [id.split('/').at(-1), label.split(' ').at(-1)]
}

/** The acts in the log whose subject ends so. */
async function actsOn(ending: string): Promise<string[]> {
  const store = sqliteReader(folder.file('collector.db'))
  const found = (await store.entries()).filter(({ what }) => what.endsWith(ending))
  await store.close()
  return found.map(({ actor }) => actor)
}

const place = '/institutions/health/environments/portal'
const why = 'new storage in the hall'
const model = readFileSync('collector/model/readiness-1.0.0.yaml', 'utf8')
let versions = 1

/** Everything that one person asks for and another one decides, as they ask and decide it. */
const kinds: readonly {
  readonly name: string
  readonly asker: string
  /** Is related to the asker, and not. */
  readonly related: string
  readonly other: string
  readonly ask: () => readonly [url: string, body: object]
  readonly decide: (id: string) => string
  /** How approval is called; `approve` without a word. */
  readonly approval?: string
}[] = [
  {
    ...{ name: 'maintenance', asker: 'salim', related: 'judge', other: 'maryam' },
    ask: () => {
      const from = clock.at + 100 * hourMs
      return [`${place}/maintenance`, { from, to: from + hourMs, why }]
    },
    decide: (id) => `${place}/maintenance/${id}`,
  },
  {
    ...{ name: 'a declaration', asker: 'salim', related: 'judge', other: 'arbiter' },
    ask: () => [
      '/institutions/health/declarations',
      {
        ...{ environment: null, evidenceSha256: 'ab'.repeat(32), detail: 'certificate 12' },
        about: { kind: 'metric', metric: 'operations.trained_staff', value: true },
        expiresAt: clock.at + 2_400 * hourMs,
      },
    ],
    decide: (id) => `/institutions/health/declarations/${id}`,
    approval: 'verify',
  },
  {
    ...{ name: 'a dispute', asker: 'salim', related: 'judge', other: 'arbiter' },
    ask: () => {
      const claim = { state: 'up', cause: null }
      const span = { from: start + hourMs, to: start + 2 * hourMs }
      return [`${place}/disputes`, { ...span, claim, evidenceSha256: null, why }]
    },
    decide: (id) => `${place}/disputes/${id}`,
    approval: 'grant',
  },
  {
    ...{ name: 'an exemption', asker: 'salim', related: 'judge', other: 'arbiter' },
    ask: () => [
      '/institutions/health/exemptions',
      { workload: 'archive', reason: why, expiresAt: clock.at + 2_400 * hourMs },
    ],
    decide: (id) => `/institutions/health/exemptions/${id}`,
  },
  {
    ...{ name: 'a baseline', asker: 'salim', related: 'judge', other: 'arbiter' },
    ask: () => ['/institutions/health/baselines', { startOn: '2027-01-01', why }],
    decide: (id) => `/institutions/health/baselines/${id}`,
  },
  {
    ...{ name: 'a model', asker: 'amal', related: 'clerk', other: 'maryam' },
    ask: () => {
      const version = `${++versions}.0.0`
      const text = model
        .replace('version: 1.0.0', `version: ${version}`)
        .replace('{op: ">=", value: 85}', `{op: ">=", value: ${85 + versions}}`)
      return ['/models', { text, why }]
    },
    decide: () => `/models/om-infra/${versions}.0.0`,
  },
]

describe.each(kinds)('$name', ({ approval = 'approve', ...kind }) => {
  const { asker, related, other, ask, decide } = kind

  async function asked() {
    const [where, body] = ask()
    const answer = await as(asker, where, body)
    expect([answer.status < 300, answer.body]).toEqual([true, answer.body])
    const { id = `${versions}.0.0` } = answer.body
    // Behind a slash: the ids of some are short.
    const name = `/${id}`
    // Of what is numbered one that was refused leaves its number to the next.
    const before = (await actsOn(name)).length - 1
    const acts = async () => (await actsOn(name)).slice(before)
    return { base: decide(id), id: name, acts }
  }

  /** How often it stands in somebody's inbox. */
  async function waits(who: string, id: string): Promise<number> {
    const answer = await collector.ask('/api/v1/inbox', undefined, `session=${who}-1`)
    const { waiting } = answer.json() as { waiting: readonly Waiting[] }
    return waiting.filter((each) => each.by === asker && names(each).includes(id.slice(1))).length
  }

  test('is not decided by whoever made the account that asks, but by another one', async () => {
    const { base, id, acts } = await asked()
    expect(await waits(related, id)).toBe(0)
    expect(await waits(other, id)).toBe(1)
    for (const act of [approval, 'refuse']) {
      const answer = await as(related, `${base}/${act}`, { why })
      expect(answer).toMatchObject({ status: 403, body: { rule: 'second_person' } })
    }
    expect(await acts()).toEqual([asker])
    expect((await as(other, `${base}/refuse`, { why })).status).toBe(200)
    expect(await acts()).toEqual([asker, other])
  })

  test('under two sessions at once one person decides once, and never what they asked', async () => {
    const { base, acts } = await asked()
    const both = (who: string) =>
      Promise.all([
        as(who, `${base}/refuse`, { why }, 1),
        as(who, `${base}/refuse`, { why }, 2),
        as(who, `${base}/refuse`, { why }, 1),
      ])
    for (const { status } of await both(asker)) expect(status).toBe(403)
    expect(await acts()).toEqual([asker])
    const answers = await both(other)
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect(await acts()).toEqual([asker, other])
  })
})

describe('a cycle', () => {
  const url = '/cycles/2027-04'
  const propose = { why: 'end of the half-year' }

  beforeAll(async () => {
    // Ten days after its end, in Muscat.
    clock.at = Date.parse('2027-04-10T20:00:00Z')
    await collector.noteLiveness()
    await collector.evaluate()
  })

  test.each([
    ['frozen', 0, '/freeze', propose],
    ['revised', 1, '/revisions', { ...propose, revision: 1 }],
  ])('is not %s by whoever is related to the one that asks', async (_name, revision, ask, body) => {
    expect((await as('amal', `${url}${ask}`, body)).status).toBeLessThan(300)
    const said = { revision, why }
    for (const who of ['nasser', 'clerk']) {
      for (const act of ['approve', 'refuse']) {
        const answer = await as(who, `${url}/${act}`, said)
        expect(answer).toMatchObject({ status: 403, body: { rule: 'second_person' } })
      }
    }
    const both = await Promise.all([1, 2].map((n) => as('maryam', `${url}/approve`, said, n)))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})
