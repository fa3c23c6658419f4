import { afterEach, beforeEach, expect, test } from 'vitest'
import { AccountActs } from '../../../collector/people/account-acts.ts'
import { type Account, localAdmin } from '../../../collector/people/accounts.ts'
import { ApiTokens, apiTokenLimits } from '../../../collector/people/api-tokens.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import type { Store } from '../../../collector/store/store.ts'
import { dayMs, minuteMs } from '../../../protocol/time.ts'
import { TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'

const start = Date.parse('2026-11-22T12:00:00Z')
const clock = new TestClock(start)
let folder: ReturnType<typeof temporaryFolder>
let store: Store
let acts: AccountActs
let tokens: ApiTokens
const amal: Account = { id: 'amal', role: 'ministry', via: 'password' }

beforeEach(async () => {
  clock.at = start
  folder = temporaryFolder()
  store = sqliteStore(folder.file('collector.db'))
  acts = await AccountActs.open({ store, now: clock.now })
  tokens = new ApiTokens({ store, acts, now: clock.now })
  await become('amal')
  await become('salim')
})
afterEach(async () => {
  await store.close()
  folder[Symbol.dispose]()
})

/** Makes an account, or makes it another. */
function become(id: string, more: { role?: Account['role']; endedAt?: number } = {}) {
  const account = { id, role: 'ministry' as const, institution: null, ...more }
  const after = { institution: null, external: null, endedAt: null, role: account.role, ...more }
  return acts.take((at) =>
    acts.write(localAdmin, account, [{ before: null, after }], { why: 'for the test', at }),
  )
}

const make = (more: object = {}, account = amal) =>
  tokens.make(account, { label: 'report', scope: 'read', expiresAt: clock.at + dayMs, ...more })

const refusal = async (doing: Promise<unknown>) => {
  const error = await doing.then(
    () => null,
    (each: unknown) => each,
  )
  const { code, detail } = error as { code: string; detail: { rule?: string } }
  return [code, detail.rule]
}

test('a token acts for its account, with that account’s role of now', async () => {
  const text = await make({ scope: 'write' })
  expect(text).toMatch(/^istimrar_[\w-]{43}$/)
  const found = { id: 'amal', role: 'ministry', via: 'token', scope: 'write' }
  expect(await tokens.account(text)).toMatchObject(found)
  await become('amal', { role: 'auditor' })
  expect(await tokens.account(text)).toMatchObject({ ...found, role: 'auditor' })
})

test('is nobody’s when it expired, was ended, was guessed, or its account ended', async () => {
  const [short, ended, orphan] = [await make(), await make(), await make({ label: 'other' })]
  const id = (await tokens.list(amal)).find(({ label }) => label === 'report')!.id
  for (const each of [short, ended, orphan]) expect(await tokens.account(each)).not.toBeNull()
  await tokens.end(amal, id)
  expect(
    (await Promise.all([short, ended].map((each) => tokens.account(each)))).filter(Boolean),
  ).toHaveLength(1)
  await become('amal', { endedAt: clock.at })
  expect(await tokens.account(orphan)).toBeNull()
  await become('amal')
  expect(await tokens.account(orphan)).not.toBeNull()
  clock.at += dayMs
  expect(await tokens.account(orphan)).toBeNull()
  expect(await tokens.account(`${orphan}x`)).toBeNull()
})

test('is kept as a hash, and is in no act', async () => {
  const text = await make()
  const [token] = await tokens.list(amal)
  const entries = await store.entries()
  const made = entries.find(({ what }) => what === `api-token/${token!.id}`)
  expect(made).toMatchObject({
    actor: 'amal',
    role: 'ministry',
    before: null,
    after: { account: 'amal', label: 'report', scope: 'read', endedAt: null },
  })
  const hidden = text.slice('istimrar_'.length)
  expect(JSON.stringify([token, entries])).not.toContain(hidden)
  expect(JSON.stringify(await store.apiTokensOf('amal'))).not.toContain(hidden)
  await tokens.end(amal, token!.id)
  expect((await store.entries()).at(-1)).toMatchObject({
    before: { endedAt: null },
    after: { endedAt: clock.at },
  })
})

test('says when it was used last, to the minute', async () => {
  const text = await make()
  const used = async () => (await tokens.list(amal))[0]!.lastUsedAt
  expect(await used()).toBeNull()
  await tokens.account(text)
  clock.at += minuteMs - 1
  await tokens.account(text)
  expect(await used()).toBe(start)
  clock.at += 1
  await tokens.account(text)
  expect(await used()).toBe(start + minuteMs)
})

test('belongs to one account: others do not see it, nor end it', async () => {
  await make()
  const { id } = (await tokens.list(amal))[0]!
  const salim: Account = { id: 'salim', role: 'ministry', via: 'password' }
  expect(await tokens.list(salim)).toEqual([])
  expect(await refusal(tokens.end(salim, id))).toEqual(['not_found', undefined])
  expect((await tokens.end(amal, id)).endedAt).toBe(start)
  clock.at += minuteMs
  expect((await tokens.end(amal, id)).endedAt).toBe(start)
})

test.each<[string, object, Account, unknown[]]>([
  ['for more than a year', { expiresAt: start + 366 * dayMs }, amal, ['invalid', 'expires']],
  ['that is over', { expiresAt: start }, amal, ['invalid', 'expires']],
  ['by a token', {}, { ...amal, via: 'token' }, ['forbidden', 'token']],
  ['for commands of the machine', {}, localAdmin, ['forbidden', 'token']],
])('none is made %s', async (_name, more, account, expected) => {
  expect(await refusal(make(more, account))).toEqual(expected)
  expect(await store.apiTokensOf(account.id)).toEqual([])
})

test('an account has so many that are good, also when it asks for them at one moment', async () => {
  const asked = Array.from({ length: apiTokenLimits.openMax + 3 }, () => make())
  const results = await Promise.allSettled(asked)
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(3)
  clock.at += dayMs
  expect(await make()).toMatch(/^istimrar_/)
})
