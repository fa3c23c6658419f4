import type { EpochMs } from '../../protocol/time.ts'
import type { Entry } from '../register/difference.ts'

/** An act as it stands in its log. */
export type ActRow = {
  /** Over all logs, in the order of writing; what came later has a higher one. */
  readonly position: number
  readonly log: string
  /** Of its leaf in that log. */
  readonly index: number
  readonly hash: Buffer
  readonly at: EpochMs
  readonly entry: Entry
  /** The leaf's bytes, of which `hash` is made. */
  readonly text: string
}

/** Acts that are looked at by one search: it holds up nobody else for longer than that takes. */
export const actsPerSearchMax = 1_000

/** Which acts are looked for. */
export type ActSearch = {
  /** Only acts with a lower position; all of them without it. */
  readonly before?: number
  /** Only this log's. */
  readonly log?: string
  /** Found acts at most. */
  readonly limit: number
  readonly matches: (act: ActRow) => boolean
}

/** The newest acts found, the newest first, and where to go on; null where the log begins. */
export type FoundActs = { readonly acts: readonly ActRow[]; readonly next: number | null }

/** Reading people's acts in the order of their writing. */
export type ActReader = {
  /** Looks at no more than `actsPerSearchMax` acts; `next` says where it stopped. */
  searchActs(search: ActSearch): Promise<FoundActs>
  /**
   * The entries with a position after this one, oldest first, at most `limit`, and the position of
   * the last: as it was given where there are none. What was rolled back was never there.
   */
  entriesAfter(position: number, limit: number): Promise<AddedEntries>
}

export type AddedEntries = { readonly entries: readonly Entry[]; readonly through: number }
