import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Published, programmeChecks } from '../../../collector/kpi/programme.ts'

const share = (base: number, percent: string, left: number, stated: boolean | null = null) => ({
  ...{ is: 'share', base, left, stated },
  share: { ratio: expect.closeTo((base - left) / base, 12), percent },
})

describe('what follows from a published value', () => {
  test.each<[string, Published, unknown[]]>([
    [
      'T16: only 27, 27 and 2 of 56 are 48 %, 48 % and 4 %',
      { parts: [48, 48, 4], denominator: 56 },
      [{ is: 'parts', base: 56, fitting: [[27, 27, 2]], more: false }],
    ],
    [
      'T17: 2,199 of 2,869, and of the 3,166 named later',
      { count: 2199, denominator: 2869, otherBases: [3166] },
      [share(2869, '76.64', 670), share(3166, '69.45', 967)],
    ],
    [
      'T18: 1,545 as 61 % implies 2,513 to 2,553, which 2,869 is not and 2,523 is',
      { count: 1545, percent: 61, denominator: null, otherBases: [2869, 2523] },
      [
        {
          is: 'implied_base',
          bases: { from: 2513, to: 2553 },
          compared: [
            { base: 2869, fits: false },
            { base: 2523, fits: true },
          ],
        },
      ],
    ],
    [
      '41 % of two bases that a text may mean',
      { percent: 41, denominator: null, otherBases: [578, 2199] },
      [
        { is: 'implied_count', base: 578, nearest: 237, counts: { from: 235, to: 239 } },
        { is: 'implied_count', base: 2199, nearest: 902, counts: { from: 891, to: 912 } },
      ],
    ],
    [
      'a stated share that is not that of its count',
      { count: 1, percent: 50, denominator: 3 },
      [share(3, '33.33', 2, false)],
    ],
    [
      'a stated share with decimals, rounded half up',
      { count: 1, percent: 12.5, denominator: 8 },
      [share(8, '12.50', 7, true)],
    ],
    [
      'parts of which no counts fit',
      { parts: [50, 50], denominator: 3 },
      [{ is: 'parts', base: 3, fitting: [], more: false }],
    ],
    [
      'zero percent of some count: no base is large enough to be named',
      { count: 5, percent: 0, denominator: null },
      [{ is: 'implied_base', bases: null, compared: [] }],
    ],
    ['a count alone', { count: 56, denominator: null }, []],
    ['a share alone', { percent: 53, denominator: null }, []],
  ])('%s', (_name, value, expected) => {
    expect(programmeChecks(value)).toEqual(expected)
  })

  test('more sets of counts than are listed', () => {
    const [check] = programmeChecks({ parts: [50, 50], denominator: 10_000 })
    expect(check).toMatchObject({ is: 'parts', more: true })
    expect(check?.is === 'parts' && check.fitting.length).toBe(5)
  })

  test('a base fits exactly when it lies in the implied range', () => {
    const values = fc.record({
      count: fc.integer({ min: 1, max: 5_000 }),
      percent: fc.integer({ min: 1, max: 10_000 }).map((n) => n / 100),
      base: fc.integer({ min: 1, max: 100_000 }),
    })
    fc.assert(
      fc.property(values, ({ count, percent, base }) => {
        const published = { count, percent, denominator: null, otherBases: [base] }
        const [check] = programmeChecks(published)
        if (check?.is !== 'implied_base') throw new Error('It implies no base.')
        const { bases, compared } = check
        const isInside = bases !== null && bases.from <= base && base <= bases.to
        expect(compared).toEqual([{ base, fits: isInside }])
      }),
    )
  })
})
