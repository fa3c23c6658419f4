import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { pendingEntries } from '../register/files.ts'
import { sqliteReader } from '../store/sqlite/sqlite.ts'
import { requireDeclared } from './check.ts'
import type { Command } from './command.ts'

/** Compares the files with what is in force. */
export const diff: Command = {
  about: 'Show what applying the files would change, without applying them.',
  run: async ({ environment, now, out }) => {
    const config = readConfig(environment)
    const declared = requireDeclared(config, now())
    const reader = sqliteReader(join(config.dataDir, 'collector.db'))
    const applying = { actor: '', role: '', why: '', effectiveFrom: now() }
    const entries = await pendingEntries(reader, declared, applying, applying.effectiveFrom)
    for (const { what, before, after } of entries) {
      out(`${what}\n  - ${JSON.stringify(before)}\n  + ${JSON.stringify(after)}\n`)
    }
    out(entries.length === 0 ? 'No difference.\n' : `${entries.length} differences.\n`)
    await reader.close()
    return 0
  },
}
