import { describe, expect, test } from 'vitest'
import {
  base32,
  matchingStep,
  totpCode,
  totpStep,
  totpUri,
} from '../../../collector/people/totp.ts'

const secret = Buffer.from('12345678901234567890')

// RFC 6238, appendix B, the rows of SHA-1.
test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('at %i s after 1970 the code is %s', (seconds, code) => {
  expect(totpCode(secret, totpStep(seconds * 1000), 8)).toBe(code)
})

// RFC 4226, appendix D.
test.each(['755224', '287082', '359152', '969429', '338314'].map((code, i) => [i, code] as const))(
  'the code of step %i is %s',
  (step, code) => {
    expect(totpCode(secret, step)).toBe(code)
  },
)

describe('a code', () => {
  const at = 1_234_567_890_000
  const now = totpStep(at)
  test.each([
    ['of now', 0, now],
    ['of half a minute ago', -1, now - 1],
    ['of the next half minute', 1, now + 1],
    ['of a minute ago', -2, null],
    ['of in a minute', 2, null],
  ])('%s', (_name, offset, step) => {
    expect(matchingStep(secret, totpCode(secret, now + offset), at)).toBe(step)
  })

  test.each(['', '0', '12345a', ' 123456', '1234567', '٠٠٥٩٢٤'])('is not %j', (code) => {
    expect(matchingStep(secret, code, at)).toBeNull()
  })
})

// RFC 4648, section 10, without padding.
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base 32 of %j is %j', (text, expected) => {
  expect(base32(Buffer.from(text))).toBe(expected)
})

test('an app takes the secret from an address', () => {
  const url = new URL(totpUri('amal', secret))
  expect([url.protocol, url.host, url.pathname]).toEqual(['otpauth:', 'totp', '/Istimrar:amal'])
  expect(url.searchParams.get('secret')).toBe(base32(secret))
  expect(url.searchParams.get('period')).toBe('30')
})
