import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundsOf, continuity, meanContinuity } from '../../../collector/kpi/continuity.ts'
import { noTime, type Sums } from '../../../collector/kpi/environment-day.ts'
import { decimal, fraction, isAtLeast } from '../../../collector/kpi/fraction.ts'
import {
  environmentFigure,
  institutionSums,
  type Part,
  populationFigures,
  worstOf,
} from '../../../collector/kpi/population.ts'

const standard = { target: decimal(0.95), gapMax: decimal(0.01), centreMax: decimal(0.01) }

/** Sums given in minutes, as docs/methodology.md writes them; gross equals net where nothing is excluded. */
function sums(minutes: Partial<Sums>): Sums {
  const net = { ...noTime, ...minutes }
  const gross = {
    grossUp: net.up,
    grossDegraded: net.degraded,
    grossDown: net.down,
    grossUnknown: net.unknown,
  }
  const all = { ...net, ...gross, ...minutes }
  return Object.fromEntries(Object.entries(all).map(([name, n]) => [name, n * 60_000])) as Sums
}

function part(minutes: Partial<Sums>, weight = 1, more: Partial<Part> = {}): Part {
  return {
    id: `w${weight}`,
    critical: weight === 4,
    weight,
    assessed: true,
    sums: sums(minutes),
    ...more,
  }
}

function written(figure: ReturnType<typeof continuity>) {
  const { low, observed, high, coverage, verdict } = figure
  return [low?.percent, observed?.percent, high?.percent, coverage?.percent, verdict]
}

test('T6: compared exactly, written rounded down: 94.9996 percent is not 95', () => {
  const below = continuity(sums({ up: 250_343, down: 263_520 - 250_343 }), standard)
  expect([below.low?.percent, below.verdict]).toEqual(['94.99', 'not_met'])
  const at = continuity(sums({ up: 250_344, down: 263_520 - 250_344 }), standard)
  expect([at.low?.percent, at.verdict]).toEqual(['95.00', 'met'])
})

test('T7: unknown time leaves the verdict open where dropping it would print 98 percent', () => {
  const figure = continuity(
    sums({ up: 245_480, degraded: 2_000, down: 5_000, unknown: 9_000, maintenance: 600 }),
    standard,
  )
  expect(written(figure)).toEqual(['94.64', '98.01', '98.09', '96.55', 'undetermined'])
})

test('T9: environments pool by criticality, minutes first; the worst stand beside it', () => {
  const eligible = 262_080
  const parts = [
    part({ up: 255_000, down: eligible - 255_000 }, 4),
    part({ up: 240_000, down: eligible - 240_000 }, 2),
    part({ up: eligible }, 1),
  ]
  expect(continuity(institutionSums(parts), standard).low?.percent).toBe('96.04')
  const unweighted = parts.map((each) => ({ ...each, weight: 1 }))
  expect(continuity(institutionSums(unweighted), standard).low?.percent).toBe('96.29')
  expect(worstOf(parts.filter((each) => each.critical))).toBe('w4')
  expect(environmentFigure(parts[0]!, standard).low?.percent).toBe('97.29')
  expect(worstOf(parts)).toBe('w2')
  expect(environmentFigure(parts[1]!, standard).low?.percent).toBe('91.57')
})

test('T10: an institution that does not report enters as low 0 and high 1', () => {
  const reporting = Array.from({ length: 50 }, () => ({
    low: fraction(9_700, 10_000),
    high: fraction(9_800, 10_000),
  }))
  const absent = Array.from({ length: 6 }, () => null)
  const { low, high, verdict } = meanContinuity([...reporting, ...absent], standard)
  expect([low?.percent, high?.percent, verdict]).toEqual(['86.60', '98.22', 'undetermined'])
})

test('a population counts each institution once, those being set up apart', () => {
  const institution = (
    minutes: Partial<Sums>,
    stage: 'measured' | 'being_set_up' = 'measured',
  ) => ({
    id: JSON.stringify(minutes),
    kind: 'institution' as const,
    stage,
    parts: [part(minutes)],
  })
  const { verdicts, targets, withEvidence } = populationFigures(
    [
      institution({ up: 100 }),
      institution({ up: 90, down: 10 }),
      institution({ up: 90, unknown: 10 }),
      institution({ down: 100 }, 'being_set_up'),
      institution({}),
    ],
    standard,
  )
  expect(verdicts).toEqual({ met: 1, not_met: 1, undetermined: 1, being_set_up: 1, no_value: 1 })
  expect([targets, withEvidence]).toEqual([5, 4])
})

