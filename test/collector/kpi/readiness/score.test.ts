import { describe, expect, test } from 'vitest'
import { type Fraction, fraction } from '../../../../collector/kpi/fraction.ts'
import type { Measure, ReadinessInputs } from '../../../../collector/kpi/readiness/inputs.ts'
import type { MetricName } from '../../../../collector/kpi/readiness/metrics.ts'
import type { Model, ScoreRule } from '../../../../collector/kpi/readiness/model.ts'
import { creditOf, pointsOf } from '../../../../collector/kpi/readiness/points.ts'
import { published } from '../../../../collector/kpi/readiness/published.ts'
import type { Score } from '../../../../collector/kpi/readiness/result.ts'
import { indicatorRows, scoreInstitution } from '../../../../collector/kpi/readiness/score.ts'
import { environment, measure, readinessInputs } from '../../../support/readiness-inputs.ts'
import {
  bool,
  dimension,
  gate,
  headroom,
  lin,
  ratio,
  readinessModel,
} from '../../../support/readiness-model.ts'

const member = { isMember: true, isEnabledMember: true }

function score(inputs: ReadinessInputs, model: Model) {
  return scoreInstitution(inputs, model, member)
}

function percents({ low, observed, high }: Score) {
  return [low.percent, observed?.percent ?? null, high.percent]
}

test.each<[string, ScoreRule, number | boolean, number]>([
  ['lin, rising, below its begin', lin(0, 365), -20, 0],
  ['lin, rising, in proportion', lin(0, 365), 73, 20],
  ['lin, rising, above its end', lin(0, 365), 900, 100],
  ['lin, falling, in proportion', lin(0.95, 0.8), 0.875, 50],
  ['lin, falling, above its begin', lin(0.95, 0.8), 0.96, 0],
  ['lin, decimals that floating point does not hold', lin(0.95, 0.999), 0.9745, 50],
  ['step, below all', headroom, 0.049, 0],
  ['step, at a step', headroom, 0.05, 40],
  ['step, between', headroom, 0.19, 70],
  ['step, above all', headroom, 0.2, 100],
  ['ratio', ratio, 0.335, 33.5],
  ['ratio above 1', ratio, 1.5, 100],
  ['bool, true', bool, true, 100],
  ['bool, false', bool, false, 0],
  ['bool of a number', bool, 1, 0],
  ['no number', lin(0, 1), Number.NaN, 0],
  ['without end', lin(0, 90), Number.POSITIVE_INFINITY, 100],
])('pointsOf: %s', (_name, rule, value, expected) => {
  expect(pointsOf(rule, value)).toBe(expected * 1e6)
})

test.each<[string, Measure, boolean, [number, number | null, number] | null]>([
  ['measured', measure(0.6), false, [60, 60, 60]],
  ['declared, reviewed', measure(0.6, 'declared_verified'), false, [60, 60, 60]],
  ['declared, not reviewed', measure(0.6, 'declared_unverified'), false, [0, null, 60]],
  ['stale', measure(0.6, 'stale'), false, [0, null, 100]],
  ['missing', measure(null, 'missing'), false, [0, null, 100]],
  ['measured without a value', measure(null), false, [0, null, 100]],
  ['not applicable where that may be', measure(null, 'not_applicable'), true, null],
  ['not applicable where it may not', measure(null, 'not_applicable'), false, [0, null, 100]],
])('creditOf: %s', (_name, told, mayNotApply, expected) => {
  const credit = creditOf({ score: ratio, mayNotApply }, told)
  const points = credit && [credit.low, credit.observed, credit.high]
  expect(points).toEqual(expected?.map((each) => each && each * 1e6) ?? null)
})

const ratios = [
  'disk.free_ratio',
  'memory.used_p95_ratio',
  'cpu.used_p95_ratio',
  'hardening.applied_ratio',
  'ipv6.reachable_ratio',
  'dns.secured_ratio',
  'automation.current_ratio',
] as const

/** The seven dimensions of T13 that are wholly measured, and D8 as told; METHODOLOGY's weights. */
function eightDimensions(d8: Parameters<typeof dimension>[2]): Model {
  const weights = [15, 15, 20, 10, 10, 10, 10]
  const objectives = [[1], [2], [8], [3], [4], [5], [6]]
  const axes = [
    'modernisation',
    'operational_efficiency',
    'operational_efficiency',
    'user_experience',
    'digital_enablement',
    'digital_enablement',
    'modernisation',
  ] as const
  return readinessModel([
    ...ratios.map((metric, index) =>
      dimension(`d${index + 1}`, weights[index] ?? 0, [[metric, 100, ratio]], {
        objectives: objectives[index] ?? [],
        axis: axes[index] ?? 'modernisation',
      }),
    ),
    dimension('d8', 10, d8, { objectives: [8], axis: 'strategy_and_culture' }),
  ])
}

