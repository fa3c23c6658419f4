import { test } from 'vitest'
import { outcomeOf } from '../faults/row.ts'
import { rows } from '../faults/rows/all.ts'
import { runRow } from '../faults/run-row.ts'

/**
 * The fault table with small counts: a failure names the row. In full, and with another seed:
 * `SEED=… npm run test:faults F2`.
 */
const seed = process.env.SEED || '1'

for (const row of rows) {
  // Rows mostly wait: two at a time (`maxConcurrency`) need half the time.
  test.concurrent(`${row.id}: ${row.what}`, async ({ skip, annotate, expect }) => {
    const said: string[] = []
    const { result } = await runRow(row, { quick: true, seed, log: (line) => said.push(line) })
    const again = `SEED=${seed} node test/faults/main.ts ${row.id} --quick`
    expect(result.failures, `${again}\n${said.join('\n')}`).toEqual([])
    // No root, no mounts, a shallow clone: the reporter lists it, in whole or in part.
    if (outcomeOf(result) === 'not run') skip(result.notRun.join('; '))
    for (const line of result.notRun) await annotate(line, 'not run')
  })
}
