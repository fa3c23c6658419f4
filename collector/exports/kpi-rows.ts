import type { Figures, NationFigures } from '../evidence/figures.ts'
import { type ByWindow, type Figure, type WindowName, windowNames } from '../kpi/snapshot.ts'
import { figureColumns } from './figure-columns.ts'
import { column, instant, placeColumns, type Table } from './table.ts'

/** One published figure, and whose it is. */
export type KpiRow = {
  /** `nation` has one row for each way of adding its institutions up. */
  readonly scope: 'nation' | 'institution' | 'environment'
  readonly institution: string | null
  readonly environment: string | null
  readonly aggregation: string | null
  readonly stage: string | null
  readonly isTarget: boolean | null
  readonly criticality: string | null
  readonly assessed: boolean | null
  readonly window: WindowName
  readonly from: number
  readonly to: number
  readonly figure: Figure
}

/** A row as it is written. Not official where nothing real was measured. */
export type ToldRow = KpiRow & { readonly isSimulated: boolean }

/** `kpis.csv`: every figure, in every window. */
export const kpiTable: Table<ToldRow> = {
  file: 'kpis.csv',
  columns: [
    column(
      'scope',
      'text',
      [
        'لمن النسبة: nation أو institution أو environment',
        'Whose figure: nation, institution or environment',
      ],
      ({ scope }) => scope,
    ),
    ...placeColumns,
    column(
      'aggregation',
      'text',
      ['طريقة جمع المؤسسات على المستوى الوطني', 'How the institutions of the nation are added up'],
      (row) => row.aggregation,
      { formula: 'pooled: environments by weight; mean: equal mean of institutions' },
    ),
    column(
      'stage',
      'text',
      ['being_set_up: قيد التهيئة؛ measured: مقيسة', 'being_set_up or measured'],
      (row) => row.stage,
    ),
    column(
      'is_target',
      'boolean',
      ['هل المؤسسة من المؤسسات المستهدفة', 'Whether the institution is a target institution'],
      (row) => row.isTarget,
    ),
    column(
      'criticality',
      'text',
      ['أهمية بيئة الاستضافة', 'Criticality of the hosting environment'],
      (row) => row.criticality,
    ),
    column(
      'assessed',
      'boolean',
      [
        'هل تستوفي بيئة الاستضافة الحد الأدنى من الفحوص',
        'Whether the environment has the minimum profile of its class',
      ],
      (row) => row.assessed,
    ),
    column(
      'window',
      'text',
      [
        'فترة القياس: cycle دورة القياس أو آخر 30 أو 7 أيام أو 24 ساعة',
        'cycle, or the last 30d, 7d, 24h',
      ],
      (row) => row.window,
    ),
    column('from', 'instant', ['بداية الفترة', 'Start of the window'], (row) => instant(row.from)),
    column(
      'to',
      'instant',
      ['نهاية الفترة (غير داخلة)', 'End of the window, not included'],
      (row) => instant(row.to),
    ),
    column(
      'simulated',
      'boolean',
      ['true: بيانات محاكاة – ليست رسمية', 'true: SIMULATED, not official'],
      (row) => row.isSimulated,
    ),
    ...figureColumns.map(({ of, ...rest }) => ({ ...rest, of: (row: ToldRow) => of(row.figure) })),
  ],
}

const nobody = {
  institution: null,
  environment: null,
  aggregation: null,
  stage: null,
  isTarget: null,
  criticality: null,
  assessed: null,
}

/** Rows with the mark that all of them bear. */
export function* toldRows(rows: Iterable<KpiRow>, isSimulated: boolean): Generator<ToldRow, void> {
  for (const row of rows) yield { ...row, isSimulated }
}

/** The figures of an institution and of its environments; none while it was not registered. */
export function* institutionRows(figures: Figures): Generator<KpiRow, void> {
  const { institution: own, environments, windows } = figures
  if ('isRegistered' in own) return
  const { id: institution, stage, isTarget } = own
  const whole = { ...nobody, scope: 'institution' as const, institution, stage, isTarget }
  yield* ofEachWindow(windows, own.continuity, whole)
  for (const { id: environment, continuity, stage, criticality, assessed } of environments) {
    const about = { institution, environment, stage, criticality, assessed }
    yield* ofEachWindow(windows, continuity, { ...nobody, scope: 'environment', ...about })
  }
}

const aggregations = ['pooled', 'mean', 'reporting'] as const

/** The figures of the nation, of either kind of member, and of each institution. */
export function* nationRows(figures: NationFigures): Generator<KpiRow, void> {
  const { nation, continuity, kinds, institutions, windows } = figures
  const whole = { ...nobody, scope: 'nation' as const, stage: nation.stage }
  for (const aggregation of aggregations) {
    const own = pick(continuity, (population) => population[aggregation])
    yield* ofEachWindow(windows, own, { ...whole, aggregation })
  }
  for (const { kind, continuity: own } of kinds) {
    const aggregation = `${nation.headline}:${kind}`
    yield* ofEachWindow(windows, own, { ...whole, aggregation })
  }
  for (const { id: institution, stage, isTarget, continuity: own } of institutions) {
    const about = { scope: 'institution' as const, institution, stage, isTarget }
    yield* ofEachWindow(windows, own, { ...nobody, ...about })
  }
}

function* ofEachWindow(
  windows: Figures['windows'],
  continuity: ByWindow<Figure>,
  about: Omit<KpiRow, 'window' | 'from' | 'to' | 'figure'>,
): Generator<KpiRow, void> {
  for (const window of windowNames) {
    const { from, to } = windows[window]
    yield { ...about, window, from, to, figure: continuity[window] }
  }
}

function pick<T, U>(all: ByWindow<T>, of: (one: T) => U): ByWindow<U> {
  // The keys are exactly the names of the windows.
  return Object.fromEntries(windowNames.map((name) => [name, of(all[name])])) as ByWindow<U>
}
