import type { Account } from '../../collector/people/accounts.ts'
import type { LogSource } from '../../collector/people/held-log.ts'
import { Maintenance } from '../../collector/people/maintenance.ts'
import type { Entry } from '../../collector/register/difference.ts'
import { settingNames } from '../../collector/register/names.ts'
import type { MaintenanceView } from '../../collector/web/parts/maintenance.ts'
import { dayMs, type EpochMs, hourMs } from '../../protocol/time.ts'
import { logSource } from './log-source.ts'
import { asOf } from './sample-figures.ts'

const place = { institution: 'services-authority', environment: 'portal' }
const owner: Account = {
  id: 'salma-it',
  role: 'institution',
  institution: 'services-authority',
}
export const ministry: Account = { id: 'ministry-1', role: 'ministry' }

/** A log in memory that knows one environment and the policy. */
export function memoryLog(): {
  entries: () => Promise<Entry[]>
  applyActs: (acts: readonly { readonly entry: Entry }[]) => Promise<void>
  entriesAfter: LogSource['entriesAfter']
} {
  const values: Record<string, unknown> = {
    ...{ maintenanceNoticeHours: 48, timezone: 'Asia/Muscat', freezeDays: 10 },
    cycleMonths: { april: 10, october: 4 },
    criticalityWeights: { critical: 4, important: 2, supporting: 1 },
  }
  const entry = (what: string, after: unknown): Entry => ({
    ...{ actor: 'collector', role: 'admin', what, why: 'start', before: null, after },
    effectiveFrom: asOf - 300 * dayMs,
  })
  const institution = `institution/${place.institution}`
  const log = [
    ...settingNames.map((name) => entry(`policy/${name}`, { value: values[name] ?? null })),
    entry(institution, { id: place.institution }),
    entry(`${institution}/environment/${place.environment}`, { id: place.environment }),
  ]
  return {
    entries: async () => [...log],
    applyActs: async (acts) => void log.push(...acts.map((act) => act.entry)),
    ...logSource(() => log),
  }
}

/**
 * The maintenance of the sample's portal, on a log in memory: one window of each state when `isFull`.
 * `now` must be `asOf` or later, and only there or on a clock of its own can people act on it.
 */
export async function sampleMaintenance(
  now: () => EpochMs = () => asOf,
  isFull = false,
): Promise<Maintenance> {
  let at: EpochMs | null = isFull ? asOf - 20 * dayMs : null
  const maintenance = await Maintenance.open({
    ...{
      store: memoryLog(),
      now: () => at ?? now(),
      views: { snapshot: () => null },
      onChange: () => {},
    },
  })
  if (!isFull) return maintenance
  const ask = async (startsInHours: number, lengthHours: number, why: string) => {
    const from = Math.ceil(asOf / hourMs) * hourMs + startsInHours * hourMs
    const asked = { from, to: from + lengthHours * hourMs, why }
    return maintenance.request(owner, place, asked)
  }
  const key = (id: string) => ({ ...place, id })
  const agreed = 'موافقة على الموعد المقترح'
  const over = await ask(-10 * 24, 6, 'ترقية نظام التشغيل في خوادم البوابة')
  await maintenance.decide(ministry, key(over.id), 'approved', agreed)
  const underWay = await ask(-2, 5, 'Replacement of the storage controller')
  await maintenance.decide(ministry, key(underWay.id), 'approved', 'as agreed in the weekly call')
  await ask(-5 * 24, 2, 'Firmware of the switches')
  const refused = await ask(-3 * 24, 48, 'نقل الخوادم إلى مركز بيانات آخر')
  await maintenance.decide(ministry, key(refused.id), 'refused', 'المدة أطول من اللازم')
  const withdrawn = await ask(30, 3, 'Test of the emergency power')
  await maintenance.withdraw(owner, key(withdrawn.id), 'the supplier cannot come')
  const planned = await ask(80, 4, 'تحديث قاعدة البيانات')
  await maintenance.decide(
    { id: 'evaluator-1', role: 'evaluator' },
    key(planned.id),
    'approved',
    agreed,
  )
  await ask(130, 6, 'تجديد كابلات الشبكة الداخلية')
  at = null
  return maintenance
}

/** What an account of the ministry is shown of it. */
export function viewOf(
  maintenance: Maintenance,
  more: Partial<MaintenanceView> = {},
): MaintenanceView {
  return {
    windows: maintenance.list(ministry, place),
    quota: { usedMs: 15 * hourMs, quotaMs: dayMs, noticeMs: 2 * dayMs },
    ...{ now: asOf, mayAsk: false, mayDecide: (by: string) => by !== ministry.id, refused: null },
    ...more,
  }
}
