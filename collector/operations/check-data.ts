import { damageOf } from '../store/sqlite/copy.ts'
import { sqliteReader } from '../store/sqlite/sqlite.ts'
import { checkCycles } from './check-cycles.ts'
import { type CheckedLogs, checkLogs } from './check-logs.ts'

/**
 * Reads a whole database, which a collector may be writing to: its pages, then its logs where the
 * pages are whole. Throws when it cannot be opened.
 */
export async function checkData(file: string): Promise<CheckedLogs> {
  const damage = damageOf(file)
  if (damage.length > 0) return { heads: [], faults: damage }
  const reader = sqliteReader(file)
  try {
    const { heads, faults } = await checkLogs(reader)
    // What acts say counts only where the logs are whole.
    return { heads, faults: faults.length > 0 ? faults : await checkCycles(reader) }
  } finally {
    await reader.close()
  }
}
