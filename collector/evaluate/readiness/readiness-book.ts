import { type EpochMs, hourMs } from '../../../protocol/time.ts'
import type { SnapshotMigration } from '../../kpi/migration/result.ts'
import type { ReadinessEnvironment, ReadinessInputs } from '../../kpi/readiness/inputs.ts'
import type { Model } from '../../kpi/readiness/model.ts'
import type { AgentRow } from '../../kpi/snapshot.ts'
import type { DeclaredValue } from '../../register/declarations-log.ts'
import type { Institution } from '../../register/register.ts'
import type { DayRow, EnvironmentKey } from '../../store/store.ts'
import type { AgentBook } from '../agent-book.ts'
import type { Basis } from '../basis.ts'
import type { Frame, PooledInstitution } from '../build-snapshot.ts'
import { keyOf, type Ledgers } from '../ledgers.ts'
import { EnvironmentKeeper, type Kept } from './environment-keeper.ts'
import type { ReadinessReader, Sought } from './environment-readiness.ts'
import { isSeen, windowBefore } from './environment-window.ts'
import { DeclaredMeasures, institutionMeasures, migrationMeasures } from './institution-measures.ts'
import { notApplicable } from './measure.ts'
import { keptInputs } from './same.ts'

/** What the inputs of one evaluation are taken from. */
export type ReadinessRound = {
  readonly basis: Basis
  readonly frame: Frame
  readonly institutions: readonly PooledInstitution[]
  readonly model: Model
  /** What institutions declared, as it stands. */
  readonly declared: ReadonlyMap<string, readonly DeclaredValue[]>
  /** Whether it is as of a past instant: the end of the frame. */
  readonly isOver: boolean
  /** Null where nobody registered a workload. */
  readonly migration: SnapshotMigration | null
}

/**
 * What the readiness of every institution is computed from: the same object as before where the
 * scores are.
 */
export class ReadinessBook {
  readonly #ledgers: Ledgers
  readonly #agents: AgentBook
  readonly #keeper: EnvironmentKeeper
  #inputs = new Map<string, ReadinessInputs>()
  /** By the environment that it was made of, so that the same gives the same. */
  readonly #withoutLink = new WeakMap<ReadinessEnvironment, ReadinessEnvironment>()
  #scopes: { readonly of: Basis['sources']; readonly from: ReadonlyMap<string, EpochMs> } | null =
    null

  constructor(reader: ReadinessReader, ledgers: Ledgers, agents: AgentBook) {
    this.#ledgers = ledgers
    this.#agents = agents
    this.#keeper = new EnvironmentKeeper(reader)
  }

  /** To be told of every day that is derived, whatever for. */
  note(days: readonly DayRow[]): void {
    this.#keeper.note(days)
  }

  /** Forgets what was read. */
  clear(): void {
    this.#keeper.clear()
  }

