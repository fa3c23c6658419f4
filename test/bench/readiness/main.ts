import type { ReadinessInputs } from '../../../collector/kpi/readiness/inputs.ts'
import { nationReadiness } from '../../../collector/kpi/readiness/nation.ts'
import { scoreInstitution } from '../../../collector/kpi/readiness/score.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'
import { median } from '../ingest/phases.ts'
import { benchNation, withOneChange } from './nation.ts'
import { type BenchOptions, readOptions } from './options.ts'

/**
 * What scoring the readiness of a nation costs. Progress goes to the error output; the last line is
 * one JSON object.
 */

const model = loadDefaultModel()
const member = { isMember: true, isEnabledMember: true }
console.log(JSON.stringify(bench(readOptions(process.argv.slice(2)))))

function bench(options: BenchOptions) {
  const nation = benchNation(options)
  const scored = nation.map(score)
  const nationRounds: number[] = []
  const oneRounds: number[] = []
  for (let round = 0; round < options.rounds; round++) {
    nationRounds.push(cpuMs(() => nationReadiness(nation.map(score), model)))
    // Each institution once, so that the clock's step is small beside it.
    const changed = nation.map((inputs) => withOneChange(inputs, 0.8 + (round % 10) / 100))
    const all = cpuMs(() => {
      for (const [index, inputs] of changed.entries()) rescored(scored, index, inputs)
    })
    oneRounds.push(all / changed.length)
  }
  check(scored)
  const count = model.dimensions.flatMap(({ indicators }) => indicators).length
  say(
    `${options.institutions} institutions of ${options.hosts} hosts, ${count} indicators, model ` +
      `${model.id} ${model.version}: ${show(median(nationRounds))} ms CPU, ` +
      `${show(nationRounds[0])} in the first round`,
  )
  say(`one institution: ${show(median(oneRounds))} ms CPU, ${show(oneRounds[0])} at first`)
  return {
    score_nation_cpu_ms: round(median(nationRounds), 1),
    rescore_one_cpu_ms: round(median(oneRounds), 3),
  }
}

type Row = ReturnType<typeof score>

function score(inputs: ReadinessInputs) {
  return { kind: 'institution' as const, readiness: scoreInstitution(inputs, model, member) }
}

/** What a snapshot has to do for one changed fact: all other institutions stay as they are. */
function rescored(scored: readonly Row[], index: number, inputs: ReadinessInputs) {
  return nationReadiness(scored.with(index, score(inputs)), model)
}

function check(scored: readonly Row[]): void {
  const { index, levels } = nationReadiness(scored, model)
  const isScored = index !== null && index.low.ratio > 0.1 && index.low.ratio < index.high.ratio
  if (!isScored) throw new Error('The nation has no figures.')
  say(
    `the index of this nation is ${index.low.percent} to ${index.high.percent}: ` +
      levels.map(({ level, members }) => `${members} ${level ?? 'being set up'}`).join(', '),
  )
}

/** CPU time of all threads, the collection of garbage included. */
function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

function show(ms: number | undefined): string {
  return (ms ?? Number.NaN).toFixed(2)
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

function say(line: string): void {
  console.error(line)
}
