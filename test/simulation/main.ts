import type { Scenario } from './faults.ts'
import { simulate } from './simulate.ts'
import { runWorld } from './world.ts'

const help = `Usage: SEED=number RUNS=number npm run simulate

Many runs of agents, network and collector in virtual time, each with its own faults.

  SEED      the runs; without it a new one is drawn, and printed
  RUNS      how many, 50 without it: about a minute of one core
  SHRINKS   how long a smaller script of faults is looked for once a rule broke; 120 without it
  SCENARIO  replays one script of faults instead

Exit status: 0 every rule held, 1 a rule broke.
`

/** A line is printed after so many runs. */
const progressRuns = 10

const { SEED, RUNS = '50', SHRINKS = '120', SCENARIO } = process.env

if (process.argv.length > 2) {
  console.log(help)
} else if (SCENARIO) {
  const { violations, events, trace, counts } = await runWorld(JSON.parse(SCENARIO) as Scenario)
  console.log(events.join('\n'))
  console.log(JSON.stringify(counts))
  console.log(`trace ${trace}`)
  for (const { rule, what } of violations) console.log(`Broken: (${rule}) ${what}`)
  process.exitCode = violations.length > 0 ? 1 : 0
} else {
  const seed = SEED === undefined ? Date.now() % 2 ** 31 : Number(SEED)
  const runs = Number(RUNS)
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(runs) || runs < 1) {
    throw new Error('SEED and RUNS are whole numbers.')
  }
  console.log(`SEED=${seed} RUNS=${runs}`)
  const startedAt = performance.now()
  const {
    runs: done,
    counts,
    failure,
  } = await simulate(seed, runs, {
    shrinksMax: Number(SHRINKS),
    onRun: (done, broken) => {
      if (broken) console.log(`Run ${done} broke a rule; looking for a smaller script of faults …`)
      else if (done % progressRuns === 0 && done < runs) console.log(`  ${done} of ${runs} runs`)
    },
  })
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  console.log(`${done} runs in ${seconds} s`)
  for (const [name, count] of Object.entries(counts)) console.log(`  ${name}: ${Math.round(count)}`)
  if (failure) {
    const { scenario, violations, drawn } = failure
    for (const { rule, what } of violations) console.log(`Broken: (${rule}) ${what}`)
    console.log(
      `Drawn with ${drawn.faults.length} faults; the smallest found has ${scenario.faults.length}.`,
    )
    console.log(`Replay all:  SEED=${seed} RUNS=${runs} npm run simulate`)
    console.log(`Replay this: SCENARIO='${JSON.stringify(scenario)}' npm run simulate`)
    process.exitCode = 1
  } else console.log('Every rule held.')
}
