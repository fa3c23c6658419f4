import { daysOf, type EpochMs, type Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { Turns } from '../ingest/turns.ts'
import type { ActBook, ActKey } from '../register/act-log.ts'
import type { Entry } from '../register/difference.ts'
import { type RegisterHistory, registerHistory } from '../register/history.ts'
import type { Effect, EvidenceReader, EvidenceWriter } from '../store/store.ts'
import type { Account } from './accounts.ts'
import { applyActs } from './acts.ts'
import { HeldHistory, type LogSource } from './held-log.ts'
import { may, requireMay, requireSight, sees } from './permissions.ts'

/** An environment of an institution. */
export type Place = Omit<ActKey, 'id'>

/** Where acts are kept, and who is told of them. */
export type ActsOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'entries'> & LogSource
  /** What is held of the register for all who judge acts; one of their own without it. */
  readonly history?: HeldHistory
  readonly now: () => EpochMs
  /** Told after each act that may change a figure. */
  readonly onChange: () => void
}

/** What is special about acts of one kind. */
export type ActsKind<T> = {
  readonly subject: (key: ActKey) => string
  /** The time in which an act changes what counts. */
  readonly touched: (entry: Pick<Entry, 'before' | 'after'>) => readonly Span[]
  /** What is said of one that is not there. */
  readonly missing: string
  /** What the log says. */
  readonly fold: (entries: readonly Entry[], history: RegisterHistory) => ActBook<T>
}

/** Whether an account asks for an institution, and changes and withdraws what it asked for. */
export function asksFor(account: Account, owner: string): boolean {
  return may(account, 'ask', owner)
}

/** Throws AppError `forbidden` for everybody else. */
export function requireAsker(account: Account, institution: string): void {
  requireMay(account, 'ask', institution)
}

/**
 * What people asked for about environments, and what became of it. What stands in the log is held
 * in memory. Acts happen one after another, and each is judged in its turn: nothing is written in
 * between.
 */
export class EnvironmentActs<T extends Span & { readonly id: string; readonly why: string }> {
  readonly #options: ActsOptions
  readonly #history: HeldHistory
  readonly #kind: ActsKind<T>
  readonly #turns = new Turns()
  readonly #book: ActBook<T>

  private constructor(options: ActsOptions, kind: ActsKind<T>, book: ActBook<T>) {
    this.#options = options
    this.#history = options.history ?? new HeldHistory(options.store)
    this.#kind = kind
    this.#book = book
  }

  /** Reads what the log says. */
  static async open<T extends Span & { readonly id: string; readonly why: string }>(
    options: ActsOptions,
    kind: ActsKind<T>,
  ): Promise<EnvironmentActs<T>> {
    const entries = await options.store.entries()
    return new EnvironmentActs(options, kind, kind.fold(entries, registerHistory(entries)))
  }

  /** What an account may see of some place, what starts first first. */
  list(account: Account, where: Partial<Place>): (T & Place)[] {
    if (where.institution !== undefined) requireSight(account, where.institution, 'environment')
    const found: (T & Place)[] = []
    for (const [place, values] of this.#book) {
      const [institution = '', environment = ''] = place.split('/')
      if (!sees(account, institution)) continue
      if ((where.institution ?? institution) !== institution) continue
      if ((where.environment ?? environment) !== environment) continue
      for (const value of values) found.push({ ...value, institution, environment })
    }
    return found.sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))
  }

  /** One of them. Throws AppError `not_found`, for a foreign one too. */
  get(account: Account, { institution, environment, id }: ActKey): T & Place {
    const found = this.list(account, { institution, environment }).find((each) => each.id === id)
    if (!found) throw new AppError('not_found', this.#kind.missing)
    return found
  }

  /** Notes something new, which `make` judges by the log and by what else was asked for. */
  add(
    account: Account,
    place: Place,
    make: (history: RegisterHistory, at: EpochMs, others: readonly T[]) => T,
  ): Promise<T & Place> {
    const { institution, environment } = place
    requireSight(account, institution, 'environment')
    requireAsker(account, institution)
    return this.#turns.take(async () => {
      const history = await this.#history.read()
      const at = this.#options.now()
      const made = make(history, at, this.#book.get(placeOf(place)) ?? [])
      const key = { institution, environment, id: made.id }
      return this.#act(account, key, null, made, made.why, at)
    })
  }

  /** Changes one of them as `change` judges it. */
  change(
    account: Account,
    key: ActKey,
    why: string,
    change: (value: T, at: EpochMs) => T,
  ): Promise<T & Place> {
    return this.#turns.take(async () => {
      this.get(account, key)
      const before = this.#book.get(placeOf(key))!.find(({ id }) => id === key.id)!
      const at = this.#options.now()
      return this.#act(account, key, before, change(before, at), why, at)
    })
  }

  async #act(
    { id: actor, role }: Account,
    key: ActKey,
    before: T | null,
    after: T,
    why: string,
    at: EpochMs,
  ): Promise<T & Place> {
    const { institution, environment } = key
    const what = this.#kind.subject(key)
    const entry = { actor, role, what, why, before, after, effectiveFrom: at }
    const days = new Set(this.#kind.touched(entry).flatMap(daysOf))
    const effects = [...days].map((day): Effect => {
      return { kind: 'dirty-day', institution, environment, day }
    })
    await applyActs(this.#options.store, [{ log: institution, entry, effects }], at)
    const rest = (this.#book.get(placeOf(key)) ?? []).filter(({ id }) => id !== after.id)
    this.#book.set(placeOf(key), [...rest, after])
    if (effects.length > 0) this.#options.onChange()
    return { ...after, institution, environment }
  }
}

function placeOf({ institution, environment }: Place): string {
  return `${institution}/${environment}`
}
