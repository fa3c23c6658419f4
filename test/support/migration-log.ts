import type { Entry } from '../../collector/register/difference.ts'
import { settingNames } from '../../collector/register/names.ts'
import { dayMs, type EpochMs } from '../../protocol/time.ts'

/** What a register of one institution with two environments, and a policy, are applied as. */
export function migrationRegister(at: EpochMs, institution = 'health'): Entry[] {
  const values: Record<string, unknown> = {
    ...{ timezone: 'Asia/Muscat', cycleMonths: { april: 10, october: 4 }, freezeDays: 10 },
    criticalityWeights: { critical: 4, important: 2, supporting: 1 },
  }
  const entry = (what: string, after: unknown): Entry => ({
    ...{ actor: 'collector', role: 'admin', what, why: 'start', before: null, after },
    effectiveFrom: at - 60 * dayMs,
  })
  const whose = `institution/${institution}`
  return [
    ...settingNames.map((name) => entry(`policy/${name}`, { value: values[name] ?? null })),
    entry(whose, { id: institution }),
    ...['internal', 'portal'].map((id) => entry(`${whose}/environment/${id}`, { id })),
  ]
}
