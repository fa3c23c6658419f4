import type { ReadinessInputs } from '../../collector/kpi/readiness/inputs.ts'
import type { Criterion, Model } from '../../collector/kpi/readiness/model.ts'
import { nationReadiness } from '../../collector/kpi/readiness/nation.ts'
import type { SnapshotReadiness } from '../../collector/kpi/readiness/result.ts'
import { scoreInstitution } from '../../collector/kpi/readiness/score.ts'
import { environment, measure, readinessInputs } from './readiness-inputs.ts'
import { bool, dimension, gate, lin, ratio, readinessModel } from './readiness-model.ts'

const text = { ar: 'نص', en: 'Text' }
const criterion = (id: string, condition: Criterion['conditions'][number]): Criterion => {
  return { id, label: text, advice: text, conditions: [condition] }
}

/** The model that samples are scored with. Their scores stand in golden files. */
export const sampleModel = {
  ...readinessModel([
    dimension('d1', 60, [
      ['os.support_left_days', 50, lin(0, 365), { gate: gate('<=', 0) }],
      ['disk.healthy', 30, bool, { mayNotApply: true }],
      ['ipv6.reachable_ratio', 20, ratio],
    ]),
    dimension('d3', 40, [
      ['backup.age_over_rpo_ratio', 60, lin(3, 1), { gate: gate('>', 3) }],
      ['backup.restore_age_days', 40, lin(365, 180)],
    ]),
  ]),
  status: 'draft' as const,
  enabled: [
    criterion('E1', {
      ...{ metric: 'coverage.ratio', op: '>=', value: 0.95, scope: 'all', mayNotApply: false },
    }),
    criterion('E3', {
      ...{ metric: 'os.support_left_days', op: '>', value: 0, scope: 'critical' },
      mayNotApply: false,
    }),
  ],
}

/** An institution of which much is measured, a gate of which fired. */
export const sampleInputs: ReadinessInputs = readinessInputs(
  [
    environment('portal', {
      measures: {
        'coverage.ratio': 0.99,
        'backup.age_over_rpo_ratio': 1.5,
        'backup.restore_age_days': measure(200, 'declared_unverified'),
      },
      hosts: [
        {
          'os.support_left_days': -3,
          'disk.free_ratio': 0.15,
          'memory.used_p95_ratio': 0.5,
          'disk.healthy': true,
          'tls.days_left': 20,
          'ipv6.reachable_ratio': 1,
          'platform.in_cloud': true,
        },
      ],
    }),
  ],
  { 'register.match_ratio': 1, 'operations.trained_staff': measure(true, 'declared_verified') },
)

/** Readiness of some institutions: of the first much is known, of the others nothing. */
export function sampleReadiness(
  rows: readonly { readonly id: string; readonly kind: 'institution' | 'governorate' }[],
  model: Model = sampleModel,
): SnapshotReadiness {
  const membership = { isMember: true, isEnabledMember: true }
  const scored = rows.map(({ id, kind }, i) => {
    const inputs = i === 0 ? sampleInputs : { ...readinessInputs([]), isSetUp: false }
    const readiness = scoreInstitution({ ...inputs, institution: id }, model, membership)
    return { id, kind, readiness }
  })
  return {
    model,
    nation: nationReadiness(scored, model),
    institutions: Object.fromEntries(scored.map(({ id, readiness }) => [id, readiness])),
  }
}
