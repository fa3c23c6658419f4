import type { Jump } from '../../kpi/snapshot.ts'
import type { CycleState } from '../../register/cycles.ts'
import type { Text } from '../language.ts'
import { refusedTexts } from './refused.ts'

/** Cycles as objects: open, frozen, revised; and figures that are held back. */
export const cyclePageTexts = {
  title: { ar: 'دورات القياس', en: 'Measurement cycles' },
  none: { ar: 'لم تبدأ أي دورة قياس بعد.', en: 'No cycle has begun yet.' },
  how: {
    ar: 'تُقفل الدورة بقرار شخصين بعد المهلة المقررة، ولا تتغير بعدها إلا بتعديل مرقم من شخصين.',
    en: 'Two persons freeze a cycle after the set delay, and change it only by numbered revisions.',
  },
  span: { ar: 'من {from} إلى {to}', en: '{from} to {to}' },
  freezable: { ar: 'الإقفال ممكن من {time}', en: 'May be frozen from {time}' },
  freeze: { ar: 'الإقفال', en: 'Freeze' },
  revision: { ar: 'تعديل رقم {n}', en: 'Revision {n}' },
  hash: { ar: 'بصمة الأرقام (سداسية عشرية)', en: 'SHA-256 of the figures' },
  bytes: { ar: 'الأرقام المقفلة، {n} بايت', en: 'Frozen figures, {n} bytes' },
  leaves: { ar: 'قيود السجلات عندئذ', en: 'Leaves of the logs by then' },
  engine: { ar: 'إصدار الحساب', en: 'Calculation version' },
  proposed: { ar: 'مقدم الطلب', en: 'Proposed by' },
  decided: { ar: 'القرار', en: 'Decision' },
  why: { ar: 'السبب', en: 'Reason' },
  waits: { ar: 'بانتظار الاعتماد من حساب آخر', en: 'Waiting for another account' },
  changes: { ar: 'ما تغير: السابق ثم الجديد', en: 'What changed: old and new' },
  changed: { ar: '{figure}: من {old} إلى {new}', en: '{figure}: {old} to {new}' },
  unchanged: { ar: 'لم يتغير أي رقم.', en: 'No figure changed.' },
  more: { ar: 'عدد غير المعروض: {more}', en: 'Not shown: {more}' },
  late: {
    ar: 'أرقام منشورة تغيرت والدورة مفتوحة',
    en: 'Published figures that changed while open',
  },
  cause: { ar: 'أحدث قيد: {log} رقم {index}', en: 'newest leaf: {log} #{index}' },
  timePassed: { ar: 'مرور الوقت', en: 'time passed' },
  nation: { ar: 'المستوى الوطني', en: 'Nation' },
  damaged: {
    ar: 'الأرقام المقفلة ليست كما يثبتها السجل الوطني. تلزم استعادة نسخة احتياطية.',
    en: 'The frozen figures are not those that the national log names. Restore a backup.',
  },

  proposeFreeze: { ar: 'طلب إقفال الدورة', en: 'Propose to freeze' },
  proposeRevision: { ar: 'طلب تعديل رقم {n}', en: 'Propose revision {n}' },
  decide: { ar: 'اتخاذ القرار', en: 'Decide' },
  whyKept: { ar: 'السبب (يُحفظ في السجل)', en: 'Reason (kept in the log)' },
  propose: { ar: 'تقديم الطلب', en: 'Send proposal' },
  approve: { ar: 'اعتماد', en: 'Approve' },
  refuse: { ar: 'رفض', en: 'Refuse' },

  heldTitle: { ar: 'أرقام جديدة لم تُنشر', en: 'Newer figures are held back' },
  held: {
    ar: 'تغيرت الأرقام دفعة واحدة تغيرًا غير معتاد، فبقي المنشور على حاله منذ {since} حتى التأكيد.',
    en: 'The figures jumped; what is shown is as it was at {since}, until a person confirms them.',
  },
  heldLink: { ar: 'التفاصيل', en: 'Details' },
  jump: { ar: '{what}: من {before} إلى {after}', en: '{what}: {before} to {after}' },
  confirm: { ar: 'تأكيد النشر', en: 'Confirm and publish' },

  previousFrozen: { ar: 'مقفلة', en: 'frozen' },
  previousRevised: { ar: 'مقفلة، تعديل رقم {n}', en: 'frozen, revision {n}' },
  previousOpen: { ar: 'لم تُقفل بعد', en: 'not frozen yet' },

  joined: { ar: 'بداية القياس ضمن الدورة', en: 'Joined within the cycle' },
  joinedHow: {
    ar: '{time}: القياس منذ ذلك الحين. وعلى الدورة كلها، وما سبق غير معلوم: {low} إلى {high}.',
    en: '{time}: measured since then. Over the whole cycle, unknown before: {low} to {high}.',
  },
} as const satisfies Record<string, Text>

export const cycleStateTexts: Readonly<Record<CycleState, Text>> = {
  running: { ar: 'جارية', en: 'Running' },
  open: { ar: 'منتهية، لم تُقفل بعد', en: 'Over, not frozen yet' },
  frozen: { ar: 'مقفلة', en: 'Frozen' },
}

export const jumpTexts: Readonly<Record<Jump['what'], Text>> = {
  reporting: { ar: 'المؤسسات الواردة قياساتها', en: 'Institutions reporting' },
  institutions: { ar: 'عدد المؤسسات', en: 'Institutions' },
  environments: { ar: 'عدد البيئات', en: 'Environments' },
  low: { ar: 'الحد الأدنى المثبت وطنيًا', en: 'National proven low' },
  high: { ar: 'الحد الأعلى الممكن وطنيًا', en: 'National high' },
}

/** Why an act about a cycle was refused, by the rule that the refusal names. */
export const cycleRefusalTexts = {
  role: { ar: 'صلاحية الحساب لا تتيح هذا الإجراء.', en: 'This account may not do this.' },
  second_person: {
    ar: 'القرار لحساب آخر غير حساب مقدم الطلب.',
    en: 'Another account than the one that proposed must decide.',
  },
  early: { ar: 'لم تنقض مهلة الإقفال بعد.', en: 'It is too early to freeze the cycle.' },
  order: {
    ar: 'يلزم إقفال الدورة السابقة أولًا.',
    en: 'The cycle before must be frozen first.',
  },
  proposed: {
    ar: 'ثمة طلب لهذه الدورة بانتظار القرار.',
    en: 'A proposal for this cycle already waits.',
  },
  frozen: { ar: 'الدورة مقفلة.', en: 'The cycle is frozen already.' },
  open: { ar: 'الدورة لم تُقفل بعد.', en: 'The cycle is not frozen yet.' },
  number: { ar: 'رقم التعديل ليس التالي.', en: 'That is not the next revision.' },
  no_proposal: { ar: 'لا طلب بانتظار القرار.', en: 'No such proposal waits for a decision.' },
  decided: { ar: 'سبق اتخاذ القرار في هذا الطلب.', en: 'This was decided before.' },
  not_held: { ar: 'لا أرقام بانتظار التأكيد.', en: 'No figures are held back.' },
  why: refusedTexts.why,
  other: refusedTexts.other,
} as const satisfies Record<string, Text>
export type CycleRefusalRule = keyof typeof cycleRefusalTexts