const scoresOfT13 = [0.8, 0.7, 0.9, 0.95, 0.6, 0.85, 0.4]

function hostWith(scores: readonly number[]) {
  const told = Object.fromEntries(ratios.map((metric, index) => [metric, scores[index] ?? 0]))
  return environment('main', { hosts: [told] })
}

describe('T13: seven dimensions measured, of the eighth less than half', () => {
  const model = eightDimensions([
    ['register.match_ratio', 45, ratio],
    ['operations.trained_staff', 55, bool],
  ])
  const result = score(
    readinessInputs([hostWith(scoresOfT13)], { 'register.match_ratio': 0.7 }),
    model,
  )

  test('the eighth dimension has bounds, and no observed score', () => {
    const d8 = result.dimensions.at(-1)
    expect(d8 && percents(d8)).toEqual(['31.50', null, '86.50'])
    expect(d8?.available.percent).toBe('45.00')
  })
  test('the index, its verdict and its level', () => {
    expect(percents(result.index)).toEqual(['71.65', '76.11', '77.15'])
    expect(result.index.low.ratio).toBe(0.7165)
    expect(result.index.verdict).toBe('not_met')
    expect(result.level).toEqual({ low: 'average', high: 'above' })
    expect(result.measured.percent).toBe('94.50')
    expect(result.stage).toBe('measured')
  })
  test('axes and objectives are means of their dimensions by weight; 7 is never scored', () => {
    const axis = (id: string) => result.axes.find((each) => each.id === id)
    expect(axis('operational_efficiency')?.low.percent).toBe('81.42') // (15 x 70 + 20 x 90) / 35
    expect(axis('modernisation')?.low.percent).toBe('64.00')
    expect(axis('digital_enablement')?.observed?.percent).toBe('72.50')
    expect(axis('strategy_and_culture')?.observed).toBeNull()
    const eighth = result.objectives.find(({ number }) => number === 8)
    // Of its weight two thirds have an observed score, which is just less than the model asks for.
    expect(eighth && percents(eighth)).toEqual(['70.50', null, '88.84'])
    expect(result.objectives.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 8])
  })
  test('with equal weights', () => {
    // (80 + 70 + 90 + 95 + 60 + 85 + 40 + 31.5 or 86.5) / 8
    expect(percents(result.equalWeights)).toEqual(['68.93', '74.28', '75.82'])
  })
})

