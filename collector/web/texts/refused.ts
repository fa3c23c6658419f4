import type { Text } from '../language.ts'

/** What is said of every form alike; each form has its own words for its own rules beside. */
export const refusedTexts = {
  title: { ar: 'لم يُقبل الطلب', en: 'Not accepted' },
  why: {
    ar: 'يلزم سبب من 3 إلى 300 حرف في سطر واحد.',
    en: 'Give a reason of 3 to 300 characters, on one line.',
  },
  other: {
    ar: 'الطلب غير مقبول، ولم يتغير شيء.',
    en: 'This was not accepted; nothing has changed.',
  },
} as const satisfies Record<string, Text>
