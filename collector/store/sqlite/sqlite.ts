import type Database from 'better-sqlite3'
import type { Account } from '../../people/accounts.ts'
import type { CycleReader } from '../cycles.ts'
import { guarded, type StoreFailure } from '../failure.ts'
import type { LogReader } from '../logs.ts'
import type { MessageSearch } from '../message-search.ts'
import type { EvidenceReader, SessionStore, Store, TimelineStore } from '../store.ts'
import { clockStore } from './clocks.ts'
import { cycleReader, cycleWriter } from './cycles.ts'
import { sqliteFailure } from './failures.ts'
import { messageSearch } from './message-search.ts'
import { openDatabase, openReader } from './open.ts'
import { evidenceReader } from './read-evidence.ts'
import { logReader } from './read-logs.ts'
import { timelineStore } from './timelines.ts'
import { evidenceWriter } from './write-evidence.ts'

/**
 * The whole store on one SQLite file, for the thread that writes. Throws as `openDatabase`; its
 * methods reject with StoreFailure. `onLasting` is told when the process must end.
 */
export function sqliteStore(file: string, onLasting: OnLasting = () => {}): Store {
  const db = openDatabase(file)
  const methods = {
    ...evidenceWriter(db),
    ...evidenceReader(db),
    ...logReader(db),
    ...timelineStore(db),
    ...sessionStore(db),
    ...clockStore(db),
    ...cycleReader(db),
    ...cycleWriter(db),
    close: async () => {
      db.close()
    },
  }
  return guarded(methods, sqliteFailure, onLasting)
}

type OnLasting = (failure: StoreFailure) => void

/** What other threads and commands read from the same file. */
export type Reader = TimelineStore &
  EvidenceReader &
  LogReader &
  CycleReader & { close(): Promise<void> }

/** A reader on a file that a store has opened before. Its methods reject with StoreFailure. */
export function sqliteReader(
  file: string,
  onLasting: OnLasting = () => {},
): Reader & MessageSearch {
  return readerOn(openReader(file), onLasting)
}

/** A reader for which time stands still: all it ever reads is of the moment it was opened. */
export function sqliteSnapshot(file: string): Reader {
  const db = openReader(file)
  db.exec('BEGIN')
  // The first read begins the transaction.
  db.pragma('schema_version')
  return readerOn(db, () => {})
}

function readerOn(db: Database.Database, onLasting: OnLasting): Reader & MessageSearch {
  const methods = {
    ...timelineStore(db),
    ...evidenceReader(db),
    ...logReader(db),
    ...cycleReader(db),
    ...messageSearch(db),
    close: async () => {
      db.close()
    },
  }
  return guarded(methods, sqliteFailure, onLasting)
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
