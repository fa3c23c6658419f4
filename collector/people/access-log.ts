import type { EpochMs, Span } from '../../protocol/time.ts'
import { minuteMs } from '../../protocol/time.ts'
import { livenessAt, nationalLog } from '../evidence/leaf.ts'
import type { EvidenceWriter } from '../store/store.ts'
import type { Account } from './accounts.ts'
import { applyActs } from './acts.ts'
import { may } from './permissions.ts'

/** What is told of each kind of access; ids only, nothing that anybody typed. */
export type AccessDetails = {
  /** Somebody came in. A program that sends a token with each request does not. */
  readonly 'log-in': { readonly via: NonNullable<Account['via']> }
  /** Data left: what of, in which form, of which institution (null: of all that one may see). */
  readonly export: {
    readonly what: string
    readonly format: string
    readonly institution: string | null
    /** Each institution of its own beside the nation. */
    readonly withInstitutions?: boolean
    /** The cycle or the window, where there is one. */
    readonly of?: string
  }
  /** What an auditor looked at in a quarter of an hour; `more` counts what has no place here. */
  readonly read: Span & { readonly places: Readonly<Record<string, number>>; readonly more: number }
}

export type AccessKind = keyof AccessDetails

/** The `what` of an act of access. */
export function accessSubject(account: string, kind: AccessKind): string {
  return `access/${account}/${kind}`
}

/** The reasons as they stand in the log. */
const reasons = {
  'log-in': 'signed in',
  export: 'data exported',
  read: 'what was looked at in a quarter of an hour',
} as const satisfies Record<AccessKind, string>

/** How much of what is read is one act. */
export const readsPerActMs = 15 * minuteMs

/** Places told apart in one act; the rest is counted only. */
const placesMax = 200
/** The longest place that is told; what is longer is counted only. */
const placeCharactersMax = 300

/**
 * Who came in, what left, and what auditors looked at: acts as all others, in the log of the
 * account's institution, else in the national one. Nothing is refused here; what is refused stands
 * in the collector's own log.
 */
export class AccessLog {
  readonly #store: Pick<EvidenceWriter, 'applyActs'>
  readonly #now: () => EpochMs
  readonly #closeHole: CloseHole
  #reads = new Map<string, Reads>()

  constructor(
    store: Pick<EvidenceWriter, 'applyActs'>,
    now: () => EpochMs,
    closeHole: CloseHole = async () => {},
  ) {
    this.#store = store
    this.#now = now
    this.#closeHole = closeHole
  }

  /**
   * Notes an access. To be awaited before anybody is let in and before the first byte leaves: what
   * cannot be noted does not happen.
   */
  noteAccess<K extends AccessKind>(
    account: Account,
    kind: K,
    detail: AccessDetails[K],
  ): Promise<void> {
    return this.#act(account, kind, detail, this.#now())
  }

  /**
   * Counts that somebody looked at a place: an address behind the language, without its query. Of
   * roles that nobody watches nothing is kept.
   */
  noteRead(account: Account, place: string): void {
    if (!may(account, 'read.noted')) return
    const at = this.#now()
    const known = this.#reads.get(account.id)
    const reads = known ?? { account, from: at, places: new Map<string, number>(), more: 0 }
    if (!known) this.#reads.set(account.id, reads)
    const count = reads.places.get(place)
    const isTold = placesMax > reads.places.size && place.length <= placeCharactersMax
    if (count === undefined && !isTold) reads.more++
    else reads.places.set(place, (count ?? 0) + 1)
  }

  /**
   * Writes what was read where the quarter of an hour is over, or all of it. What cannot be written
   * is tried again. Read and not written when the process is killed: lost, at most a quarter of an
   * hour.
   */
  async writeReads(all = false): Promise<void> {
    const at = this.#now()
    const due = [...this.#reads.values()].filter(({ from }) => all || at - from >= readsPerActMs)
    for (const reads of due) {
      const { account, from, places, more } = reads
      this.#reads.delete(account.id)
      const detail = { from, to: Math.max(at, from + 1), places: Object.fromEntries(places), more }
      try {
        await this.#act(account, 'read', detail, at)
      } catch (error) {
        // What was read meanwhile is another act.
        if (!this.#reads.has(account.id)) this.#reads.set(account.id, reads)
        throw error
      }
    }
  }

  async #act<K extends AccessKind>(
    { id: actor, role, institution }: Account,
    kind: K,
    after: AccessDetails[K],
    at: EpochMs,
  ): Promise<void> {
    const what = accessSubject(actor, kind)
    const why = reasons[kind]
    const entry = { actor, role, what, why, before: null, after, effectiveFrom: at }
    if (institution !== undefined) {
      await applyActs(this.#store, [{ log: institution, entry }], at)
      return
    }
    await this.#closeHole(at)
    await applyActs(this.#store, [{ log: nationalLog, entry }], at, livenessAt(at))
  }
}

/**
 * Notes that the collector runs where that was not noted for a while. Exports withhold national
 * acts of access from institutions, and nothing may be withheld inside what looks like an outage:
 * none ends with such an act, and none begins before the note in its own commit.
 */
type CloseHole = (at: EpochMs) => Promise<void>

type Reads = {
  readonly account: Account
  readonly from: EpochMs
  readonly places: Map<string, number>
  more: number
}
