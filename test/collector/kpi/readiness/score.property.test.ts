import fc from 'fast-check'
import { expect, test } from 'vitest'
import type {
  Measure,
  Measures,
  ReadinessHost,
  ReadinessInputs,
} from '../../../../collector/kpi/readiness/inputs.ts'
import type { MetricName } from '../../../../collector/kpi/readiness/metrics.ts'
import type { IndicatorRule, Model, ScoreRule } from '../../../../collector/kpi/readiness/model.ts'
import { nationReadiness } from '../../../../collector/kpi/readiness/nation.ts'
import { pointsOf } from '../../../../collector/kpi/readiness/points.ts'
import type {
  InstitutionReadiness,
  Score,
  UnitRow,
} from '../../../../collector/kpi/readiness/result.ts'
import { indicatorRows, scoreInstitution } from '../../../../collector/kpi/readiness/score.ts'
import { randomInputs, randomModels } from '../../../support/random-readiness.ts'
import { variedModel } from '../../../support/readiness-model.ts'

const model = variedModel
const inputs = randomInputs(model)
/** Any model that may be proposed, and inputs of it. */
const cases = randomModels.chain((of) => fc.tuple(fc.constant(of), randomInputs(of)))
const rules = model.dimensions.flatMap(({ indicators }) => indicators)

function score(of: ReadinessInputs, by: Model = model): InstitutionReadiness {
  return scoreInstitution(of, by, { isMember: true, isEnabledMember: true })
}

/** Every score of an institution, the index first. */
function scoresOf({ index, dimensions, axes, objectives, equalWeights }: InstitutionReadiness) {
  return [index, ...dimensions, ...axes, ...objectives, equalWeights]
}

/** The inputs with every measure replaced by what `change` makes of it; undefined takes it away. */
function changed(
  of: ReadinessInputs,
  change: (metric: MetricName, measure: Measure) => Measure | undefined,
): ReadinessInputs {
  const each = (measures: Measures): Measures =>
    Object.fromEntries(
      Object.entries(measures).flatMap(([metric, measure]) => {
        const next = change(metric as MetricName, measure) // Measures have metrics as keys.
        return next ? [[metric, next]] : []
      }),
    )
  return {
    ...of,
    measures: each(of.measures),
    environments: of.environments.map((environment) => ({
      ...environment,
      measures: each(environment.measures),
      hosts: environment.hosts.map((host) => ({ ...host, measures: each(host.measures) })),
    })),
  }
}

/** How many measures there are, to choose one of them. */
function countOf(of: ReadinessInputs): number {
  let count = 0
  changed(of, (_metric, measure) => {
    count += 1
    return measure
  })
  return count
}

/** The same with the nth measure changed alone. */
function oneChanged(
  of: ReadinessInputs,
  nth: number,
  change: (metric: MetricName, measure: Measure) => Measure | undefined,
): ReadinessInputs {
  const wanted = nth % Math.max(1, countOf(of))
  let index = -1
  return changed(of, (metric, measure) => {
    index += 1
    return index === wanted ? change(metric, measure) : measure
  })
}

/** A value that is worth at least as much under the rule, by `step` of its range. */
function better({ score: rule }: IndicatorRule, value: number | boolean, step: number) {
  if (rule.fn === 'bool') return true
  return Number(value) + (isFalling(rule) ? -step : step)
}

/** Whether less is better. */
function isFalling(rule: ScoreRule): boolean {
  if (rule.fn === 'step') return rule.otherwise === 0
  return rule.fn === 'lin' && rule.zeroAt > rule.fullAt
}

function rankOf(id: string): number {
  return model.levels.findIndex((level) => level.id === id)
}

function isAtMost(a: Score, b: Score): boolean {
  return a.low.ratio <= b.low.ratio && a.high.ratio <= b.high.ratio
}

test('no better value lowers any score, nor the level', () => {
  fc.assert(
    fc.property(inputs, fc.nat(), fc.double({ min: 0, max: 500, noNaN: true }), (of, nth, step) => {
      const raised = oneChanged(of, nth, (metric, measure) => {
        const rule = rules.find((each) => each.metric === metric)
        if (!rule || measure.value === null) return measure
        return { ...measure, value: better(rule, measure.value, step) }
      })
      const [before, after] = [score(of), score(raised)]
      const pairs = scoresOf(before).map((each, index) => [each, scoresOf(after)[index]] as const)
      expect(pairs.every(([a, b]) => b && isAtMost(a, b))).toBe(true)
      if (!before.level || !after.level) return
      expect(rankOf(after.level.low)).toBeLessThanOrEqual(rankOf(before.level.low))
      expect(rankOf(after.level.high)).toBeLessThanOrEqual(rankOf(before.level.high))
    }),
    { numRuns: 200 },
  )
})

