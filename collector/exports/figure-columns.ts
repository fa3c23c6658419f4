import type { Figure } from '../kpi/snapshot.ts'
import { type Cell, type CellType, type Column, column } from './table.ts'

/** Where in a figure a column's value stands, and what it means. The only list of their names. */
type Definition = readonly [path: string, ar: string, en: string, formula: string | null]

const shares: readonly Definition[] = [
  ['low', 'الحد الأدنى المثبت', 'Low: proven', '(up + degraded) / eligible'],
  ['observed', 'النسبة المرصودة', 'Observed', '(up + degraded) / (eligible - unknown)'],
  ['high', 'الحد الأعلى الممكن', 'High', '(up + degraded + unknown) / eligible'],
  ['coverage', 'نسبة اكتمال القياس', 'Coverage', '(eligible - unknown) / eligible'],
  [
    'gross.low',
    'الحد الأدنى المثبت دون أي استبعاد',
    'Low, with nothing excluded',
    'low of all time in scope, maintenance and outages of the collector included',
  ],
  [
    'gross.high',
    'الحد الأعلى الممكن دون أي استبعاد',
    'High, with nothing excluded',
    'high of all time in scope, maintenance and outages of the collector included',
  ],
  [
    'ownFault.low',
    'الحد الأدنى بعد استبعاد ما ثبت أنه خارج عن المؤسسة',
    'Low, without what is proved to lie outside of the institution',
    '(up + degraded + down by outside causes) / eligible',
  ],
  [
    'ownFault.high',
    'الحد الأعلى بعد استبعاد ما ثبت أنه خارج عن المؤسسة',
    'High, without what is proved to lie outside of the institution',
    '(up + degraded + down by outside causes + unknown) / eligible',
  ],
  [
    'attested.self',
    'نسبة القياس الذاتي',
    'Share of known time that is self-attested',
    'self / known',
  ],
  [
    'attested.witnessed',
    'نسبة المثبت من نقطة رصد خارجية',
    'Share of known time that is witnessed',
    'witnessed / known',
  ],
  [
    'attested.both',
    'نسبة المثبت ذاتيًا ومن نقطة رصد خارجية معًا',
    'Share of known time that is both self-attested and witnessed',
    'both / known',
  ],
]

const sums: readonly Definition[] = [
  ['sums.eligibleMs', 'الوقت الداخل في القياس', 'Eligible time', 'up + degraded + down + unknown'],
  ['sums.upMs', 'وقت العمل', 'Time up', null],
  ['sums.degradedMs', 'وقت العمل بأداء منخفض', 'Time degraded', null],
  ['sums.downMs', 'وقت التوقف', 'Time down', null],
  ['sums.unknownMs', 'الوقت غير المعلوم', 'Time unknown: never counted as up', null],
  ['sums.maintenanceMs', 'الصيانة المجدولة المستبعدة', 'Scheduled maintenance, excluded', null],
  ['sums.centreMs', 'انقطاع المنصة المركزية، مستبعد', 'Outage of the collector, excluded', null],
  ['sums.downExternalMs', 'وقت التوقف لسبب خارجي', 'Time down by outside causes', null],
  [
    'sums.unknownExternalMs',
    'الوقت غير المعلوم لسبب خارجي',
    'Time unknown by outside causes',
    null,
  ],
]

const rest: readonly (readonly [CellType, ...Definition])[] = [
  [
    'text',
    'verdict',
    'الحكم: met تحقق المستهدف، not_met لم يتحقق، undetermined لا يمكن الجزم',
    'Verdict: met, not_met, undetermined',
    'met: low >= target; not_met: high < target; else undetermined',
  ],
  [
    'list',
    'flags',
    'ما يستدعي نظر المدقق',
    'What an auditor should look at',
    'net_above_gross: low lies above gross low by more than the policy allows',
  ],
]

/** The columns of a figure: ratios exactly as computed, percentages exactly as published. */
export const figureColumns: readonly Column<Figure>[] = [
  ...shares.flatMap(([path, ar, en, formula]) => [
    at(`${path}.percent`, 'decimal', [`${ar} (كما تُنشر)`, `${en}, as published`], formula, '%'),
    at(`${path}.ratio`, 'decimal', [`${ar} (من 0 إلى 1)`, `${en}, 0 to 1`], formula, 'ratio'),
  ]),
  ...rest
    .filter(([, path]) => path === 'verdict')
    .map(([type, path, ar, en, formula]) => at(path, type, [ar, en], formula, null)),
  ...sums.map(([path, ar, en, formula]) => at(path, 'integer', [ar, en], formula, 'ms')),
  ...rest
    .filter(([, path]) => path !== 'verdict')
    .map(([type, path, ar, en, formula]) => at(path, type, [ar, en], formula, null)),
]

/** Every place in a figure that a column shows. */
export const figurePaths: readonly string[] = [
  ...shares.flatMap(([path]) => [`${path}.ratio`, `${path}.percent`]),
  ...sums.map(([path]) => path),
  ...rest.map(([, path]) => path),
]

function at(
  path: string,
  type: CellType,
  means: readonly [string, string],
  formula: string | null,
  unit: string | null,
): Column<Figure> {
  const name = path
    .replace(/^sums\./, '')
    .replaceAll('.', '_')
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const keys = path.split('.')
  const of = (figure: Figure): Cell => cellOf(keys.reduce(inside, figure as unknown))
  return column(name, type, means, of, { ...(unit && { unit }), ...(formula && { formula }) })
}

function inside(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[key]
    : null
}

function cellOf(value: unknown): Cell {
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'string' || typeof value === 'number' ? value : null
}
