import type { Figures, NationFigures } from '../evidence/figures.ts'
import type { EnabledFigure, EnabledShare } from '../kpi/readiness/result.ts'
import { modelColumns, type ReadinessRow } from './readiness-columns.ts'
import { commonOf } from './readiness-rows.ts'
import { column, instant, placeColumns, type Table } from './table.ts'

/** Whether something is enabled, a criterion of it, or the share of the nation. */
export type EnabledRow = ReadinessRow & {
  /** Null for the whole. */
  readonly criterion: string | null
  readonly status: string | null
  readonly expiresAt: number | null
  readonly isMember: boolean | null
  readonly share: EnabledShare | null
}

/** `enabled.csv`: who is digitally enabled, criterion by criterion, and the share of the nation. */
export const enabledTable: Table<EnabledRow> = {
  file: 'enabled.csv',
  columns: [
    column('scope', 'text', ['لمن الصف', 'nation, institution or environment'], (row) => row.scope),
    ...placeColumns,
    column('criterion', 'text', ['معرّف المعيار', 'Id of the criterion'], (row) => row.criterion),
    column(
      'status',
      'text',
      [
        'المعيار: pass أو fail أو unknown أو waived؛ الكل: enabled أو not_enabled أو unknown',
        'pass, fail, unknown, waived; of the whole: enabled, not_enabled, unknown',
      ],
      (row) => row.status,
      { formula: 'enabled: every criterion passes; a waived one does not' },
    ),
    column('waived_until', 'instant', ['نهاية الإعفاء', 'Until when it is waived'], (row) => {
      return instant(row.expiresAt)
    }),
    column(
      'is_member',
      'boolean',
      ['هل تدخل في نسبة التمكين', 'Whether it counts in the enabled share'],
      (row) => row.isMember,
    ),
    ...modelColumns,
    ...(
      [
        ['members', 'عدد المؤسسات الداخلة في النسبة', 'Members'],
        ['enabled', 'عدد الممكَّنة رقميًا', 'Enabled'],
        ['notEnabled', 'عدد غير الممكَّنة رقميًا', 'Not enabled'],
        ['unknown', 'عدد غير المعلوم حالها', 'Unknown'],
        ['waived', 'عدد ما فيها إعفاء', 'With a waived criterion'],
      ] as const
    ).map(([name, ar, en]) =>
      column<EnabledRow>(
        name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        'integer',
        [ar, en],
        (row) => row.share?.[name] ?? null,
      ),
    ),
    column(
      'low_percent',
      'decimal',
      ['الحد الأدنى المثبت (كما تُنشر)', 'Low, as published'],
      (row) => row.share?.low?.percent ?? null,
      { unit: '%', formula: 'enabled / members' },
    ),
    column(
      'high_percent',
      'decimal',
      ['الحد الأعلى الممكن (كما تُنشر)', 'High, as published'],
      (row) => row.share?.high?.percent ?? null,
      { unit: '%', formula: '(enabled + unknown) / members' },
    ),
    column(
      'verdict',
      'text',
      [
        'الحكم: met تحقق المستهدف، not_met لم يتحقق، undetermined لا يمكن الجزم',
        'Verdict: met, not_met, undetermined',
      ],
      (row) => row.share?.verdict ?? null,
      { formula: 'met: enabled = members, by count' },
    ),
  ],
}

const bare = { criterion: null, status: null, expiresAt: null, isMember: null, share: null }

/** Of an institution, or of the nation and its institutions; none without a model. */
export function* enabledRows(
  figures: Figures | NationFigures,
  isSimulated: boolean,
): Generator<EnabledRow, void> {
  const { readiness } = figures
  if (!readiness) return
  const about = { ...bare, ...commonOf(readiness.model, isSimulated), environment: null }
  if ('institution' in figures) {
    const { institution: own } = figures.readiness!
    yield* ofInstitution(figures.institution.id, own.enabled, own.isEnabledMember, about)
    return
  }
  const { nation, institutions } = figures.readiness!
  const whole = { ...about, scope: 'nation' as const, institution: null }
  yield { ...whole, share: nation.enabled }
  yield { ...whole, scope: 'environment', share: nation.enabledEnvironments }
  for (const [id, { enabled, isEnabledMember }] of Object.entries(institutions)) {
    yield* ofInstitution(id, enabled, isEnabledMember, about)
  }
}

function* ofInstitution(
  institution: string,
  { status, criteria, environments }: EnabledFigure,
  isMember: boolean,
  about: Omit<EnabledRow, 'scope' | 'institution'>,
): Generator<EnabledRow, void> {
  const whole = { ...about, scope: 'institution' as const, institution }
  yield { ...whole, status, isMember }
  for (const { id: criterion, status: own, expiresAt } of criteria) {
    yield { ...whole, criterion, status: own, expiresAt }
  }
  for (const { id, status: own } of environments) {
    yield { ...whole, scope: 'environment', environment: id, status: own }
  }
}
