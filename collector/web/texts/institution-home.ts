import type { Text } from '../language.ts'

/** The home of an institution. */
export const institutionHomeTexts = {
  title: { ar: 'صفحة المؤسسة', en: 'Home of the institution' },
  figures: { ar: 'جميع أرقام المؤسسة', en: 'All figures of the institution' },
  changed: { ar: 'ما تغير في الأرقام المنشورة', en: 'What changed in published figures' },
  unchanged: {
    ar: 'لم يتغير رقم منشور للمؤسسة في هذه الدورة.',
    en: 'No published figure of the institution changed in this cycle.',
  },
  work: { ar: 'أعلى الأعمال أثرًا في المؤشر', en: 'What raises the index most' },
  allWork: { ar: 'جميع الأعمال والملاحظات', en: 'All of the work and findings' },
  findings: { ar: 'ملاحظات مفتوحة: {n}', en: 'Open findings: {n}' },
  noDetail: { ar: 'لا درجة جاهزية محسوبة بعد.', en: 'No readiness is computed yet.' },

  asked: { ar: 'الطلبات والمواعيد', en: 'What was asked for, and what is due' },
  maintenance: { ar: 'صيانة مطلوبة أو قادمة', en: 'Maintenance asked for or to come' },
  noMaintenance: { ar: 'لا صيانة مطلوبة ولا قادمة.', en: 'None is asked for or to come.' },
  disputes: { ar: 'اعتراضات', en: 'Disputes' },
  noDisputes: { ar: 'لا اعتراضات.', en: 'There are none.' },
  expiring: { ar: 'إفادات تنتهي خلال 60 يومًا', en: 'Declarations that expire within 60 days' },
  noExpiring: { ar: 'لا إفادة تنتهي خلال 60 يومًا.', en: 'None expires within 60 days.' },
  until: { ar: 'حتى {time}', en: 'until {time}' },
} as const satisfies Record<string, Text>
