import type Database from 'better-sqlite3'
import type { Account } from '../../people/accounts.ts'
import type {
  AccountSecret,
  ApiTokenRow,
  PeopleEffect,
  PeopleStore,
  SessionRow,
  SessionStore,
} from '../people.ts'

const secretColumns = `account, password, totp, totp_step AS totpStep, link,
  link_expires_at AS linkExpiresAt, changed_at AS changedAt`
const tokenColumns = `hash, id, account, label, scope, created_at AS createdAt,
  expires_at AS expiresAt, ended_at AS endedAt, last_used_at AS lastUsedAt`

/** What people sign in with. Only the thread that writes has it. */
export function peopleStore(db: Database.Database): PeopleStore {
  const select = `SELECT ${secretColumns} FROM account_secret`
  const secret = db.prepare(`${select} WHERE account = ?`)
  const secrets = db.prepare(`${select} ORDER BY account`)
  const byLink = db.prepare(`${select} WHERE link = ?`)
  const accept = db.prepare(
    'UPDATE account_secret SET totp_step = ? WHERE account = ? AND totp_step < ?',
  )
  const token = db.prepare(`SELECT ${tokenColumns} FROM api_token WHERE hash = ?`)
  const tokens = db.prepare(
    `SELECT ${tokenColumns} FROM api_token WHERE account = ? ORDER BY created_at DESC, id`,
  )
  const useToken = db.prepare('UPDATE api_token SET last_used_at = ? WHERE hash = ?')
  return {
    ...sessionStore(db),
    accountSecret: async (account) => (secret.get(account) as AccountSecret | undefined) ?? null,
    accountSecrets: async () => secrets.all() as AccountSecret[],
    secretByLink: async (link) => (byLink.get(link) as AccountSecret | undefined) ?? null,
    acceptTotpStep: async (account, step) => accept.run(step, account, step).changes === 1,
    apiToken: async (hash) => (token.get(hash) as ApiTokenRow | undefined) ?? null,
    apiTokensOf: async (account) => tokens.all(account) as ApiTokenRow[],
    useApiToken: async (hash, at) => void useToken.run(at, hash),
  }
}

type StoredSession = Omit<SessionRow, 'account'> & { readonly account: string }

function sessionStore(db: Database.Database): SessionStore {
  const columns = `hash, signed_in_as AS account, opened_at AS openedAt, used_at AS usedAt,
    expires_at AS expiresAt`
  const clean = db.prepare('DELETE FROM session WHERE expires_at <= ?')
  const insert = db.prepare(
    `INSERT INTO session (hash, account, signed_in_as, opened_at, used_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const find = db.prepare(`SELECT ${columns} FROM session WHERE hash = ?`)
  const list = db.prepare(
    `SELECT ${columns} FROM session WHERE account = ? ORDER BY opened_at DESC, hash`,
  )
  const use = db.prepare('UPDATE session SET used_at = ? WHERE hash = ?')
  const remove = db.prepare('DELETE FROM session WHERE hash = ?')
  const save = db.transaction(({ hash, account, openedAt, usedAt, expiresAt }: SessionRow) => {
    clean.run(openedAt)
    insert.run(hash, account.id, JSON.stringify(account), openedAt, usedAt, expiresAt)
  })
  const read = (row: unknown): SessionRow => {
    const stored = row as StoredSession
    return { ...stored, account: JSON.parse(stored.account) as Account }
  }
  return {
    saveSession: async (session) => save.immediate(session),
    session: async (hash) => {
      const row = find.get(hash)
      return row ? read(row) : null
    },
    sessionsOf: async (account) => list.all(account).map(read),
    useSession: async (hash, at) => void use.run(at, hash),
    deleteSession: async (hash) => void remove.run(hash),
  }
}

/** Writes what acts about accounts change. Inside somebody's transaction. */
export class PeopleWriter {
  readonly #write: ReturnType<typeof statements>

  constructor(db: Database.Database) {
    this.#write = statements(db)
  }

  apply(effect: PeopleEffect): void {
    const write = this.#write
    switch (effect.kind) {
      case 'account-secret': {
        const { account, password, totp, totpStep, link, linkExpiresAt } = effect.secret
        const { changedAt } = effect.secret
        write.secret.run(account, password, totp, totpStep, link, linkExpiresAt, changedAt)
        break
      }
      case 'sessions-ended':
        write.endSessions.run(effect.account, effect.except ?? '')
        break
      case 'api-token': {
        const { hash, id, account, label, scope, createdAt, expiresAt } = effect.token
        write.token.run(hash, id, account, label, scope, createdAt, expiresAt)
        break
      }
      case 'api-token-ended':
        write.endToken.run(effect.at, effect.id)
        break
      case 'api-tokens-ended':
        write.endTokens.run(effect.at, effect.account)
        break
    }
  }
}

function statements(db: Database.Database) {
  return {
    secret: db.prepare(
      // No step is forgotten: its code would be good again.
      `INSERT INTO account_secret
         (account, password, totp, totp_step, link, link_expires_at, changed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (account) DO UPDATE SET password = excluded.password, totp = excluded.totp,
         totp_step = max(totp_step, excluded.totp_step), link = excluded.link,
         link_expires_at = excluded.link_expires_at, changed_at = excluded.changed_at`,
    ),
    endSessions: db.prepare('DELETE FROM session WHERE account = ? AND hash <> ?'),
    token: db.prepare(
      `INSERT INTO api_token (hash, id, account, label, scope, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    endToken: db.prepare('UPDATE api_token SET ended_at = ? WHERE id = ? AND ended_at IS NULL'),
    endTokens: db.prepare(
      'UPDATE api_token SET ended_at = ? WHERE account = ? AND ended_at IS NULL',
    ),
  }
}
