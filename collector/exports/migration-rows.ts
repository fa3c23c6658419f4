import type { Figures, NationFigures } from '../evidence/figures.ts'
import {
  type MigrationFigures,
  type NationMigration,
  workloadStates,
} from '../kpi/migration/result.ts'
import type { Bound } from '../kpi/snapshot.ts'
import { type Column, column, instant, placeColumns, type Table } from './table.ts'

/** The migration of an institution, or of the nation. */
export type MigrationRow = {
  readonly scope: 'nation' | 'institution'
  readonly institution: string | null
  readonly environment: null
  /** The reference: evidence is that of the days that had ended by it. */
  readonly at: number
  readonly figures: MigrationFigures | NationMigration
  readonly isSimulated: boolean
}

const shares: readonly (readonly [
  name: string,
  ar: string,
  en: string,
  formula: string,
  of: (figures: MigrationFigures) => Bound | null | undefined,
])[] = [
  [
    'done',
    'المنجز المثبت',
    'Done: proven',
    'weight validated or retired / weight in scope',
    ({ done }) => done,
  ],
  [
    'earned',
    'التقدم بالمراحل',
    'Earned by stages',
    'weight x credit of its state / weight in scope',
    ({ earned }) => earned,
  ],
  [
    'planned',
    'المخطط حتى الآن',
    'Planned by now',
    'weight promised by the first baseline / its whole weight',
    ({ schedule }) => schedule?.planned,
  ],
  [
    'rebaselined',
    'المخطط بعد التعديل',
    'Planned by now, newest re-baseline',
    'as planned; shown beside it',
    ({ schedule }) => schedule?.rebaselined,
  ],
  [
    'compliance_low',
    'الالتزام المثبت بالتعميم',
    'Compliance: proven',
    'compliant / (compliant + breach + unknown)',
    ({ compliance }) => compliance.low,
  ],
  [
    'compliance_high',
    'الالتزام الممكن بالتعميم',
    'Compliance: possible',
    '(compliant + unknown) / (compliant + breach + unknown)',
    ({ compliance }) => compliance.high,
  ],
]

const counts: readonly (readonly [
  name: string,
  ar: string,
  en: string,
  of: (figures: MigrationFigures) => number,
])[] = [
  ['workloads', 'عدد الأنظمة دون المعفى', 'Workloads in scope', ({ workloads }) => workloads],
  ['weight', 'وزنها', 'Their weight', ({ weight }) => weight],
  ['late', 'عدد المتأخر', 'Late ones', ({ late }) => late],
  ['blocked', 'عدد المتعثر', 'Blocked ones', ({ blocked }) => blocked],
  ['compliant', 'عدد الملتزم', 'Compliant', ({ compliance }) => compliance.compliant],
  ['breach', 'عدد المخالف', 'In breach', ({ compliance }) => compliance.breach],
  ['unknown', 'عدد ما لا يمكن الجزم به', 'Unknown', ({ compliance }) => compliance.unknown],
  ['exempt', 'عدد المعفى', 'Exempt', ({ compliance }) => compliance.exempt],
  [
    'findings',
    'عدد الملاحظات',
    'Findings',
    ({ findings }) => Object.values(findings).reduce((sum, each) => sum + each, 0),
  ],
]

/** `migration.csv`: progress, plan, forecast and compliance. */
export const migrationTable: Table<MigrationRow> = {
  file: 'migration.csv',
  columns: [
    column('scope', 'text', ['لمن الصف', 'nation or institution'], (row) => row.scope),
    ...placeColumns.slice(0, 1),
    column(
      'as_of',
      'instant',
      ['الوقت المرجعي: منتصف الليل الذي بدأ به اليوم', 'The midnight at which the day began'],
      (row) => instant(row.at),
    ),
    ...shares.flatMap(([name, ar, en, formula, of]) => shareColumns(name, [ar, en], formula, of)),
    ...counts.map(([name, ar, en, of]) =>
      column<MigrationRow>(name, 'integer', [ar, en], ({ figures }) => of(figures)),
    ),
    ...workloadStates.flatMap((state) => [
      column<MigrationRow>(
        `${state}_workloads`,
        'integer',
        [`عدد الأنظمة في حالة ${state}`, `Workloads that are ${state}`],
        ({ figures }) => figures.states[state].workloads,
      ),
      column<MigrationRow>(
        `${state}_weight`,
        'integer',
        [`وزن الأنظمة في حالة ${state}`, `Weight of those that are ${state}`],
        ({ figures }) => figures.states[state].weight,
      ),
    ]),
    ...scheduleColumns(),
    ...nationColumns(),
    column(
      'simulated',
      'boolean',
      ['true: بيانات محاكاة – ليست رسمية', 'true: SIMULATED, not official'],
      (row) => row.isSimulated,
    ),
  ],
}

