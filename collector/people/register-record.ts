import { Turns } from '../ingest/turns.ts'
import { parseSubject } from '../register/subject.ts'
import type { ActReader, ActRow } from '../store/acts.ts'

/** An act about the register or the policy, with its place in its log. */
export type RegisterAct = Pick<ActRow, 'position' | 'log' | 'index' | 'at' | 'entry'>

const perSearch = 1_000

/** All acts about the register and the policy: read once, then only what is new. */
export class RegisterRecord {
  readonly #reader: Pick<ActReader, 'searchActs'>
  readonly #turns = new Turns()
  #acts: readonly RegisterAct[] = []
  #through = -1

  constructor(reader: Pick<ActReader, 'searchActs'>) {
    this.#reader = reader
  }

  /** The newest first. */
  acts(): Promise<readonly RegisterAct[]> {
    return this.#turns.take(async () => {
      const found: RegisterAct[] = []
      let newest = this.#through
      const matches = ({ position, entry }: ActRow) => {
        newest = Math.max(newest, position)
        return position > this.#through && parseSubject(entry.what) !== null
      }
      let next: number | null = null
      do {
        const before: number | null = next
        const asked = { limit: perSearch, matches, ...(before !== null && { before }) }
        const part = await this.#reader.searchActs(asked)
        for (const { position, log, index, at, entry } of part.acts) {
          found.push({ position, log, index, at, entry })
        }
        next = part.next
      } while (next !== null && next > this.#through)
      this.#acts = [...found, ...this.#acts]
      this.#through = newest
      return this.#acts
    })
  }
}
