import type { MetricName, metrics } from '../../kpi/readiness/metrics.ts'
import type { DeclarationState } from '../../register/declarations.ts'
import type { CountText, Text } from '../language.ts'
import { refusedTexts } from './refused.ts'

/** Declarations: what an institution says of itself, what reviewers say to it, and the forms. */
export const declarationTexts = {
  title: { ar: 'إفادات المؤسسة', en: 'Declarations' },
  how: {
    ar: 'تفيد المؤسسة بما لا يقيسه برنامج الرصد. ولا يُحتسب في الحد الأدنى المثبت إلا بعد مراجعته.',
    en: 'An institution declares what no agent measures. It counts as proven once reviewed.',
  },
  hashHow: {
    ar: 'يبقى المستند لدى المؤسسة، وتُسجَّل بصمته فقط. تُحسب البصمة بأحد الأمرين:',
    en: 'The institution keeps the file; only its hash is recorded. It is computed by:',
  },
  figures: { ar: 'ما تفيد به المؤسسة', en: 'What is declared' },
  others: { ar: 'الإعفاء المؤقت وما لا ينطبق', en: 'Waivers, and what does not apply' },
  history: { ar: 'سجل الإفادات', en: 'All declarations' },
  none: { ar: 'لا إفادات لهذه المؤسسة.', en: 'This institution has declared nothing.' },
  notDeclared: { ar: 'لا إفادة', en: 'Not declared' },
  noModel: {
    ar: 'يتاح هذان الطلبان عند العمل بنموذج جاهزية.',
    en: 'Both can be asked for once a readiness model is in force.',
  },
  more: { ar: 'عدد غير المعروض: {more}', en: 'Not shown: {more}' },

  queue: { ar: 'مراجعة الإفادات', en: 'Review of declarations' },
  waiting: { ar: 'إفادات بانتظار المراجعة', en: 'Declarations waiting for review' },
  queueHow: {
    ar: 'لا يراجع الإفادة من قدمها، بل الوزارة أو الطرف المحايد لتقييم الأداء. الأقدم أولًا.',
    en: 'Another body reviews: the ministry or the neutral evaluator. The oldest stands first.',
  },
  nothingWaits: { ar: 'لا إفادات بانتظار المراجعة.', en: 'No declaration waits for review.' },
  expiring: { ar: 'إفادات تنتهي خلال 30 يومًا', en: 'Expiring within 30 days' },
  nothingExpires: { ar: 'لا إفادات تنتهي قريبًا.', en: 'None expires soon.' },
  ownBody: {
    ar: 'مقدم الإفادة من الوزارة، فالمراجعة للطرف المحايد لتقييم الأداء.',
    en: 'The ministry declared this itself: the neutral evaluator reviews it.',
  },

  waiver: { ar: 'إعفاء مؤقت من المعيار {id}', en: 'Waiver of criterion {id}' },
  notApplicable: { ar: 'غير منطبق: {label}', en: 'Does not apply: {label}' },
  ofInstitution: { ar: 'المؤسسة كلها', en: 'the institution itself' },
  yes: { ar: 'نعم', en: 'Yes' },
  no: { ar: 'لا', en: 'No' },

  value: { ar: 'القيمة', en: 'Value' },
  valueDays: {
    ar: 'عدد الأيام حتى اليوم (يزداد تلقائيًا)',
    en: 'Days, as of today (it grows by itself)',
  },
  environment: { ar: 'بيئة الاستضافة', en: 'Hosting environment' },
  criterion: { ar: 'المعيار', en: 'Criterion' },
  metric: { ar: 'ما لا ينطبق', en: 'What does not apply' },
  evidence: { ar: 'بصمة المستند المؤيد ({hash})', en: 'Evidence kept ({hash})' },
  evidenceField: { ar: 'بصمة المستند المؤيد {hash}', en: '{hash} of the evidence file' },
  evidenceSuch: { ar: 'المستند المؤيد، مثل: {such}', en: 'Evidence, such as {such}' },
  detail: { ar: 'وصف المستند', en: 'What the evidence is' },
  detailField: {
    ar: 'وصف المستند: عنوانه ورقمه وتاريخه (يُحفظ في السجل)',
    en: 'What the evidence is: title, number, date (kept in the log)',
  },
  expires: { ar: 'تاريخ الانتهاء', en: 'Expires' },
  expiresField: {
    ar: 'تاريخ الانتهاء (خلال {days} يومًا على الأكثر)',
    en: 'Expires on (within {days} days at most)',
  },
  requestedBy: { ar: 'مقدم الإفادة', en: 'Declared by' },
  decision: { ar: 'نتيجة المراجعة', en: 'Review' },
  withdrawnAt: { ar: 'وقت السحب', en: 'Withdrawn' },

  declare: { ar: 'تقديم إفادة أو تجديدها', en: 'Declare or renew' },
  askWaiver: { ar: 'طلب إعفاء مؤقت من معيار', en: 'Ask for a waiver of a criterion' },
  waiverHow: {
    ar: 'الإعفاء المؤقت لا يُعد استيفاءً للمعيار، ويُنشر مع تاريخ انتهائه.',
    en: 'A waiver never counts as passing, and is listed with its expiry.',
  },
  askNotApplicable: {
    ar: 'طلب اعتماد ما لا ينطبق',
    en: 'Have it approved that something does not apply',
  },
  notApplicableHow: {
    ar: 'لا يُستبعد من الاحتساب إلا ما أفاد برنامج الرصد بأنه لا ينطبق واعتمده المراجع.',
    en: 'Only what an agent says does not apply, and a reviewer approves, leaves the index.',
  },
  review: { ar: 'مراجعة الإفادة', en: 'Review' },
  whyReview: { ar: 'سبب القرار (يُحفظ في السجل)', en: 'Reason (kept in the log)' },
  verify: { ar: 'اعتماد', en: 'Verify' },
  refuse: { ar: 'رفض', en: 'Refuse' },
  takeBack: { ar: 'سحب الإفادة', en: 'Withdraw' },
  renew: { ar: 'تجديد الإفادة', en: 'Renew' },
  request: { ar: 'تقديم', en: 'Send' },
  withdraw: { ar: 'سحب الإفادة', en: 'Withdraw' },
} as const satisfies Record<string, Text>

