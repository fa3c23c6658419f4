import { describe, expect, test } from 'vitest'
import { type MetricScope, metricOf } from '../../../collector/kpi/readiness/metrics.ts'
import { axisNames, type IndicatorRule } from '../../../collector/kpi/readiness/model.ts'
import { scoreInstitution } from '../../../collector/kpi/readiness/score.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'
import { environment, readinessInputs } from '../../support/readiness-inputs.ts'

const model = loadDefaultModel()
const rules = model.dimensions.flatMap(({ weight, indicators }) =>
  indicators.map((rule) => ({ rule, share: weight * rule.weight })),
)

/** An institution with the best or the worst value of everything; what is `without` is missing. */
function score(value: typeof best, without: string | null = null) {
  const told = (scope: MetricScope) =>
    Object.fromEntries(
      rules
        .filter(({ rule }) => metricOf(rule.metric).scope === scope && rule.id !== without)
        .map(({ rule }) => [rule.metric, value(rule)]),
    )
  const place = environment('main', { measures: told('environment'), hosts: [told('host')] })
  const member = { isMember: true, isEnabledMember: true }
  return scoreInstitution(readinessInputs([place], told('institution')), model, member)
}

function best({ score: rule }: IndicatorRule): number | boolean {
  if (rule.fn === 'lin') return rule.fullAt
  if (rule.fn === 'step') return rule.otherwise === 100 ? (rule.steps.at(-1)?.below ?? 0) : 0
  return rule.fn === 'ratio' ? 1 : true
}

/** Beyond the goalpost, so that gates at it fire. */
function worst({ score: rule }: IndicatorRule): number | boolean {
  if (rule.fn === 'lin') return rule.zeroAt + Math.sign(rule.zeroAt - rule.fullAt)
  if (rule.fn === 'step') return rule.otherwise === 100 ? 0 : 1e9
  return rule.fn === 'ratio' ? 0 : false
}

describe('the shipped model', () => {
  test('the best of everything is 100 in every figure, and the highest level', () => {
    const { index, dimensions, axes, objectives, level, gates, stage } = score(best)
    for (const each of [index, ...dimensions, ...axes, ...objectives]) {
      expect([each.low.percent, each.observed?.percent]).toEqual(['100.00', '100.00'])
    }
    expect(axes.map(({ id }) => id)).toEqual(axisNames)
    expect(objectives.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 8])
    expect([level, gates, stage]).toEqual([{ low: 'advanced', high: 'advanced' }, [], 'measured'])
  })
  test('the worst of everything is 0, and every gate fires', () => {
    const { index, gates, level } = score(worst)
    expect([index.low.percent, index.high.percent, index.verdict]).toEqual([
      '0.00',
      '0.00',
      'not_met',
    ])
    const gated = rules.filter(({ rule }) => rule.gate).map(({ rule }) => rule.id)
    expect(gates.map(({ indicator, is }) => [indicator, is])).toEqual(
      gated.map((id) => [id, 'fired']),
    )
    expect(level).toEqual({ low: 'low', high: 'low' })
  })
  test.each(rules)(
    'what is missing of $rule.id is missing in the low by its weight alone',
    ({ rule, share }) => {
      const { index, level } = score(best, rule.id)
      expect(index.low.ratio).toBe((10_000 - share) / 10_000)
      expect(index.high.percent).toBe('100.00')
      expect(level?.low).toBe(rule.gate ? 'average' : 'advanced')
    },
  )
})