test('every score rule is monotone between 0 and 100, in whole millionths of a point', () => {
  const value = fc.double({ min: -500, max: 500, noNaN: true })
  fc.assert(
    fc.property(fc.constantFrom(...rules), value, value, (rule, a, b) => {
      const [low, high] = a <= b ? [a, b] : [b, a]
      const points = [pointsOf(rule.score, low), pointsOf(rule.score, high)]
      const [least = 0, most = 0] = isFalling(rule.score) ? points.toReversed() : points
      expect(least).toBeLessThanOrEqual(most)
      expect(points.every((each) => Number.isInteger(each) && each >= 0 && each <= 1e8)).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('taking data away, or letting them grow stale, raises no low and lowers no high', () => {
  const ways = fc.constantFrom<'away' | 'stale' | 'unreviewed'>('away', 'stale', 'unreviewed')
  fc.assert(
    fc.property(cases, fc.nat(), ways, ([by, of], nth, way) => {
      const less = oneChanged(of, nth, (_metric, measure) => {
        // What does not apply is no data: that it does not was approved.
        if (measure.status === 'not_applicable') return measure
        if (way === 'away') return undefined
        if (way === 'stale') return { ...measure, status: 'stale' }
        return measure.status === 'stale' ? measure : { ...measure, status: 'declared_unverified' }
      })
      const [before, after] = [score(of, by), score(less, by)]
      for (const [index, was] of scoresOf(before).entries()) {
        const is = scoresOf(after)[index]
        expect(is?.low.ratio).toBeLessThanOrEqual(was.low.ratio)
        expect(is?.high.ratio).toBeGreaterThanOrEqual(was.high.ratio)
      }
      if (!before.level || !after.level) return
      expect(rankOf(after.level.low)).toBeGreaterThanOrEqual(rankOf(before.level.low))
      expect(rankOf(after.level.high)).toBeLessThanOrEqual(rankOf(before.level.high))
    }),
    { numRuns: 200 },
  )
})

test('of an institution without hosts nothing is proven that hosts tell', () => {
  fc.assert(
    fc.property(inputs, (of) => {
      const environments = of.environments.map((each) => ({ ...each, hosts: [] }))
      const without = { ...of, environments }
      const hostRows = indicatorRows(without, model).filter(({ units }) =>
        units.every(({ measure }) => measure.reason === 'no_agent'),
      )
      expect(hostRows.length).toBeGreaterThan(0)
      for (const row of hostRows) expect([row.low.ratio, row.high.ratio]).toEqual([0, 1])
    }),
    { numRuns: 100 },
  )
})

test('low, observed and high are in this order wherever there is an observed one', () => {
  fc.assert(
    fc.property(cases, ([by, of]) => {
      for (const { low, observed, high } of [
        ...scoresOf(score(of, by)),
        ...indicatorRows(of, by),
      ]) {
        const between = observed ?? low
        expect(low.ratio).toBeLessThanOrEqual(between.ratio)
        expect(between.ratio).toBeLessThanOrEqual(high.ratio)
      }
    }),
    { numRuns: 200 },
  )
})

test('gates change levels alone, and only lower them', () => {
  fc.assert(
    fc.property(cases, ([by, of]) => {
      // A level of every institution, whatever is measured of it.
      const gated = { ...by, missing: { ...by.missing, minAvailableRatio: 0 } }
      const free = { ...gated, dimensions: by.dimensions.map(withoutGates) }
      const [held, open] = [score(of, gated), score(of, free)]
      expect(scoresOf(held)).toEqual(scoresOf(open))
      if (!held.level || !open.level) throw new Error('There is no level to compare.')
      expect(rankOf(held.level.low)).toBeGreaterThanOrEqual(rankOf(open.level.low))
      expect(rankOf(held.level.high)).toBeGreaterThanOrEqual(rankOf(open.level.high))
      expect(rankOf(held.level.low)).toBeGreaterThanOrEqual(rankOf(held.level.high))
    }),
    { numRuns: 200 },
  )
})

function withoutGates(dimension: Model['dimensions'][number]): Model['dimensions'][number] {
  return {
    ...dimension,
    indicators: dimension.indicators.map((rule) => ({ ...rule, gate: null })),
  }
}

test('the order of hosts, environments and measures does not matter: equal bytes', () => {
  fc.assert(
    fc.property(cases, ([by, of]) => {
      const turned = (measures: Measures): Measures =>
        Object.fromEntries(Object.entries(measures).toReversed())
      const host = (each: ReadinessHost) => ({ ...each, measures: turned(each.measures) })
      const other = {
        ...of,
        measures: turned(of.measures),
        environments: of.environments.toReversed().map((each) => ({
          ...each,
          measures: turned(each.measures),
          hosts: each.hosts.toReversed().map(host),
        })),
      }
      expect(JSON.stringify(score(other, by))).toBe(JSON.stringify(score(of, by)))
      expect(JSON.stringify(indicatorRows(other, by))).toBe(JSON.stringify(indicatorRows(of, by)))
    }),
    { numRuns: 200 },
  )
})

test('the index is what an auditor adds up from the rows of units', () => {
  fc.assert(
    fc.property(cases, ([by, of]) => {
      const rows = indicatorRows(of, by)
      const weights = new Map(of.environments.map(({ id, weight }) => [id, weight]))
      const points = { low: 0, high: 0 }
      for (const { weight, indicators } of by.dimensions) {
        const parts = indicators.map((rule) => ({
          weight: rule.weight,
          ...byHand(rule, rows.find(({ id }) => id === rule.id)?.units ?? [], weights),
        }))
        const away = sumOf(parts, (part) => part.away * part.weight)
        const applying = parts.filter((part) => part.away < 1)
        const isInvalid = away > 40 + 1e-9
        const mean = (bound: 'low' | 'high') =>
          sumOf(applying, (part) => part[bound] * part.weight) /
          sumOf(applying, (part) => part.weight)
        points.low += (isInvalid ? 0 : mean('low')) * (weight / 100)
        points.high += (isInvalid ? 100 : mean('high')) * (weight / 100)
      }
      const { low, high } = score(of, by).index
      expect(Math.abs(points.low - low.ratio * 100)).toBeLessThan(2e-6)
      expect(Math.abs(points.high - high.ratio * 100)).toBeLessThan(2e-6)
    }),
    { numRuns: 200 },
  )
})

/** An indicator in floating point, from its rows: points, and the share that does not apply. */
function byHand(
  { metric, rollup, mayNotApply }: IndicatorRule,
  rows: readonly UnitRow[],
  weights: ReadonlyMap<string, number>,
) {
  const places = metric === 'platform.in_cloud' ? Map.groupBy(rows, (row) => row.environment) : null
  const parts = (places ? [...places.values()] : rows.map((row) => [row])).map((group) => {
    const applying = group.filter(
      ({ measure }) => !mayNotApply || measure.status !== 'not_applicable',
    )
    return {
      weight: weights.get(group[0]?.environment ?? '') ?? 1,
      applies: applying.length > 0,
      low: Math.min(...applying.map(({ low }) => low)),
      high: Math.min(...applying.map(({ high }) => high)),
    }
  })
  const weightOf = (part: (typeof parts)[number]) => part.weight
  const applying = parts.filter(({ applies }) => applies)
  const bound = (name: 'low' | 'high') =>
    rollup === 'worst'
      ? Math.min(...applying.map((part) => part[name]))
      : sumOf(applying, (part) => part[name] * part.weight) / sumOf(applying, weightOf)
  const away = 1 - sumOf(applying, weightOf) / sumOf(parts, weightOf)
  return { low: bound('low'), high: bound('high'), away }
}

function sumOf<T>(list: readonly T[], of: (each: T) => number): number {
  return list.reduce((sum, each) => sum + of(each), 0)
}

test('the order of institutions does not matter; levels and kinds add up', () => {
  const rows = fc.array(
    fc.record({
      kind: fc.constantFrom('institution' as const, 'governorate' as const),
      readiness: inputs.map((of) => score(of)),
    }),
    { minLength: 1, maxLength: 8 },
  )
  fc.assert(
    fc.property(rows, (members) => {
      const nation = nationReadiness(members, model)
      expect(nationReadiness(members.toReversed(), model)).toEqual(nation)
      expect(nation.levels.reduce((sum, level) => sum + level.members, 0)).toBe(members.length)
      const kinds = [nation.byKind.institution, nation.byKind.governorate]
      const lows = kinds.flatMap((each) => (each ? [each.low.ratio] : []))
      const low = nation.index?.low.ratio
      expect(low).toBeGreaterThanOrEqual(Math.min(...lows) - 1e-8)
      expect(low).toBeLessThanOrEqual(Math.max(...lows) + 1e-8)
    }),
    { numRuns: 100 },
  )
})
