import type { MissingReason } from '../../../protocol/indicators.ts'
import type { DerivedReason, MeasureStatus } from '../../kpi/readiness/inputs.ts'
import type { AxisName, Comparison } from '../../kpi/readiness/model.ts'
import type {
  AdviceStep,
  CriterionStatus,
  EnabledStatus,
  FindingKind,
} from '../../kpi/readiness/result.ts'
import type { CountText, Text } from '../language.ts'

/** The five axes of the programme, in its own words. */
export const axisTexts: Readonly<Record<AxisName, Text>> = {
  user_experience: { ar: 'تجربة المستخدم', en: 'User experience' },
  modernisation: { ar: 'التحديث والتطوير', en: 'Modernisation and development' },
  strategy_and_culture: {
    ar: 'الاستراتيجية وثقافة المؤسسة',
    en: 'Strategy and institutional culture',
  },
  digital_enablement: { ar: 'التمكين الرقمي', en: 'Digital enablement' },
  operational_efficiency: { ar: 'الكفاءة التشغيلية', en: 'Operational efficiency' },
}

/** The eight objectives of the programme, in its own words; the first is number 1. */
export const objectiveTexts: readonly Text[] = [
  {
    ar:
      'إيجاد بنية رقمية أساسية في المؤسسات الحكومية قادرة على مواكبة المتغيرات ' +
      'وداعمة لإيجاد قطاع حكومي مرن ومبتكر',
    en:
      'Basic digital infrastructure in government institutions that keeps up with change ' +
      'and supports a flexible, innovative public sector',
  },
  {
    ar: 'رفع مستوى جاهزية البنى الأساسية الرقمية للمؤسسات الخدمية',
    en: 'Readier digital infrastructure of service institutions',
  },
  {
    ar: 'تحسين تجربة متلقي الخدمة وأصحاب المصلحة',
    en: 'A better experience for those who receive services and for stakeholders',
  },
  { ar: 'تمكين العمل عن بعد في القطاع الحكومي', en: 'Remote work in the public sector' },
  {
    ar: 'تحسين الربط الشبكي البيني وكفاءة وإنتاجية الخدمات الإلكترونية',
    en: 'Better interconnection, and efficient and productive electronic services',
  },
  {
    ar:
      'تعظيم الفائدة من توظيف التقنيات الرقمية الحديثة المتقدمة ' +
      'في مجال البنى الأساسية الرقمية',
    en: 'The most benefit from modern, advanced technology in digital infrastructure',
  },
  {
    ar: 'رفع مرتبة السلطنة في مؤشر الجاهزية الشبكية العالمي',
    en: 'A higher rank of the Sultanate in the Network Readiness Index',
  },
  { ar: 'ضمان استمرارية بيئة الأعمال', en: 'Continuity of the business environment' },
]

export const measureStatusTexts: Readonly<Record<MeasureStatus, Text>> = {
  measured: { ar: 'مقيس', en: 'Measured' },
  declared_verified: { ar: 'إفادة متحقق منها', en: 'Declared, verified' },
  declared_unverified: { ar: 'إفادة لم يُتحقق منها', en: 'Declared, not verified' },
  stale: { ar: 'قياس قديم', en: 'Stale' },
  missing: { ar: 'لا بيانات', en: 'Missing' },
  not_applicable: { ar: 'لا ينطبق', en: 'Not applicable' },
}

export const criterionTexts: Readonly<Record<CriterionStatus, Text>> = {
  pass: { ar: 'مستوفى', en: 'Pass' },
  fail: { ar: 'غير مستوفى', en: 'Fail' },
  unknown: { ar: 'غير معلوم', en: 'Unknown' },
  waived: { ar: 'إعفاء مؤقت', en: 'Waived' },
}

export const enabledTexts: Readonly<Record<EnabledStatus, Text>> = {
  enabled: { ar: 'ممكَّنة رقميًا', en: 'Enabled' },
  not_enabled: { ar: 'غير ممكَّنة رقميًا', en: 'Not enabled' },
  unknown: { ar: 'لا يمكن الجزم بتمكينها', en: 'Undetermined' },
}

export const adviceKindTexts: Readonly<Record<AdviceStep['kind'], Text>> = {
  fix: { ar: 'معالجة خلل', en: 'Fix' },
  measure: { ar: 'استكمال قياس', en: 'Get measured' },
  declare: { ar: 'تقديم إفادة', en: 'Declare' },
  review: { ar: 'مراجعة إفادة', en: 'Have reviewed' },
}

export const findingTexts: Readonly<Record<FindingKind, Text>> = {
  declared_cloud_measured_on_premises: {
    ar: 'البيئة مسجلة في السحابة، والقياس يدل على خوادم خارجها',
    en: 'Registered as in the cloud, measured outside of it',
  },
  host_not_registered: {
    ar: 'خادم مرصود وغير مسجل',
    en: 'A host that is seen but not registered',
  },
  environment_without_agent: {
    ar: 'بيئة مسجلة بلا برنامج رصد متصل',
    en: 'A registered environment without an agent that is heard',
  },
  check_removed_while_failing: {
    ar: 'فحص أُزيل أثناء تعثره',
    en: 'A check that was removed while it failed',
  },
  agent_version_unsupported: {
    ar: 'إصدار برنامج الرصد لم يعد مدعومًا',
    en: 'The version of the agent is no longer supported',
  },
  declaration_expired: {
    ar: 'إفادة انتهت صلاحيتها',
    en: 'A declaration that has expired',
  },
}

