import { newTally, type Row } from '../row.ts'
import { mutants } from '../tampering/all.ts'
import { judgeMutant, judgeSet } from '../tampering/mutant.ts'
import { setMutants } from '../tampering/set-edits.ts'
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
    const all = [
      ...mutants.map((mutant) => ({ ...mutant, judge: () => judgeMutant(mutant, world) })),
      ...setMutants.map((mutant) => ({ ...mutant, judge: () => judgeSet(mutant, world) })),
    ]
    for (const { name, shownBy, judge } of all) {
      const { isKilled, said } = await judge()
      tally.kills++
      if (isKilled) killed[shownBy]++
      else tally.failures.push(`Not caught: ${name}: ${said}`)
    }
    log(`${killed.file + killed.outside} of ${all.length} ways to tamper were caught`)
    tally.figures.mutants = all.length
    tally.figures['caught by the file alone'] = killed.file
    tally.figures['caught by what others kept, only'] = killed.outside
    return tally
  },
}
