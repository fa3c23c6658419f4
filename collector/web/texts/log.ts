import type { ActKind } from '../../people/act-kinds.ts'
import type { Text } from '../language.ts'
import { roleTexts } from './maintenance.ts'

/** The log of acts: who did what, when and why, and what it changed. */
export const logTexts = {
  title: { ar: 'سجل الإجراءات', en: 'Log of acts' },
  how: {
    ar: 'كل إجراء قيد دائم في سجل الشواهد لا يُعدَّل ولا يُحذف. الأحدث أولًا.',
    en: 'Each act stands in the evidence log for ever. The newest stands first.',
  },
  filter: { ar: 'تحديد المعروض', en: 'Which acts' },
  show: { ar: 'عرض', en: 'Show' },
  all: { ar: 'الكل', en: 'All' },
  log: { ar: 'السجل', en: 'Log' },
  national: { ar: 'السجل الوطني', en: 'National log' },
  actor: { ar: 'الحساب', en: 'Account' },
  role: { ar: 'الدور', en: 'Role' },
  kind: { ar: 'الموضوع', en: 'Subject' },
  from: { ar: 'من يوم', en: 'From day' },
  to: { ar: 'حتى يوم', en: 'Through day' },
  text: { ar: 'نص في الموضوع أو السبب', en: 'Text in subject or reason' },
  at: { ar: 'الوقت', en: 'Time' },
  by: { ar: 'القائم بالإجراء', en: 'By' },
  what: { ar: 'الإجراء', en: 'Act' },
  place: { ar: 'السجل ورقم القيد', en: 'Log and leaf' },
  leaf: { ar: 'قيد رقم {n}', en: 'leaf {n}' },
  fields: { ar: 'ما تغير ({n})', en: 'What changed ({n})' },
  nothing: { ar: 'لم يتغير شيء', en: 'Nothing changed' },
  field: { ar: 'الحقل', en: 'Field' },
  before: { ar: 'قبل', en: 'Before' },
  after: { ar: 'بعد', en: 'After' },
  more: { ar: 'عدد غير المعروض: {more}', en: 'Not shown: {more}' },
  none: { ar: 'لا إجراءات مطابقة.', en: 'No act fits.' },
  noneYet: {
    ar: 'لا إجراءات مطابقة ضمن أحدث ما بُحث فيه. يستمر البحث في الأقدم.',
    en: 'No act fits among the newest that were looked at. Older ones may.',
  },
  older: { ar: 'الأقدم', en: 'Older acts' },
  newest: { ar: 'الأحدث', en: 'Newest acts' },
  file: { ar: 'تنزيل المعروض كله: {formats}', en: 'All of these as a file: {formats}' },
  fileHow: {
    ar: 'التنزيل نفسه إجراء يُقيد في السجل.',
    en: 'Taking the file is an act itself.',
  },
  problem: { ar: 'قيم غير صالحة، ولم يُعمل بها: {fields}', en: 'Not valid, so left out: {fields}' },
} as const satisfies Record<string, Text>

export const actKindTexts: Readonly<Record<ActKind, Text>> = {
  institution: { ar: 'سجل المؤسسات', en: 'Institution' },
  environment: { ar: 'سجل بيئات الاستضافة', en: 'Hosting environment' },
  population: { ar: 'نطاق المؤشر', en: 'Population of a KPI' },
  policy: { ar: 'السياسة', en: 'Policy' },
  maintenance: { ar: 'صيانة مجدولة', en: 'Maintenance' },
  dispute: { ar: 'اعتراض', en: 'Dispute' },
  declaration: { ar: 'إفادة', en: 'Declaration' },
  workload: { ar: 'نظام مشمول بالانتقال', en: 'Workload' },
  exemption: { ar: 'إعفاء من الانتقال', en: 'Exemption' },
  baseline: { ar: 'خارطة الطريق', en: 'Roadmap' },
  cycle: { ar: 'دورة القياس', en: 'Cycle' },
  publish: { ar: 'نشر الأرقام', en: 'Publishing' },
  model: { ar: 'نموذج الجاهزية', en: 'Readiness model' },
  official: { ar: 'نتيجة رسمية', en: 'Official result' },
  programme: { ar: 'أرقام البرنامج', en: 'Figure of the programme' },
  month: { ar: 'إغلاق شهر', en: 'Closed month' },
  agent: { ar: 'برنامج رصد', en: 'Agent' },
  token: { ar: 'رمز تسجيل', en: 'Enrolment token' },
  account: { ar: 'حساب', en: 'Account' },
  'api-token': { ar: 'رمز الواجهة البرمجية', en: 'API token' },
  access: { ar: 'دخول أو تنزيل أو اطلاع', en: 'Access' },
  other: { ar: 'غير ذلك', en: 'Other' },
}

/** Everybody who acts. */
export const actorRoleTexts: Readonly<Record<string, Text>> = {
  ...roleTexts,
  agent: { ar: 'برنامج الرصد', en: 'agent' },
  collector: { ar: 'المنصة المركزية', en: 'collector' },
}