describe('T14: all at 100 but for a gate', () => {
  const model = readinessModel([
    dimension('d1', 50, [['disk.healthy', 100, bool]]),
    dimension('d3', 50, [
      ['backup.age_over_rpo_ratio', 50, lin(3, 1), { gate: gate('>', 0.5) }],
      ['redundancy.survivable_ratio', 50, ratio],
    ]),
  ])
  const full = { 'redundancy.survivable_ratio': 1 } as const
  function withBackup(backup: Measure | null, weight = 4) {
    const told = backup ? { ...full, 'backup.age_over_rpo_ratio': backup } : full
    return score(
      readinessInputs([
        environment('main', { weight, measures: told, hosts: [{ 'disk.healthy': true }] }),
      ]),
      model,
    )
  }

  test.each<[string, Measure | null, number, string[], [string, string], string | null]>([
    ['open', measure(0.4), 4, ['100.00', '100.00'], ['advanced', 'advanced'], null],
    ['fired', measure(0.9), 4, ['100.00', '100.00'], ['average', 'average'], 'fired'],
    ['its data missing', null, 4, ['75.00', '100.00'], ['average', 'advanced'], 'not_ruled_out'],
    [
      'stale',
      measure(0.4, 'stale'),
      4,
      ['75.00', '100.00'],
      ['average', 'advanced'],
      'not_ruled_out',
    ],
    [
      'claimed to be open',
      measure(0.4, 'declared_unverified'),
      4,
      ['75.00', '100.00'],
      ['average', 'advanced'],
      'not_ruled_out',
    ],
    [
      'claimed to be fired',
      measure(0.9, 'declared_unverified'),
      4,
      ['75.00', '100.00'],
      ['average', 'average'],
      'fired',
    ],
    [
      'said not to apply where it may not',
      measure(null, 'not_applicable'),
      4,
      ['75.00', '100.00'],
      ['average', 'advanced'],
      'not_ruled_out',
    ],
    ['out of its scope', measure(0.9), 2, ['100.00', '100.00'], ['advanced', 'advanced'], null],
  ])('%s', (_name, backup, weight, [low, high], [lowLevel, highLevel], is) => {
    const result = withBackup(backup, weight)
    expect([result.index.low.percent, result.index.high.percent]).toEqual([low, high])
    expect(result.level).toEqual({ low: lowLevel, high: highLevel })
    const indicator = 'd3.backup_age_over_rpo_ratio'
    expect(result.gates).toEqual(
      is ? [{ indicator, environment: 'main', host: null, is, capLevel: 'average' }] : [],
    )
  })
  test('a unit that it does not apply to does not fire it', () => {
    const allowed = readinessModel([
      dimension('d', 100, [
        ['disk.healthy', 80, bool],
        ['os.support_left_days', 20, lin(0, 365), { gate: gate('<', 0), mayNotApply: true }],
      ]),
    ])
    const hosts = [
      { 'disk.healthy': true, 'os.support_left_days': measure(null, 'not_applicable') },
    ]
    const result = score(readinessInputs([environment('main', { hosts })]), allowed)
    expect(result.gates).toEqual([])
    expect(result.level).toEqual({ low: 'advanced', high: 'advanced' })
  })
  test('a gate never raises a level that is lower than it leaves', () => {
    const bad = readinessInputs([
      environment('main', { measures: { 'backup.age_over_rpo_ratio': 9 } }),
    ])
    expect(
      score(
        { ...bad, isSetUp: true },
        { ...model, missing: { ...model.missing, minAvailableRatio: 0 } },
      ).level,
    ).toEqual({
      low: 'low',
      high: 'average',
    })
  })
})

/** One indicator of 100 in one dimension. */
function alone(metric: MetricName, rule: ScoreRule, more = {}): Model {
  return readinessModel([dimension('d', 100, [[metric, 100, rule, more]])])
}

describe('several hosts and environments', () => {
  const places = (...hosts: (number | null)[][]) =>
    readinessInputs(
      hosts.map((each, index) =>
        environment(`place-${index}`, {
          weight: [4, 2, 1][index] ?? 1,
          hosts: each.map((value) => (value === null ? {} : { 'disk.free_ratio': value })),
        }),
      ),
    )

  test.each<[string, ReadinessInputs, string, (string | null)[]]>([
    [
      'by the criticality of their environments',
      places([1], [0.5], [0]),
      'criticality_weighted',
      ['71.42', '71.42', '71.42'],
    ],
    [
      'each host counts',
      places([1, 0.4], [0.5]),
      'criticality_weighted',
      ['66.00', '66.00', '66.00'],
    ],
    [
      'a host without data is nothing and all',
      places([1, 1, null]),
      'criticality_weighted',
      ['66.66', null, '100.00'],
    ],
    [
      'enough of it is available',
      places([0.6, 0.6, 0.6, null]),
      'criticality_weighted',
      ['45.00', '60.00', '70.00'],
    ],
    [
      'an environment without hosts is one without data',
      places([1], []),
      'criticality_weighted',
      ['66.66', null, '100.00'],
    ],
    ['the worst alone', places([0.9, 0.3], [0.5]), 'worst', ['30.00', '30.00', '30.00']],
    [
      'the worst may be one without data',
      places([0.9, 0.6, 0.7], [null]),
      'worst',
      ['0.00', '60.00', '60.00'],
    ],
    ['no environment at all', places(), 'criticality_weighted', ['0.00', null, '100.00']],
  ])('%s', (_name, inputs, rollup, expected) => {
    const result = score(inputs, alone('disk.free_ratio', ratio, { rollup }))
    expect(percents(result.index)).toEqual(expected)
  })

  const inCloud = (...hosts: (boolean | null)[][]) =>
    readinessInputs(
      hosts.map((each, index) =>
        environment(`place-${index}`, {
          weight: [4, 2, 1][index] ?? 1,
          hosts: each.map((value) => (value === null ? {} : { 'platform.in_cloud': value })),
        }),
      ),
    )
  test.each<[string, ReadinessInputs, (string | null)[]]>([
    [
      'environments count, not their hosts',
      inCloud([false], [true, true, true]),
      ['33.33', '33.33', '33.33'],
    ],
    [
      'one host that is not holds its environment',
      inCloud([true, true, false], [true]),
      ['33.33', '33.33', '33.33'],
    ],
    [
      'one host without data may be or not',
      inCloud([true, null], [true]),
      ['33.33', null, '100.00'],
    ],
  ])('in the cloud with all hosts: %s', (_name, inputs, expected) => {
    expect(percents(score(inputs, alone('platform.in_cloud', bool)).index)).toEqual(expected)
  })
})

