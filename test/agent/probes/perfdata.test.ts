import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { perfdataValue } from '../../../agent/probes/perfdata.ts'

describe('perfdata', () => {
  test.each<[string, string, string, number | null]>([
    ['plain', 'OK | load1=0.5;5;10;0', 'load1', 0.5],
    ['milliseconds', 'PING OK|rta=12.5ms;100;200;0 pl=0%;5;10', 'rta', 0.0125],
    ['microseconds', 'OK|t=250us', 't', 0.000_25],
    ['percent is a ratio', 'OK|rta=1ms;; pl=33%;5;10', 'pl', 0.33],
    ['bytes', 'OK|/=3MB;4;5;0;6', '/', 3_000_000],
    ['binary bytes', 'OK|/=3MiB', '/', 3 * 2 ** 20],
    ['a counter', 'OK|octets=42c', 'octets', 42],
    ['quoted', "OK | 'free space'=7B 'other'=8", 'free space', 7],
    ['a quote and an equals sign in a label', "OK | 'it''s a=b'=9s", "it's a=b", 9],
    ['negative, with an exponent', 'OK|offset=-1.5e-3s', 'offset', -0.0015],
    ['without thresholds, several blanks', 'OK|a=1   b=2', 'b', 2],
    ['of later lines', 'OK | a=1\nlong text\nmore | b=2\nc=3', 'c', 3],
    ['the first of two equals', 'OK | a=1 a=2', 'a', 1],
    ['could not be measured', 'OK | a=U;1;2', 'a', null],
    ['an unknown unit', 'OK | a=5parsec', 'a', null],
    ['a decimal comma', 'OK | a=1,5s', 'a', null],
    ['no number', 'OK | a=', 'a', null],
    ['another label', 'OK | a=1', 'b', null],
    ['text is no perfdata', 'a=1', 'a', null],
    ['malformed before it', 'OK | rubbish a=1', 'a', null],
    ['a name every object has', 'OK | a=1constructor', 'a', null],
    ['nothing at all', '', 'a', null],
  ])('%s', (_name, output, label, expected) => {
    const value = perfdataValue(output, label)
    if (expected === null) expect(value).toBeNull()
    else expect(value).toBeCloseTo(expected, 9)
  })

  test('any label and number comes back as written', () => {
    const label = fc.string({ minLength: 1 }).filter((text) => !/[\n|]/.test(text))
    fc.assert(
      fc.property(label, fc.integer(), (name, number) => {
        const output = `OK | 'first of all'=1 '${name.replaceAll("'", "''")}'=${number};1;2`
        expect(perfdataValue(output, name)).toBe(name === 'first of all' ? 1 : number)
      }),
    )
  })

  test('a hostile text costs no time', () => {
    const text = `OK | ${"'".repeat(500_000)}${'a='.repeat(200_000)}`
    expect(perfdataValue(text, 'a')).toBeNull()
  })
})