export const dayCount: CountText = {
  ar: {
    ...{ zero: 'أقل من يوم', one: 'يوم واحد', two: 'يومان', few: '{n} أيام' },
    ...{ many: '{n} يومًا', other: '{n} يوم' },
  },
  en: { one: '{n} day', other: '{n} days' },
}

/** Metrics that people declare, by their definition. */
export type DeclarableMetric = {
  [Name in MetricName]: (typeof metrics)[Name] extends { source: 'declared' } | { declarable: true }
    ? Name
    : never
}[MetricName]

/** What each declared metric says, and what shows it. */
export const declaredMetricTexts: Readonly<
  Record<DeclarableMetric, { readonly label: Text; readonly evidence: Text }>
> = {
  'backup.restore_age_days': {
    label: {
      ar: 'المدة منذ آخر استعادة مجرَّبة من نسخة احتياطية',
      en: 'Time since a restore from backup was proven',
    },
    evidence: { ar: 'تقرير تجربة الاستعادة', en: 'the report of the restore test' },
  },
  'remote_access.second_factor': {
    label: {
      ar: 'التحقق بخطوتين في الدخول عن بعد',
      en: 'Remote access asks for a second factor',
    },
    evidence: {
      ar: 'مستخرج من إعدادات بوابة الدخول عن بعد',
      en: 'an extract of the gateway’s configuration',
    },
  },
  'operations.trained_staff': {
    label: { ar: 'موظفون مدربون على إدارة العمليات', en: 'Staff trained in operations' },
    evidence: { ar: 'شهادات التدريب', en: 'the certificates of the training' },
  },
  'operations.support_contract': {
    label: {
      ar: 'عقد دعم أو شراكة بمستوى خدمة محدد',
      en: 'A support or partnership contract with service levels',
    },
    evidence: { ar: 'العقد الموقع', en: 'the signed contract' },
  },
  'operations.tender_scope': {
    label: {
      ar: 'نطاق عمل معدّ ومناقصات محللة',
      en: 'Scope of work prepared, and tenders analysed',
    },
    evidence: { ar: 'نطاق العمل المعتمد', en: 'the approved scope of work' },
  },
  'operations.continuity_exercised': {
    label: {
      ar: 'خطة استمرارية عمل معتمدة ومجرَّبة خلال آخر 12 شهرًا',
      en: 'A continuity plan, approved and exercised in the last 12 months',
    },
    evidence: { ar: 'الخطة وتقرير تجربتها', en: 'the plan and the report of its exercise' },
  },
}

