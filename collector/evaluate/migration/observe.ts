import type { EpochMs } from '../../../protocol/time.ts'
import type { ObservedInstitution } from '../../kpi/migration/observation.ts'
import type { MigrationRegister } from '../../kpi/migration/workload.ts'
import { factPlace } from '../../store/facts.ts'
import type { DayRow } from '../../store/store.ts'
import type { AgentBook } from '../agent-book.ts'
import type { Basis } from '../basis.ts'
import { type EnvironmentSource, keyOf, type Ledgers } from '../ledgers.ts'
import { HostBook, type HostReader, type SoughtHosts } from './host-book.ts'
import { Midnights } from './move-continuity.ts'
import { type Held, heldOf, type Seen, seenOf, type Turn } from './observed-institution.ts'

/** What the observations of one evaluation are taken from. */
export type ObservationRound = {
  readonly basis: Basis
  /** The reference, as of `MigrationContext`. */
  readonly at: EpochMs
  /** What institutions registered, as it stands; those without anything may be absent. */
  readonly registers: ReadonlyMap<string, MigrationRegister>
}

/**
 * What was measured of the migration of every institution: the same objects as before where nothing
 * is other. It rests on evidence alone, not on who is heard just now, so that whoever verifies gets
 * the same.
 */
export class Observations {
  readonly #ledgers: Ledgers
  readonly #agents: AgentBook
  readonly #reader: HostReader
  readonly #hosts: HostBook
  #held: ReadonlyMap<string, Held> = new Map()
  #observed: ReadonlyMap<string, ObservedInstitution> = new Map()
  #turn: Pick<Turn, 'rules' | 'midnights'> | null = null
  #sources: Sources | null = null
  /** The first day that was derived again since the last round, by `keyOf`. */
  #derived = new Map<string, EpochMs>()
  #reading: Promise<unknown> = Promise.resolve()

  constructor(reader: HostReader, ledgers: Ledgers, agents: AgentBook) {
    this.#ledgers = ledgers
    this.#agents = agents
    this.#reader = reader
    this.#hosts = new HostBook(reader)
  }

  /** To be told of every day that is derived, whatever for. */
  note(days: readonly DayRow[]): void {
    for (const row of days) {
      const key = keyOf(row)
      this.#derived.set(key, Math.min(row.day, this.#derived.get(key) ?? row.day))
    }
  }

  /** Forgets what was read. */
  clear(): void {
    this.#held = new Map()
    this.#hosts.clear()
  }

  /**
   * By institution: those that ever had an environment in scope, and those that registered. One
   * reading after the other, whoever asks.
   */
  async read(round: ObservationRound): Promise<ReadonlyMap<string, ObservedInstitution>> {
    const answer = this.#reading.then(() => this.#read(round))
    this.#reading = answer.catch(() => this.clear())
    return answer
  }

  async #read({ basis, at, registers }: ObservationRound) {
    const turn = this.#begin(basis, at)
    const marks = await this.#reader.factMarks()
    const sources = this.#byInstitution(basis)
    const held = new Map<string, Held>()
    for (const id of new Set([...sources.keys(), ...registers.keys()])) {
      const last = this.#held.get(id)
      const register = registers.get(id)
      const seen = new Map<string, Seen>()
      let isSame = turn.areRulesSame && last !== undefined && last.register === register
      for (const source of sources.get(id) ?? []) {
        const key = keyOf(source)
        const sought = this.#sought(source, key, turn, marks)
        // Only here: to wait a thousand times for nothing takes as long as all else.
        const known = this.#hosts.unchanged(key, sought) ?? (await this.#hosts.read(key, sought))
        const before = last?.seen.get(source.environment)
        const each = seenOf(source, known, basis.at, before)
        seen.set(source.environment, each)
        isSame &&= each === before && sought.derivedFrom >= at
      }
      isSame &&= last?.seen.size === seen.size
      held.set(id, isSame ? last! : heldOf(id, { register, seen }, last, turn))
    }
    this.#held = held
    return this.#together()
  }

  /** What was noted is this turn's; what is noted from now on is the next one's. */
  #begin({ policy: { timezone, degradedCountsAsUp } }: Basis, at: EpochMs): Turn {
    const derived = this.#derived
    this.#derived = new Map()
    const before = this.#turn
    const isZoneSame = before?.rules.timezone === timezone
    const midnights = isZoneSame ? before.midnights : new Midnights(timezone)
    const rules = { at, timezone, degradedCountsAsUp }
    this.#turn = { rules, midnights }
    const areRulesSame =
      isZoneSame && before.rules.at === at && before.rules.degradedCountsAsUp === degradedCountsAsUp
    return { rules, midnights, ledgers: this.#ledgers, areRulesSame, derived }
  }

  #sought(
    key: EnvironmentSource,
    place: string,
    { rules: { at }, derived }: Turn,
    marks: ReadonlyMap<string, number>,
  ): SoughtHosts {
    return {
      ...{ key, at },
      agents: this.#agents.rows(place),
      enrolled: () => this.#agents.enrolled(place),
      mark: marks.get(factPlace(key)) ?? 0,
      derivedFrom: derived.get(place) ?? Number.POSITIVE_INFINITY,
    }
  }

  /** Every environment that had come into scope by the instant of the basis. */
  #byInstitution({ sources, at }: Basis): SourcesByInstitution {
    if (this.#sources?.of !== sources || this.#sources.at !== at) {
      const begun = sources.filter(({ versions }) => versions[0]!.from <= at)
      const by = Map.groupBy(begun, ({ institution }) => institution)
      this.#sources = { of: sources, at, by }
    }
    return this.#sources.by
  }

  #together(): ReadonlyMap<string, ObservedInstitution> {
    const before = this.#observed
    const isSame =
      before.size === this.#held.size &&
      [...this.#held].every(([id, { observed }]) => before.get(id) === observed)
    if (!isSame) {
      const all = [...this.#held].map(([id, { observed }]) => [id, observed] as const)
      this.#observed = new Map(all)
    }
    return this.#observed
  }
}

type Sources = Pick<Basis, 'at'> & {
  readonly of: Basis['sources']
  readonly by: SourcesByInstitution
}
type SourcesByInstitution = ReadonlyMap<string, readonly EnvironmentSource[]>
