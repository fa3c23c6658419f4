import type { AuditFlag } from '../../kpi/snapshot.ts'
import type { Role } from '../../people/accounts.ts'
import type { MaintenanceState } from '../../register/maintenance.ts'
import type { Text } from '../language.ts'
import { refusedTexts } from './refused.ts'

/** Scheduled maintenance: what was asked for, who decided, and the forms for both. */
export const maintenanceTexts = {
  title: { ar: 'الصيانة المجدولة', en: 'Scheduled maintenance' },
  none: {
    ar: 'لا صيانة مجدولة لهذه البيئة.',
    en: 'No maintenance is scheduled for this environment.',
  },
  quota: {
    ar: 'المعتمد ضمن حصة دورة القياس: {used} من {quota} دقيقة، بما فيه القادم.',
    en: 'Approved within the quota of the cycle: {used} of {quota} minutes, also those to come.',
  },
  beyond: {
    ar: 'ما زاد على الحصة يُحسب كما رُصد.',
    en: 'What goes beyond the quota counts as observed.',
  },
  notice: {
    ar: 'أقل مهلة بين تقديم الطلب والبدء: {notice}. ويلزم الاعتماد من حساب آخر قبل البدء.',
    en: 'Ask at least {notice} before the start; another account must approve it by then.',
  },
  span: { ar: 'من {from} إلى {to}', en: '{from} to {to}' },
  why: { ar: 'السبب', en: 'Reason' },
  requestedBy: { ar: 'مقدم الطلب', en: 'Asked by' },
  decision: { ar: 'القرار', en: 'Decision' },
  withdrawnAt: { ar: 'وقت السحب', en: 'Withdrawn' },
  more: { ar: 'عدد غير المعروض: {more}', en: 'Not shown: {more}' },

  ask: { ar: 'طلب صيانة مجدولة', en: 'Request maintenance' },
  decide: { ar: 'اتخاذ القرار', en: 'Decide' },
  change: { ar: 'تقصير المدة أو سحب الطلب', en: 'Shorten or withdraw' },
  from: { ar: 'البدء', en: 'Start' },
  to: { ar: 'الانتهاء', en: 'End' },
  newEnd: { ar: 'موعد الانتهاء الجديد', en: 'New end' },
  whyKept: { ar: 'السبب (يُحفظ في السجل)', en: 'Reason (kept in the log)' },
  request: { ar: 'تقديم الطلب', en: 'Send request' },
  approve: { ar: 'اعتماد', en: 'Approve' },
  refuse: { ar: 'رفض', en: 'Refuse' },
  shorten: { ar: 'تقصير المدة', en: 'Shorten' },
  withdraw: { ar: 'سحب الطلب', en: 'Withdraw' },

  waiting: { ar: 'صيانة بانتظار الاعتماد', en: 'Maintenance waiting for approval' },
  starts: { ar: 'البدء {time}', en: 'starts {time}' },
} as const satisfies Record<string, Text>

export const maintenanceStateTexts: Readonly<Record<MaintenanceState, Text>> = {
  requested: { ar: 'بانتظار الاعتماد', en: 'Waiting for approval' },
  approved: { ar: 'معتمدة', en: 'Approved' },
  under_way: { ar: 'جارية', en: 'Under way' },
  over: { ar: 'منتهية', en: 'Over' },
  refused: { ar: 'مرفوضة', en: 'Refused' },
  withdrawn: { ar: 'مسحوبة', en: 'Withdrawn' },
  lapsed: { ar: 'ساقطة لعدم اعتمادها قبل البدء', en: 'Lapsed: not approved in time' },
}

export const roleTexts: Readonly<Record<Role, Text>> = {
  admin: { ar: 'مسؤول المنصة', en: 'admin' },
  ministry: { ar: 'الوزارة', en: 'ministry' },
  evaluator: { ar: 'الطرف المحايد لتقييم الأداء', en: 'neutral evaluator' },
  institution: { ar: 'المؤسسة', en: 'institution' },
  auditor: { ar: 'المدقق', en: 'auditor' },
}

