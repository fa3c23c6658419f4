import { isDeepStrictEqual } from 'node:util'
import type { EpochMs } from '../../../protocol/time.ts'
import type { WhatIf } from '../../http/views.ts'
import { adviceFor } from '../../kpi/readiness/advice.ts'
import { findingsOf } from '../../kpi/readiness/findings.ts'
import type { ReadinessInputs } from '../../kpi/readiness/inputs.ts'
import type { Model } from '../../kpi/readiness/model.ts'
import { nationReadiness } from '../../kpi/readiness/nation.ts'
import type {
  InstitutionReadiness,
  NationReadiness,
  ReadinessDetail,
  SnapshotReadiness,
} from '../../kpi/readiness/result.ts'
import { indicatorRows, type Membership, scoreInstitution } from '../../kpi/readiness/score.ts'
import { type DeclaredValue, declarationsAt } from '../../register/declarations-log.ts'
import { modelAt } from '../../register/models-log.ts'
import type { DayRow, EvaluationReader } from '../../store/store.ts'
import type { AgentBook } from '../agent-book.ts'
import type { Basis } from '../basis.ts'
import type { Ledgers } from '../ledgers.ts'
import { findingInputs } from './finding-inputs.ts'
import { hourOf, ReadinessBook, type ReadinessRound } from './readiness-book.ts'

/** What one evaluation found, as readiness is computed from it. */
export type Found = Pick<
  ReadinessRound,
  'basis' | 'frame' | 'institutions' | 'isOver' | 'migration'
>

/** An institution as it was scored, and what of. */
type Scored = {
  readonly inputs: ReadinessInputs
  readonly model: Model
  readonly readiness: InstitutionReadiness
}

/** What people decided, as it holds within one hour, and until something of it expires. */
type Decided = Pick<ReadinessRound, 'declared'> & {
  readonly entries: Basis['entries']
  readonly hour: EpochMs
  readonly until: EpochMs
  readonly model: Model | null
}

/** Scores what the book reads, and again only where that is other than before. */
export class Readiness {
  readonly #reader: EvaluationReader
  readonly #ledgers: Ledgers
  readonly #agents: AgentBook
  readonly #defaultModel: Model | null
  readonly #book: ReadinessBook
  #scored = new Map<string, Scored>()
  #decided: Decided | null = null
  #shown: { readonly round: ReadinessRound; readonly readiness: SnapshotReadiness } | null = null

  /** `defaultModel` holds as a draft while no model is approved. */
  constructor(
    reader: EvaluationReader,
    ledgers: Ledgers,
    agents: AgentBook,
    defaultModel: Model | null,
  ) {
    this.#reader = reader
    this.#ledgers = ledgers
    this.#agents = agents
    this.#defaultModel = defaultModel
    this.#book = new ReadinessBook(reader, ledgers, agents)
  }

  /** To be told of every day that is derived, whatever for. */
  note(days: readonly DayRow[]): void {
    this.#book.note(days)
  }

  /** Forgets what was read. */
  clear(): void {
    this.#book.clear()
  }

