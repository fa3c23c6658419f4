import { describe, expect, test } from 'vitest'
import { hiddenField } from '../../../agent/probes/forms.ts'

describe('a hidden field', () => {
  test.each<[string, string, string | null]>([
    ['in double quotes', '<form><input type="hidden" name="token" value="abc"></form>', 'abc'],
    ['in single quotes', "<input value='a b' name='token' type='hidden'/>", 'a b'],
    ['without quotes', '<INPUT TYPE=hidden NAME=token VALUE=abc>', 'abc'],
    ['over several lines', '<input\n type="hidden"\n name = "token"\n value = "abc"\n>', 'abc'],
    [
      'with escaped letters',
      '<input type=hidden name=token value="a&amp;b&#43;&#x2F;&quot;">',
      'a&b+/"',
    ],
    [
      'with what is no escape',
      '<input type=hidden name=token value="&nosuch;&#9999999;">',
      '&nosuch;&#9999999;',
    ],
    ['with a sign that ends no tag', '<input type=hidden value="a>b" name=token>', 'a>b'],
    ['without a value', '<input type=hidden name=token>', ''],
    [
      'after others',
      '<input name=token value=1><input type=hidden name=x><input type=hidden name=token value=2>',
      '2',
    ],
    ['that is not hidden', '<input type=text name=token value=1>', null],
    ['of another name', '<input type=hidden name=token2 value=1>', null],
    ['in another tag', '<inputs type=hidden name=token value=1>', null],
    ['on no page', '', null],
    ['cut off', '<input type=hidden name=token value="abc', ''],
  ])('%s', (_name, page, expected) => {
    expect(hiddenField(page, 'token')).toBe(expected)
  })

  test.each([
    ['tags without end', '<input '.repeat(150_000)],
    ['quotes without end', '<input a="'.repeat(100_000)],
    ['blanks', `<input${' '.repeat(1_000_000)}`],
    ['equals signs', `<input ${'a='.repeat(500_000)}`],
  ])('a hostile page costs no time: %s', (_name, page) => {
    const startedAt = performance.now()
    expect(hiddenField(page, 'token')).toBeNull()
    // Some tens of milliseconds on an idle machine; what grows with the square takes minutes.
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})
