import { describe, expect, test } from 'vitest'
import { nationReadiness } from '../../../../collector/kpi/readiness/nation.ts'
import type { EnabledStatus } from '../../../../collector/kpi/readiness/result.ts'
import { scoreInstitution } from '../../../../collector/kpi/readiness/score.ts'
import { readinessInputs } from '../../../support/readiness-inputs.ts'
import { dimension, ratio, readinessModel } from '../../../support/readiness-model.ts'

const model = {
  ...readinessModel([dimension('d', 100, [['register.match_ratio', 100, ratio]])]),
  enabled: [
    {
      id: 'E1',
      label: { ar: 'نص', en: 'Text' },
      advice: { ar: 'نص', en: 'Text' },
      conditions: [
        {
          metric: 'register.match_ratio',
          op: '>=',
          value: 0.9,
          scope: 'all',
          mayNotApply: false,
        } as const,
      ],
    },
  ],
}

type Kind = 'institution' | 'governorate'

/** A member at a value, or without any data. */
function member(
  value: number | null,
  kind: Kind = 'institution',
  { isMember = true, isEnabledMember = true, isWaived = false } = {},
) {
  const inputs = readinessInputs([], value === null ? {} : { 'register.match_ratio': value })
  const waivers = isWaived ? [{ criterion: 'E1', expiresAt: 1 }] : []
  return {
    kind,
    readiness: scoreInstitution({ ...inputs, waivers }, model, { isMember, isEnabledMember }),
  }
}

describe('the nation', () => {
  test('the equal mean; one without data is 0 low and 100 high', () => {
    const { index, members } = nationReadiness([member(0.9), member(0.8), member(null)], model)
    expect(members).toBe(3)
    expect([index?.low.percent, index?.high.percent]).toEqual(['56.66', '90.00'])
    // Two of three members have an observed index: just less than the model asks for.
    expect(index?.observed).toBeNull()
    expect(index?.verdict).toBe('undetermined')
  })
  test('56 at the target have met it; a millionth of a point less at one has not', () => {
    const at = Array.from({ length: 55 }, () => member(0.85))
    expect(nationReadiness([...at, member(0.85)], model).index?.verdict).toBe('met')
    const { index } = nationReadiness([...at, member(0.84999999)], model)
    expect([index?.verdict, index?.low.percent, index?.high.percent]).toEqual([
      'not_met',
      '84.99',
      '84.99',
    ])
  })
  test('who is no member is in no figure', () => {
    const apart = { isMember: false, isEnabledMember: false }
    const nation = nationReadiness([member(0.95), member(0.1, 'institution', apart)], model)
    expect(nation.index?.low.percent).toBe('95.00')
    expect(nation.enabled.members).toBe(1)
  })
  test('institutions and governorates apart, dimensions, levels and those being set up', () => {
    const nation = nationReadiness(
      [member(0.95), member(0.7), member(0.6, 'governorate'), member(null)],
      model,
    )
    expect(nation.byKind.institution?.low.percent).toBe('55.00')
    expect(nation.byKind.governorate?.low.percent).toBe('60.00')
    expect(nation.dimensions.map(({ id, low }) => [id, low.percent])).toEqual([['d', '56.25']])
    expect(nation.levels).toEqual([
      { level: 'advanced', members: 1 },
      { level: 'above', members: 0 },
      { level: 'average', members: 2 },
      { level: 'below', members: 0 },
      { level: 'low', members: 0 },
      { level: null, members: 1 },
    ])
  })
  test('the enabled share counts its own members, and a waiver as not enabled', () => {
    const nation = nationReadiness(
      [
        member(0.95, 'institution', { isMember: false }),
        member(0.5),
        member(null),
        member(0.95, 'institution', { isWaived: true }),
        member(0.95, 'institution', { isEnabledMember: false }),
      ],
      model,
    )
    expect(nation.enabled).toMatchObject({
      members: 4,
      enabled: 1,
      notEnabled: 2,
      unknown: 1,
      waived: 1,
    })
    expect(nation.members).toBe(4)
  })
  test('the secondary figure counts the environments of its members', () => {
    const { kind, readiness } = member(0.95)
    const of = (...statuses: EnabledStatus[]) => {
      const environments = statuses.map((status, index) => ({ id: `place-${index}`, status }))
      return { kind, readiness: { ...readiness, enabled: { ...readiness.enabled, environments } } }
    }
    const nation = nationReadiness([of('enabled', 'not_enabled'), of('unknown'), of()], model)
    expect(nation.enabledEnvironments).toMatchObject({
      members: 3,
      enabled: 1,
      notEnabled: 1,
      unknown: 1,
    })
    expect(nation.enabledEnvironments.low?.percent).toBe('33.33')
  })
  test('without members there is no figure', () => {
    expect(nationReadiness([], model)).toMatchObject({
      members: 0,
      index: null,
      byKind: { institution: null, governorate: null },
      dimensions: [],
      enabled: { members: 0, low: null, verdict: null },
    })
  })
})
