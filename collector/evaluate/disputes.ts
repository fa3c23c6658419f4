import type { DecidedSpan } from '../kpi/disputes.ts'
import { type CycleBook, foldCycles, frozenEndAt } from '../register/cycles-log.ts'
import type { Entry } from '../register/difference.ts'
import { type Dispute, decidedSpans } from '../register/disputes.ts'
import { type DisputeBook, foldDisputes } from '../register/disputes-log.ts'
import type { RegisterHistory } from '../register/history.ts'
import type { EnvironmentKey } from '../store/store.ts'

type Decided = { readonly disputes: readonly Dispute[]; readonly spans: readonly DecidedSpan[] }

/**
 * What the evaluator decided about disputes of each environment. A log only grows, so that what was
 * read of it is kept, and only what changed is worked out again.
 */
export class Decisions {
  readonly #cycles: CycleBook = new Map()
  readonly #book: DisputeBook = new Map()
  readonly #decided = new Map<string, Decided>()
  #read = 0

  /** Reads on in all entries, oldest first; what it returns answers for each environment. */
  read(
    entries: readonly Entry[],
    history: RegisterHistory,
  ): (environment: EnvironmentKey) => readonly DecidedSpan[] {
    const fresh = entries.slice(this.#read)
    this.#read = entries.length
    foldCycles(this.#cycles, fresh, history)
    foldDisputes(this.#book, fresh, history, (at) => frozenEndAt(this.#cycles, at))
    return (key) => this.#decidedOf(`${key.institution}/${key.environment}`)
  }

  #decidedOf(place: string): readonly DecidedSpan[] {
    const disputes = this.#book.get(place)
    if (!disputes) return []
    const known = this.#decided.get(place)
    if (known?.disputes === disputes) return known.spans
    const spans = decidedSpans(disputes)
    this.#decided.set(place, { disputes, spans })
    return spans
  }
}
