import { dayAt } from '../kpi/migration/calendar.ts'
import {
  type CurvePoint,
  type MigrationFigures,
  migrationFindingKinds,
  type SnapshotMigration,
  workloadStates,
} from '../kpi/migration/result.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import { type Family, family, flag, seconds } from './family.ts'

const scoped = ['scope', 'institution'] as const
const complianceStatuses = ['compliant', 'breach', 'unknown', 'exempt'] as const
const curveLines = ['planned', 'rebaselined', 'done', 'earned', 'forecast'] as const
const forecastStatuses = ['finished', 'forecast', 'not_started', 'no_progress'] as const

/** Cloud migration, of the nation and of institutions; none before a workload is registered. */
export const migrationFamilies: readonly Family[] = [
  of(
    'migration_reference_timestamp_seconds',
    [],
    'The midnight that the figures of cloud migration are of.',
    function* ({ at }) {
      yield [seconds(at)]
    },
  ),
  ofFigures(
    'migration_done_ratio',
    'Share of the weight of workloads that measurement found moved, or retired; else 0 or 1 each.',
    ({ done }) => done?.ratio,
  ),
  ofFigures(
    'migration_earned_ratio',
    'The same with partial credit for work under way, as people say it is.',
    ({ earned }) => earned?.ratio,
  ),
  ofFigures(
    'migration_planned_ratio',
    'Share that the first approved roadmap promised by now; NaN without one.',
    ({ schedule }) => schedule?.planned.ratio,
  ),
  ofFigures(
    'migration_replanned_ratio',
    'The same of the newest roadmap approved after it; NaN without one.',
    ({ schedule }) => schedule?.rebaselined?.ratio,
  ),
  of(
    'migration_schedule_performance_ratio',
    [...scoped, 'by'],
    'Done by planned (share), and months earned by months passed (time); below 1 is behind.',
    function* (migration) {
      for (const { labels, figures } of scopes(migration)) {
        const { performance, timePerformance } = figures.schedule ?? {}
        yield [...labels, 'share', performance ?? Number.NaN]
        yield [...labels, 'time', timePerformance ?? Number.NaN]
      }
    },
  ),
  ofFigures(
    'migration_planned_finish_timestamp_seconds',
    'When all is to be done by the first approved roadmap; NaN without one.',
    ({ schedule }) => seconds(schedule?.plannedFinishAt ?? null),
  ),
  of(
    'migration_forecast_timestamp_seconds',
    [...scoped, 'bound'],
    'When all will be done at the pace so far, and at that of the best and of the worst quarter.',
    function* (migration) {
      for (const { labels, figures } of scopes(migration)) {
        const { finishAt, earliestAt, latestAt } = figures.schedule?.forecast ?? {}
        yield [...labels, 'expected', seconds(finishAt ?? null)]
        yield [...labels, 'earliest', seconds(earliestAt ?? null)]
        yield [...labels, 'latest', seconds(latestAt ?? null)]
      }
    },
  ),
  of(
    'migration_forecast_status',
    [...scoped, 'status'],
    '1 for how the forecast stands, else 0; all 0 without a roadmap.',
    function* (migration) {
      for (const { labels, figures } of scopes(migration)) {
        for (const status of forecastStatuses) {
          yield [...labels, status, flag(status === figures.schedule?.forecast.status)]
        }
      }
    },
  ),
  of(
    'migration_workloads',
    [...scoped, 'state'],
    'Workloads by state; validated is what measurement found, exempt ones are not in scope.',
    function* (migration) {
      for (const { labels, figures } of scopes(migration)) {
        for (const state of workloadStates)
          yield [...labels, state, figures.states[state].workloads]
      }
    },
  ),
  ofFigures('migration_late_workloads', 'Workloads past their finish and not done.', (figures) => {
    return figures.late
  }),
  ofFigures('migration_blocked_workloads', 'Workloads that wait for something.', (figures) => {
    return figures.blocked
  }),
  of(
    'migration_findings',
    [...scoped, 'kind'],
    'Where what is registered and what is measured do not agree.',
    function* (migration) {
      for (const { labels, figures } of scopes(migration)) {
        for (const kind of migrationFindingKinds) {
          yield [...labels, kind, figures.findings[kind] ?? 0]
        }
      }
    },
  ),
  of(
    'hosting_compliance_ratio',
    [...scoped, 'bound'],
    'Share of workloads that keep the hosting policy: proven, and possible; NaN without any.',
    function* (migration) {
      for (const { labels, figures } of scopes(migration)) {
        yield [...labels, 'low', figures.compliance.low?.ratio ?? Number.NaN]
        yield [...labels, 'high', figures.compliance.high?.ratio ?? Number.NaN]
      }
    },
  ),
  of(
    'hosting_compliance_workloads',
    [...scoped, 'status'],
    'Workloads by whether they keep the hosting policy.',
    function* (migration) {
      for (const { labels, figures } of scopes(migration)) {
        for (const status of complianceStatuses) {
          yield [...labels, status, figures.compliance[status]]
        }
      }
    },
  ),
  family(
    'migration_curve_ratio',
    ['line', 'day'],
    'The S-curve of the nation: shares of the weight as the day begins, past and to come.',
    function* ({ timezone }, { curve }) {
      const points = curve()
      for (const line of curveLines) {
        for (const [day, ratio] of byDay(points, line, timezone)) yield [line, day, ratio]
      }
    },
  ),
  of(
    'migration_institutions',
    ['is'],
    'Institutions of the register: all, without workloads, with workloads but without a roadmap.',
    function* ({ nation }) {
      yield ['registered', nation.institutions]
      yield ['without_workloads', nation.withoutWorkloads]
      yield ['without_roadmap', nation.withoutBaseline]
    },
  ),
]

/** One value a day: an expected finish may fall on a day that has a point already. */
function byDay(
  points: readonly CurvePoint[],
  line: (typeof curveLines)[number],
  timezone: string,
): ReadonlyMap<string, number> {
  const ratios = new Map<string, number>()
  for (const point of points) {
    const ratio = point[line]
    if (ratio !== null) ratios.set(dayAt(point.at, timezone), ratio)
  }
  return ratios
}

/** A family of what a snapshot carries of migration; empty where that is nothing. */
function of<const Labels extends readonly string[]>(
  name: string,
  labels: Labels,
  help: string,
  samples: (
    migration: SnapshotMigration,
  ) => Iterable<readonly [...{ readonly [Index in keyof Labels]: string }, number]>,
): Family {
  return family(name, labels, help, ({ migration }: Snapshot) =>
    migration ? samples(migration) : [],
  )
}

/** A family with one series a scope; NaN where there is no value. */
function ofFigures(
  name: string,
  help: string,
  read: (figures: MigrationFigures) => number | undefined,
): Family {
  return of(name, scoped, help, function* (migration) {
    for (const { labels, figures } of scopes(migration)) {
      yield [...labels, read(figures) ?? Number.NaN]
    }
  })
}

type Scope = {
  readonly labels: readonly [scope: string, institution: string]
  readonly figures: MigrationFigures
}

function* scopes({ nation, institutions }: SnapshotMigration): Iterable<Scope> {
  yield { labels: ['nation', ''], figures: nation }
  for (const [id, figures] of Object.entries(institutions)) {
    yield { labels: ['institution', id], figures }
  }
}
