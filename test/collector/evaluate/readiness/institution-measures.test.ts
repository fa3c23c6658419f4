import { describe, expect, test } from 'vitest'
import {
  DeclaredMeasures,
  type EnvironmentSummary,
  institutionMeasures,
  migrationMeasures,
} from '../../../../collector/evaluate/readiness/institution-measures.ts'
import { missing } from '../../../../collector/evaluate/readiness/measure.ts'
import type { MigrationFigures } from '../../../../collector/kpi/migration/result.ts'
import type { Measure } from '../../../../collector/kpi/readiness/inputs.ts'
import {
  type MetricName,
  metricNames,
  metricOf,
} from '../../../../collector/kpi/readiness/metrics.ts'
import type { DeclaredValue } from '../../../../collector/register/declarations-log.ts'
import type { Roles } from '../../../../collector/register/register.ts'
import { dayMs } from '../../../../protocol/time.ts'

const at = Date.parse('2026-11-20T08:00:00Z')
const window = { from: at - 30 * dayMs, to: at }

function short({ status, value, reason }: Measure): string {
  return `${status} ${value ?? reason}`
}

function environment(id: string, more: Partial<EnvironmentSummary> = {}): EnvironmentSummary {
  return { id, isReporting: true, link: undefined, roles: new Map(), ...more }
}

const seen = (goodMs: number, knownMs: number) =>
  new Map([['a/vpn', { goodMs, knownMs, allMs: 100 }]])
const remote: Roles = { remoteAccess: ['e/a/vpn'] }
const two: Roles = { remoteAccess: ['e/a/vpn', 'f/a/vpn'] }

test.each<[MetricName, string, Roles, EnvironmentSummary[], string]>([
  ['remote_access.success_ratio', 'no role', {}, [], 'missing no_role_in_register'],
  ['integration.success_ratio', 'no role', remote, [], 'missing no_role_in_register'],
  [
    'remote_access.success_ratio',
    'nobody makes it',
    remote,
    [environment('e')],
    'missing no_check',
  ],
  [
    'remote_access.success_ratio',
    'three of four',
    remote,
    [environment('e', { roles: seen(60, 80) })],
    'measured 0.75',
  ],
  [
    'remote_access.success_ratio',
    'two together',
    two,
    [environment('e', { roles: seen(60, 80) }), environment('f', { roles: seen(80, 80) })],
    'measured 0.875',
  ],
  [
    'remote_access.success_ratio',
    'one of two is not made',
    two,
    [environment('e', { roles: seen(60, 80) }), environment('f')],
    'missing no_check',
  ],
  [
    'remote_access.success_ratio',
    'too little is known',
    remote,
    [environment('e', { roles: seen(60, 60) })],
    'missing no_evidence',
  ],
  ['link.measured', 'none', {}, [environment('e')], 'missing no_check'],
  [
    'link.measured',
    'up',
    {},
    [environment('e'), environment('f', { link: true })],
    'measured true',
  ],
  ['link.measured', 'down', {}, [environment('e', { link: false })], 'measured false'],
  ['link.measured', 'not seen', {}, [environment('e', { link: null })], 'missing no_evidence'],
  [
    'link.measured',
    'one of two up',
    {},
    [environment('e', { link: false }), environment('f', { link: true })],
    'measured true',
  ],
  ['register.match_ratio', 'nothing registered', {}, [], 'missing no_agent'],
  [
    'register.match_ratio',
    'one of two heard',
    {},
    [environment('e'), environment('f', { isReporting: false })],
    'measured 0.5',
  ],
])('%s, %s', (metric, _name, roles, environments, expected) => {
  const measures = institutionMeasures(roles, environments, 0.6667, window)
  expect(short(measures[metric]!)).toBe(expected)
})

const bound = (ratio: number) => ({ ratio, percent: (ratio * 100).toFixed(2) })
const schedule = {} as NonNullable<MigrationFigures['schedule']>

