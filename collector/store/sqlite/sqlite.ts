import type Database from 'better-sqlite3'
import type { CycleReader } from '../cycles.ts'
import { guarded, type StoreFailure } from '../failure.ts'
import type { LogReader } from '../logs.ts'
import type { MessageSearch } from '../message-search.ts'
import type { EvidenceReader, Store, TimelineStore } from '../store.ts'
import { actReader } from './acts.ts'
import { clockStore } from './clocks.ts'
import { cycleReader, cycleWriter } from './cycles.ts'
import { sqliteFailure } from './failures.ts'
import { messageSearch } from './message-search.ts'
import { openDatabase, openReader } from './open.ts'
import { peopleStore } from './people.ts'
import { evidenceReader } from './read-evidence.ts'
import { logReader } from './read-logs.ts'
import { timelineStore } from './timelines.ts'
import { evidenceWriter } from './write-evidence.ts'

/**
 * The whole store on one SQLite file, for the thread that writes. Throws as `openDatabase`; its
 * methods reject with StoreFailure. `onLasting` is told when the process must end, `onFailure` of
 * every failure.
 */
export function sqliteStore(
  file: string,
  onLasting: OnFailure = () => {},
  onFailure: OnFailure = () => {},
): Store {
  const db = openDatabase(file)
  const methods = {
    ...evidenceWriter(db),
    ...evidenceReader(db),
    ...actReader(db),
    ...logReader(db),
    ...timelineStore(db),
    ...peopleStore(db),
    ...clockStore(db),
    ...cycleReader(db),
    ...cycleWriter(db),
    close: async () => {
      db.close()
    },
  }
  return guarded(methods, sqliteFailure, onLasting, onFailure)
}

type OnFailure = (failure: StoreFailure) => void

/** What other threads and commands read from the same file. */
export type Reader = TimelineStore &
  EvidenceReader &
  LogReader &
  CycleReader & { close(): Promise<void> }

/** A reader on a file that a store has opened before. Its methods reject with StoreFailure. */
export function sqliteReader(
  file: string,
  onLasting: OnFailure = () => {},
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

function readerOn(db: Database.Database, onLasting: OnFailure): Reader & MessageSearch {
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
