import type { Run } from '../child.ts'
import { selftestTexts } from '../cli/texts/selftest.ts'
import type { Clock, Timer } from '../clock.ts'
import { type Said, said } from '../language.ts'

/** How a trial ended, with a sentence of what was seen. */
export type Outcome = {
  readonly result: 'pass' | 'fail' | 'not_applicable'
  readonly detail: Said
}

/** What trials use of the outside. */
export type TrialContext = {
  readonly platform: NodeJS.Platform
  readonly clock: Clock
  readonly timer: Timer
  readonly root: string
  readonly run: Run
  /** The agent's own folder, which need not be there. */
  readonly dir: string
  /** An empty folder that goes with the trials. */
  readonly scratch: string
}

/** One thing that must hold on this host. What it throws is a failure. */
export type Trial = (context: TrialContext) => Promise<Outcome>

export const pass = (detail: Said): Outcome => ({ result: 'pass', detail })
export const fail = (detail: Said): Outcome => ({ result: 'fail', detail })
export const notApplicable = (detail: Said): Outcome => ({ result: 'not_applicable', detail })

/** The outcome of a trial, also of one that throws. */
export async function outcomeOf(trial: Trial, context: TrialContext): Promise<Outcome> {
  try {
    return await trial(context)
  } catch (error) {
    const { message } = error as Error // only errors are thrown
    return fail(said(selftestTexts.threw, { why: message }))
  }
}
