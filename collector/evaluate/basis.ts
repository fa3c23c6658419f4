import type { EpochMs, Span } from '../../protocol/time.ts'
import type { Standard } from '../kpi/continuity.ts'
import type { Entry } from '../register/difference.ts'
import {
  environmentHistories,
  policyAt,
  type RegisterHistory,
  registerAt,
  registerHistory,
} from '../register/history.ts'
import type { Policy } from '../register/policy.ts'
import type { Register } from '../register/register.ts'
import type { EvidenceReader } from '../store/store.ts'
import { standardOf } from './build-snapshot.ts'
import { Decisions } from './disputes.ts'
import type { EnvironmentSource } from './ledgers.ts'
import { Exclusions } from './maintenance.ts'

/** What people decided, as far as figures rest on it. */
export type Basis = {
  /** The instant whose policy and register these are; until the next change they stay so. */
  readonly at: EpochMs
  /** All acts that figures rest on, oldest first, and what they make of register and policy. */
  readonly entries: readonly Entry[]
  readonly history: RegisterHistory
  readonly policy: Policy
  readonly standard: Standard
  readonly register: Register
  /** Every environment that has come into scope, by institution and id. */
  readonly sources: readonly EnvironmentSource[]
}

type Held = {
  readonly newestAct: number
  readonly entries: readonly Entry[]
  readonly history: RegisterHistory
  readonly basis: Basis
  /** Holds from this instant until that one. */
  readonly from: EpochMs
  readonly to: EpochMs
}

/** Reads what people decided, and reads it again only where it may be other than before. */
export class BasisBook {
  readonly #reader: Pick<EvidenceReader, 'entries'>
  readonly #exclusions = new Exclusions()
  readonly #decisions = new Decisions()
  #held: Held | null = null
  /** The newest answer of `inEra`, and between which instants it holds. */
  #era: (Span & { readonly basis: Basis; readonly of: Held }) | null = null

  constructor(reader: Pick<EvidenceReader, 'entries'>) {
    this.#reader = reader
  }

  /** The same object as before where nothing changed; null while no register has been applied. */
  async read(newestAct: number, now: EpochMs): Promise<Basis | null> {
    const before = this.#held
    const inTime = before !== null && before.from <= now && now < before.to
    if (inTime && before.newestAct === newestAct) return before.basis
    const entries =
      before?.newestAct === newestAct ? before.entries : await this.#reader.entries('figures')
    // A log only grows: as many entries are the same entries.
    if (inTime && before.entries.length === entries.length) {
      this.#held = { ...before, newestAct }
      return before.basis
    }
    const history = registerHistory(entries)
    if (history.size === 0) return null
    const policy = policyAt(history, now)
    const completed = this.#exclusions.read(entries, history, policy)
    const disputesOf = this.#decisions.read(entries, history)
    const sources = environmentHistories(history)
      .filter(({ versions }) => versions.some((version) => version.from <= now))
      .map((source) => ({ ...completed(source), disputes: disputesOf(source) }))
    const register = registerAt(history, now)
    const decided = { entries, history, policy, standard: standardOf(policy), register, sources }
    const basis = { at: now, ...decided }
    this.#held = { newestAct, entries, history, basis, from: now, to: nextChange(history, now) }
    return basis
  }

  /**
   * The basis that was read last with the register and the policy of an earlier instant: a window
   * that is over is measured by what held at its end.
   */
  before(at: EpochMs): Basis {
    const { history, basis } = this.#held!
    const policy = policyAt(history, at)
    const register = registerAt(history, at)
    return { ...basis, at, policy, standard: standardOf(policy), register }
  }

  /** The same, worked out once for all instants between two changes, of which `at` is one. */
  inEra(at: EpochMs): Basis {
    const held = this.#held!
    const known = this.#era
    if (known?.of === held && known.from <= at && at < known.to) return known.basis
    const basis = this.before(at)
    this.#era = { of: held, from: at, to: nextChange(held.history, at), basis }
    return basis
  }

  /** The basis that was read last. */
  get newest(): Basis {
    return this.#held!.basis
  }
}

/** When what is planned in the register and the policy next makes a difference. */
function nextChange(history: RegisterHistory, now: EpochMs): EpochMs {
  let next = Number.POSITIVE_INFINITY
  for (const versions of history.values()) {
    for (const { from, to } of versions) {
      if (from > now) next = Math.min(next, from)
      else if (to > now) next = Math.min(next, to)
    }
  }
  return next
}