test('T19: the outages of the centre leave the denominator and stay in gross', () => {
  const figure = continuity(
    sums({ up: 250_000, down: 10_000, centre: 2_080, grossUnknown: 2_080 }),
    standard,
  )
  expect(written(figure)).toEqual(['96.15', '96.15', '96.15', '100.00', 'met'])
  expect([figure.gross.low?.percent, figure.gross.high?.percent]).toEqual(['95.39', '96.19'])
  expect(figure.low?.ratio).toBe(figure.high?.ratio)
})

test('T19 with causes: time that was lost outside of the hosting is not its own fault', () => {
  const figure = continuity(
    sums({
      ...{ up: 248_000, down: 10_000, unknown: 2_000, centre: 2_080, grossUnknown: 4_080 },
      ...{ downExternal: 4_000, unknownExternal: 1_500 },
      ...{ selfAttested: 198_000, witnessed: 8_000, bothAttested: 52_000 },
    }),
    standard,
  )
  expect(written(figure)).toEqual(['95.38', '96.12', '96.16', '99.23', 'met'])
  expect([figure.ownFault?.low.percent, figure.ownFault?.high.percent]).toEqual(['96.92', '97.70'])
  expect(Object.values(figure.attested!).map(({ percent }) => percent)).toEqual([
    '76.74',
    '3.10',
    '20.15',
  ])
  expect(figure.sums).toMatchObject({
    downExternalMs: 4_000 * 60_000,
    unknownExternalMs: 1_500 * 60_000,
  })
})

describe('nothing known', () => {
  test('in scope but not seen: low 0, high 100, coverage 0, nothing observed', () => {
    const figure = continuity(sums({ unknown: 100 }), standard)
    expect(written(figure)).toEqual(['0.00', undefined, '100.00', '0.00', 'undetermined'])
  })

  test('nothing in scope: no value at all, never 100', () => {
    expect(written(continuity(noTime, standard))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      null,
    ])
  })

  test('not assessed is low 0 and high 100, whatever was seen', () => {
    const figure = environmentFigure(part({ up: 100 }, 1, { assessed: false }), standard)
    expect(written(figure)).toEqual(['0.00', undefined, '100.00', '0.00', 'undetermined'])
  })
})

describe('what must always hold', () => {
  const minute = fc.integer({ min: 0, max: 300_000 })
  const anySums = fc
    .record({ up: minute, degraded: minute, down: minute, unknown: minute })
    .map((minutes) => sums(minutes))
  const seen = anySums.filter((each) => each.up + each.degraded + each.down > 0)

  test('low <= observed <= high', () => {
    fc.assert(
      fc.property(seen, (each) => {
        const { low, observed, high } = continuity(each, standard)
        expect(low!.ratio).toBeLessThanOrEqual(observed!.ratio)
        expect(observed!.ratio).toBeLessThanOrEqual(high!.ratio)
      }),
    )
  })

  test('unknown time that becomes known only narrows the interval', () => {
    fc.assert(
      fc.property(seen, fc.nat(), fc.nat(), (each, a, b) => {
        const up = each.unknown === 0 ? 0 : a % each.unknown
        const down = each.unknown - up === 0 ? 0 : b % (each.unknown - up)
        const known = {
          ...each,
          up: each.up + up,
          down: each.down + down,
          unknown: each.unknown - up - down,
        }
        const before = boundsOf(each)!
        const after = boundsOf(known)!
        expect(isAtLeast(after.low, before.low)).toBe(true)
        expect(isAtLeast(before.high, after.high)).toBe(true)
      }),
    )
  })

  test('an institution that does not report never raises the national low', () => {
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 8 }), minute, (all, unknown) => {
        const institution = (id: string, each: Sums) => ({
          id,
          kind: 'institution' as const,
          stage: 'measured' as const,
          parts: [{ ...part({}), sums: each }],
        })
        const some = all.map((each, i) => institution(String(i), each))
        const absent = institution('absent', sums({ unknown: unknown + 1 }))
        const before = populationFigures(some, standard)
        const after = populationFigures([...some, absent], standard)
        for (const name of ['pooled', 'mean'] as const) {
          expect(after[name].low!.ratio).toBeLessThanOrEqual(before[name].low!.ratio)
        }
      }),
    )
  })

  test('no percentage is written across the target', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 12 }), fc.nat(10 ** 12), (eligible, good) => {
        const up = good % (eligible + 1)
        const unknown = good % (eligible - up + 1)
        const gross = { grossUp: up, grossDown: eligible - up }
        const figure = continuity(
          { ...noTime, ...gross, up, unknown, down: eligible - up - unknown },
          standard,
        )
        expect(Number(figure.low!.percent) >= 95).toBe(figure.verdict === 'met')
        expect(Number(figure.high!.percent) < 95).toBe(figure.verdict === 'not_met')
      }),
      { numRuns: 1_000, examples: [[263_520, 250_343]] },
    )
  })
})
