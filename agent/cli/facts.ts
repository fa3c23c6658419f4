import { indicators, missingReasons } from '../../protocol/indicators.ts'
import { trustAuthorities } from '../authorities.ts'
import { AgentError } from '../error.ts'
import { factsOf } from '../facts/all.ts'
import type { FactHost, Reading } from '../facts/fact.ts'
import { type History, noHistory } from '../facts/history.ts'
import { openFactHost } from '../facts/host.ts'
import { measureFacts } from '../facts/measure.ts'
import { readKept, writeKept } from '../facts/state.ts'
import { type Language, say } from '../language.ts'
import { sharedOptions } from '../program.ts'
import { openSpoolToRead } from '../spool-file.ts'
import { type Command, text } from './command.ts'
import { loadConfig } from './files.ts'
import { table } from './table.ts'
import { aboutTexts } from './texts/help.ts'
import {
  booleanTexts,
  factsTexts,
  indicatorTexts,
  missingTexts,
  unitTexts,
  wordTexts,
} from './texts/indicators.ts'

/** Measures the readiness facts, for people and for the running agent. */
export const facts: Command = {
  about: aboutTexts.facts,
  options: {
    config: sharedOptions.config,
    dir: sharedOptions.dir,
    json: { type: 'boolean', default: false, about: factsTexts.json },
    keep: { type: 'boolean', default: false, about: factsTexts.keep },
  },
  details: factsTexts.details,
  run: async (program, values) => {
    const config = loadConfig(text(values, 'config') ?? '')
    trustAuthorities(config.authorities)
    const dir = text(values, 'dir') ?? ''
    const { clock, root, run, timer, out, err } = program
    const platform = platformOf(process.platform)
    const host = openFactHost({
      ...{ platform, root, run, config, now: clock.wall(), uptimeMs: clock.boot() },
      ...{ kept: readKept(dir), history: historyIn(dir) },
    })
    const warn = (sentence: string) => err(`${sentence}\n`)
    const readings = await measureFacts(factsOf(platform), host, { timer, warn })
    if (values.keep) writeKept(dir, host.kept)
    out(values.json ? asJson(readings) : asTable(readings, program.language))
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

function asTable(readings: readonly Reading[], language: Language): string {
  const rows = readings.map((reading) => {
    const { indicator } = reading
    return [indicator, say(indicatorTexts[indicator], language), told(reading, language)]
  })
  const lines = table(rows).trimEnd().split('\n')
  return readings
    .flatMap(({ method, detail, permission }, i) => {
      const how = detail ? `${method}: ${detail}` : method
      const more = permission && say(factsTexts.permission, language, { permission })
      return [lines[i] ?? '', `    ${how}`, ...(more ? [`    ${more}`] : [])]
    })
    .map((line) => `${line}\n`)
    .join('')
}

function told({ indicator, value, missing }: Reading, language: Language): string {
  if (missing) {
    const isNotApplicable = missingReasons[missing] === 'not_applicable'
    const text = isNotApplicable ? factsTexts.notApplicable : factsTexts.cannotMeasure
    return say(text, language, { reason: say(missingTexts[missing], language) })
  }
  if (typeof value === 'boolean') return say(booleanTexts[value ? 'yes' : 'no'], language)
  const word = wordTexts[String(value)]
  if (word) return say(word, language)
  const unit = indicators[indicator]
  return say(unitTexts[unit], language, { value: shownValue(value, unit) })
}

/** Four digits are more than anybody reads; what is sent has them all. */
function shownValue(value: Reading['value'], unit: string): string {
  if (typeof value !== 'number') return String(value)
  if (unit === 'epoch_milliseconds') return new Date(value).toISOString()
  return String(Number((unit === 'ratio' ? 100 * value : value).toPrecision(4)))
}
