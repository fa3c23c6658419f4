import type { Score } from '../kpi/readiness/result.ts'
import { type Column, column } from './table.ts'

/** Whose row it is, and what it was computed with: the same in every table of readiness. */
export type ReadinessRow = {
  readonly scope: 'nation' | 'institution' | 'environment'
  readonly institution: string | null
  readonly environment: string | null
  /** `<id> <version>` */
  readonly model: string
  readonly modelHash: string
  readonly modelStatus: string
  readonly isSimulated: boolean
}

/** The columns that say what a row was computed with. */
export const modelColumns: readonly Column<ReadinessRow>[] = [
  column(
    'model',
    'text',
    ['نموذج الجاهزية وإصداره', 'The readiness model and its version'],
    (row) => row.model,
  ),
  column('model_hash', 'text', ['بصمة النموذج', 'SHA-256 of the model'], (row) => row.modelHash),
  column(
    'model_status',
    'text',
    [
      'approved: نموذج معتمد؛ draft: مسودة نموذج – ليست رسمية',
      'approved; draft: DRAFT MODEL, not official',
    ],
    (row) => row.modelStatus,
  ),
  column(
    'simulated',
    'boolean',
    ['true: بيانات محاكاة – ليست رسمية', 'true: SIMULATED, not official'],
    (row) => row.isSimulated,
  ),
]

const bounds = [
  ['low', 'الحد الأدنى المثبت', 'Low: proven', 'weighted points; missing, stale, unverified = 0'],
  [
    'observed',
    'النسبة المرصودة',
    'Observed: of what is available alone',
    'empty below two thirds of the weight',
  ],
  [
    'high',
    'الحد الأعلى الممكن',
    'High: possible',
    'missing and stale = 100, unverified as claimed',
  ],
] as const

/** The columns of a score: ratios exactly as computed, percentages exactly as published. */
export const scoreColumns: readonly Column<{ readonly score: Score | null }>[] = bounds.flatMap(
  ([bound, ar, en, formula]) => [
    column(
      `${bound}_percent`,
      'decimal',
      [`${ar} (كما تُنشر)`, `${en}, as published`],
      ({ score }: { readonly score: Score | null }) => score?.[bound]?.percent ?? null,
      { unit: '%', formula },
    ),
    column(
      `${bound}_ratio`,
      'decimal',
      [`${ar} (من 0 إلى 1)`, `${en}, 0 to 1`],
      ({ score }: { readonly score: Score | null }) => score?.[bound]?.ratio ?? null,
      { unit: 'ratio', formula },
    ),
  ],
)
