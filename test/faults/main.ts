import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { tidyOwn } from './leftovers.ts'
import { newTally, outcomeOf } from './row.ts'
import { rows } from './rows/all.ts'
import { runRow } from './run-row.ts'
import { faultJson, faultTable, type Ran } from './table.ts'

const help = `Usage: SEED=number node test/faults/main.ts [row…] [--quick] [--keep]

Injects the faults of docs/faults.md into real processes and lets the oracle judge.

  row…         only these, such as F2 F7; default all
  --quick      small counts, as in \`npm test\`
  --keep       leave the folder of a failed row for a look
  --blindness  instead: apply each seeded bug in turn; the named test must fail
  --bugs LIST  of these only, such as M1,M2

Exit status: 0 all rows held or were not run, 1 a row failed, 2 wrong usage.
`

const options = {
  quick: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  blindness: { type: 'boolean', default: false },
  bugs: { type: 'string', default: '' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Not `once`: timeout(1) sends two, and the second would end this in the middle.
  process.on(signal, () => {
    tidyOwn()
    process.exit(128 + constants.signals[signal])
  })
}
const watchdog = startWatchdog()
const code = await main()
watchdog.kill('SIGKILL')
process.exit(code)

function startWatchdog(): ChildProcess {
  const file = fileURLToPath(new URL('watchdog.ts', import.meta.url))
  return spawn(process.execPath, [file, String(process.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) {
    console.log(help)
    return 0
  }
  if (values.blindness) {
    const { checkBlindness } = await import('./blindness.ts')
    return checkBlindness(values.bugs.split(',').filter(Boolean), console.log)
  }
  const wanted = positionals.map((id) => id.toUpperCase())
  const unknown = wanted.filter((id) => !rows.some((row) => row.id === id))
  if (unknown.length > 0) {
    console.error(`There is no row ${unknown.join(', ')}. There are: ${rows.map(({ id }) => id)}`)
    return 2
  }
  const seed = process.env.SEED || String(randomInt(2 ** 31))
  console.log(`SEED=${seed}${values.quick ? ' --quick' : ''}`)
  const ran: Ran[] = []
  for (const row of rows.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
    console.log(`${row.id}  ${row.what}`)
    const startedAt = performance.now()
    const { quick, keep } = values
    const done = await runRow(row, { quick, seed, keep, log: console.log }).catch((error) => {
      const failures = [error instanceof Error ? (error.stack ?? error.message) : String(error)]
      const seconds = (performance.now() - startedAt) / 1_000
      return { row, seconds, result: { ...newTally(), failures } }
    })
    console.log(`${row.id}  ${outcomeOf(done.result)}, ${done.seconds.toFixed(0)} s`)
    ran.push(done)
  }
  console.log(`\n${faultTable(ran)}\n`)
  console.log(faultJson(ran, seed))
  return ran.some(({ result }) => outcomeOf(result) === 'failed') ? 1 : 0
}