function shareColumns(
  name: string,
  [ar, en]: readonly [string, string],
  formula: string,
  of: (figures: MigrationFigures) => Bound | null | undefined,
): Column<MigrationRow>[] {
  return [
    column(
      `${name}_percent`,
      'decimal',
      [`${ar} (كما تُنشر)`, `${en}, as published`],
      ({ figures }) => of(figures)?.percent ?? null,
      { unit: '%', formula },
    ),
    column(
      `${name}_ratio`,
      'decimal',
      [`${ar} (من 0 إلى 1)`, `${en}, 0 to 1`],
      ({ figures }) => of(figures)?.ratio ?? null,
      { unit: 'ratio', formula },
    ),
  ]
}

function scheduleColumns(): Column<MigrationRow>[] {
  const ofMonths = { unit: 'months' }
  return [
    column('plan_start', 'instant', ['بداية الخطة', 'Plan begins'], ({ figures }) => {
      return instant(figures.schedule?.startAt)
    }),
    column('plan_finish', 'instant', ['الاكتمال المخطط', 'Planned finish'], ({ figures }) => {
      return instant(figures.schedule?.plannedFinishAt)
    }),
    column(
      'earned_months',
      'decimal',
      ['أشهر الخطة المنجزة', 'Months of the plan earned by what is done'],
      ({ figures }) => figures.schedule?.earnedMonths ?? null,
      { ...ofMonths, formula: 'whole months with plan <= done, plus the linear part' },
    ),
    column(
      'actual_months',
      'decimal',
      ['الأشهر المنقضية', 'Months passed since the start'],
      ({ figures }) => figures.schedule?.actualMonths ?? null,
      ofMonths,
    ),
    column(
      'performance',
      'decimal',
      ['المنجز إلى المخطط', 'Done by planned: SPI'],
      ({ figures }) => figures.schedule?.performance ?? null,
      { unit: 'ratio', formula: 'done / planned' },
    ),
    column(
      'time_performance',
      'decimal',
      ['مؤشر الأداء الزمني', 'Earned by passed months: SPI(t)'],
      ({ figures }) => figures.schedule?.timePerformance ?? null,
      { unit: 'ratio', formula: 'earned_months / actual_months' },
    ),
    column(
      'forecast',
      'text',
      [
        'finished: اكتمل؛ forecast: متوقع؛ not_started: لم يبدأ؛ no_progress: لا تقدم',
        'finished, forecast, not_started or no_progress',
      ],
      ({ figures }) => figures.schedule?.forecast.status ?? null,
    ),
    column(
      'forecast_finish',
      'instant',
      ['الاكتمال المتوقع', 'Expected finish'],
      ({ figures }) => instant(figures.schedule?.forecast.finishAt),
      { formula: 'start + planned months / time_performance' },
    ),
    column(
      'forecast_earliest',
      'instant',
      ['بحسب أسرع ربع سنة', 'By the best quarter so far'],
      ({ figures }) => instant(figures.schedule?.forecast.earliestAt),
    ),
    column(
      'forecast_latest',
      'instant',
      ['بحسب أبطأ ربع سنة', 'By the worst quarter so far'],
      ({ figures }) => instant(figures.schedule?.forecast.latestAt),
    ),
  ]
}

function nationColumns(): Column<MigrationRow>[] {
  const names = [
    ['institutions', 'عدد المؤسسات في السجل', 'Institutions of the register'],
    ['withoutWorkloads', 'مؤسسات لم تسجل نظامًا', 'Institutions without a workload'],
    ['withoutBaseline', 'مؤسسات دون خارطة طريق', 'With workloads, without a baseline'],
  ] as const
  return names.map(([name, ar, en]) =>
    column(
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      'integer',
      [ar, en],
      ({ figures }) => (name in figures ? (figures as NationMigration)[name] : null),
    ),
  )
}

/** Of an institution, or of the nation and its institutions; none without a workload. */
export function* migrationRows(
  figures: Figures | NationFigures,
  isSimulated: boolean,
): Generator<MigrationRow, void> {
  const { migration } = figures
  if (!migration) return
  const about = { at: migration.at, environment: null, isSimulated }
  if ('institution' in migration) {
    const { id: institution } = (figures as Figures).institution
    yield { ...about, scope: 'institution', institution, figures: migration.institution }
    return
  }
  yield { ...about, scope: 'nation', institution: null, figures: migration.nation }
  for (const [institution, own] of Object.entries(migration.institutions)) {
    yield { ...about, scope: 'institution', institution, figures: own }
  }
}
