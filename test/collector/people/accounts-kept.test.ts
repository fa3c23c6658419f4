import { existsSync, readdirSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { rebuild } from '../../../collector/evidence/rebuild.ts'
import { backup } from '../../../collector/operations/backup.ts'
import { openData } from '../../../collector/operations/open-data.ts'
import { restore } from '../../../collector/operations/restore.ts'
import { AccessLog } from '../../../collector/people/access-log.ts'
import { openPeople } from '../../../collector/people/account-service.ts'
import { localAdmin } from '../../../collector/people/accounts.ts'
import { OneTimeSessions } from '../../../collector/people/sessions.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import type { Store } from '../../../collector/store/store.ts'
import { sha256 } from '../../../protocol/jws.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { appCode, cheapPasswords, codeOf, goodPassword, home } from '../../support/accounts.ts'
import { temporaryFolder } from '../../support/folder.ts'

const start = Date.parse('2026-11-22T08:00:00Z')
const migrations = new URL('../../../collector/store/sqlite/migrations/', import.meta.url)

/** Accounts on a store, at an instant. */
function people(store: Store, dataDir: string, at = start) {
  const logger = { warn: () => {} }
  const passwordCost = cheapPasswords
  const access = new AccessLog(store, () => at)
  return openPeople({ store, now: () => at, dataDir, logger, access, passwordCost })
}

/** An auditor with a password and a session, and an admin with a second factor, too. */
async function signUpTwo(store: Store, dataDir: string) {
  const { accounts } = await people(store, dataDir)
  const grants = [
    ['sara', { role: 'auditor' }],
    ['amal', { role: 'admin' }],
  ] as const
  const secrets: string[] = []
  let totpSecret = ''
  for (const [id, grant] of grants) {
    const { link } = await accounts.make(localAdmin, id, grant, 'joins the ministry')
    let step = await accounts.acceptLink(codeOf(link), goodPassword, home)
    if (step.is === 'second-factor-set-up') {
      totpSecret = step.totpSecret
      step = await accounts.confirm(step.ticket, appCode(totpSecret, start), home)
    }
    if (step.is === 'signed-in') secrets.push(step.secret)
  }
  return { secrets, totpSecret }
}

/** Whether both are as they were: their sessions, and their way in. */
async function expectBoth(
  store: Store,
  dataDir: string,
  { secrets, totpSecret }: Awaited<ReturnType<typeof signUpTwo>>,
): Promise<void> {
  const at = start + 2 * minuteMs
  const { accounts, sessions } = await people(store, dataDir, at)
  const found = await Promise.all(secrets.map((secret) => sessions.account(secret)))
  expect(found.map((each) => each?.id)).toEqual(['sara', 'amal'])
  expect((await accounts.signIn('sara', goodPassword, home)).is).toBe('signed-in')
  const step = await accounts.signIn('amal', goodPassword, home)
  const { ticket } = step as Extract<typeof step, { is: 'second-factor' }>
  const last = await accounts.confirm(ticket, appCode(totpSecret, at), home)
  expect(last.is).toBe('signed-in')
}

test('a rebuild keeps accounts, what they sign in with, and their sessions', async () => {
  using folder = temporaryFolder()
  const file = folder.file('collector.db')
  const store = sqliteStore(file)
  const known = await signUpTwo(store, folder.path)
  await store.close()
  const rebuilt = await rebuild({ file, now: start, accept: false, progress: () => {} })
  expect(rebuilt.swapped).toBe(true)
  const fresh = sqliteStore(file)
  await expectBoth(fresh, folder.path, known)
  await fresh.close()
})

test('a backup holds accounts, but not the key of their second factors', async () => {
  using folder = temporaryFolder()
  const dataDir = folder.file('data')
  const data = openData(dataDir, () => {})
  const known = await signUpTwo(data.store, dataDir)
  const kept = folder.file('backup')
  await backup({ dataDir, folder: kept, at: start, version: 'test' })
  expect(readdirSync(kept).toSorted()).toEqual(['collector.db', 'manifest.json'])
  const { accounts } = await people(data.store, dataDir)
  await accounts.end(localAdmin, 'sara', 'left the ministry')
  await data.store.close()
  data.unlock()
  const who = { actor: 'amal', why: 'the disk broke' }
  await restore({ dataDir, folder: kept, force: true, ...who, at: start + minuteMs })
  expect(existsSync(`${dataDir}/people.key`)).toBe(true)
  const again = openData(dataDir, () => {})
  await expectBoth(again.store, dataDir, known)
  await again.store.close()
  again.unlock()
})

test('who was signed in before there were accounts stays so until the session ends', async () => {
  using folder = temporaryFolder()
  const file = folder.file('collector.db')
  const db = new Database(file)
  const before = readdirSync(migrations)
    .toSorted()
    .filter((name) => name < '011')
  for (const name of before) db.exec(readFileSync(new URL(name, migrations), 'utf8'))
  db.pragma(`user_version = ${before.length}`)
  const account = { id: 'huda', role: 'institution', institution: 'health' }
  const row = [sha256('secret'), JSON.stringify(account), start + 12 * hourMs]
  db.prepare('INSERT INTO session (hash, account, expires_at) VALUES (?, ?, ?)').run(...row)
  db.close()
  const store = sqliteStore(file)
  const sessions = (at: number) => new OneTimeSessions(store, () => at)
  expect(await sessions(start + minuteMs).account('secret')).toEqual(account)
  expect(await sessions(start + minuteMs).list('huda')).toHaveLength(1)
  expect(await sessions(start + 12 * hourMs).account('secret')).toBeNull()
  await store.close()
})
