import { describe, expect, test } from 'vitest'
import { html } from '../../../collector/web/html.ts'
import { count, say, sayPlainly } from '../../../collector/web/language.ts'

const text = { ar: 'من {from} إلى {to}', en: '{from} to {to}' } as const

describe('say', () => {
  test('isolates its values and escapes them', () => {
    expect(say('ar', text, { from: '<a>', to: html`<b>ب</b>` }).text).toBe(
      'من <bdi>&lt;a&gt;</bdi> إلى <b>ب</b>',
    )
    expect(say('en', text, { from: 1, to: 2 }).text).toBe(
      '<bdi dir="ltr">1</bdi> to <bdi dir="ltr">2</bdi>',
    )
  })

  test('does the same for attributes with characters', () => {
    expect(sayPlainly('en', text, { from: 'a', to: 'b' })).toBe('\u2068a\u2069 to \u2068b\u2069')
  })
})

describe('count', () => {
  const things = {
    ar: {
      zero: 'صفر',
      one: 'واحد',
      two: 'اثنان',
      few: '{n} قلة',
      many: '{n} كثرة',
      other: '{n} غيرها',
    },
    en: { one: '{n} thing', other: '{n} things' },
  }
  test.each([
    [0, 'صفر', '0 things'],
    [1, 'واحد', '1 thing'],
    [2, 'اثنان', '2 things'],
    [3, '3 قلة', '3 things'],
    [11, '11 كثرة', '11 things'],
    [100, '100 غيرها', '100 things'],
    [1234, '1,234 كثرة', '1,234 things'],
  ])('%i', (n, ar, en) => {
    expect(count('ar', things, n)).toBe(ar)
    expect(count('en', things, n)).toBe(en)
  })
})