/** Who must act on a finding: the register is the ministry's, all else the institution's. */
export const findingOwnerTexts = {
  ministry: { ar: 'الوزارة (السجل)', en: 'The ministry (register)' },
  institution: { ar: 'المؤسسة', en: 'The institution' },
} as const satisfies Record<string, Text>

/** Why there is no value. */
export const missingReasonTexts: Readonly<Record<MissingReason | DerivedReason, Text>> = {
  virtual_machine: { ar: 'خادم افتراضي', en: 'virtual machine' },
  in_cloud: { ar: 'في السحابة', en: 'in the cloud' },
  no_such_hardware: { ar: 'لا عتاد من هذا النوع', en: 'no such hardware' },
  no_public_service: { ar: 'لا خدمة عامة', en: 'no public service' },
  no_backup_declared: { ar: 'لا نسخ احتياطي معلنًا', en: 'no backup is declared' },
  no_permission: { ar: 'صلاحية ناقصة', en: 'a permission is lacking' },
  no_tool: { ar: 'أداة غير متوافرة', en: 'a tool is lacking' },
  no_check: { ar: 'لا فحص معلنًا', en: 'no check is declared' },
  no_network: { ar: 'لا وصول إلى الشبكة', en: 'the network is out of reach' },
  not_supported: { ar: 'غير مدعوم في هذا النظام', en: 'not supported on this system' },
  not_known: { ar: 'غير معلوم', en: 'not known' },
  too_early: { ar: 'لم تمض مدة كافية بعد', en: 'too early to tell' },
  unreadable: { ar: 'مصدر غير مقروء', en: 'its source cannot be read' },
  timed_out: { ar: 'انتهت المهلة دون جواب', en: 'no answer in time' },
  no_rpo: {
    ar: 'السجل لا يحدد المدة المسموح بها لفقد البيانات',
    en: 'the register states no recovery point objective (RPO)',
  },
  no_rto: {
    ar: 'السجل لا يحدد زمن الاستعادة المستهدف',
    en: 'the register states no recovery time objective (RTO)',
  },
  no_role_in_register: {
    ar: 'السجل لا يحدد الفحوص التي تؤدي هذا الدور',
    en: 'the register names no checks for this role',
  },
  no_workloads: { ar: 'لا نظام مسجلًا للنقل', en: 'no workload is registered' },
  no_agent: { ar: 'لا برنامج رصد', en: 'there is no agent' },
  no_evidence: { ar: 'لا شواهد قياس', en: 'there is no evidence' },
  not_declared: { ar: 'لا إفادة', en: 'not declared' },
}

/** Where a value comes from, other than a method that an agent names. */
export const methodTexts: Readonly<Record<'derived' | 'declared', Text>> = {
  derived: { ar: 'محسوب من القياسات', en: 'derived from measurements' },
  declared: { ar: 'من إفادة', en: 'from a declaration' },
}

export const comparisonTexts = {
  '<': { ar: 'أقل من {value}', en: 'less than {value}' },
  '<=': { ar: '{value} أو أقل', en: '{value} or less' },
  '>': { ar: 'أكثر من {value}', en: 'more than {value}' },
  '>=': { ar: '{value} أو أكثر', en: '{value} or more' },
  '=': { ar: '{value}', en: '{value}' },
} as const satisfies Record<Comparison, Text>

/** Values of metrics in their units. */
export const valueTexts = {
  yes: { ar: 'نعم', en: 'yes' },
  no: { ar: 'لا', en: 'no' },
  daysAgo: { ar: 'قبل {days}', en: '{days} ago' },
  years: { ar: '{n} سنة', en: '{n} years' },
  minutes: { ar: '{n} دقيقة', en: '{n} minutes' },
  seconds: { ar: '{n} ثانية', en: '{n} s' },
  timesRpo: { ar: '{n} من المدة المسموح بها لفقد البيانات', en: '{n} times the RPO' },
  timesRto: { ar: '{n} من زمن الاستعادة المستهدف', en: '{n} times the RTO' },
} as const satisfies Record<string, Text>

/** Steps of a work list. */
export const stepCount: CountText = {
  ar: {
    zero: 'لا أعمال',
    one: 'عمل واحد',
    two: 'عملان',
    few: '{n} أعمال',
    many: '{n} عملًا',
    other: '{n} عمل',
  },
  en: { one: '{n} step', other: '{n} steps' },
}

/** Days as the unit of a value. */
export const daysCount: CountText = {
  ar: {
    zero: '0 يوم',
    one: 'يوم واحد',
    two: 'يومين',
    few: '{n} أيام',
    many: '{n} يومًا',
    other: '{n} يوم',
  },
  en: { one: '{n} day', other: '{n} days' },
}
