import { expect, test } from 'vitest'
import { html } from '../../../collector/web/html.ts'
import type { Language } from '../../../collector/web/language.ts'
import { checkValue } from '../../../collector/web/parts/checks.ts'
import type { CheckKind } from '../../../protocol/check.ts'
import { dayMs, hourMs, secondMs } from '../../../protocol/time.ts'

/** What is read of a value: without its markup. */
const shown = (language: Language, kind: CheckKind, value: number) =>
  html`${checkValue(language, kind, value)}`.text.replaceAll(/<[^>]*>/g, '')

test.each([
  ['http', 0.0123, '12 ms', '12 ملي ثانية'],
  ['clock', 0.0123, '12 ms off', 'انحراف 12 ملي ثانية'],
  ['backup', (7.04 * hourMs) / secondMs, '7 h old', 'العمر بالساعات: 7'],
  ['tls', (40 * dayMs) / secondMs, '40 days left', '40 يومًا'],
  ['disk', 0.37, '37% free', 'المتاح'],
] as const)('the value of %s, %d, says what it is', (kind, value, english, arabic) => {
  expect(shown('en', kind, value)).toContain(english)
  expect(shown('ar', kind, value)).toContain(arabic)
})
