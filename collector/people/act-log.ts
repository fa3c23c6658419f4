import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { nationalLog } from '../evidence/leaf.ts'
import type { ActReader, ActRow } from '../store/acts.ts'
import type { Account } from './accounts.ts'
import { type ActKind, actKindOf } from './act-kinds.ts'
import { may } from './permissions.ts'

/** Which acts are asked for; all without a word. */
export type ActFilter = {
  /** An institution's log, or `national`. */
  readonly log?: string
  readonly actor?: string
  readonly role?: string
  readonly kind?: ActKind
  /** From this instant on, and before that one. */
  readonly from?: EpochMs
  readonly to?: EpochMs
  /** Part of what it is about, or of the reason. */
  readonly text?: string
}

/** Acts that are looked at for one answer; then its `next` says where to go on. */
export const actsPerAnswerMax = 20_000
/** Acts in one answer. */
export const actsPerPageMax = 200

/** A part of the log, the newest first; `next` is the `before` of the following part. */
export type ActPage = { readonly acts: readonly ActRow[]; readonly next: number | null }

/**
 * The acts of people and of the collector itself, as accounts may see them: an institution those of
 * its own log, all others all.
 */
export class ActLog {
  readonly #reader: Pick<ActReader, 'searchActs'>
  readonly #rest: () => Promise<void>

  /** `rest` lets others have their turn between pieces of a long search. */
  constructor(reader: Pick<ActReader, 'searchActs'>, rest: () => Promise<void> = restAMoment) {
    this.#reader = reader
    this.#rest = rest
  }

  /**
   * The newest acts before a place, at most `limit`; fewer where nothing more is found among the
   * next 20,000. Throws AppError `not_found` for a foreign log.
   */
  async page(
    account: Account,
    filter: ActFilter,
    before: number | null,
    limit: number,
  ): Promise<ActPage> {
    const acts: ActRow[] = []
    let next = before
    for (let seen = 0; seen < actsPerAnswerMax; seen += piece) {
      const found = await this.#search(account, filter, next, limit - acts.length)
      acts.push(...found.acts)
      next = found.next
      if (next === null || acts.length >= limit) break
      await this.#rest()
    }
    return { acts, next }
  }

  /** All acts there are by now, the newest first: to be read at the speed of who takes them. */
  async *each(account: Account, filter: ActFilter): AsyncGenerator<ActRow, void> {
    let next: number | null = null
    do {
      const found = await this.#search(account, filter, next, piece)
      yield* found.acts
      next = found.next
      await this.#rest()
    } while (next !== null)
  }

  #search(account: Account, filter: ActFilter, before: number | null, limit: number) {
    const log = logOf(account, filter)
    return this.#reader.searchActs({
      ...(before !== null && { before }),
      ...(log !== undefined && { log }),
      limit,
      matches: matcher(filter),
    })
  }
}

/** As many as one search of the store looks at. */
const piece = 1_000

function restAMoment(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

/** The log that may be read; all of them without an answer. */
function logOf(account: Account, { log }: ActFilter): string | undefined {
  if (may(account, 'read.all')) return log
  const { institution } = account
  if (log !== undefined && log !== institution) {
    throw new AppError('not_found', 'There is no such institution.')
  }
  return institution ?? nationalLog
}

function matcher(filter: ActFilter): (act: ActRow) => boolean {
  const { actor, role, kind, from = -Infinity, to = Infinity } = filter
  const text = filter.text?.toLowerCase()
  return ({ at, entry }) =>
    (actor ?? entry.actor) === entry.actor &&
    (role ?? entry.role) === entry.role &&
    from <= at &&
    at < to &&
    (kind === undefined || actKindOf(entry.what) === kind) &&
    (text === undefined || `${entry.what}\n${entry.why}`.toLowerCase().includes(text))
}
