import type { Text } from '../language.ts'

/** The homes of those who see the whole nation. */
export const homeNationTexts = {
  kpis: { ar: 'المؤشرات الأربعة مقابل المستهدف', en: 'The four indicators against target' },
  kpi: { ar: 'المؤشر', en: 'Indicator' },
  target: { ar: 'المستهدف', en: 'Target' },
  noTarget: { ar: 'بحسب خارطة الطريق: {planned}', en: 'By the roadmap: {planned}' },
  none: { ar: 'لا قياس لهذا المؤشر بعد', en: 'Not measured yet' },
  cycles: { ar: 'دورات القياس ومواعيدها', en: 'Cycles and their dates' },
  cycle: { ar: 'الدورة', en: 'Cycle' },
  span: { ar: 'الفترة', en: 'Period' },
  state: { ar: 'الحالة', en: 'State' },
  freezable: { ar: 'موعد الإقفال الأول', en: 'May be frozen from' },
  revisions: { ar: 'التعديلات', en: 'Revisions' },
  noRevisions: { ar: 'لا تعديلات', en: 'None' },
  proposed: { ar: 'طلب بانتظار القرار', en: 'A proposal waits' },
  recentRevisions: { ar: 'الإقفال والتعديلات الأخيرة', en: 'Freezes and revisions' },
  noneFrozen: { ar: 'لم تُقفل أي دورة بعد.', en: 'No cycle is frozen yet.' },
  frozenBytes: { ar: 'الأرقام المقفلة', en: 'The frozen figures' },
  openDisputes: { ar: 'الاعتراضات المفتوحة', en: 'Open disputes' },
  noDisputes: { ar: 'لا اعتراضات مفتوحة.', en: 'No dispute is open.' },
  since: { ar: 'مقدم منذ {time}', en: 'Asked {time}' },
  exports: { ar: 'ملفات التصدير', en: 'Exports' },
  toExports: { ar: 'طلب تصدير أو تنزيله', en: 'Ask for an export, or download one' },
  toRegister: { ar: 'سجل المؤسسات وتاريخه', en: 'The register and its history' },
  toPolicy: { ar: 'السياسة وتاريخها', en: 'The policy and its history' },
} as const satisfies Record<string, Text>