test('the worst of those seen counts in the observed score by how much was seen', () => {
  const model = readinessModel([
    dimension('d', 100, [
      ['ipv6.reachable_ratio', 50, ratio, { rollup: 'worst' }],
      ['disk.free_ratio', 50, ratio],
    ]),
  ])
  const hosts = [0.6, 0.7, 0.7, measure(null, 'missing')].map((value) => ({
    'ipv6.reachable_ratio': value,
    'disk.free_ratio': 0.2,
  }))
  // (.5 x 3/4 x 60 + .5 x 20) / (.5 x 3/4 + .5)
  const { index } = score(readinessInputs([environment('main', { hosts })]), model)
  expect(percents(index)).toEqual(['10.00', '37.14', '40.00'])
})

describe('what does not apply', () => {
  const away = measure(null, 'not_applicable')
  const allowed = { mayNotApply: true }
  const model = readinessModel([
    dimension('d', 100, [
      ['disk.healthy', 40, bool, allowed],
      ['firewall.on', 30, bool, allowed],
      ['tls.modern_only', 30, bool],
    ]),
  ])
  const host = (disk: Measure | true, firewall: Measure | true) => ({
    'disk.healthy': disk,
    'firewall.on': firewall,
    'tls.modern_only': false,
  })
  test.each<[string, ReturnType<typeof host>[], (string | null)[], boolean]>([
    [
      'all of an indicator leaves the denominator',
      [host(away, true)],
      ['50.00', '50.00', '50.00'],
      true,
    ],
    [
      'some units leave that of their indicator',
      [host(away, true), host(true, true)],
      ['70.00', '70.00', '70.00'],
      true,
    ],
    ['more than the model allows: invalid', [host(away, away)], ['0.00', null, '100.00'], false],
    [
      'units of two indicators add up',
      [host(away, away), host(true, away)],
      ['0.00', null, '100.00'],
      false,
    ],
  ])('%s', (_name, hosts, expected, isValid) => {
    const result = score(readinessInputs([environment('main', { hosts })]), model)
    expect(percents(result.index)).toEqual(expected)
    expect(result.dimensions[0]?.isValid).toBe(isValid)
  })
  test('nothing that applies is no full score', () => {
    const single = alone('disk.healthy', bool, allowed)
    const hosts = [{ 'disk.healthy': away }]
    const result = score(readinessInputs([environment('main', { hosts })]), {
      ...single,
      missing: { ...single.missing, maxNotApplicableRatio: 1 },
    })
    expect(percents(result.index)).toEqual(['0.00', null, '100.00'])
    expect(result.measured.percent).toBe('0.00')
  })
})

describe('being set up', () => {
  const model = readinessModel([
    dimension('d', 100, [
      ['register.match_ratio', 67, ratio],
      ['operations.trained_staff', 33, bool],
    ]),
  ])
  const declared = measure(true, 'declared_verified')
  test.each<[string, Record<string, Measure>, boolean, string]>([
    ['two thirds are measured', { 'register.match_ratio': measure(1) }, true, 'measured'],
    ['in the first days', { 'register.match_ratio': measure(1) }, false, 'being_set_up'],
    [
      'a declaration is not measured',
      { 'register.match_ratio': declared, 'operations.trained_staff': declared },
      true,
      'being_set_up',
    ],
  ])('%s', (_name, told, isSetUp, expected) => {
    const result = score({ ...readinessInputs([], told), isSetUp }, model)
    expect(result.stage).toBe(expected)
    expect(result.level === null).toBe(expected === 'being_set_up')
  })
})

