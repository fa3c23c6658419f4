import { describe, expect, test } from 'vitest'
import { enabledFigure, enabledShare } from '../../../../collector/kpi/readiness/enabled.ts'
import type {
  Measure,
  MeasureStatus,
  Measures,
  ReadinessEnvironment,
  ReadinessInputs,
  Waiver,
} from '../../../../collector/kpi/readiness/inputs.ts'
import type { Criterion, Model } from '../../../../collector/kpi/readiness/model.ts'
import type { EnabledStatus } from '../../../../collector/kpi/readiness/result.ts'

const text = { ar: 'نص', en: 'Text' }

function criterion(id: string, ...conditions: Criterion['conditions']): Criterion {
  return { id, label: text, advice: text, conditions }
}

const everywhere = { scope: 'all', mayNotApply: false } as const
const coverage = { metric: 'coverage.ratio', op: '>=', value: 0.95, ...everywhere } as const
const support = {
  metric: 'os.support_left_days',
  op: '>',
  value: 0,
  scope: 'critical',
  mayNotApply: true,
} as const
const link = { metric: 'link.measured', op: '=', value: true, ...everywhere } as const

const model: Model = {
  id: 'small',
  version: '1.0.0',
  hash: 'a'.repeat(64),
  status: 'approved',
  label: text,
  targetRatio: 0.85,
  missing: {
    minAvailableRatio: 0.6667,
    maxNotApplicableRatio: 0.4,
    staleMeasuredDays: 7,
    staleDeclaredDays: 365,
  },
  levels: [],
  dimensions: [],
  enabled: [criterion('E1', coverage), criterion('E2', link), criterion('E3', support)],
}

function measure(value: number | boolean | null, status: MeasureStatus = 'measured'): Measure {
  return { status, value, at: 0, reason: null, method: null, detail: null }
}

type Place = { covered?: Measure; hosts?: (Measure | null)[]; isCritical?: boolean }

function environment(id: string, place: Place = {}): ReadinessEnvironment {
  const { covered = measure(1), hosts = [measure(100)], isCritical = true } = place
  return {
    id,
    name: text,
    weight: isCritical ? 4 : 1,
    isCritical,
    measures: { 'coverage.ratio': covered },
    hosts: hosts.map((left, i) => ({
      agent: `agent-${i}`,
      name: `host-${i}`,
      measures: left ? { 'os.support_left_days': left } : {},
    })),
  }
}

function inputs(
  environments: readonly ReadinessEnvironment[],
  measures: Measures = { 'link.measured': measure(true) },
  waivers: readonly Waiver[] = [],
): ReadinessInputs {
  return { institution: 'one', at: 1000, isSetUp: true, measures, environments, waivers }
}