export const declarationStateTexts: Readonly<Record<DeclarationState, Text>> = {
  open: { ar: 'بانتظار المراجعة', en: 'Waiting for review' },
  verified: { ar: 'معتمدة', en: 'Verified' },
  refused: { ar: 'مرفوضة', en: 'Refused' },
  withdrawn: { ar: 'مسحوبة', en: 'Withdrawn' },
  expired: { ar: 'منتهية الصلاحية', en: 'Expired' },
  replaced: { ar: 'حلت محلها إفادة أحدث', en: 'Replaced by a later one' },
}

/** Why something was refused, by the rule that the refusal names. */
export const declarationRefusalTexts = {
  about: { ar: 'يلزم تحديد موضوع الإفادة.', en: 'Say what is declared.' },
  metric: { ar: 'لا بند قياس بهذا الاسم.', en: 'There is no such metric.' },
  measured: {
    ar: 'هذا البند يُقاس ولا تُقدَّم فيه إفادة.',
    en: 'This metric is measured, and nobody declares it.',
  },
  value: {
    ar: 'القيمة غير صالحة: نعم أو لا، أو عدد صحيح من 0 إلى 36500.',
    en: 'The value does not fit: yes or no, or a whole number from 0 to 36,500.',
  },
  criterion: {
    ar: 'لا معيار بهذا الرمز في النموذج المعمول به.',
    en: 'The model in force has no such criterion.',
  },
  applies: {
    ar: 'هذا البند ينطبق دائمًا بحسب النموذج المعمول به.',
    en: 'By the model in force this always applies.',
  },
  of_institution: {
    ar: 'هذه الإفادة عن المؤسسة كلها، لا عن بيئة منها.',
    en: 'This is declared of the institution itself, not of an environment.',
  },
  of_environment: {
    ar: 'يلزم تحديد بيئة الاستضافة.',
    en: 'Say which hosting environment it is about.',
  },
  evidence: {
    ar: 'بصمة المستند 64 خانة سداسية عشرية.',
    en: 'The evidence is named by its hash: 64 hex digits.',
  },
  expired: {
    ar: 'يلزم أن يكون تاريخ الانتهاء بعد اليوم.',
    en: 'The date of expiry must be after today.',
  },
  too_long: {
    ar: 'آخر تاريخ ممكن للانتهاء: {until}. وتُجدَّد الإفادة بعده.',
    en: 'It can hold until {until} at most; then it is renewed.',
  },
  waiting: {
    ar: 'إفادة في الموضوع نفسه بانتظار المراجعة.',
    en: 'One about the same waits for review already.',
  },
  open: {
    ar: 'للمؤسسة 200 إفادة بانتظار المراجعة، وهو الحد الأقصى.',
    en: 'The institution has 200 declarations waiting for review, which is the limit.',
  },
  role: { ar: 'صلاحية الحساب لا تتيح هذا الإجراء.', en: 'This account may not do this.' },
  own_body: {
    ar: 'لا يراجع الإفادة من قدمها: المراجعة للوزارة أو للطرف المحايد لتقييم الأداء.',
    en: 'Another body than the one that declared must review this.',
  },
  second_person: {
    ar: 'المراجعة لحساب آخر غير حساب مقدم الإفادة.',
    en: 'Another account than the one that declared must review this.',
  },
  decided: { ar: 'سبقت مراجعة هذه الإفادة.', en: 'This was reviewed before.' },
  withdrawn: { ar: 'الإفادة مسحوبة.', en: 'It was withdrawn.' },
  lapsed: {
    ar: 'انتهت صلاحية الإفادة قبل مراجعتها.',
    en: 'It expired before anybody reviewed it.',
  },
  closed: {
    ar: 'لا تُسحب إلا إفادة سارية أو بانتظار المراجعة.',
    en: 'Only what holds or waits for review is withdrawn.',
  },
  time: { ar: 'يلزم تحديد تاريخ الانتهاء.', en: 'Give the date of expiry.' },
  why: {
    ar: 'يلزم وصف أو سبب من 3 إلى 300 حرف في سطر واحد.',
    en: 'Give a description or reason of 3 to 300 characters, on one line.',
  },
  not_found: {
    ar: 'لا إفادة أو بيئة بهذا الاسم لهذه المؤسسة.',
    en: 'This institution has no such declaration or environment.',
  },
  other: refusedTexts.other,
} as const satisfies Record<string, Text>
export type DeclarationRefusalRule = keyof typeof declarationRefusalTexts
