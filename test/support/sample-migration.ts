import {
  type CurvePoint,
  complianceReasons,
  type MigrationDetail,
  type MigrationFigures,
  migrationFindingKinds,
  type Proof,
  proofNames,
  type Schedule,
  type SnapshotMigration,
  type WorkloadCompliance,
  type WorkloadRow,
  type WorkloadState,
  workloadStates,
} from '../../collector/kpi/migration/result.ts'
import { claimedStates, strategies, type Workload } from '../../collector/kpi/migration/workload.ts'
import type { Bound } from '../../collector/kpi/snapshot.ts'
import { dayMs } from '../../protocol/time.ts'
import type { DetailedSnapshot } from './detailed-snapshot.ts'
import { readySnapshot } from './sample-readiness.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

/** Made-up migration of the sample nation: every state, proof, finding, reason, wave and rating. */

/** Midnight in Muscat of the day of the sample. */
export const migrationAt = Date.UTC(2027, 0, 19, 20)
const bound = (percent: number): Bound => ({ ratio: percent / 100, percent: percent.toFixed(2) })
/** Midnight in Muscat at the first of a month, counted from January 2026. */
const monthStart = (n: number) => Date.UTC(2026, n, 1) - 4 * 3_600_000

const names = [
  ['mail', 'البريد الإلكتروني', 'Mail'],
  ['permits', 'التصاريح البلدية', 'Municipal permits'],
  ['payments', 'الدفع الإلكتروني', 'Payments'],
  ['archive', 'الأرشيف', 'Archive'],
  ['maps', 'الخرائط', 'Maps'],
  ['website', 'الموقع الإلكتروني', 'Web site'],
  ['portal', 'بوابة الخدمات الإلكترونية', 'Electronic services portal'],
  ['fax', 'خادم الفاكس', 'Fax server'],
  ['scada', 'التحكم في المحطات', 'Station control'],
  ['records', 'نظام السجلات', 'Records system'],
  ['training', 'التدريب', 'Training'],
] as const

const findingPlaces = ['portal', 'records', 'archive', 'gone-environment'] as const

function workloadOf(i: number, change: Partial<Workload>): Workload {
  const [id = '', ar = '', en = ''] = names[i % names.length] ?? []
  const place = (environment: string, hosts: string[] = []) => ({ environment, hosts })
  return {
    ...{ id, name: { ar, en }, criticality: 'important', weight: 2, dataClass: 'restricted' },
    strategy: strategies[i % strategies.length] ?? null,
    ...{ wave: i < 3 ? 'الدفعة الأولى' : 'Wave 2', owner: 'دائرة تقنية المعلومات' },
    ...{ source: place('records', ['records-1']), target: place('portal'), provider: 'national' },
    ...{ serviceSince: '2019-05-01', plannedStart: '2026-03-01', plannedFinish: '2026-12-31' },
    ...{ startedOn: null, cutOverOn: null, retiredOn: null, state: 'identified' },
    ...{ isRolledBack: false, blocked: null, ...change },
  }
}

const days = { have: 12, need: 30 }
const proof = (id: Proof['id'], status: Proof['status']): Proof => ({
  ...{ id, status, days: null, hosts: [], measured: null },
  ...(id === 'seen_in_target' && { days: { ...days, have: status === 'pass' ? 41 : 12 } }),
  ...(status === 'fail' && { hosts: ['web-2', 'records-1'], measured: 'aws / eu-central-1' }),
})
const proofsOf = (...statuses: Proof['status'][]): Proof[] =>
  proofNames.map((id, i) => proof(id, statuses[i] ?? 'pass'))

const complianceOf = (i: number): WorkloadCompliance => {
  const reason = complianceReasons[i % complianceReasons.length] ?? 'no_evidence'
  const status = i < 2 ? 'compliant' : i < 7 ? 'breach' : i < 10 ? 'unknown' : 'exempt'
  return { status, reason }
}
const ratings = ['ready', 'conditional', 'not_ready', 'unknown', 'not_rated'] as const

