import type {
  CurvePoint,
  MigrationDetail,
  MigrationFigures,
  NationMigration,
  Schedule,
  SnapshotMigration,
  StateCount,
  WorkloadState,
} from '../../collector/kpi/migration/result.ts'
import { workloadStates } from '../../collector/kpi/migration/result.ts'
import type { Workload } from '../../collector/kpi/migration/workload.ts'
import { dayMs } from '../../protocol/time.ts'

/** Migration made by hand so that each part of it has a value; plausible, not computed. */

const at = Date.UTC(2027, 0, 14, 20)
const none: StateCount = { workloads: 0, weight: 0 }

const schedule: Schedule = {
  ...{ startAt: Date.UTC(2026, 5, 30, 20), plannedFinishAt: Date.UTC(2027, 5, 30, 20) },
  ...{ planned: share(0.5), rebaselined: share(0.25), earnedMonths: 3.6, actualMonths: 6.5 },
  ...{ performance: 0.75, timePerformance: 0.5625 },
  forecast: {
    status: 'forecast',
    finishAt: Date.UTC(2028, 3, 10, 20),
    earliestAt: Date.UTC(2028, 0, 31, 20),
    latestAt: null,
  },
}

const health: MigrationFigures = {
  ...{ workloads: 4, weight: 8, done: share(0.375), earned: share(0.525), schedule },
  states: states({ planned: [1, 2], cut_over: [1, 2], validated: [1, 3], retired: [1, 1] }),
  compliance: {
    ...{ compliant: 2, breach: 1, unknown: 1, exempt: 1 },
    ...{ low: share(0.5), high: share(0.75) },
  },
  ...{ late: 1, blocked: 1, findings: { moved_by_word_only: 1, target_silent: 2 } },
}

const dhofar: MigrationFigures = {
  ...{ workloads: 0, weight: 0, done: null, earned: null, schedule: null },
  states: states({ exempt: [1, 4] }),
  compliance: { compliant: 0, breach: 0, unknown: 0, exempt: 1, low: null, high: null },
  ...{ late: 0, blocked: 0, findings: {} },
}

const nation: NationMigration = {
  ...health,
  ...{ institutions: 3, withoutWorkloads: 1, withoutBaseline: 1 },
}

/** What a snapshot carries: an institution under way and one whose only workload is exempt. */
export const sampleMigration: SnapshotMigration = { at, nation, institutions: { health, dhofar } }

/** A curve with a point of every line; the expected finish shares its day with a month's end. */
export const sampleCurve: readonly CurvePoint[] = [
  ...[
    { at: schedule.startAt, planned: 0, rebaselined: null, done: 0, earned: 0 },
    { at: at - 14 * dayMs, planned: 0.4, rebaselined: 0.2, done: 0.25, earned: 0.5 },
  ].map((past) => ({ ...past, forecast: null })),
  { at, planned: 0.5, rebaselined: 0.25, done: 0.375, earned: 0.525, forecast: 0.375 },
  ...[0.9995, 1].map((forecast, hour) => ({
    at: Date.UTC(2028, 3, 10, 20 + hour),
    ...{ planned: 1, rebaselined: 1, done: null, earned: null, forecast },
  })),
]

const workload: Workload = {
  ...{ id: 'records', name: { ar: 'السجلات', en: 'Records' }, criticality: 'important', weight: 2 },
  ...{ dataClass: 'restricted', strategy: 'rehost', wave: 'first', owner: 'Operations' },
  source: { environment: 'portal', hosts: ['portal-1'] },
  target: { environment: 'portal-cloud', hosts: [] },
  ...{ provider: 'cloud-north', serviceSince: null },
  ...{ plannedStart: '2026-09-01', plannedFinish: '2026-12-01', startedOn: '2026-10-01' },
  ...{ cutOverOn: '2026-11-01', retiredOn: null, state: 'cut_over', isRolledBack: false },
  blocked: { reason: 'The new line is not laid.', since: '2026-12-10' },
}

/** Everything behind the migration of the institution under way. */
export const sampleMigrationDetail: MigrationDetail = {
  figures: health,
  rows: [
    {
      workload,
      state: 'cut_over',
      proofs: [
        {
          ...{ id: 'seen_in_target', status: 'unknown', days: { have: 12, need: 30 } },
          ...{ hosts: ['cloud-1'], measured: 'openstack' },
        },
        { id: 'continuity_kept', status: 'pass', days: null, hosts: [], measured: null },
      ],
      readiness: {
        ...{ rating: 'conditional', known: 4, all: 5 },
        against: [{ id: 'backup_recent', host: 'portal-1' }],
      },
      compliance: { status: 'breach', reason: 'overdue' },
      ...{ exemptUntil: at - dayMs, baselineFinish: '2026-12-01', isLate: true },
    },
  ],
  findings: [
    {
      ...{
        kind: 'target_silent',
        mayBeEarlier: false,
        workload: 'records',
        environment: 'portal-cloud',
      },
      ...{ hosts: ['cloud-1'], since: at - 9 * dayMs, declared: 'cloud-north', measured: null },
    },
  ],
  discovered: [
    {
      ...{ environment: 'archive', hosts: ['archive-1'], cloud: 'openstack', region: 'home-1' },
      ...{ virtualisation: null, provider: 'cloud-north', as: 'target' },
    },
  ],
  waves: [
    {
      ...{ name: 'first', startOn: '2026-09-01', finishOn: '2026-12-01', workloads: 4 },
      ...{ done: share(0.375), status: 'late' },
    },
    {
      ...{ name: null, startOn: null, finishOn: null, workloads: 1 },
      ...{ done: share(0), status: 'not_planned' },
    },
  ],
  curve: [
    {
      ...{ at: at - 30 * dayMs, planned: 0.4, rebaselined: null, done: 0.25, earned: 0.5 },
      forecast: null,
    },
    { at, planned: null, rebaselined: 0.25, done: null, earned: null, forecast: 0.375 },
  ],
}

function share(ratio: number) {
  return { ratio, percent: (ratio * 100).toFixed(2) }
}

function states(
  some: Partial<Record<WorkloadState, readonly [workloads: number, weight: number]>>,
): MigrationFigures['states'] {
  const all = workloadStates.map((state) => {
    const [workloads, weight] = some[state] ?? [none.workloads, none.weight]
    return [state, { workloads, weight }]
  })
  return Object.fromEntries(all) as MigrationFigures['states'] // every state is in it
}
