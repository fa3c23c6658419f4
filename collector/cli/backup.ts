import { readConfig } from '../config.ts'
import { AppError } from '../error.ts'
import { keepNewest, backup as makeBackup } from '../operations/backup.ts'
import { version } from '../version.ts'
import { type Command, text } from './command.ts'

/** Copies the evidence while the collector runs. */
export const backup: Command = {
  about: 'Copy the evidence into a new folder; the collector may run meanwhile.',
  operands: ['FOLDER'],
  options: {
    keep: {
      type: 'string',
      value: 'N',
      about: 'Keep the N newest backups beside it, remove others.',
    },
  },
  details:
    'The copy is read back and recomputed before the folder gets its name. The log key is not\n' +
    'in it: keep that apart. See docs/operations.md.',
  run: async ({ environment, now, out }, values, [folder = '']) => {
    const { dataDir } = readConfig(environment)
    const keep = keepOf(text(values, 'keep'))
    const { bytes, heads } = await makeBackup({ dataDir, folder, at: now(), version })
    const leaves = heads.reduce((sum, { size }) => sum + size, 0)
    out(`${folder}: ${bytes} bytes, ${heads.length} logs, ${leaves} leaves.\n`)
    for (const name of keep === null ? [] : keepNewest(folder, keep)) out(`Removed ${name}.\n`)
    return 0
  },
}

function keepOf(given: string | undefined): number | null {
  if (given === undefined) return null
  if (/^[1-9]\d{0,4}$/.test(given)) return Number(given)
  throw new AppError('configuration', '--keep: give a number from 1 to 99999.')
}