function rowOf(i: number, state: WorkloadState, change: Partial<WorkloadRow> = {}): WorkloadRow {
  const claimed = claimedStates.find((each) => each === state) ?? 'cut_over'
  const rating = ratings[i % ratings.length] ?? 'unknown'
  return {
    ...{ workload: workloadOf(i, { state: claimed }), state, proofs: [] },
    readiness: {
      ...{ rating, known: rating === 'not_rated' ? 0 : 4, all: rating === 'not_rated' ? 0 : 5 },
      against:
        rating === 'not_ready' || rating === 'conditional'
          ? [
              { id: 'os_supported', host: 'records-1' },
              { id: 'backup_recent', host: 'records-1' },
            ]
          : [],
    },
    ...{ compliance: complianceOf(i), exemptUntil: null, baselineFinish: '2026-11-30' },
    ...{ isLate: false, ...change },
  }
}

/** One of each state, and what else can be said of a workload. */
const rows: readonly WorkloadRow[] = [
  ...workloadStates.map((state, i) => {
    if (state === 'cut_over') {
      return rowOf(i, state, {
        workload: workloadOf(i, { state, cutOverOn: '2026-12-28', owner: null }),
        proofs: proofsOf('unknown', 'fail', 'pass', 'fail', 'unknown'),
        isLate: true,
      })
    }
    if (state === 'validated') {
      const workload = workloadOf(i, { state: 'cut_over', cutOverOn: '2026-10-05', owner: null })
      return rowOf(i, state, { workload, proofs: proofsOf() })
    }
    if (state === 'retired') {
      const workload = workloadOf(i, { state, strategy: 'retire', retiredOn: '2026-06-30' })
      return rowOf(i, state, { workload, proofs: [proof('source_silent', 'pass')] })
    }
    return rowOf(i, state, state === 'exempt' ? { exemptUntil: migrationAt + 90 * dayMs } : {})
  }),
  rowOf(9, 'planned', {
    workload: workloadOf(9, {
      ...{ state: 'planned', isRolledBack: true, plannedFinish: '2026-09-30' },
      blocked: { reason: 'لم يُوقَّع عقد الاستضافة بعد', since: '2026-10-11' },
    }),
    isLate: true,
  }),
  rowOf(10, 'migrating', { baselineFinish: null }),
]

const schedule: Schedule = {
  ...{ startAt: monthStart(0), plannedFinishAt: monthStart(18) },
  ...{ planned: bound(62.5), rebaselined: bound(48.21), earnedMonths: 4, actualMonths: 12.6 },
  ...{ performance: 0.3555, timePerformance: 0.3174 },
  forecast: {
    ...{ status: 'forecast', finishAt: monthStart(56) + 11 * dayMs },
    ...{ earliestAt: monthStart(31), latestAt: null },
  },
}

/** Figures of an institution; half of what is planned is done unless said otherwise. */
export function migrationFigures(
  done: number,
  change: Partial<MigrationFigures> = {},
): MigrationFigures {
  const counts = workloadStates.map((state, i) => {
    const workloads = state === 'exempt' ? 1 : ((i * 3) % 4) + 1
    return [state, { workloads, weight: 2 * workloads }] as const
  })
  const inScope = counts.filter(([state]) => state !== 'exempt')
  return {
    workloads: inScope.reduce((sum, [, { workloads }]) => sum + workloads, 0),
    weight: inScope.reduce((sum, [, { weight }]) => sum + weight, 0),
    states: Object.fromEntries(counts) as MigrationFigures['states'], // of all states
    ...{ done: bound(done), earned: bound(Math.min(100, done + 21.37)), schedule },
    compliance: {
      ...{ compliant: 6, breach: 3, unknown: 5, exempt: 1 },
      ...{ low: bound(42.85), high: bound(78.58) },
    },
    ...{ late: 0, blocked: 0, findings: {}, ...change },
  }
}

const found = Object.fromEntries(migrationFindingKinds.map((kind) => [kind, 1]))
const own = migrationFigures(22.22, { late: 2, blocked: 1, findings: found })

/** The S-curve of a plan of 18 months, twelve of which are over. */
const curve: readonly CurvePoint[] = Array.from({ length: 25 }, (_, n) => {
  const t = Math.min(1, n / 18)
  return {
    at: monthStart(n),
    planned: t * t * (3 - 2 * t),
    rebaselined: n < 6 ? null : Math.min(1, ((n - 6) / 18) ** 1.5 + 0.1),
    ...{ done: n > 12 ? null : 0.2222 * (n / 12) ** 2, earned: n > 12 ? null : 0.036 * n },
    forecast: n < 12 ? null : Math.min(1, 0.2222 + (n - 12) * 0.018),
  }
})

