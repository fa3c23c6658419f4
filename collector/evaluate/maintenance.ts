import { hourMs, intersect, lengthMs, minuteMs, type Span } from '../../protocol/time.ts'
import { cycleAt } from '../kpi/cycle.ts'
import { type Allowance, excludedMaintenance } from '../kpi/maintenance.ts'
import type { EnvironmentRow } from '../kpi/snapshot.ts'
import type { Entry } from '../register/difference.ts'
import { policyAt, type RegisterHistory } from '../register/history.ts'
import { isApproved } from '../register/maintenance.ts'
import { maintenanceBook } from '../register/maintenance-log.ts'
import type { Policy } from '../register/policy.ts'
import { definitionsIn, type EnvironmentSource } from './ledgers.ts'

/** Answers for each environment which approved maintenance leaves its denominator. */
export function exclusions(
  entries: readonly Entry[],
  history: RegisterHistory,
  { timezone, cycleMonths }: Policy,
): (source: Omit<EnvironmentSource, 'maintenance' | 'timezone'>) => Span[] {
  const book = maintenanceBook(entries, history)
  const allowance: Allowance = {
    cycleAt: (at) => cycleAt(at, timezone, cycleMonths),
    quotaAt: (at) => quotaMs(policyAt(history, at)),
  }
  return ({ institution, environment, versions }) => {
    const windows = (book.get(`${institution}/${environment}`) ?? []).filter(isApproved)
    const inScope = windows
      .toSorted((a, b) => a.from - b.from)
      .flatMap((window) => definitionsIn({ versions, timezone }, window))
      .map(({ from, to }) => ({ from, to }))
    return excludedMaintenance(inScope, allowance)
  }
}

/** How much of its quota an environment has been granted in a cycle. */
export function maintenanceRow(
  excluded: readonly Span[],
  cycle: Span,
  policy: Policy,
): EnvironmentRow['maintenance'] {
  const parts = excluded.map((span) => intersect(span, cycle)).filter((part) => part !== null)
  const usedMs = parts.reduce((sum, part) => sum + lengthMs(part), 0)
  const noticeMs = policy.maintenanceNoticeHours * hourMs
  return { usedMs, quotaMs: quotaMs(policy), noticeMs }
}

function quotaMs({ maintenanceQuotaMinutes }: Policy): number {
  return maintenanceQuotaMinutes * minuteMs
}
