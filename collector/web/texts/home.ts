import type { Text } from '../language.ts'

/** What each role meets first. */
export const homeTexts = {
  title: { ar: 'الصفحة الرئيسية', en: 'Home' },
  ways: { ar: 'صفحات لوحة المؤشرات', en: 'Pages of the board' },
} as const satisfies Record<string, Text>