/** Why something was refused, by the rule that the refusal names. */
export const refusalTexts = {
  order: {
    ar: 'يلزم أن يكون الانتهاء بعد البدء.',
    en: 'Maintenance must end after it starts.',
  },
  minutes: {
    ar: 'البدء والانتهاء بالدقائق الكاملة.',
    en: 'Maintenance starts and ends at whole minutes.',
  },
  length: { ar: 'أقصى مدة للصيانة 30 يومًا.', en: 'Maintenance lasts at most 30 days.' },
  notice: {
    ar: 'الموعد أقرب من مهلة الإشعار المقررة. أقرب بدء ممكن: {earliest}.',
    en: 'The start is closer than the notice allows. The earliest start is {earliest}.',
  },
  past: {
    ar: 'لا تُسجل الصيانة بعد بدئها. أقرب بدء ممكن: {earliest}.',
    en: 'Maintenance is never entered afterwards. The earliest start is {earliest}.',
  },
  ahead: {
    ar: 'أبعد بدء ممكن بعد 366 يومًا من الطلب.',
    en: 'Maintenance starts at most 366 days after it is asked for.',
  },
  open: {
    ar: 'للبيئة 50 موعدًا لم ينته بعد، وهو الحد الأقصى.',
    en: 'The environment has 50 windows still to end, which is the limit.',
  },
  overlap: {
    ar: 'تداخل مع صيانة أخرى من {from} إلى {to}.',
    en: 'It overlaps other maintenance from {from} to {to}.',
  },
  down: {
    ar: 'البيئة متوقفة الآن، ولا يُقبل طلب الصيانة قبل عودتها إلى العمل.',
    en: 'The environment is down: maintenance cannot be asked for until it is up.',
  },
  role: { ar: 'صلاحية الحساب لا تتيح هذا الإجراء.', en: 'This account may not do this.' },
  second_person: {
    ar: 'القرار لحساب آخر غير حساب مقدم الطلب.',
    en: 'Another account than the one that asked must decide.',
  },
  decided: { ar: 'سبق اتخاذ القرار في هذا الطلب.', en: 'This was decided before.' },
  lapsed: {
    ar: 'مضى موعد البدء دون اعتماد، فسقط الطلب.',
    en: 'It began before anybody approved it, so it has lapsed.',
  },
  withdrawn: { ar: 'الطلب مسحوب.', en: 'It was withdrawn.' },
  closed: {
    ar: 'لا تُقصَّر إلا صيانة لم تنته.',
    en: 'Only maintenance that has not ended is shortened.',
  },
  extended: {
    ar: 'تُقصَّر الصيانة ولا تُمدَّد.',
    en: 'Maintenance is only ever shortened, never extended.',
  },
  end_passed: {
    ar: 'موعد الانتهاء الجديد قد مضى.',
    en: 'The new end must not have passed.',
  },
  started: {
    ar: 'لا يُسحب إلا طلب لم يبدأ موعده؛ والصيانة الجارية تُقصَّر.',
    en: 'Only maintenance that has not started is withdrawn; one under way is shortened.',
  },
  time: {
    ar: 'يلزم تحديد التاريخ والوقت.',
    en: 'Give the date and the time.',
  },
  why: refusedTexts.why,
  not_found: {
    ar: 'لا صيانة بهذا الرقم لهذه البيئة.',
    en: 'There is no such maintenance.',
  },
  other: refusedTexts.other,
} as const satisfies Record<string, Text>
export type RefusalRule = keyof typeof refusalTexts

export const auditFlagTexts: Readonly<Record<AuditFlag, Text>> = {
  net_above_gross: {
    ar: 'تنبيه للتدقيق: الوقت المستبعد كثير، والفرق عن الإجمالي دون استبعاد يفوق الحد المقرر.',
    en: 'Audit flag: much time was excluded; the figure lies further above gross than is set.',
  },
  centre_share: {
    ar: 'تنبيه للتدقيق: نسبة الوقت الضائع بانقطاع المنصة المركزية تفوق الحد المقرر.',
    en: 'Audit flag: the collector itself lost more of this time than is set.',
  },
}
