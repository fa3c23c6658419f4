import fc from 'fast-check'
import { anyScenario, type Scenario } from './faults.ts'
import type { Violation } from './oracle.ts'
import { runWorld } from './world.ts'

/** What many runs came to. */
export type Simulation = {
  readonly seed: number
  readonly runs: number
  /** How often each fault struck, and what became of messages, over all runs. */
  readonly counts: Readonly<Record<string, number>>
  /** The smallest script of faults found that breaks a rule; null when all runs hold. */
  readonly failure: {
    readonly scenario: Scenario
    readonly violations: readonly Violation[]
    /** The script as it was drawn, before it was made smaller. */
    readonly drawn: Scenario
  } | null
}

export type SimulateOptions = {
  /** How often a smaller script of faults is looked for at most, once one broke a rule. */
  readonly shrinksMax?: number
  /** Told after each run that held, and when one broke a rule: how many there were. */
  readonly onRun?: (done: number, broken: boolean) => void
}

/**
 * Runs scenarios drawn from a seed until one breaks a rule. A smaller script that does so too is
 * then looked for.
 */
export async function simulate(
  seed: number,
  runs: number,
  { shrinksMax = 120, onRun = () => {} }: SimulateOptions = {},
): Promise<Simulation> {
  const counts: Record<string, number> = {}
  let found: Simulation['failure'] = null
  let done = 0
  let shrinks = 0
  const property = fc.asyncProperty(anyScenario(), async (scenario) => {
    if (found && shrinks++ >= shrinksMax) return
    const { violations, counts: own } = await runWorld(scenario)
    if (violations.length > 0) {
      if (!found) onRun(done + 1, true)
      found = { scenario, violations, drawn: found?.drawn ?? scenario }
      throw new Error(violations[0]!.what)
    }
    if (found) return
    done++
    for (const [name, count] of Object.entries(own)) counts[name] = (counts[name] ?? 0) + count
    onRun(done, false)
  })
  const { failed, errorInstance } = await fc.check(property, { seed, numRuns: runs })
  // Not a rule that broke, but the simulation itself: nothing may pass for having held.
  if (failed && !found) throw errorInstance
  return { seed, runs: done + (found ? 1 : 0), counts, failure: found }
}