test.each<[string, Parameters<typeof migrationMeasures>[0], string[]]>([
  ['no workload', undefined, ['missing no_workloads', 'measured false']],
  ['all are exempt', { done: null, schedule: null }, ['missing no_workloads', 'measured false']],
  ['nothing is moved', { done: bound(0), schedule: null }, ['measured 0', 'measured false']],
  ['a roadmap holds', { done: bound(0.4), schedule }, ['measured 0.4', 'measured true']],
])('of migration: %s', (_name, figures, expected) => {
  const measures = Object.values(migrationMeasures(figures, at))
  expect(measures.map((each) => short(each))).toEqual(expected)
  expect(measures.every((each) => each.status === 'missing' || each.at === at)).toBe(true)
})

function declared(about: DeclaredValue['about'], more: Partial<DeclaredValue> = {}): DeclaredValue {
  return {
    ...{ id: 'd1', institution: 'health', environment: null, about, detail: 'a contract' },
    ...{ evidenceSha256: 'ab'.repeat(32), at: at - dayMs, expiresAt: at + dayMs, isVerified: true },
    ...more,
  }
}

function over(values: readonly DeclaredValue[], days = 365): DeclaredMeasures {
  return new DeclaredMeasures(values, { staleDeclaredDays: days }, at)
}

describe('what is declared', () => {
  const staff = { kind: 'metric', metric: 'operations.trained_staff', value: true } as const
  const restore = { kind: 'metric', metric: 'backup.restore_age_days', value: 30 } as const
  const none = { kind: 'not_applicable', metric: 'link.loss_p95_ratio' } as const

  test.each<[string, DeclaredValue[], string]>([
    ['nothing', [], 'missing not_declared'],
    ['reviewed', [declared(staff)], 'declared_verified true'],
    ['not yet', [declared(staff, { isVerified: false })], 'declared_unverified true'],
    ['long ago', [declared(staff, { at: at - 366 * dayMs })], 'stale true'],
    ['of an environment', [declared(staff, { environment: 'e' })], 'missing not_declared'],
  ])('%s', (_name, values, expected) => {
    const measures = over(values).over('institution', null, {})
    expect(short(measures['operations.trained_staff']!)).toBe(expected)
  })

  test('where nothing was measured a declaration stands in, and only there', () => {
    const values = [declared(restore, { environment: 'e' })]
    const of = (measured: Measure) =>
      short(
        over(values).over('environment', 'e', { 'backup.restore_age_days': measured })[
          'backup.restore_age_days'
        ]!,
      )
    const measured: Measure = { ...missing('no_check'), status: 'measured', value: 7, reason: null }
    expect(of(missing('no_check'))).toBe('declared_verified 30')
    expect(of(measured)).toBe('measured 7')
    expect(of({ ...measured, status: 'stale' })).toBe('stale 7')
  })

  test.each<[string, DeclaredValue[], string, string]>([
    ['reviewed, and nothing is there', [declared(none)], 'no_check', 'not_applicable no_check'],
    [
      'of this environment',
      [declared(none, { environment: 'e' })],
      'no_check',
      'not_applicable no_check',
    ],
    ['of another', [declared(none, { environment: 'f' })], 'no_check', 'missing no_check'],
    ['not reviewed', [declared(none, { isVerified: false })], 'no_check', 'missing no_check'],
    ['it is there, and was not seen', [declared(none)], 'no_evidence', 'missing no_evidence'],
    ['it is there, and hidden', [declared(none)], 'no_permission', 'missing no_permission'],
  ])('does not apply: %s', (_name, values, reason, expected) => {
    const measured = { 'link.loss_p95_ratio': missing(reason) }
    const measures = over(values).over('environment', 'e', measured)
    expect(short(measures['link.loss_p95_ratio']!)).toBe(expected)
  })

  test('waivers are in force once they were reviewed', () => {
    const waiver = (criterion: string, isVerified: boolean) =>
      declared({ kind: 'waiver', criterion }, { isVerified })
    const { waivers } = over([waiver('E5', true), waiver('E2', true), waiver('E1', false)])
    expect(waivers).toEqual([
      { criterion: 'E2', expiresAt: at + dayMs },
      { criterion: 'E5', expiresAt: at + dayMs },
    ])
  })
})

test('every metric of an institution has a measure', () => {
  const measures = over([]).over('institution', null, {
    ...institutionMeasures({}, [], 0.6667, window),
    ...migrationMeasures(undefined, null),
  })
  const own = metricNames.filter((metric) => metricOf(metric).scope === 'institution')
  expect(Object.keys(measures).sort()).toEqual(own.sort())
})
