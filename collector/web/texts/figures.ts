import type { Cycle, NationRow, Verdict, WindowName } from '../../kpi/snapshot.ts'
import type { CountText, Text } from '../language.ts'

/** The KPI: its bounds, its verdict and the tables that hold them. */
export const figureTexts = {
  continuity: {
    ar: 'نسبة استمرار عمل بيئات الاستضافة والبنى الأساسية الرقمية',
    en: 'Continuity of hosting environments and digital infrastructure',
  },
  continuityShort: { ar: 'نسبة استمرار العمل', en: 'Continuity' },
  low: { ar: 'الحد الأدنى المثبت', en: 'Proven low' },
  observed: { ar: 'النسبة المرصودة', en: 'Observed' },
  high: { ar: 'الحد الأعلى الممكن', en: 'High' },
  coverage: { ar: 'نسبة اكتمال القياس', en: 'Coverage' },
  target: { ar: 'المستهدف: {target} فأكثر', en: 'Target: {target} or more' },
  verdict: { ar: 'النتيجة', en: 'Verdict' },
  bounds: { ar: 'المدى الممكن', en: 'Possible range' },
  scaleNote: {
    ar: 'المدى مرسوم من {start} إلى {end}، والخط القائم هو المستهدف.',
    en: 'The range is drawn from {start} to {end}; the upright line is the target.',
  },
  ownFault: {
    ar: 'نسبة استمرار العمل دون احتساب الأعطال الخارجة عن الاستضافة: {low} إلى {high}.',
    en: 'Continuity by own fault only, without faults outside of the hosting: {low} to {high}.',
  },
  attested: {
    ar: 'الوقت المعلوم: قياس ذاتي {self}، مثبت من نقطة رصد خارجية {witnessed}، كلاهما {both}.',
    en: 'Known time: self-attested {self}, witnessed {witnessed}, both {both}.',
  },
  noValue: { ar: 'لا توجد قيمة', en: 'No value' },
  noValueWhy: {
    ar: 'لا وقت ضمن نطاق القياس في هذه المدة، فلا قيمة لها.',
    en: 'No time was in scope in this period, so there is no value.',
  },
  undeterminedWhy: {
    ar: 'سبب عدم الجزم: نسبة اكتمال القياس {coverage}؛ فالنسبة بين {low} و{high} والمستهدف بينهما.',
    en: 'Undetermined: coverage is {coverage}; the share may be anywhere from {low} to {high}.',
  },
  undeterminedTime: {
    ar: 'سبب عدم الجزم: وقت غير معلوم قدره {unknown}؛ فالنسبة بين {low} و{high} والمستهدف بينهما.',
    en: 'Undetermined: {unknown} are unknown; the share may be anywhere from {low} to {high}.',
  },
  withoutEvidence: {
    ar: 'لا شواهد قياس في هذه المدة من {institutions}.',
    en: 'No evidence in this period from {institutions}.',
  },
  beingSetUp: { ar: 'قيد التهيئة', en: 'Being set up' },
  beingSetUpWhy: {
    ar: 'شواهد القياس لا تكفي بعد لإعلان النتيجة، والأرقام أولية.',
    en: 'There is not enough evidence for a verdict yet; the figures are preliminary.',
  },
  notAssessed: { ar: 'البيئة غير مقيَّمة', en: 'Not assessed' },
  notAssessedWhy: {
    ar: 'لا يثبت للبيئة شيء: فحوصها دون الحد الأدنى المطلوب لنوعها. الناقص: {missing}.',
    en: 'Nothing is proven: the checks are below the minimum of this class. Missing: {missing}.',
  },
  or: { ar: '{first} أو {second}', en: '{first} or {second}' },

  byPeriod: { ar: 'نسبة استمرار العمل بحسب المدة', en: 'Continuity by period' },
  period: { ar: 'المدة', en: 'Period' },
  unknownMinutes: { ar: 'غير معلوم (دقيقة)', en: 'Unknown (minutes)' },
  maintenanceMinutes: { ar: 'صيانة مجدولة (دقيقة)', en: 'Scheduled maintenance (minutes)' },
  centreMinutes: { ar: 'انقطاع المنصة المركزية (دقيقة)', en: 'Collector outage (minutes)' },
  gross: { ar: 'الإجمالي دون استبعاد', en: 'Gross, nothing excluded' },
  range: { ar: '{low} إلى {high}', en: '{low} to {high}' },
  weighted: {
    ar: 'الدقائق مجموع دقائق البيئات مرجحةً بأهميتها.',
    en: 'Minutes are summed over environments, weighted by their criticality.',
  },
  readings: { ar: 'القراءات الأخرى للدورة نفسها', en: 'Other readings of the same cycle' },
  reading: { ar: 'القراءة', en: 'Reading' },
  headline: { ar: 'القراءة المعتمدة', en: 'Headline' },
  reportingOnly: { ar: 'المؤسسات التي لها شواهد فقط', en: 'Only those with evidence' },
  cycle: { ar: 'دورة القياس {month} {year}', en: 'Cycle {month} {year}' },
  from: { ar: 'من {from}', en: 'from {from}' },
} as const satisfies Record<string, Text>

export const verdictTexts: Readonly<Record<Verdict, Text>> = {
  met: { ar: 'تحقق المستهدف', en: 'Met' },
  not_met: { ar: 'لم يتحقق المستهدف', en: 'Not met' },
  undetermined: { ar: 'لا يمكن الجزم (القياس غير مكتمل)', en: 'Undetermined' },
}

export const windowTexts: Readonly<Record<WindowName, Text>> = {
  cycle: { ar: 'دورة القياس', en: 'Cycle' },
  '30d': { ar: 'آخر 30 يومًا', en: 'Last 30 days' },
  '7d': { ar: 'آخر 7 أيام', en: 'Last 7 days' },
  '24h': { ar: 'آخر 24 ساعة', en: 'Last 24 hours' },
}

export const cycleTexts: Readonly<Record<Cycle['name'], Text>> = {
  april: { ar: 'أبريل', en: 'April' },
  october: { ar: 'أكتوبر', en: 'October' },
}

export const headlineTexts: Readonly<Record<NationRow['headline'], Text>> = {
  pooled: {
    ar: 'مجمل البيئات مرجحةً بأهميتها',
    en: 'All environments pooled, weighted by criticality',
  },
  mean: { ar: 'متوسط المؤسسات المستهدفة بالتساوي', en: 'Equal mean of all target institutions' },
}

export const institutionCount: CountText = {
  ar: {
    zero: 'لا مؤسسات',
    one: 'مؤسسة واحدة',
    two: 'مؤسستين',
    few: '{n} مؤسسات',
    many: '{n} مؤسسة',
    other: '{n} مؤسسة',
  },
  en: { one: '{n} institution', other: '{n} institutions' },
}
