import { readConfig } from '../config.ts'
import { rebuild as rebuildDatabase } from '../evidence/rebuild.ts'
import { dataFiles } from '../operations/data-files.ts'
import type { Comparison } from '../store/sqlite/dump.ts'
import { lockDirectory } from '../store/sqlite/lock.ts'
import type { Command } from './command.ts'

const details = `The collector must be stopped. Everything that follows from the logs is made anew
beside the database and compared with what is there; "same" is printed for each part that is equal
byte for byte. The old file stays as collector.db.before-rebuild. Ended early, it goes on where it
was.

Exit status: 0 the same, or replaced; 1 something differs and nothing was replaced.`

/** Makes all that follows from the logs anew. */
export const rebuild: Command = {
  about: 'Make all that follows from the logs anew, and compare.',
  details,
  options: {
    accept: { type: 'boolean', about: 'Replace the database even where something differs.' },
  },
  run: async ({ environment, now, out, err }, { accept }) => {
    const { lock, database: file } = dataFiles(readConfig(environment).dataDir)
    const unlock = lockDirectory(lock)
    try {
      const progress = (done: number, all: number) => err(`\r${done} of ${all} leaves`)
      const options = { file, now: now(), accept: accept === true, progress }
      const { leaves, comparisons, swapped } = await rebuildDatabase(options)
      err('\n')
      for (const comparison of comparisons) out(lineOf(comparison))
      out(swapped ? `${leaves} leaves; the database was replaced.\n` : `${refusal}\n`)
      return swapped ? 0 : 1
    } finally {
      unlock()
    }
  },
}

const refusal =
  'Nothing was replaced. To put what the logs say in place: collector rebuild --accept'

function lineOf({ name, before, after, row }: Comparison): string {
  if (!row) return `${name.padEnd(12)} ${after}  same\n`
  const shown = (text: string | null) => text ?? 'no such row'
  const digests = `${name.padEnd(12)} ${before}\n${' '.repeat(13)}${after}  differs, first in\n`
  return `${digests}  was      ${shown(row.before)}\n  must be  ${shown(row.after)}\n`
}
