import type { IndicatorRow, Score, UnitRow } from '../kpi/readiness/result.ts'
import { modelColumns, type ReadinessRow, scoreColumns } from './readiness-columns.ts'
import type { Common } from './readiness-rows.ts'
import { type Cell, column, instant, placeColumns, type Table } from './table.ts'

/** One indicator (`unit` null), or one host, environment or institution under it. */
export type IndicatorCells = ReadinessRow & {
  readonly indicator: IndicatorRow
  readonly unit: UnitRow | null
  readonly score: Score | null
}

/** `readiness-indicators.csv`: every indicator and each value that it rests on. */
export const indicatorTable: Table<IndicatorCells> = {
  file: 'readiness-indicators.csv',
  columns: [
    ...placeColumns,
    column(
      'host',
      'text',
      ['معرّف برنامج الرصد على الخادم', 'Id of the agent on the host'],
      (row) => row.unit?.host ?? null,
    ),
    column(
      'indicator',
      'text',
      ['معرّف المؤشر الفرعي', 'Id of the indicator'],
      (row) => row.indicator.id,
    ),
    column('dimension', 'text', ['معرّف البُعد', 'Id of the dimension'], (row) => {
      return row.indicator.dimension
    }),
    column('metric', 'text', ['ما يُقاس', 'What is measured'], (row) => row.indicator.metric),
    column(
      'weight_ratio',
      'decimal',
      ['وزن المؤشر الفرعي في المؤشر', 'Weight within the whole index'],
      (row) => (row.unit ? null : row.indicator.weight),
      { unit: 'ratio' },
    ),
    ...modelColumns,
    ...scoreColumns,
    column('status', 'text', ['حال القيمة', 'How well the value is known'], (row) => {
      return row.unit?.measure.status ?? row.indicator.status
    }),
    column('value', 'text', ['القيمة', 'The value, in the unit of the metric'], ({ unit }) =>
      told(unit?.measure.value),
    ),
    column(
      'measured_at',
      'instant',
      ['وقت القياس أو الإفادة', 'When it was measured or declared'],
      (row) => instant(row.unit?.measure.at),
    ),
    column(
      'reason',
      'text',
      ['سبب عدم وجود قيمة', 'Why there is no value'],
      (row) => row.unit?.measure.reason ?? null,
    ),
    column(
      'method',
      'text',
      ['طريقة الحصول على القيمة', 'How it was had'],
      (row) => row.unit?.measure.method ?? null,
    ),
    column(
      'detail',
      'text',
      ['ما تستند إليه القيمة', 'What it rests on'],
      (row) => row.unit?.measure.detail ?? null,
    ),
    ...(['low', 'observed', 'high'] as const).map((bound) =>
      column<IndicatorCells>(
        `${bound}_points`,
        'decimal',
        [`نقاط هذه الوحدة من 100 (${bound})`, `Points of this unit, 0 to 100: ${bound}`],
        (row) => row.unit?.[bound] ?? null,
      ),
    ),
  ],
}

/** Every indicator of an institution, each followed by what it rests on. */
export function* indicatorCells(
  institution: string,
  indicators: readonly IndicatorRow[],
  common: Common,
): Generator<IndicatorCells, void> {
  for (const indicator of indicators) {
    const about = { ...common, scope: 'institution' as const, institution, indicator }
    yield { ...about, environment: null, unit: null, score: indicator }
    for (const unit of indicator.units) {
      yield { ...about, environment: unit.environment, unit, score: null }
    }
  }
}

function told(value: number | boolean | null | undefined): Cell {
  return value ?? null
}
