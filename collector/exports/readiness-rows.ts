import type { Figures, NationFigures } from '../evidence/figures.ts'
import type {
  InstitutionReadiness,
  LevelBounds,
  ModelMark,
  Score,
} from '../kpi/readiness/result.ts'
import type { Bound, Verdict } from '../kpi/snapshot.ts'
import { readinessTexts } from '../web/texts/readiness.ts'
import { modelColumns, type ReadinessRow, scoreColumns } from './readiness-columns.ts'
import { type Column, column, instant, placeColumns, type Table } from './table.ts'

/** One score: the index, or one of what it is made of. */
export type ScoreRow = ReadinessRow & {
  readonly part: 'index' | 'dimension' | 'axis' | 'objective' | 'equal_weights' | 'kind'
  /** Id of the dimension or axis, number of the objective, kind of member; null for the index. */
  readonly partId: string | null
  readonly asOf: number
  readonly score: Score | null
  readonly verdict: Verdict | null
  readonly stage: string | null
  readonly isMember: boolean | null
  readonly level: LevelBounds | null
  readonly measured: Bound | null
  readonly available: Bound | null
}

/** `readiness.csv`: the index and what it is made of. */
export const readinessTable: Table<ScoreRow> = {
  file: 'readiness.csv',
  columns: [
    column('scope', 'text', ['لمن الدرجة', 'Whose score: nation or institution'], (row) => {
      return row.scope
    }),
    ...placeColumns.slice(0, 1),
    column(
      'part',
      'text',
      [
        'المؤشر أو محور منه: index أو dimension أو axis أو objective أو equal_weights أو kind',
        'index, or one of its parts: dimension, axis, objective, equal_weights, kind',
      ],
      (row) => row.part,
    ),
    column('part_id', 'text', ['معرّف الجزء', 'Id of the part'], (row) => row.partId),
    column('as_of', 'instant', ['الوقت المرجعي', 'The reference instant'], (row) => {
      return instant(row.asOf)
    }),
    ...modelColumns,
    ...scoreColumns,
    column(
      'verdict',
      'text',
      [
        'الحكم: met تحقق المستهدف، not_met لم يتحقق، undetermined لا يمكن الجزم',
        'Verdict: met, not_met, undetermined',
      ],
      (row) => row.verdict,
      { formula: 'met: low >= target; not_met: high < target; else undetermined' },
    ),
    column(
      'stage',
      'text',
      ['being_set_up: قيد التهيئة؛ measured: مقيسة', 'being_set_up or measured'],
      (row) => row.stage,
    ),
    column(
      'is_member',
      'boolean',
      ['هل تدخل في المتوسط الوطني', 'Whether it is part of the national mean'],
      (row) => row.isMember,
    ),
    ...levelColumns(),
    ...shareColumns(),
  ],
}

function levelColumns(): Column<ScoreRow>[] {
  const { ar, en } = readinessTexts.automatic
  return [
    column(
      'level_low',
      'text',
      [`المستوى المثبت – ${ar}`, `Level that is proven. ${en}`],
      (row) => row.level?.low ?? null,
    ),
    column(
      'level_high',
      'text',
      [`المستوى الممكن – ${ar}`, `Level that is possible. ${en}`],
      (row) => row.level?.high ?? null,
    ),
  ]
}

function shareColumns(): Column<ScoreRow>[] {
  return [
    column(
      'measured_ratio',
      'decimal',
      ['نسبة الوزن المقيس آليًا', 'Share of the weight that is measured'],
      (row) => row.measured?.ratio ?? null,
      { unit: 'ratio' },
    ),
    column(
      'available_ratio',
      'decimal',
      ['نسبة الوزن الذي له قيمة', 'Share of the weight that has a value'],
      (row) => row.available?.ratio ?? null,
      { unit: 'ratio' },
    ),
  ]
}

/** What every row of readiness says of the figures that it is of. */
export type Common = Pick<ReadinessRow, 'model' | 'modelHash' | 'modelStatus' | 'isSimulated'>

/** What is common to all rows of some figures. */
export function commonOf({ id, version, hash, status }: ModelMark, isSimulated: boolean): Common {
  return { model: `${id} ${version}`, modelHash: hash, modelStatus: status, isSimulated }
}

const bare = {
  environment: null,
  partId: null,
  verdict: null,
  stage: null,
  isMember: null,
  level: null,
  measured: null,
  available: null,
}

/** The scores of an institution, or of the nation and its institutions; none without a model. */
export function* scoreRows(
  figures: Figures | NationFigures,
  isSimulated: boolean,
): Generator<ScoreRow, void> {
  const { readiness, windows } = figures
  if (!readiness) return
  const asOf = windows.cycle.to
  const about = { ...bare, ...commonOf(readiness.model, isSimulated), asOf }
  if ('institution' in figures) {
    const { id } = figures.institution
    yield* institutionScores(figures.readiness!.institution, { ...about, institution: id })
    return
  }
  const { nation, institutions } = figures.readiness!
  const whole = { ...about, scope: 'nation' as const, institution: null }
  const { index } = nation
  yield { ...whole, part: 'index', score: index, verdict: index?.verdict ?? null }
  for (const { id, ...score } of nation.dimensions) {
    yield { ...whole, part: 'dimension', partId: id, score }
  }
  for (const kind of ['institution', 'governorate'] as const) {
    const score = nation.byKind[kind]
    yield { ...whole, part: 'kind', partId: kind, score, verdict: score?.verdict ?? null }
  }
  for (const [institution, own] of Object.entries(institutions)) {
    yield* institutionScores(own, { ...about, institution })
  }
}

function* institutionScores(
  own: InstitutionReadiness,
  about: typeof bare & Common & { readonly institution: string; readonly asOf: number },
): Generator<ScoreRow, void> {
  const whole = { ...about, scope: 'institution' as const }
  const { index, stage, isMember, level, measured, equalWeights } = own
  const { verdict } = index
  yield { ...whole, part: 'index', score: index, verdict, stage, isMember, level, measured }
  for (const { id, available, ...score } of own.dimensions) {
    yield { ...whole, part: 'dimension', partId: id, score, available }
  }
  for (const { id, ...score } of own.axes) yield { ...whole, part: 'axis', partId: id, score }
  for (const { number, ...score } of own.objectives) {
    yield { ...whole, part: 'objective', partId: String(number), score }
  }
  yield { ...whole, part: 'equal_weights', score: equalWeights }
}
