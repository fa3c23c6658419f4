import { newTally, type Row } from '../row.ts'
import { mutants } from '../tampering/all.ts'
import { judgeMutant } from '../tampering/mutant.ts'
import { makeWorld } from '../tampering/world.ts'

/**
 * F16: an operator with full access changes the record, the log key in hand. What agents signed he
 * cannot make fit; what he rewrites as a whole is against the copies that others kept.
 */
export const tampering: Row = {
  id: 'F16',
  what: 'tampering by the operator',
  injected: 'exports changed by hand, rewritten and signed anew, taken from an older database',
  run: async ({ folder, log }) => {
    const tally = newTally()
    const world = await makeWorld(folder)
    const killed = { file: 0, outside: 0 }
    for (const mutant of mutants) {
      const { isKilled, said } = await judgeMutant(mutant, world)
      tally.kills++
      if (isKilled) killed[mutant.shownBy]++
      else tally.failures.push(`Not caught: ${mutant.name}: ${said}`)
    }
    log(`${killed.file + killed.outside} of ${mutants.length} ways to tamper were caught`)
    tally.figures.mutants = mutants.length
    tally.figures['caught by the file alone'] = killed.file
    tally.figures['caught by what others kept, only'] = killed.outside
    return tally
  },
}
