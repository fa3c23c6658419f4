import type { Span } from '../../protocol/time.ts'
import type { MigrationFigures, SnapshotMigration } from './migration/result.ts'
import type { EnabledShare, IndexFigure, SnapshotReadiness } from './readiness/result.ts'
import type {
  Bound,
  Cycle,
  EnvironmentRow,
  Figure,
  InstitutionRow,
  NationRow,
  PopulationFigures,
  PreviousCycle,
  Snapshot,
  StagedFigure,
} from './snapshot.ts'

/** One published figure that became another. Bounds as they are written; null: there was none. */
export type FigureDifference = {
  /**
   * `nation`, `institution/<id>` or `institution/<id>/environment/<id>`; the readiness index of the
   * first two is `<figure>/readiness`, its coverage the share that is measured; their migration is
   * `<figure>/migration` (what is done as low, what is earned as observed) and
   * `<figure>/hosting-compliance`.
   */
  readonly figure: string
  readonly bound: 'low' | 'observed' | 'high' | 'coverage'
  readonly old: string | null
  readonly new: string | null
}

/** What stood for one revision of a frozen cycle, and what it rests on. */
export type CycleBasis = {
  readonly revision: number
  /** SHA-256 of the bytes of the revision before; null for the freeze itself. */
  readonly previous: string | null
  /** SHA-256 of the register and of the policy in force, as canonical JSON. */
  readonly register: string
  readonly policy: string
}

type FrozenEnvironment = Pick<
  EnvironmentRow,
  | 'id'
  | 'name'
  | 'class'
  | 'criticality'
  | 'provider'
  | 'stage'
  | 'assessed'
  | 'missing'
  | 'inScopeFrom'
  | 'maintenance'
> & { readonly continuity: Figure }

type FrozenInstitution = Pick<
  InstitutionRow,
  'id' | 'kind' | 'name' | 'sector' | 'target' | 'stage' | 'joiner' | 'worst' | 'worstCritical'
> & { readonly continuity: Figure; readonly environments: readonly FrozenEnvironment[] }

/**
 * All figures of one window that follow from the logs and from nothing else: no contact, no clock.
 * The same logs and the same engine always give the same.
 */
export type WindowFigures = {
  readonly engine: string
  readonly simulated: boolean
  readonly timezone: string
  readonly target: Snapshot['target']
  readonly window: Span
  readonly nation: Pick<NationRow, 'targets' | 'stage' | 'headline'> & {
    readonly continuity: PopulationFigures
    readonly byKind: Readonly<
      Record<'institution' | 'governorate', { targets: number; continuity: Figure }>
    >
  }
  readonly institutions: readonly FrozenInstitution[]
  /** As of the end of the window; only by an approved model, and where it was asked for. */
  readonly readiness?: SnapshotReadiness
  /** As of the same; where it was asked for and somebody registered a workload. */
  readonly migration?: SnapshotMigration
}

/** What the frozen bytes of a cycle are: this, as canonical JSON. */
export type FrozenFigures = WindowFigures &
  CycleBasis & {
    readonly format: 'istimrar.cycle/v1'
    readonly cycle: Cycle
    /** What became another figure since the revision before. */
    readonly changes: readonly FigureDifference[]
  }

/** The figures of the window that a snapshot has as its cycle. */
export function windowFigures(snapshot: Snapshot): WindowFigures {
  const { engine, simulated, timezone, target, windows } = snapshot
  const { nation, readiness, migration } = snapshot
  const { targets, stage, headline, continuity, byKind } = nation
  const ofKind = (kind: keyof typeof byKind) => ({
    targets: byKind[kind].targets,
    continuity: byKind[kind].continuity.cycle,
  })
  return {
    ...{ engine, simulated, timezone, target, window: windows.cycle },
    nation: {
      ...{ targets, stage, headline, continuity: continuity.cycle },
      byKind: { institution: ofKind('institution'), governorate: ofKind('governorate') },
    },
    institutions: snapshot.institutions.map(institutionOf),
    // A draft's figures are never official.
    ...(readiness?.model.status === 'approved' && { readiness }),
    ...(migration && { migration }),
  }
}

function institutionOf(row: InstitutionRow): FrozenInstitution {
  const { id, kind, name, sector, target, stage, joiner, worst, worstCritical } = row
  return {
    ...{ id, kind, name, sector, target, stage, worst, worstCritical },
    ...(joiner && { joiner }),
    continuity: row.continuity.cycle,
    environments: row.environments.map((environment) => ({
      id: environment.id,
      name: environment.name,
      class: environment.class,
      criticality: environment.criticality,
      provider: environment.provider,
      stage: environment.stage,
      assessed: environment.assessed,
      missing: environment.missing,
      inScopeFrom: environment.inScopeFrom,
      maintenance: environment.maintenance,
      continuity: environment.continuity.cycle,
    })),
  }
}