describe('an institution', () => {
  const waiver = [{ criterion: 'E2', expiresAt: 5000 }]
  const unlinked = { 'link.measured': measure(false) }
  test.each<[string, ReadinessInputs, EnabledStatus, string]>([
    ['passes everything', inputs([environment('a')]), 'enabled', 'pass pass pass'],
    [
      'fails by one environment of two',
      inputs([environment('a'), environment('b', { covered: measure(0.9499) })]),
      'not_enabled',
      'fail pass pass',
    ],
    [
      'is exactly at the limit',
      inputs([environment('a', { covered: measure(0.95) })]),
      'enabled',
      'pass pass pass',
    ],
    ['has no link measured', inputs([environment('a')], {}), 'unknown', 'pass unknown pass'],
    [
      'fails for certain, whatever is unknown beside it',
      inputs([environment('a', { hosts: [null, measure(0)] })], {}),
      'not_enabled',
      'pass unknown fail',
    ],
    [
      'has evidence that is too old',
      inputs([environment('a', { covered: measure(1, 'stale') })]),
      'unknown',
      'unknown pass pass',
    ],
    [
      'claims what nobody reviewed',
      inputs([environment('a')], { 'link.measured': measure(true, 'declared_unverified') }),
      'unknown',
      'pass unknown pass',
    ],
    [
      'declared what a second body reviewed',
      inputs([environment('a')], { 'link.measured': measure(true, 'declared_verified') }),
      'enabled',
      'pass pass pass',
    ],
    [
      'has a host to which a criterion that allows it does not apply',
      inputs([environment('a', { hosts: [measure(null, 'not_applicable')] })]),
      'enabled',
      'pass pass pass',
    ],
    [
      'says that a criterion does not apply that always does',
      inputs([environment('a', { covered: measure(null, 'not_applicable') })]),
      'unknown',
      'unknown pass pass',
    ],
    [
      'has a critical environment without a host',
      inputs([environment('a', { hosts: [] })]),
      'unknown',
      'pass pass unknown',
    ],
    [
      'fails on a host that is not critical, where only critical ones are asked',
      inputs([environment('a', { isCritical: false, hosts: [measure(-5)] })]),
      'enabled',
      'pass pass pass',
    ],
    ['has registered nothing', inputs([]), 'unknown', 'unknown pass unknown'],
    [
      'has a waiver',
      inputs([environment('a')], unlinked, waiver),
      'not_enabled',
      'pass waived pass',
    ],
    [
      'passes what it has a waiver for',
      inputs([environment('a')], undefined, waiver),
      'not_enabled',
      'pass waived pass',
    ],
    [
      'has a value of another kind than is asked for',
      inputs([environment('a')], { 'link.measured': measure(1) }),
      'unknown',
      'pass unknown pass',
    ],
  ])('%s', (_name, given, status, criteria) => {
    const figure = enabledFigure(given, model)
    expect(figure.criteria.map((each) => each.status).join(' ')).toBe(criteria)
    expect(figure.status).toBe(status)
  })

  test('is listed with the expiry of its last waiver', () => {
    const earlier = { criterion: 'E2', expiresAt: 4000 }
    const { criteria } = enabledFigure(inputs([], {}, [...waiver, earlier]), model)
    expect(criteria.map(({ expiresAt }) => expiresAt)).toEqual([null, 5000, null])
  })

  test('is unknown under a model that asks nothing', () => {
    expect(enabledFigure(inputs([environment('a')]), { ...model, enabled: [] }).status).toBe(
      'unknown',
    )
  })
})

test('environments are judged by what is asked of them and their hosts alone', () => {
  const places = [
    environment('good'),
    environment('dark', { hosts: [null] }),
    environment('poor', { covered: measure(0.2) }),
    environment('side', { isCritical: false, hosts: [null] }),
  ]
  const ofAll = (waivers: Waiver[]) =>
    enabledFigure(inputs(places, {}, waivers), model)
      .environments.map(({ id, status }) => `${id} ${status}`)
      .join(', ')
  expect(ofAll([])).toBe('good enabled, dark unknown, poor not_enabled, side enabled')
  expect(ofAll([{ criterion: 'E3', expiresAt: 5000 }])).toBe(
    'good not_enabled, dark not_enabled, poor not_enabled, side enabled',
  )
})

describe('T12', () => {
  const statuses = (enabled: number, unknown: number, failing: number, waived = 0) =>
    (['enabled', 'unknown', 'not_enabled'] as const).flatMap((status, i) =>
      Array.from({ length: [enabled, unknown, failing][i]! }, (_, k) => ({
        status,
        isWaived: status === 'not_enabled' && k < waived,
      })),
    )
  test.each<[number, number, number, string | undefined, string | undefined, string | null]>([
    [41, 9, 6, '73.21', '89.29', 'not_met'],
    [55, 0, 1, '98.21', '98.22', 'not_met'],
    [55, 1, 0, '98.21', '100.00', 'undetermined'],
    [56, 0, 0, '100.00', '100.00', 'met'],
    [0, 56, 0, '0.00', '100.00', 'undetermined'],
    [0, 0, 0, undefined, undefined, null],
    [19_999, 0, 1, '99.99', '99.99', 'not_met'],
    [0, 19_999, 1, '0.00', '99.99', 'not_met'],
  ])('%i enabled, %i unknown, %i failing: %s to %s, %s', (...row) => {
    const [enabled, unknown, failing, low, high, verdict] = row
    const share = enabledShare(statuses(enabled, unknown, failing, 1))
    expect(share).toMatchObject({ enabled, unknown, notEnabled: failing, verdict })
    expect(share.members).toBe(enabled + unknown + failing)
    expect(share.waived).toBe(Math.min(1, failing))
    expect([share.low?.percent, share.high?.percent]).toEqual([low, high])
  })
})
