import type { Account } from '../../collector/people/accounts.ts'
import { Roadmap } from '../../collector/people/roadmap.ts'
import { Workloads } from '../../collector/people/workloads.ts'
import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { owner } from './sample-declarations.ts'
import { asOf } from './sample-figures.ts'
import { memoryLog } from './sample-maintenance.ts'
import { askedWorkload } from './sample-workloads.ts'

const ministry: Account = { id: 'ministry-1', role: 'ministry' }
const evaluator: Account = { id: 'evaluator-1', role: 'evaluator' }
const institution = 'services-authority'

/**
 * Workloads and the roadmap of the sample's institution, on one log in memory: when `isFull` with
 * exemptions of most states, a roadmap that is approved and one that waits.
 */
export async function sampleMigrationActs(now: () => EpochMs = () => asOf, isFull = false) {
  let at: EpochMs | null = null
  const options = { store: memoryLog(), now: () => at ?? now(), onChange: () => {} }
  const workloads = await Workloads.open(options)
  const roadmap = new Roadmap(options)
  if (!isFull) return { workloads, roadmap }
  const planned = {
    ...({ dataClass: 'restricted', strategy: 'rehost', owner: 'إدارة النظم' } as const),
    ...({ provider: 'government-cloud', wave: 'الأولى', state: 'planned' } as const),
    source: { environment: 'portal', hosts: [] },
    ...{ plannedStart: '2026-08-01', plannedFinish: '2028-03-31' },
  }
  const named = (id: string, ar: string, en: string) => ({ id, name: { ar, en } })
  const all = [
    askedWorkload({ ...planned, ...named('payroll', 'نظام الرواتب', 'Payroll') }),
    askedWorkload({ ...planned, ...named('licences', 'نظام التراخيص', 'Licences') }),
    askedWorkload({
      ...planned,
      ...named('archive', 'الأرشيف', 'Archive of old files'),
      wave: null,
    }),
  ]
  at = asOf - 100 * dayMs
  await workloads.putAll(owner, institution, all, 'خطة الانتقال المعتمدة')
  const first = await roadmap.propose(owner, institution, '2026-01-01', 'قرار اللجنة رقم 4')
  await roadmap.decideBaseline(ministry, first, 'approved', 'مطابقة لخطة البرنامج')
  const ask = (workload: string, days: number) =>
    roadmap.askExemption(owner, institution, {
      ...{ workload, reason: 'The supplier of the licence allows no cloud before 2028' },
      expiresAt: (at ?? now()) + days * dayMs,
    })
  await roadmap.decideExemption(evaluator, await ask('archive', 30), 'approved', 'مقبول مؤقتًا')
  await roadmap.decideExemption(evaluator, await ask('licences', 300), 'refused', 'لا مبرر كافيًا')
  at = asOf - 2 * dayMs
  await ask('payroll', 200)
  await roadmap.propose(owner, institution, '2026-06-01', 'تعديل بعد تأخر التوريد')
  at = null
  return { workloads, roadmap }
}
