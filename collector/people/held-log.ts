import { Turns } from '../ingest/turns.ts'
import type { Entry } from '../register/difference.ts'
import { grownHistory, type RegisterHistory } from '../register/history.ts'
import type { ActReader } from '../store/acts.ts'

/** Where a log is read from its beginning and on. */
export type LogSource = Pick<ActReader, 'entriesAfter'>

/** Entries that are read at once. */
const entriesPerRead = 5_000

/**
 * What is made of all acts, held and made on with those that were added since: a read costs what is
 * new, not what there is. It follows what was committed, so an act that was rolled back never was.
 */
export class HeldFold<T> {
  readonly #source: LogSource
  readonly #fold: (held: T, entries: readonly Entry[]) => T
  readonly #turns = new Turns()
  #held: T
  #through = 0

  /** `fold` makes on what it is given, of entries in their order; it must not keep them waiting. */
  constructor(source: LogSource, empty: T, fold: (held: T, entries: readonly Entry[]) => T) {
    this.#source = source
    this.#held = empty
    this.#fold = fold
  }

  /** As of the newest act that is stored. */
  read(): Promise<T> {
    return this.#turns.take(async () => {
      for (;;) {
        const { entries, through } = await this.#source.entriesAfter(this.#through, entriesPerRead)
        if (entries.length === 0) return this.#held
        this.#held = this.#fold(this.#held, entries)
        this.#through = through
      }
    })
  }
}

/** The register and the policy by all acts so far; what was read stays as it was. */
export class HeldHistory {
  readonly #fold: HeldFold<RegisterHistory>

  constructor(source: LogSource) {
    this.#fold = new HeldFold<RegisterHistory>(source, new Map(), grownHistory)
  }

  read(): Promise<RegisterHistory> {
    return this.#fold.read()
  }
}
