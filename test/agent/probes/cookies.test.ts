import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Cookies } from '../../../agent/probes/cookies.ts'

const now = Date.parse('2026-03-01T00:00:00Z')

function sent(from: string, lines: readonly string[], to: string): string {
  const cookies = new Cookies()
  cookies.take(lines, new URL(from), now)
  return cookies.headerFor(new URL(to))
}

const site = 'https://www.example.om'
describe('a cookie', () => {
  test.each<[string, string, string, string, string]>([
    ['goes back', `${site}/`, 'a=1', `${site}/x`, 'a=1'],
    ['keeps its equals signs', `${site}/`, 'a=b=c; Secure', `${site}/`, 'a=b=c'],
    ['is for its host alone', `${site}/`, 'a=1', 'https://sub.www.example.om/', ''],
    ['is no other host’s', `${site}/`, 'a=1', 'https://example.om/', ''],
    [
      'of a domain goes to its hosts',
      `${site}/`,
      'a=1; Domain=example.om',
      'https://mail.example.om/',
      'a=1',
    ],
    [
      'of a domain with a dot',
      `${site}/`,
      'a=1; domain=.Example.om',
      'https://mail.example.om/',
      'a=1',
    ],
    [
      'of a domain spares look-alikes',
      `${site}/`,
      'a=1; Domain=example.om',
      'https://badexample.om/',
      '',
    ],
    [
      'of its own name goes below it',
      `${site}/`,
      'a=1; Domain=www.example.om',
      'https://x.www.example.om/',
      'a=1',
    ],
    ['of a foreign domain is refused', `${site}/`, 'a=1; Domain=gov.om', 'https://gov.om/', ''],
    ['of a domain below is refused', `${site}/`, 'a=1; Domain=x.www.example.om', `${site}/`, ''],
    [
      'of an address is for it alone',
      'http://10.0.0.1/',
      'a=1; Domain=0.0.1',
      'http://10.0.0.1/',
      '',
    ],
    ['of a path', `${site}/`, 'a=1; Path=/app', `${site}/app/x`, 'a=1'],
    ['of a path, at it', `${site}/`, 'a=1; Path=/app', `${site}/app`, 'a=1'],
    ['of a path spares others', `${site}/`, 'a=1; Path=/app', `${site}/application`, ''],
    ['without path is for its folder', `${site}/a/b`, 'a=1', `${site}/a/c`, 'a=1'],
    ['without path is not for others', `${site}/a/b`, 'a=1', `${site}/c`, ''],
    ['that is secure stays on https', `${site}/`, 'a=1; Secure', 'http://www.example.om/', ''],
    ['that is secure cannot come by http', 'http://www.example.om/', 'a=1; Secure', `${site}/`, ''],
    ['that is over', `${site}/`, 'a=1; Max-Age=0', `${site}/`, ''],
    [
      'that was over long ago',
      `${site}/`,
      'a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      `${site}/`,
      '',
    ],
    [
      'that lasts',
      `${site}/`,
      'a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      `${site}/`,
      'a=1',
    ],
    ['without a name', `${site}/`, '=1', `${site}/`, ''],
    ['that is none', `${site}/`, 'rubbish', `${site}/`, ''],
    ['too long', `${site}/`, `a=${'x'.repeat(4_096)}`, `${site}/`, ''],
  ])('%s', (_name, from, line, to, expected) => {
    expect(sent(from, [line], to)).toBe(expected)
  })

  test('the newest of a name counts, the longest path goes first, one can be taken back', () => {
    const lines = [
      'a=1; Path=/',
      'a=2; Path=/',
      'b=3; Path=/app',
      'c=4; Path=/',
      'c=; Path=/; Max-Age=-1',
    ]
    expect(sent(`${site}/`, lines, `${site}/app`)).toBe('b=3; a=2')
  })

  test('there are 50 at most, the newest', () => {
    const lines = Array.from({ length: 80 }, (_, i) => `c${i}=x; Path=/`)
    const header = sent(`${site}/`, lines, `${site}/`)
    expect(header.split('; ')).toHaveLength(50)
    expect(header).toContain('c79=x')
  })

  test('never leaves the site that set it, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.webUrl({ validSchemes: ['http', 'https'] }),
        (text, url) => {
          const to = new URL(url)
          fc.pre(!to.hostname.endsWith('example.om'))
          expect(sent(`${site}/`, [`a=1; ${text}`, `b=1; Domain=${to.hostname}`], to.href)).toBe('')
        },
      ),
    )
  })
})
