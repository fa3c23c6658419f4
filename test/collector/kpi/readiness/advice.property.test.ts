import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adviceFor } from '../../../../collector/kpi/readiness/advice.ts'
import { meets } from '../../../../collector/kpi/readiness/enabled.ts'
import { levelBounds } from '../../../../collector/kpi/readiness/gates.ts'
import type {
  Measure,
  Measures,
  ReadinessInputs,
} from '../../../../collector/kpi/readiness/inputs.ts'
import { metricOf } from '../../../../collector/kpi/readiness/metrics.ts'
import type { IndicatorRule, Model } from '../../../../collector/kpi/readiness/model.ts'
import { pointsOf } from '../../../../collector/kpi/readiness/points.ts'
import type { AdviceStep, FiredGate } from '../../../../collector/kpi/readiness/result.ts'
import { scoreInstitution } from '../../../../collector/kpi/readiness/score.ts'
import { numberOfRuns } from '../../../support/number-of-runs.ts'
import { randomInputs, randomModels } from '../../../support/random-readiness.ts'

const member = { isMember: true, isEnabledMember: true }

/** What a rule likes best of what the random models make a difference of, and its gate as well. */
function bestOf({ metric, score, gate }: IndicatorRule): number | boolean {
  if (metricOf(metric).unit === 'boolean') return true
  if (score.fn === 'ratio') return 1
  const limits = [0, 0.1, 0.25, 1 / 3, 0.5, 0.7, 0.95, 1, 2, 3, 14, 90, 365, 1000]
  const values = [-1e6, ...limits.flatMap((limit) => [limit - 1e-4, limit, limit + 1e-4]), 1e6]
  const points = values.map((value) => pointsOf(score, value))
  const best = values.filter((_, i) => points[i] === Math.max(...points))
  return best.find((value) => gate && !meets(value, gate.when)) ?? best[0]!
}

/** The inputs once a step is done, by what the step itself says. */
function done(inputs: ReadinessInputs, model: Model, step: AdviceStep): ReadinessInputs {
  const rules = model.dimensions.flatMap(({ indicators }) => indicators)
  const rule = rules.find(({ id }) => id === step.indicator)!
  const { metric } = rule
  const { scope, ofAllHosts, source } = metricOf(metric)
  const after = (measures: Measures): Measures => {
    const before = measures[metric]
    if (before?.status === 'not_applicable' && rule.mayNotApply) return measures
    const isClaimed = before?.status === 'declared_unverified'
    if (step.kind === 'review' && !isClaimed) return measures
    const isReview = step.kind === 'review' && isClaimed
    const value = isReview ? before.value : bestOf(rule)
    const status =
      isReview || step.kind === 'declare' || source === 'declared'
        ? 'declared_verified'
        : 'measured'
    const measure: Measure = { status, value, at: 1000, reason: null, method: null, detail: null }
    return { ...measures, [metric]: measure }
  }
  if (scope === 'institution') return { ...inputs, measures: after(inputs.measures) }
  // A first environment, or a first host, where there is none.
  const environments =
    step.environment === null && inputs.environments.length === 0
      ? [
          {
            id: 'new',
            name: { ar: 'جديدة', en: 'New' },
            weight: 1,
            isCritical: true,
            measures: {},
            hosts: [],
          },
        ]
      : inputs.environments
  return {
    ...inputs,
    environments: environments.map((environment) => {
      if (environment.id !== (step.environment ?? 'new')) return environment
      if (scope === 'environment') return { ...environment, measures: after(environment.measures) }
      const { hosts } = environment
      if (hosts.length === 0) {
        return { ...environment, hosts: [{ agent: 'new', name: 'new', measures: after({}) }] }
      }
      return {
        ...environment,
        hosts: hosts.map((host) =>
          host.agent === step.host || host.agent === 'new' || ofAllHosts
            ? { ...host, measures: after(host.measures) }
            : host,
        ),
      }
    }),
  }
}

const cases = randomModels.chain((model) =>
  randomInputs(model).map((inputs) => ({ model, inputs })),
)

function levelOf(inputs: ReadinessInputs, model: Model): string {
  const { index, gates } = scoreInstitution(inputs, model, member)
  return levelBounds(index, gates, model).low
}

describe('what is promised is what is scored once it is done', () => {
  test('each step alone', () => {
    let steps = 0
    fc.assert(
      fc.property(cases, ({ model, inputs }) => {
        const before = scoreInstitution(inputs, model, member)
        for (const step of adviceFor(inputs, model).steps) {
          const after = scoreInstitution(done(inputs, model, step), model, member)
          expect(after.index.low).toEqual(step.lowAfter)
          const left = new Set(after.gates.map(gateKey))
          expect(before.gates.some((gate) => !left.has(gateKey(gate)))).toBe(step.liftsGate)
          const gained = (after.index.low.ratio - before.index.low.ratio) * 100
          expect(Math.abs(gained - step.gainPoints)).toBeLessThan(6e-5)
          steps++
        }
      }),
      { numRuns: numberOfRuns(600) },
    )
    expect(steps).toBeGreaterThan(200)
  })

  test('the path to the next level as a whole', () => {
    const seen = { reachable: 0, unreachable: 0 }
    fc.assert(
      fc.property(cases, ({ model, inputs }) => {
        const { next } = adviceFor(inputs, model)
        const rank = model.levels.findIndex(({ id }) => id === levelOf(inputs, model))
        expect(next?.level).toBe(model.levels[rank - 1]?.id)
        if (!next) return
        seen[next.isReachable ? 'reachable' : 'unreachable']++
        const after = next.steps.reduce((each, step) => done(each, model, step), inputs)
        expect(scoreInstitution(after, model, member).index.low).toEqual(next.lowAfter)
        const rankAfter = model.levels.findIndex(({ id }) => id === levelOf(after, model))
        expect(rankAfter < rank).toBe(next.isReachable)
      }),
      { numRuns: numberOfRuns(600) },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })

  test('no path with fewer of all steps reaches the next level', () => {
    let compared = 0
    fc.assert(
      fc.property(cases, ({ model, inputs }) => {
        const { steps, next } = adviceFor(inputs, model)
        if (!next?.isReachable || next.steps.length > 4) return
        const all = new Map([...steps, ...next.steps].map((step) => [keyOf(step), step]))
        if (all.size > 12) return
        const rank = model.levels.findIndex(({ id }) => id === levelOf(inputs, model))
        for (const path of subsets([...all.values()], next.steps.length - 1)) {
          const after = path.reduce((each, step) => done(each, model, step), inputs)
          const reached = model.levels.findIndex(({ id }) => id === levelOf(after, model))
          expect(reached).toBeGreaterThanOrEqual(rank)
          compared++
        }
      }),
      { numRuns: numberOfRuns(600) },
    )
    expect(compared).toBeGreaterThan(100)
  })
})

/** The place of a gate; what was new in an institution without anything counts as no place. */
function gateKey({ indicator, environment, host }: FiredGate): string {
  const place = [environment, host].map((each) => (each === 'new' ? null : each))
  return JSON.stringify([indicator, ...place])
}

function keyOf({ indicator, environment, host }: AdviceStep): string {
  return JSON.stringify([indicator, environment, host])
}

function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size <= 0) return [[]]
  return items.flatMap((item, i) =>
    subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]),
  )
}
