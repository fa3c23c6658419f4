import { hourMs, intersect, lengthMs, minuteMs, type Span } from '../../protocol/time.ts'
import { cycleAt } from '../kpi/cycle.ts'
import { type Allowance, excludedMaintenance } from '../kpi/maintenance.ts'
import type { EnvironmentRow } from '../kpi/snapshot.ts'
import type { Entry } from '../register/difference.ts'
import { policyAt, type RegisterHistory, settingVersions } from '../register/history.ts'
import { isApproved, type MaintenanceWindow } from '../register/maintenance.ts'
import { foldMaintenance, type MaintenanceBook } from '../register/maintenance-log.ts'
import type { Policy } from '../register/policy.ts'
import { parseSubject } from '../register/subject.ts'
import { definitionsIn, type EnvironmentSource } from './ledgers.ts'

type Completed = Omit<EnvironmentSource, 'disputes'>
type Source = Omit<Completed, 'maintenance' | 'timezones' | 'needsWitnesses'>
type Excluded = { readonly windows: readonly MaintenanceWindow[]; readonly spans: readonly Span[] }

/**
 * Which approved maintenance leaves the denominator of each environment. A log only grows, so that
 * what was read of it is kept, and only what changed is worked out again.
 */
export class Exclusions {
  readonly #book: MaintenanceBook = new Map()
  readonly #excluded = new Map<string, Excluded>()
  #read = 0
  #basis = ''

  /** Reads on in all entries, oldest first, and completes environments of the register. */
  read(
    entries: readonly Entry[],
    history: RegisterHistory,
    { timezone, cycleMonths }: Policy,
  ): (source: Source) => Completed {
    const fresh = entries.slice(this.#read)
    this.#read = entries.length
    foldMaintenance(this.#book, fresh, history)
    // Service hours, the quota and the edges of cycles decide what is excluded.
    const basis = JSON.stringify([timezone, cycleMonths])
    const isOther = basis !== this.#basis || fresh.some(({ what }) => parseSubject(what))
    if (isOther) this.#excluded.clear()
    this.#basis = basis
    const allowance: Allowance = {
      cycleAt: (at) => cycleAt(at, timezone, cycleMonths),
      quotaAt: (at) => quotaMs(policyAt(history, at)),
    }
    const timezones = settingVersions(history, 'timezone')
    const needsWitnesses = settingVersions(history, 'publicNeedsWitnesses')
    return (source) => ({
      ...source,
      timezones,
      needsWitnesses,
      maintenance: this.#excludedOf({ ...source, timezones }, allowance),
    })
  }

  #excludedOf(source: Omit<Completed, 'maintenance' | 'needsWitnesses'>, allowance: Allowance) {
    const place = `${source.institution}/${source.environment}`
    const windows = this.#book.get(place) ?? []
    const known = this.#excluded.get(place)
    if (known?.windows === windows) return known.spans
    const inScope = windows
      .filter(isApproved)
      .sort((a, b) => a.from - b.from)
      .flatMap((window) => definitionsIn(source, window))
    const spans = excludedMaintenance(inScope, allowance)
    if (windows.length > 0) this.#excluded.set(place, { windows, spans })
    return spans
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
