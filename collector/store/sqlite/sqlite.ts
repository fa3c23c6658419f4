import type Database from 'better-sqlite3'
import type { Account } from '../../people/accounts.ts'
import type { EvidenceReader, SessionStore, Store, TimelineStore } from '../store.ts'
import { openDatabase, openReader } from './open.ts'
import { evidenceReader } from './read-evidence.ts'
import { timelineStore } from './timelines.ts'
import { evidenceWriter } from './write-evidence.ts'

/** The whole store on one SQLite file, for the thread that writes. Throws as `openDatabase`. */
export function sqliteStore(file: string): Store {
  const db = openDatabase(file)
  return {
    ...evidenceWriter(db),
    ...evidenceReader(db),
    ...timelineStore(db),
    ...sessionStore(db),
    close: async () => {
      db.close()
    },
  }
}

/** What the evaluating thread reads from the same file. */
export type Reader = TimelineStore & Pick<EvidenceReader, 'entries'> & { close(): Promise<void> }

/** A reader on a file that a store has opened before. */
export function sqliteReader(file: string): Reader {
  const db = openReader(file)
  return {
    ...timelineStore(db),
    entries: evidenceReader(db).entries,
    close: async () => {
      db.close()
    },
  }
}

function sessionStore(db: Database.Database): SessionStore {
  const save = db.prepare('INSERT INTO session (hash, account, expires_at) VALUES (?, ?, ?)')
  const find = db.prepare('SELECT account FROM session WHERE hash = ? AND expires_at > ?')
  const remove = db.prepare('DELETE FROM session WHERE hash = ?')
  return {
    saveSession: async (hash, account, expiresAt) => {
      save.run(hash, JSON.stringify(account), expiresAt)
    },
    session: async (hash, now) => {
      const row = find.get(hash, now) as { account: string } | undefined
      return row ? (JSON.parse(row.account) as Account) : null
    },
    deleteSession: async (hash) => {
      remove.run(hash)
    },
  }
}
