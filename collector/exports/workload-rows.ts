import { type MigrationFinding, proofNames, type WorkloadRow } from '../kpi/migration/result.ts'
import type { Workload, WorkloadPlace } from '../kpi/migration/workload.ts'
import { type Cell, type Column, column, instant, type Table } from './table.ts'

/** A row of somebody's workloads. */
export type OwnWorkload = WorkloadRow & {
  readonly institution: string
  readonly isSimulated: boolean
}

/** What does not agree in somebody's migration. */
export type OwnFinding = MigrationFinding & Pick<OwnWorkload, 'institution' | 'isSimulated'>

const institution = column<Pick<OwnWorkload, 'institution'>>(
  'institution',
  'text',
  ['معرّف المؤسسة', 'Id of the institution'],
  (row) => row.institution,
)

const simulated = column<Pick<OwnWorkload, 'isSimulated'>>(
  'simulated',
  'boolean',
  ['true: بيانات محاكاة – ليست رسمية', 'true: SIMULATED, not official'],
  (row) => row.isSimulated,
)

const dates = [
  ['service_since', 'في الخدمة منذ', 'In service since', 'serviceSince'],
  ['planned_start', 'البدء المخطط', 'Planned start', 'plannedStart'],
  ['planned_finish', 'الاكتمال المخطط', 'Planned finish', 'plannedFinish'],
  ['started_on', 'بدأ النقل في', 'Move began on', 'startedOn'],
  ['cut_over_on', 'بدأ التشغيل في السحابة في', 'Cut over on', 'cutOverOn'],
  ['retired_on', 'خرج من الخدمة في', 'Retired on', 'retiredOn'],
] as const

/** `workloads.csv`: every workload, as it is registered and as it counts. */
export const workloadTable: Table<OwnWorkload> = {
  file: 'workloads.csv',
  columns: [
    institution,
    ...registered([
      ['workload', 'معرّف النظام', 'Id of the workload', ({ id }) => id],
      ['name_ar', 'اسمه بالعربية', 'Its name in Arabic', ({ name }) => name.ar],
      ['name_en', 'اسمه بالإنجليزية', 'Its name in English', ({ name }) => name.en],
      ['criticality', 'أهميته', 'critical, important or supporting', (own) => own.criticality],
      ['weight', 'وزنه', 'Its weight', ({ weight }) => weight, 'integer'],
      ['data_class', 'تصنيف بياناته', 'Its data class', ({ dataClass }) => dataClass],
      ['strategy', 'أسلوب النقل', 'One of the seven Rs', ({ strategy }) => strategy],
      ['owner', 'المسؤول عنه', 'Who answers for it', ({ owner }) => owner],
      ['wave', 'مرحلة النقل', 'Its wave', ({ wave }) => wave],
      ['source', 'بيئته الحالية', 'Where it is', ({ source }) => source?.environment ?? null],
      ['source_hosts', 'خوادمها', 'Its hosts there', ({ source }) => hostsOf(source), 'list'],
      ['target', 'بيئته المستهدفة', 'Where it goes', ({ target }) => target?.environment ?? null],
      ['target_hosts', 'خوادمها', 'Its hosts there', ({ target }) => hostsOf(target), 'list'],
      ['provider', 'المزود', 'Who is to host it', ({ provider }) => provider],
    ]),
    ...stateColumns(),
    ...registered(
      dates.map(([name, ar, en, field]) => [name, ar, en, (workload) => workload[field]]),
    ),
    column(
      'baseline_finish',
      'text',
      ['الموعد في خارطة الطريق المعتمدة', 'When the first baseline promised it'],
      (row) => row.baselineFinish,
    ),
    column('late', 'boolean', ['هل هو متأخر', 'Whether it is late'], (row) => row.isLate, {
      formula: 'not done, and past its planned finish or that of the baseline',
    }),
    ...proofNames.flatMap(proofColumns),
    ...judgementColumns(),
    simulated,
  ],
}

type Field = readonly [
  name: string,
  ar: string,
  en: string,
  of: (workload: Workload) => Cell,
  type?: Column<never>['type'],
]

function registered(fields: readonly Field[]): Column<OwnWorkload>[] {
  return fields.map(([name, ar, en, of, type = 'text']) =>
    column(name, type, [ar, en], ({ workload }) => of(workload)),
  )
}

