import type { Text } from '../language.ts'

/** The bar at the top of every page, where a page's own title is too long for it. */
export const navigationTexts = {
  bar: { ar: 'صفحات لوحة المؤشرات', en: 'Pages of the board' },
  own: { ar: 'المؤسسة', en: 'Institution' },
  readiness: { ar: 'الجاهزية الرقمية', en: 'Digital readiness' },
  programme: { ar: 'الأرقام المنشورة', en: 'Published figures' },
  register: { ar: 'سجل المؤسسات', en: 'Register' },
  policy: { ar: 'السياسة', en: 'Policy' },
} as const satisfies Record<string, Text>
