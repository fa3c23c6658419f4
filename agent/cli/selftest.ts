import { mkdtempSync, rmSync } from 'node:fs'
import { release, tmpdir, type } from 'node:os'
import { join } from 'node:path'
import { say } from '../language.ts'
import { type Program, sharedOptions } from '../program.ts'
import { factsTrial, windowsTrial } from '../selftest/facts.ts'
import { clockTrial, spoolTrial } from '../selftest/keeping.ts'
import { keyTrial, newKeyTrial } from '../selftest/key-access.ts'
import { probeTrials } from '../selftest/probes.ts'
import { oldProtocolTrial, untrustedTrial } from '../selftest/refusals.ts'
import { type Outcome, outcomeOf, type Trial } from '../selftest/trial.ts'
import { version } from '../version.ts'
import { type Command, text } from './command.ts'
import { table } from './table.ts'
import { aboutTexts } from './texts/help.ts'
import { selftestTexts } from './texts/selftest.ts'

const trials: readonly (readonly [name: string, Trial])[] = [
  ...probeTrials,
  ['facts', factsTrial],
  ['windows.report', windowsTrial],
  ['key.new', newKeyTrial],
  ['key.own', keyTrial],
  ['spool', spoolTrial],
  ['clock.sources', clockTrial],
  ['tls.untrusted', untrustedTrial],
  ['tls.old_protocol', oldProtocolTrial],
]

type Named = Outcome & { readonly name: string }

/** Tries on this very host what can only be tried there. */
export const selftest: Command = {
  about: aboutTexts.selftest,
  options: {
    dir: sharedOptions.dir,
    json: { type: 'boolean', default: false, about: selftestTexts.json },
  },
  details: selftestTexts.details,
  run: async (program, values) => {
    const dir = text(values, 'dir') ?? ''
    const outcomes: Named[] = []
    // One after the other: what they measure is not to be each other's load.
    for (const [name, trial] of trials) {
      outcomes.push({ name, ...(await tryOnce(trial, program, dir)) })
    }
    program.out(values.json ? asJson(outcomes) : asTable(outcomes, program))
    return outcomes.some(({ result }) => result === 'fail') ? 1 : 0
  },
}

async function tryOnce(trial: Trial, program: Program, dir: string): Promise<Outcome> {
  const { clock, timer, root, run } = program
  const scratch = mkdtempSync(join(tmpdir(), 'istimrar-selftest-'))
  try {
    const context = { platform: process.platform, clock, timer, root, run, dir, scratch }
    return await outcomeOf(trial, context)
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })
  }
}

const results = ['pass', 'fail', 'not_applicable'] as const
const countOf = (outcomes: readonly Named[], wanted: Outcome['result']) =>
  outcomes.filter(({ result }) => result === wanted).length

/** Names of the system and its version: nothing by which the host is known. */
function asJson(outcomes: readonly Named[]): string {
  const counts = Object.fromEntries(results.map((result) => [result, countOf(outcomes, result)]))
  const told = outcomes.map(({ name, result, detail }) => ({
    name,
    result,
    detail: detail.in('en'),
  }))
  const host = { version, system: `${type()} ${release()}`, runtime: process.version }
  return `${JSON.stringify({ ...host, ...counts, trials: told }, null, 2)}\n`
}

function asTable(outcomes: readonly Named[], { language }: Program): string {
  const system = `${type()} ${release()}`
  const head = say(selftestTexts.head, language, { version, system, runtime: process.version })
  const rows = outcomes.map(({ name, result, detail }) => {
    return [name, say(selftestTexts[result], language), detail.in(language)]
  })
  const [passed = 0, failed = 0, rest = 0] = results.map((result) => countOf(outcomes, result))
  const sum = say(selftestTexts.sum, language, { passed, failed, rest })
  return `${head}\n\n${table(rows)}\n${sum}\n`
}