/** The figures of a cycle as they are frozen; `before` is the revision before. */
export function frozenFigures(
  figures: WindowFigures,
  cycle: Cycle,
  basis: CycleBasis,
  before: WindowFigures | null,
): FrozenFigures {
  const changes = before ? differences(before, figures) : []
  return { format: 'istimrar.cycle/v1', ...figures, ...basis, cycle, changes }
}

const boundNames = ['low', 'observed', 'high', 'coverage'] as const

/** Per figure what it was and what it is, as written; only what is another. */
export function differences(before: WindowFigures, after: WindowFigures): FigureDifference[] {
  const beside = {
    readiness: before.readiness !== undefined && after.readiness !== undefined,
    migration: before.migration !== undefined && after.migration !== undefined,
  }
  const [old, fresh] = [named(before, beside), named(after, beside)]
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((figure) =>
    boundNames.flatMap((bound): FigureDifference[] => {
      const was = old.get(figure)?.[bound]?.percent ?? null
      const is = fresh.get(figure)?.[bound]?.percent ?? null
      return was === is ? [] : [{ figure, bound, old: was, new: is }]
    }),
  )
}

type Named = Partial<Pick<Figure, (typeof boundNames)[number]>>

function named(
  { nation, institutions, readiness, migration }: WindowFigures,
  beside: Readonly<Record<'readiness' | 'migration', boolean>>,
): Map<string, Named> {
  const all: [string, Named][] = [['nation', nation.continuity[nation.headline]]]
  if (beside.readiness && readiness) {
    all.push(['nation/readiness', readiness.nation.index ?? {}])
    for (const [id, { index, measured }] of Object.entries(readiness.institutions)) {
      all.push([`institution/${id}/readiness`, { ...index, coverage: measured }])
    }
  }
  if (beside.migration && migration) {
    all.push(...moved('nation', migration.nation))
    for (const [id, own] of Object.entries(migration.institutions)) {
      all.push(...moved(`institution/${id}`, own))
    }
  }
  for (const { id, continuity, environments } of institutions) {
    all.push([`institution/${id}`, continuity])
    for (const environment of environments) {
      all.push([`institution/${id}/environment/${environment.id}`, environment.continuity])
    }
  }
  return new Map(all)
}

function moved(figure: string, { done, earned, compliance }: MigrationFigures): [string, Named][] {
  const { low, high } = compliance
  return [
    [`${figure}/migration`, { ...(done && { low: done }), ...(earned && { observed: earned }) }],
    [`${figure}/hosting-compliance`, { ...(low && { low }), ...(high && { high }) }],
  ]
}

/** What of figures is shown without environments. */
type Shown = Pick<WindowFigures, 'readiness' | 'migration'> & {
  readonly nation: Pick<WindowFigures['nation'], 'stage' | 'headline' | 'continuity'>
  readonly institutions: readonly Pick<FrozenInstitution, 'id' | 'stage' | 'continuity'>[]
}

/** A cycle beside the running one. */
export function asPrevious(
  { nation, institutions }: Shown,
  cycle: Cycle,
  revision: number | null,
): PreviousCycle {
  const rows = institutions.map(({ id, stage, continuity }): [string, StagedFigure] => {
    return [id, { stage, figure: continuity }]
  })
  const { stage, continuity, headline } = nation
  return {
    ...{ cycle, revision, nation: { stage, figure: continuity[headline] } },
    institutions: Object.fromEntries(rows),
  }
}

/** What is shown of a frozen cycle without its environments. */
export type FrozenCycle = PreviousCycle & {
  readonly revision: number
  /** Empty where readiness was no part of it. */
  readonly readiness: readonly Scoped<IndexFigure | null>[]
  /** Null where readiness was no part of it. */
  readonly enabled: Pick<EnabledShare, 'low' | 'high'> | null
  /** What was done of migration; empty where nobody had registered a workload. */
  readonly migration: readonly Scoped<Bound | null>[]
}

/** Something of the nation, or of an institution. */
export type Scoped<T> = readonly [
  labels: readonly [scope: 'nation' | 'institution', institution: string],
  of: T,
]

/** What is kept in memory of a frozen cycle, of which the bytes hold far more. */
export function frozenCycle(
  figures: Shown & Pick<FrozenFigures, 'cycle' | 'revision'>,
): FrozenCycle {
  const { cycle, revision, readiness, migration } = figures
  const scoped = <T, U>(nation: T, own: Readonly<Record<string, T>>, of: (each: T) => U) => [
    [['nation', ''], of(nation)] as const,
    ...Object.entries(own).map(([id, each]) => [['institution', id], of(each)] as const),
  ]
  return {
    ...asPrevious(figures, cycle, revision),
    revision,
    readiness: readiness
      ? scoped<{ readonly index: IndexFigure | null }, IndexFigure | null>(
          readiness.nation,
          readiness.institutions,
          ({ index }) => index,
        )
      : [],
    enabled: readiness?.nation.enabled ?? null,
    migration: migration
      ? scoped(migration.nation, migration.institutions, ({ done }: MigrationFigures) => done)
      : [],
  }
}

/** JSON with the keys of every object in order: the same value always has the same bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
