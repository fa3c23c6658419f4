import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { type FactProbe, Missing, type Reading } from '../../../agent/facts/fact.ts'
import { factMs, measureFacts } from '../../../agent/facts/measure.ts'
import { faultOf, plainText } from '../../../agent/facts/reading.ts'
import { limits } from '../../../protocol/limits.ts'
import { displayText } from '../../../protocol/schema.ts'
import { fakeFactHost } from '../../support/fact-host.ts'
import { FakeTime } from '../../support/fake-time.ts'

const version: Reading<'agent.version'> = {
  indicator: 'agent.version',
  value: '1.0',
  method: 'own',
}
const managed: Reading<'automation.managed'> = {
  ...{ indicator: 'automation.managed', value: true, method: 'files' },
}
const pair = ['agent.version', 'automation.managed'] as const

/** A family that answers for both, in a given way. */
const family = (measure: FactProbe['measure']): FactProbe => ({ indicators: pair, measure })

async function measured(measure: FactProbe['measure'], exclude: readonly string[] = []) {
  const warnings: string[] = []
  const time = new FakeTime()
  const host = fakeFactHost({ config: { checks: [], facts: { everyMs: 1, exclude } } })
  const parts = { timer: time.timer, warn: (text: string) => warnings.push(text) }
  const readings = measureFacts({ it: family(measure) }, host, parts)
  return { readings, warnings, time }
}

const missing = (reason: string, permission?: string) =>
  pair.map((indicator) => ({
    ...{ indicator, value: null, missing: reason, method: expect.any(String) },
    ...(permission && { permission }),
  }))

describe('each indicator has one reading', () => {
  test.each<[string, FactProbe['measure'], unknown, number]>([
    ['as told', async () => [managed, version], [version, managed], 0],
    [
      'nothing can be said',
      async () => {
        throw new Missing('no_permission', 'file', 'read access to /x')
      },
      missing('no_permission', 'read access to /x'),
      0,
    ],
    [
      'a bug',
      async () => {
        throw new TypeError('x is not a function')
      },
      missing('unreadable'),
      1,
    ],
    ['one is left out', async () => [managed], [missing('unreadable')[0], managed], 1],
    [
      'one is told twice',
      async () => [version, managed, version],
      [missing('unreadable')[0], managed],
      1,
    ],
    [
      'a value of another unit',
      async () => [{ ...version, value: 7 } as unknown as Reading, managed],
      [missing('unreadable')[0], managed],
      1,
    ],
    [
      'a detail that is no plain text, and too long',
      async () => [{ ...version, detail: `a\u0007b\n${'x'.repeat(300)}` }, managed],
      [{ ...version, detail: `a b ${'x'.repeat(195)}…` }, managed],
      0,
    ],
  ])('%s', async (_name, measure, expected, warned) => {
    const { readings, warnings } = await measured(measure)
    expect(await readings).toEqual(expected)
    expect(warnings).toHaveLength(warned)
  })

  test('a family that never answers is given up after its deadline', async () => {
    const { readings, time } = await measured(() => new Promise(() => {}))
    expect(await time.jump()).toBe(factMs)
    expect(await readings).toEqual(missing('timed_out'))
  })

  test('what the institution excludes is neither measured nor told', async () => {
    const one = await measured(async () => [managed, version], ['agent.version'])
    expect(await one.readings).toEqual([managed])
    const all = await measured(async () => Promise.reject(new Error('was measured')), [...pair])
    expect(await all.readings).toEqual([])
    expect(all.warnings).toEqual([])
  })
})

test.each<[string, Partial<Record<keyof Reading, unknown>>, RegExp | null]>([
  ['as it should be', {}, null],
  ['an unknown indicator', { indicator: 'root.password' }, /indicator/],
  ['a name of every object', { indicator: 'constructor' }, /indicator/],
  ['no method', { method: 'Power Shell' }, /method/],
  ['no value and no reason', { value: null }, /says why/],
  ['no value, with a reason', { value: null, missing: 'no_tool' }, null],
  ['a value and a reason', { missing: 'no_tool' }, /and a reason/],
  ['a reason that is none', { value: null, missing: 'lazy' }, /reason/],
  ['a hidden character', { detail: 'a\u202eb' }, /plain text/],
  ['an empty detail', { detail: '' }, /empty/],
  ['a ratio above 1', { indicator: 'disk.free_ratio', value: 1.01 }, /ratio/],
  ['a count that is none', { indicator: 'host.unplanned_reboots', value: 0.5 }, /count/],
  ['no number', { indicator: 'tls.days_left', value: Number.NaN }, /days/],
])('a reading may be sent or not: %s', (_name, change, expected) => {
  const fault = faultOf({ ...version, ...change } as Reading)
  if (expected) expect(fault).toMatch(expected)
  else expect(fault).toBeNull()
})

test('plain text is text of the wire, and stays as it is', () => {
  const wire = Compile(displayText(limits.detailCharactersMax))
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const plain = plainText(text)
      expect(plainText(plain)).toBe(plain)
      expect(plain === '' || wire.Check(plain)).toBe(true)
    }),
  )
})
