import type { Asked, InboxKind } from '../../people/inbox.ts'
import type { Text } from '../language.ts'

/** What waits for whoever is signed in, and what became of what they asked for. */
export const inboxTexts = {
  title: { ar: 'الوارد', en: 'Inbox' },
  waiting: { ar: 'بانتظار إجراء منك', en: 'Waiting for you' },
  nothingWaits: { ar: 'لا شيء بانتظار إجراء منك.', en: 'Nothing waits for you.' },
  how: {
    ar: 'الأقدم أولًا. ولا يتخذ القرار من قدم الطلب.',
    en: 'The oldest stands first. Nobody decides what they asked for themselves.',
  },
  asked: { ar: 'طلباتك ونتائجها', en: 'What you asked for' },
  nothingAsked: { ar: 'لا طلبات مقدمة منك.', en: 'You have asked for nothing.' },
  subject: { ar: 'الموضوع', en: 'Subject' },
  place: { ar: 'الموقع', en: 'Place' },
  since: { ar: 'منذ', en: 'Since' },
  by: { ar: 'مقدم الطلب', en: 'Asked by' },
  due: { ar: 'الموعد الأخير', en: 'No later than' },
  askedAt: { ar: 'وقت الطلب', en: 'Asked' },
  state: { ar: 'الحالة', en: 'State' },
  decision: { ar: 'القرار', en: 'Decision' },
  nation: { ar: 'المستوى الوطني', en: 'The nation' },
  more: { ar: 'عدد غير المعروض: {more}', en: 'Not shown: {more}' },
  all: { ar: 'عرض الوارد كاملًا', en: 'The whole inbox' },
} as const satisfies Record<string, Text>

export const inboxKindTexts: Readonly<Record<InboxKind, Text>> = {
  maintenance: { ar: 'طلب صيانة مجدولة', en: 'Maintenance' },
  dispute: { ar: 'اعتراض', en: 'Dispute' },
  declaration: { ar: 'إفادة', en: 'Declaration' },
  exemption: { ar: 'طلب إعفاء من الانتقال', en: 'Exemption' },
  baseline: { ar: 'خارطة طريق', en: 'Roadmap' },
  freeze: { ar: 'إقفال دورة قياس', en: 'Freeze of a cycle' },
  revision: { ar: 'تعديل دورة قياس مقفلة', en: 'Revision of a frozen cycle' },
  held: { ar: 'أرقام جديدة لم تُنشر', en: 'Figures held back' },
  model: { ar: 'نموذج الجاهزية', en: 'Readiness model' },
  'pending-agent': { ar: 'برنامج رصد بانتظار الاعتماد', en: 'Agent waiting for approval' },
  'quarantined-agent': { ar: 'برنامج رصد موقوف احترازيًا', en: 'Quarantined agent' },
  policy: { ar: 'تعديل في السياسة', en: 'Change of the policy' },
  release: { ar: 'رفع الإيقاف الاحترازي', en: 'Release from quarantine' },
}

export const askedStateTexts: Readonly<Record<Asked['state'], Text>> = {
  waiting: { ar: 'بانتظار القرار', en: 'Waiting' },
  approved: { ar: 'معتمد', en: 'Approved' },
  refused: { ar: 'مرفوض', en: 'Refused' },
  withdrawn: { ar: 'مسحوب', en: 'Withdrawn' },
  lapsed: { ar: 'ساقط لفوات الموعد', en: 'Lapsed' },
}