describe('what is written', () => {
  const of = (over: number, under: number) => fraction(over, under)
  test.each<[string, Fraction, Fraction, [number, string], [number, string]]>([
    ['low down, high up', of(1, 3), of(2, 3), [0.33333333, '33.33'], [0.66666667, '66.67']],
    ['one value is one figure', of(2, 3), of(4, 6), [0.66666666, '66.66'], [0.66666666, '66.66']],
    ['whole figures stay', of(1, 2), of(3, 4), [0.5, '50.00'], [0.75, '75.00']],
    [
      'no high is rounded over the target',
      of(1, 2),
      of(84_999_999_999, 1e11),
      [0.5, '50.00'],
      [0.84999999, '84.99'],
    ],
    ['nor its percent alone', of(1, 2), of(84_999, 1e5), [0.5, '50.00'], [0.84999, '84.99']],
    ['at the target', of(17, 20), of(1, 1), [0.85, '85.00'], [1, '100.00']],
  ])('%s', (_name, low, high, [lowRatio, lowPercent], [highRatio, highPercent]) => {
    expect(published({ low, observed: null, high }, [0.85])).toEqual({
      low: { ratio: lowRatio, percent: lowPercent },
      observed: null,
      high: { ratio: highRatio, percent: highPercent },
    })
  })

  test('a high that does not reach a level is not written as its begin', () => {
    const model = readinessModel([
      dimension('d', 100, [
        ['register.match_ratio', 50, ratio],
        ['operations.trained_staff', 50, bool],
      ]),
    ])
    const inputs = readinessInputs([], { 'register.match_ratio': 0.499_999_99 })
    const always = { ...model, missing: { ...model.missing, minAvailableRatio: 0 } }
    const { index, level } = score(inputs, always)
    expect(index.high).toEqual({ ratio: 0.749_999_99, percent: '74.99' })
    expect(level).toEqual({ low: 'low', high: 'average' })
  })

  test.each([
    [1_700, 'met'],
    [1_699, 'not_met'],
  ])('%i of 2,000 hosts against 85 %%: %s', (good, verdict) => {
    const hosts = Array.from({ length: 2_000 }, (_, index) => ({ 'disk.healthy': index < good }))
    const inputs = readinessInputs([environment('main', { hosts })])
    expect(score(inputs, alone('disk.healthy', bool)).index.verdict).toBe(verdict)
  })
})

describe('indicatorRows', () => {
  const model = readinessModel([
    dimension('d1', 60, [
      ['disk.free_ratio', 25, ratio, { mayNotApply: true }],
      ['disk.healthy', 75, bool],
    ]),
    dimension('d8', 40, [['operations.trained_staff', 100, bool]]),
  ])
  const rows = indicatorRows(
    readinessInputs([
      environment('b', { weight: 2, hosts: [{ 'disk.free_ratio': measure(0.5, 'stale') }] }),
      environment('a', {
        hosts: [{ 'disk.free_ratio': 0.4 }, { 'disk.free_ratio': measure(null, 'not_applicable') }],
      }),
      environment('c', {}),
    ]),
    model,
  )
  test('an indicator has its share of the index, its worst status and its score', () => {
    expect(rows.map(({ id, weight, status }) => [id, weight, status])).toEqual([
      ['d1.disk_free_ratio', 0.15, 'missing'],
      ['d1.disk_healthy', 0.45, 'missing'],
      ['d8.operations_trained_staff', 0.4, 'missing'],
    ])
    expect(rows[0] && percents(rows[0])).toEqual(['16.00', '40.00', '76.00'])
  })
  test('what is said not to apply where it may not is missing; not applicable only if all are', () => {
    const away = measure(null, 'not_applicable')
    const inputs = readinessInputs([
      environment('a', { hosts: [{ 'disk.free_ratio': away, 'disk.healthy': away }] }),
      environment('b', { hosts: [{ 'disk.free_ratio': away, 'disk.healthy': true }] }),
    ])
    const statuses = indicatorRows(inputs, model).map(({ status }) => status)
    expect(statuses).toEqual(['not_applicable', 'missing', 'missing'])
  })
  test('a row a unit, in order, with its points', () => {
    expect(
      rows[0]?.units.map(({ environment: at, host, low, observed, high, measure: told }) => [
        at,
        host,
        told.status,
        low,
        observed,
        high,
      ]),
    ).toEqual([
      ['a', 'a-agent-0', 'measured', 40, 40, 40],
      ['a', 'a-agent-1', 'not_applicable', 0, null, 100],
      ['b', 'b-agent-0', 'stale', 0, null, 100],
      ['c', null, 'missing', 0, null, 100],
    ])
    expect(rows[0]?.units.at(-1)?.measure.reason).toBe('no_agent')
    expect(rows[2]?.units[0]?.measure.reason).toBe('not_declared')
  })
})
