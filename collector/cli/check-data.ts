import { readConfig } from '../config.ts'
import { checkData as check } from '../operations/check-data.ts'
import { dataFiles } from '../operations/data-files.ts'
import type { Command } from './command.ts'

/** Reads everything there is and recomputes every log. */
export const checkData: Command = {
  about: 'Read the whole database and recompute its logs; the collector may run meanwhile.',
  run: async ({ environment, out, err }) => {
    const { database } = dataFiles(readConfig(environment).dataDir)
    const { heads, faults } = await check(database)
    for (const { log, size, root } of heads) out(`${log} ${size} ${root.toString('hex')}\n`)
    for (const fault of faults) err(`${fault}\n`)
    out(faults.length === 0 ? `${database} is whole.\n` : `${database} is damaged.\n`)
    return faults.length === 0 ? 0 : 1
  },
}