  /** Null where no model is known. `at` is the instant whose acts hold. */
  async evaluate(found: Found, at: EpochMs): Promise<SnapshotReadiness | null> {
    const { model, declared } = this.#decide(found.basis, at)
    if (!model) return null
    const round = { ...found, model, declared }
    const all = await this.#book.read(round)
    const before = this.#scored
    this.#scored = new Map()
    for (const inputs of all) {
      const last = before.get(inputs.institution)
      const membership = membershipOf(inputs.institution, round)
      const isSame = last?.inputs === inputs && last.model === model
      const readiness =
        isSame && isMemberAlike(last.readiness, membership)
          ? last.readiness
          : scoreInstitution(inputs, model, membership)
      this.#scored.set(inputs.institution, { inputs, model, readiness })
    }
    const scores = [...this.#scored].map(([id, scored]) => [id, scored.readiness] as const)
    const readiness = this.#together(round, new Map(scores))
    this.#shown = { round, readiness }
    return readiness
  }

  /** What is behind the readiness of an institution; null where nothing is known of it. */
  async detail(institution: string): Promise<ReadinessDetail | null> {
    if (!this.#shown) return null
    const { round } = this.#shown
    const { model } = round
    const inputs = await this.#book.detailed(institution, round)
    if (!inputs) return null
    const about = await findingInputs(this.#reader, this.#agents, inputs, round)
    return {
      readiness: scoreInstitution(inputs, model, membershipOf(institution, round)),
      indicators: indicatorRows(inputs, model),
      advice: adviceFor(inputs, model),
      findings: findingsOf(about),
    }
  }

  /** The same evaluation under another model; null before the first. */
  async whatIf(model: Model): Promise<WhatIf | null> {
    if (!this.#shown) return null
    const { round, readiness: before } = this.#shown
    const other = { ...round, model }
    // Ages and shares are judged by the model's rules, so that others make other inputs.
    const isReadAlike = isDeepStrictEqual(model.missing, round.model.missing)
    const book = new ReadinessBook(this.#reader, this.#ledgers, this.#agents)
    const all = isReadAlike
      ? [...this.#scored.values()].map(({ inputs }) => inputs)
      : await book.read(other)
    const scores = all.map((inputs) => {
      const { institution } = inputs
      return [
        institution,
        scoreInstitution(inputs, model, membershipOf(institution, round)),
      ] as const
    })
    return { before, after: togetherOf(other, new Map(scores)) }
  }

  /** The same objects as before where nothing is other. */
  #together(
    round: ReadinessRound,
    scores: ReadonlyMap<string, InstitutionReadiness>,
  ): SnapshotReadiness {
    const before = this.#shown
    const isSame =
      before?.readiness.model === round.model &&
      before.round.basis.register === round.basis.register &&
      Object.keys(before.readiness.institutions).length === scores.size &&
      [...scores].every(([id, each]) => before.readiness.institutions[id] === each)
    return isSame ? before.readiness : togetherOf(round, scores)
  }

  /** Acts are looked at when there are others, and once an hour: what they say may expire. */
  #decide({ entries, history }: Basis, at: EpochMs): Decided {
    const hour = hourOf(at)
    const before = this.#decided
    const isHeld = before?.entries === entries && before.hour === hour && at < before.until
    if (isHeld) return before
    const declared: ReadonlyMap<string, readonly DeclaredValue[]> = declarationsAt(
      entries,
      at,
      history,
    )
    const expiries = [...declared.values()].flat().map(({ expiresAt }) => expiresAt)
    const until = Math.min(...expiries, Number.POSITIVE_INFINITY)
    const approved = modelAt(entries, at)?.model ?? this.#defaultModel
    const isSame = before?.model && approved && isDeepStrictEqual(before.model, approved)
    this.#decided = { entries, hour, until, declared, model: isSame ? before.model : approved }
    return this.#decided
  }
}

function membershipOf(institution: string, { basis }: Pick<ReadinessRound, 'basis'>): Membership {
  const { readiness, enabled } = basis.register.populations
  return {
    isMember: readiness.includes(institution),
    isEnabledMember: enabled.includes(institution),
  }
}

function isMemberAlike(a: Membership, b: Membership): boolean {
  return a.isMember === b.isMember && a.isEnabledMember === b.isEnabledMember
}

function togetherOf(
  { basis, model }: Pick<ReadinessRound, 'basis' | 'model'>,
  scores: ReadonlyMap<string, InstitutionReadiness>,
): SnapshotReadiness {
  const members = basis.register.institutions.flatMap(({ id, kind }) => {
    const readiness = scores.get(id)
    return readiness ? [{ kind, readiness }] : []
  })
  const nation: NationReadiness = nationReadiness(members, model)
  return { model, nation, institutions: Object.fromEntries(scores) }
}
