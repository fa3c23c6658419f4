import type { LogSource } from '../../collector/people/held-log.ts'
import type { Entry } from '../../collector/register/difference.ts'

/** A log in memory as it is read on and on. */
export function logSource(log: () => readonly Entry[]): LogSource {
  return {
    entriesAfter: async (position, limit) => {
      const entries = log().slice(position, position + limit)
      return { entries, through: position + entries.length }
    },
  }
}
