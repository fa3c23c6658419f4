import { indicators, missingReasons } from '../../protocol/indicators.ts'
import { AgentError } from '../error.ts'
import { factsOf } from '../facts/all.ts'
import type { FactHost, Reading } from '../facts/fact.ts'
import { type History, noHistory } from '../facts/history.ts'
import { openFactHost } from '../facts/host.ts'
import { measureFacts } from '../facts/measure.ts'
import { readKept, writeKept } from '../facts/state.ts'
import { sharedOptions } from '../program.ts'
import { openSpoolToRead } from '../spool-file.ts'
import { type Command, text } from './command.ts'
import { loadConfig } from './files.ts'

/** What this command says beside the values. */
const texts = {
  about: 'Measure the readiness facts now and print them.',
  json: 'Print JSON.',
  keep: 'Remember in --dir what later runs need; the running agent asks for it.',
  details: `Nothing is sent. What cannot be measured says why; where one permission would change
that, it is named. What agent.yaml lists under facts.exclude is not measured. Exit 0 whatever the
facts are.`,
  not_applicable: 'does not apply',
  cannot_measure: 'cannot be measured',
  permission: 'would need',
}

/** Measures the readiness facts, for people and for the running agent. */
export const facts: Command = {
  about: texts.about,
  options: {
    config: sharedOptions.config,
    dir: sharedOptions.dir,
    json: { type: 'boolean', default: false, about: texts.json },
    keep: { type: 'boolean', default: false, about: texts.keep },
  },
  details: texts.details,
  run: async (program, values) => {
    const config = loadConfig(text(values, 'config') ?? '')
    const dir = text(values, 'dir') ?? ''
    const { clock, root, run, timer, out, err } = program
    const platform = platformOf(process.platform)
    const host = openFactHost({
      ...{ platform, root, run, config, now: clock.wall(), uptimeMs: clock.boot() },
      wall: clock.wall,
      ...{ kept: readKept(dir), history: historyIn(dir) },
    })
    const warn = (sentence: string) => err(`${sentence}\n`)
    const readings = await measureFacts(factsOf(platform), host, { timer, warn })
    if (values.keep) writeKept(dir, host.kept)
    out(values.json ? asJson(readings) : asTable(readings))
    return 0
  },
}

function platformOf(platform: NodeJS.Platform): FactHost['platform'] {
  if (platform === 'linux' || platform === 'win32' || platform === 'darwin') return platform
  throw new AgentError('failed', `Facts are not measured on ${platform}.`)
}

/** What the running agent remembers of usage and volumes. */
function historyIn(dir: string): History {
  const spool = openSpoolToRead(dir)
  if (!spool) return noHistory
  try {
    return (spool.state('history') as History | null) ?? noHistory // written by the usage watch
  } finally {
    spool.close()
  }
}

function asJson(readings: readonly Reading[]): string {
  const facts = readings.map((reading) => ({ ...reading, unit: indicators[reading.indicator] }))
  return `${JSON.stringify({ facts }, null, 2)}\n`
}

function asTable(readings: readonly Reading[]): string {
  const rows = readings.map((reading) => [reading.indicator, told(reading), reading.method])
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => row[i]!.length)))
  return readings
    .flatMap(({ detail, permission }, i) => {
      const cells = rows[i]!.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')
      const more = [detail, permission && `${texts.permission}: ${permission}`]
      return [cells.trimEnd(), ...more.filter((line) => line).map((line) => `    ${line}`)]
    })
    .map((line) => `${line}\n`)
    .join('')
}

function told({ indicator, value, missing }: Reading): string {
  if (missing) return `${texts[missingReasons[missing]]} (${missing})`
  const unit = indicators[indicator]
  return unit === 'text' || unit === 'boolean' ? `${value}` : `${value} ${unit}`
}