  /** The inputs of every institution of the register, in its order. */
  async read(round: ReadinessRound): Promise<ReadinessInputs[]> {
    const marks = await this.#keeper.marks()
    const before = this.#inputs
    this.#inputs = new Map()
    for (const institution of round.basis.register.institutions) {
      const declared = declaredBy(institution, round)
      const kept: Kept[] = []
      for (const sought of this.#sought(institution, declared, round)) {
        const known = this.#keeper.unchanged(sought, marks)
        // Only here: to wait a thousand times for nothing takes as long as all else.
        kept.push(known ?? (await this.#keeper.read(sought, marks)))
      }
      const inputs = this.#inputsOf(institution, kept, declared, round)
      const { id } = institution
      this.#inputs.set(id, keptInputs(inputs, before.get(id) ?? null))
    }
    return [...this.#inputs.values()]
  }

  /** The same of one institution, with what each value rests on; null for one that is unknown. */
  async detailed(id: string, round: ReadinessRound): Promise<ReadinessInputs | null> {
    const institution = round.basis.register.institutions.find((each) => each.id === id)
    if (!institution) return null
    const declared = declaredBy(institution, round)
    const kept: Kept[] = []
    for (const sought of this.#sought(institution, declared, round)) {
      const detailed = await this.#keeper.detailed(sought)
      if (detailed) kept.push(detailed)
    }
    return this.#inputsOf(institution, kept, declared, round)
  }

  /** What to look at of each environment that the register has now. */
  #sought(institution: Institution, declared: DeclaredMeasures, round: ReadinessRound): Sought[] {
    const { basis, frame, model, isOver } = round
    const { asOf, engine, weights } = frame
    const reference = hourOf(asOf)
    const roles = [...Object.values(institution.roles ?? {})].flat()
    return institution.environments.flatMap((environment): Sought[] => {
      const key = { institution: institution.id, environment: environment.id }
      const scopeFrom = this.#scopeFrom(key, basis)
      if (scopeFrom === undefined) return []
      const agents = isOver ? this.#enrolledBefore(key, asOf) : this.#active(key)
      const ledger = this.#ledgers.get(key)
      const prefix = `${environment.id}/`
      const own = roles.filter((name) => name.startsWith(prefix))
      return [
        {
          ...{ key, environment, scopeFrom, declared, engine, missing: model.missing },
          ...{ agents, ledger, reference, past: isOver ? asOf : null },
          weight: weights[environment.criticality],
          isReporting: isOver
            ? isSeen(ledger, { from: reference - hourMs, to: reference })
            : agents.some(({ silent }) => !silent),
          window: windowBefore(asOf),
          roleChecks: own.map((name) => name.slice(prefix.length)),
        },
      ]
    })
  }

  #inputsOf(
    { id, roles }: Institution,
    kept: readonly Kept[],
    declared: DeclaredMeasures,
    { frame: { asOf }, institutions, model, migration }: ReadinessRound,
  ): ReadinessInputs {
    const summaries = kept.map(({ sought, window, link }) => {
      const { environment, isReporting } = sought
      return { id: environment.id, isReporting, link, roles: window.roles }
    })
    const knownMin = model.missing.minAvailableRatio
    const own = {
      ...institutionMeasures(roles ?? {}, summaries, knownMin, windowBefore(asOf)),
      ...migrationMeasures(migration?.institutions[id], migration?.at ?? null),
    }
    const hasLink = kept.some(({ link }) => link !== undefined)
    return {
      institution: id,
      at: asOf,
      isSetUp: institutions.find(({ row }) => row.id === id)?.row.stage === 'measured',
      measures: declared.over('institution', null, own),
      environments: kept.map(({ readiness, link }) => {
        return hasLink && link === undefined ? this.#linkedElsewhere(readiness) : readiness
      }),
      waivers: declared.waivers,
    }
  }

  #linkedElsewhere(environment: ReadinessEnvironment): ReadinessEnvironment {
    const known = this.#withoutLink.get(environment) ?? withoutLink(environment)
    this.#withoutLink.set(environment, known)
    return known
  }

  #active(key: EnvironmentKey): readonly AgentRow[] {
    const rows = this.#agents.rows(keyOf(key))
    return rows.every(({ status }) => status === 'active')
      ? rows
      : rows.filter(({ status }) => status === 'active')
  }

  #enrolledBefore(key: EnvironmentKey, at: EpochMs): readonly AgentRow[] {
    const enrolled = this.#agents.enrolled(keyOf(key))
    return enrolled.flatMap(({ row, enrolledAt }) => {
      return enrolledAt < at && row.status !== 'pending' ? [row] : []
    })
  }

  #scopeFrom(key: EnvironmentKey, { sources }: Basis): EpochMs | undefined {
    if (this.#scopes?.of !== sources) {
      const from = sources.map((each) => [keyOf(each), each.versions[0]!.from] as const)
      this.#scopes = { of: sources, from: new Map(from) }
    }
    return this.#scopes.from.get(keyOf(key))
  }
}

function declaredBy({ id }: Institution, { declared, model, frame }: ReadinessRound) {
  return new DeclaredMeasures(declared.get(id) ?? [], model.missing, hourOf(frame.asOf))
}

/** What has no link of its own is connected by another environment of its institution. */
function withoutLink(environment: ReadinessEnvironment): ReadinessEnvironment {
  const none = notApplicable('no_check')
  const measures = {
    ...environment.measures,
    'link.loss_p95_ratio': none,
    'link.round_trip_p95_seconds': none,
  }
  return { ...environment, measures }
}

/** The start of the hour that holds an instant: ages are looked at as of it. */
export function hourOf(at: EpochMs): EpochMs {
  return Math.floor(at / hourMs) * hourMs
}