/** Everything behind the first institution's migration. */
export const sampleMigrationDetail: MigrationDetail = {
  ...{ figures: own, rows, curve },
  findings: migrationFindingKinds.map((kind, i) => ({
    kind,
    workload: kind === 'environment_without_workload' ? null : (names[i]?.[0] ?? null),
    environment: findingPlaces[i % findingPlaces.length] ?? null,
    hosts: i % 3 === 0 ? [] : ['web-1', 'records-1'],
    since: i % 4 === 0 ? null : migrationAt - i * 9 * dayMs,
    mayBeEarlier: i === 7,
    declared: i % 2 === 0 ? 'cut_over' : 'national',
    measured: ['vmware', 'aws', '2027-01-02', 'OM'][i % 4] ?? null,
  })),
  discovered: [
    {
      ...{ environment: 'portal', hosts: ['web-1', 'web-2'], cloud: 'aws', region: 'me-south-1' },
      ...{ virtualisation: 'kvm', provider: 'national', as: 'target' },
    },
    {
      ...{ environment: 'archive', hosts: ['archive-1'], cloud: null, region: null },
      ...{ virtualisation: null, provider: null, as: 'source' },
    },
  ],
  waves: (['finished', 'on_time', 'late', 'blocked', 'not_planned'] as const).map((status, i) => ({
    name: i === 4 ? null : i === 0 ? 'الدفعة الأولى' : `Wave ${i + 1}`,
    startOn: i === 4 ? null : `2026-0${i + 2}-01`,
    finishOn: i === 4 ? null : `2026-0${i + 5}-30`,
    ...{ workloads: i + 1, done: bound(i === 0 ? 100 : 10 * i), status },
  })),
  baselines: [
    {
      ...{ number: 1, startOn: '2026-01-01', approvedAt: monthStart(0) + 3 * dayMs },
      workloads: [
        { id: 'mail', weight: 2, finishOn: '2026-06-30' },
        { id: 'portal', weight: 4, finishOn: '2027-06-30' },
      ],
    },
    {
      ...{ number: 2, startOn: '2026-07-01', approvedAt: monthStart(6) + 3 * dayMs },
      workloads: [{ id: 'portal', weight: 4, finishOn: '2027-12-31' }],
    },
  ],
}

/** The same of the nation. */
export const nationMigrationDetail: MigrationDetail = {
  ...{ figures: migrationFigures(31.4), rows: [], findings: [], discovered: [] },
  ...{ waves: sampleMigrationDetail.waves, curve },
}

const ids = sampleSnapshot.institutions.map(({ id }) => id)
const finished = { ...schedule.forecast, status: 'finished' } as const
const schedules: readonly (Schedule | null)[] = [
  { ...schedule, timePerformance: 1.04, performance: 1.1, planned: bound(30) },
  null,
  { ...schedule, forecast: { ...finished, earliestAt: null } },
  { ...schedule, timePerformance: null, forecast: { ...schedule.forecast, status: 'not_started' } },
  { ...schedule, forecast: { ...schedule.forecast, status: 'no_progress', finishAt: null } },
]

/** Two thirds of the institutions registered workloads. */
export const sampleMigration: SnapshotMigration = {
  at: migrationAt,
  nation: {
    ...migrationFigures(31.4, {
      late: 31,
      blocked: 4,
      findings: { moved_by_word_only: 3, ...found },
    }),
    schedule: {
      ...schedule,
      forecast: { ...schedule.forecast, latestAt: monthStart(80) },
    },
    ...{
      institutions: ids.length,
      withoutWorkloads: ids.filter((_, i) => i > 0 && i % 3 === 0).length,
      withoutBaseline: 7,
    },
  },
  institutions: Object.fromEntries(
    ids.flatMap((id, i) => {
      if (i === 0) return [[id, own]]
      if (i % 3 === 0) return []
      const n = i % schedules.length
      // What is finished is all done, and without progress nothing is.
      const done = n === 2 ? 100 : n > 2 ? 0 : (i * 7) % 101
      const more = { schedule: schedules[n] ?? null }
      return [
        [id, migrationFigures(done, { ...more, findings: i < 4 ? { target_silent: 2 } : {} })],
      ]
    }),
  ),
}

/** A snapshot whose figures are all there. */
export const movingSnapshot: DetailedSnapshot = { ...readySnapshot, migration: sampleMigration }
