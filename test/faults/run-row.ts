import { rmSync } from 'node:fs'
import { makeFolder, runMark, tidyStale } from './leftovers.ts'
import { randomOf } from './randomness.ts'
import type { Row } from './row.ts'
import type { Ran } from './table.ts'

export type RunOptions = {
  readonly quick: boolean
  readonly seed: string
  readonly log: (line: string) => void
  /** Leaves the folder of a row that failed where it is. */
  readonly keep?: boolean
}

/** Runs one row in a folder of its own. A harness that breaks is a failure of the row. */
export async function runRow(row: Row, { quick, seed, log, keep }: RunOptions): Promise<Ran> {
  tidyStale()
  // What is started without an environment of its own has this one.
  Object.assign(process.env, runMark())
  const folder = makeFolder(row.id)
  const startedAt = performance.now()
  const random = randomOf(`${seed}/${row.id}`)
  const say = (line: string) => log(`${row.id}  ${line}`)
  let mayRemove = true
  try {
    const result = await row.run({ quick, random, folder, log: say })
    mayRemove = !keep || result.failures.length === 0
    return { row, result, seconds: (performance.now() - startedAt) / 1_000 }
  } finally {
    if (mayRemove) rmSync(folder, { recursive: true, force: true })
    else log(`kept: ${folder}`)
  }
}
