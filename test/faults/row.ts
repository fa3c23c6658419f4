/**
 * The shape of a row of the fault table (docs/faults.md). To add one:
 * 1. `test/faults/rows/f99-what-breaks.ts` exports a `Row` (a const named for what breaks);
 * 2. one line in `test/faults/rows/all.ts`.
 *
 * A row injects one kind of fault into real processes, waits for the drain, and lets the oracle
 * (`oracle.ts`) judge. It throws only when the harness itself is broken; what the product did wrong
 * are `failures`. What could not be injected here (no root, no strace) is a line in `notRun`: it is
 * printed as not run and never counts as held. All chance comes from `context.random`.
 *
 *   export const exampleRow: Row = {
 *     id: 'F99',
 *     what: 'collector stopped and started',
 *     injected: 'SIGTERM',
 *     run: async ({ quick, random, folder, log }) => {
 *       const tally = newTally()
 *       ... tally.kills++, tally.recoverMs.push(…), tally.failures.push('…')
 *       addVerdict(tally, await judge({ … }))   // from oracle.ts
 *       return tally
 *     },
 *   }
 */
export type RowContext = {
  /** Small counts, some 20 s; else the counts of the fault table. */
  readonly quick: boolean
  /** In [0, 1), from the printed seed and the row's id: the row replays alone. */
  readonly random: () => number
  /** An empty folder of the row's own, removed afterwards. */
  readonly folder: string
  /** Progress, for people. */
  log(line: string): void
}

export type Row = {
  /** As in the fault table: F1 to F19. */
  readonly id: string
  readonly what: string
  /** By what means, for the table. */
  readonly injected: string
  run(context: RowContext): Promise<RowResult>
}

export type RowResult = {
  /** Faults injected: kills, cuts, damaged pages, lost replies. 0 means that nothing was run. */
  readonly kills: number
  /** Messages that were acknowledged. */
  readonly acked: number
  /** Acknowledged and not in the record; must be 0. */
  readonly lost: number
  /** Issued, not in the record and in no signed gap; must be 0. */
  readonly undeclared: number
  /** Messages in the record more than once; must be 0. */
  readonly duplicates: number
  /** From a fault until evidence is acknowledged again, one value a fault, milliseconds. */
  readonly recoverMs: readonly number[]
  /** What else was measured. */
  readonly figures: Readonly<Record<string, number | string>>
  /** What did not hold, a sentence each. */
  readonly failures: readonly string[]
  /** What was not run here and why, a sentence each. */
  readonly notRun: readonly string[]
}

/** A result that a row fills while it runs. */
export type Tally = {
  kills: number
  acked: number
  lost: number
  undeclared: number
  duplicates: number
  recoverMs: number[]
  figures: Record<string, number | string>
  failures: string[]
  notRun: string[]
}

export function newTally(): Tally {
  const none = { kills: 0, acked: 0, lost: 0, undeclared: 0, duplicates: 0 }
  return { ...none, recoverMs: [], figures: {}, failures: [], notRun: [] }
}

export type Outcome = 'held' | 'held in part' | 'failed' | 'not run'

/** What a result comes to. Nothing injected is never a success. */
export function outcomeOf({ kills, failures, notRun }: RowResult): Outcome {
  if (failures.length > 0) return 'failed'
  if (kills === 0) return 'not run'
  return notRun.length > 0 ? 'held in part' : 'held'
}
