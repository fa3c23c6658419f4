import { expect, test } from 'vitest'
import { AccountBook } from '../../../collector/people/account-book.ts'
import {
  codeLifeMs,
  OneTimeSessions,
  sessionIdleMs,
  sessionLifeMs,
} from '../../../collector/people/sessions.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import { hourMs } from '../../../protocol/time.ts'
import { TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'

const admin = { id: 'amal', role: 'admin' } as const
const signedIn = { ...admin, related: [], via: 'link' } as const

/** What an act says of the account. */
function told(after: object) {
  const by = { actor: 'local-admin', role: 'admin', why: 'new', before: null, effectiveFrom: 1 }
  return { ...by, what: 'account/amal', after }
}
const isAdmin = { role: 'admin', institution: null, external: null, endedAt: null }

async function withSessions(
  body: (sessions: OneTimeSessions, clock: TestClock, book: AccountBook) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder()
  const store = sqliteStore(folder.file('c.db'))
  const clock = new TestClock(1_000_000)
  const book = new AccountBook([told(isAdmin)])
  await body(new OneTimeSessions(store, clock.now, book), clock, book)
  await store.close()
}

test('a code lets its bearer in once', () =>
  withSessions(async (sessions) => {
    const code = sessions.issueCode(admin)
    const secret = await sessions.login(code)
    expect(await sessions.account(secret!)).toEqual(signedIn)
    expect(await sessions.login(code)).toBeNull()
  }))

test('of two logins with one code at the same moment one succeeds', () =>
  withSessions(async (sessions) => {
    const code = sessions.issueCode(admin)
    const secrets = await Promise.all([sessions.login(code), sessions.login(code)])
    expect(secrets.filter((secret) => secret !== null)).toHaveLength(1)
  }))

test('a code whose session cannot be saved stays good for one', async () => {
  using folder = temporaryFolder()
  const store = sqliteStore(folder.file('c.db'))
  let isFull = true
  const saveSession: typeof store.saveSession = (...session) =>
    isFull ? Promise.reject(new Error('full')) : store.saveSession(...session)
  const book = new AccountBook([told(isAdmin)])
  const sessions = new OneTimeSessions({ ...store, saveSession }, () => 1_000_000, book)
  const code = sessions.issueCode(admin)
  await expect(sessions.login(code)).rejects.toThrow('full')
  isFull = false
  const secret = await sessions.login(code)
  expect(await sessions.account(secret!)).toEqual(signedIn)
  expect(await sessions.login(code)).toBeNull()
  await store.close()
})

test('codes and sessions end by themselves', () =>
  withSessions(async (sessions, clock) => {
    const late = sessions.issueCode(admin)
    const secret = await sessions.login(sessions.issueCode(admin))
    clock.at += codeLifeMs
    expect(await sessions.login(late)).toBeNull()
    clock.at += 12 * hourMs
    expect(await sessions.account(secret!)).toBeNull()
  }))

test('a session that is used lasts its twelve hours, and not longer', () =>
  withSessions(async (sessions, clock) => {
    const secret = await sessions.open(admin, 'password')
    const half = sessionIdleMs / 2
    for (let ms = half; ms < sessionLifeMs; ms += half) {
      clock.at += half
      expect(await sessions.account(secret)).toMatchObject({ id: 'amal', via: 'password' })
    }
    clock.at += half
    expect(await sessions.account(secret)).toBeNull()
  }))

test('a session that nobody uses ends, though a page asks again by itself', () =>
  withSessions(async (sessions, clock) => {
    const secret = await sessions.open(admin, 'password')
    clock.at += sessionIdleMs - 1
    expect(await sessions.account(secret, false)).not.toBeNull()
    clock.at += 1
    expect(await sessions.account(secret)).toBeNull()
    expect(await sessions.list('amal')).toEqual([])
  }))

test.each([
  ['another role', { ...isAdmin, role: 'auditor' }],
  ['an institution', { ...isAdmin, role: 'institution', institution: 'health' }],
  ['nobody any more', { ...isAdmin, endedAt: 5 }],
])('a session ends at once when its account is %s', (_name, after) =>
  withSessions(async (sessions, _clock, book) => {
    const secret = await sessions.open(admin, 'password')
    book.note(told(after))
    expect(await sessions.account(secret)).toBeNull()
  }),
)

test('codes of an account can be made worthless', () =>
  withSessions(async (sessions) => {
    const code = sessions.issueCode(admin)
    sessions.forgetCodes('amal')
    expect(await sessions.login(code)).toBeNull()
  }))

test('a session ends when its owner leaves', () =>
  withSessions(async (sessions) => {
    const secret = await sessions.login(sessions.issueCode(admin))
    await sessions.logout(secret!)
    expect(await sessions.account(secret!)).toBeNull()
  }))

test('guessing is stopped, and the right code works again a minute later', () =>
  withSessions(async (sessions, clock) => {
    const code = sessions.issueCode(admin)
    for (let i = 0; i < 10; i++) expect(await sessions.login(`guess-${i}`)).toBeNull()
    expect(await sessions.login(code)).toBeNull()
    clock.at += 60_000
    expect(await sessions.login(code)).not.toBeNull()
  }))

test('a session for the run of a program outlives every other, and is nowhere on disk', () =>
  withSessions(async (sessions, clock) => {
    const secret = sessions.openForRun(admin)
    expect(secret).toMatch(/^[\w-]{43}$/)
    clock.at += 1_000 * hourMs
    expect(await sessions.account(secret)).toEqual(admin)
    expect(await sessions.account(secret.slice(1))).toBeNull()
    await withSessions(async (next) => expect(await next.account(secret)).toBeNull())
  }))