/** Empty where it is all of the environment. */
function hostsOf(place: WorkloadPlace | null): string | null {
  return place && place.hosts.length > 0 ? place.hosts.join(' ') : null
}

function stateColumns(): Column<OwnWorkload>[] {
  return [
    column(
      'claimed_state',
      'text',
      ['الحالة كما سجلتها المؤسسة', 'State as people registered it'],
      ({ workload }) => workload.state,
    ),
    column('state', 'text', ['الحالة كما تُحسب', 'State as it counts'], (row) => row.state, {
      formula: 'validated: cut over, and all five proofs pass',
    }),
    column(
      'rolled_back',
      'boolean',
      ['هل أُعيد من النقل', 'Whether the move was undone'],
      ({ workload }) => workload.isRolledBack,
    ),
    column(
      'blocked_since',
      'text',
      ['متعثر منذ', 'Blocked since'],
      ({ workload }) => workload.blocked?.since ?? null,
    ),
    column(
      'blocked_reason',
      'text',
      ['سبب التعثر', 'Why it is blocked'],
      ({ workload }) => workload.blocked?.reason ?? null,
    ),
  ]
}

function proofColumns(name: (typeof proofNames)[number]): Column<OwnWorkload>[] {
  const of = ({ proofs }: WorkloadRow) => proofs.find(({ id }) => id === name)
  return [
    column(
      name,
      'text',
      [`إثبات ${name}: pass أو fail أو unknown`, `Proof ${name}: pass, fail, unknown`],
      (row) => of(row)?.status ?? null,
    ),
    column(
      `${name}_days`,
      'integer',
      [`أيام إثبات ${name}`, `Days of proof ${name} so far`],
      (row) => of(row)?.days?.have ?? null,
      { unit: 'days' },
    ),
    column(
      `${name}_measured`,
      'text',
      [`المقيس لإثبات ${name}`, `What was measured for proof ${name}`],
      (row) => of(row)?.measured ?? null,
    ),
  ]
}

function judgementColumns(): Column<OwnWorkload>[] {
  return [
    column(
      'compliance',
      'text',
      ['الالتزام بالتعميم', 'compliant, breach, unknown or exempt'],
      (row) => row.compliance.status,
    ),
    column('compliance_reason', 'text', ['سببه', 'Why'], (row) => row.compliance.reason),
    column('exempt_until', 'instant', ['نهاية الإعفاء', 'Until when it is exempt'], (row) => {
      return instant(row.exemptUntil)
    }),
    column(
      'move_readiness',
      'text',
      ['الجاهزية للنقل', 'ready, conditional, not_ready, unknown or not_rated'],
      (row) => row.readiness.rating,
    ),
    column(
      'data_points_known',
      'integer',
      ['عدد ما عُلم من نقاط البيانات', 'Data points that are known'],
      (row) => row.readiness.known,
    ),
    column(
      'data_points',
      'integer',
      ['عدد نقاط البيانات', 'Data points that there are'],
      (row) => row.readiness.all,
    ),
  ]
}

/** `migration-findings.csv`: where what is registered and what is measured do not agree. */
export const findingTable: Table<OwnFinding> = {
  file: 'migration-findings.csv',
  columns: [
    institution,
    column('finding', 'text', ['الملاحظة', 'Kind of finding'], (row) => row.kind),
    column('workload', 'text', ['معرّف النظام', 'Id of the workload'], (row) => row.workload),
    column(
      'environment',
      'text',
      ['معرّف بيئة الاستضافة', 'Id of the hosting environment'],
      (row) => row.environment,
    ),
    column('hosts', 'list', ['الخوادم', 'Hosts it was measured on'], (row) => row.hosts.join(' ')),
    column('since', 'instant', ['منذ', 'Since when'], (row) => instant(row.since)),
    column(
      'may_be_earlier',
      'boolean',
      ['منذ ذلك على الأقل', 'At least since then: no evidence from before is kept'],
      (row) => row.mayBeEarlier,
    ),
    column('declared', 'text', ['المسجل', 'What people say'], (row) => row.declared),
    column('measured', 'text', ['المقيس', 'What was measured'], (row) => row.measured),
    simulated,
  ],
}
