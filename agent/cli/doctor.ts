import { DocumentError } from '../../protocol/document.ts'
import { secondMs } from '../../protocol/time.ts'
import { trustAuthorities } from '../authorities.ts'
import { type Detail, Examination, Faulty, type Finding } from '../doctor/finding.ts'
import { examineChecks, examineFacts, examineHome } from '../doctor/home.ts'
import { examineWay } from '../doctor/way.ts'
import { AgentError } from '../error.ts'
import { type Language, say, type Text, type Value } from '../language.ts'
import { type Program, sharedOptions } from '../program.ts'
import { type Command, text } from './command.ts'
import { loadConfig } from './files.ts'
import { widthOf } from './table.ts'
import {
  absentTexts,
  doctorTexts,
  faultTexts,
  outcomeTexts,
  runningText,
  stepTexts,
} from './texts/doctor.ts'
import { aboutTexts } from './texts/help.ts'

const stepTimeoutMs = 10 * secondMs
const factsTimeoutMs = 60 * secondMs

/** Finds what is wrong between this host and the collector, and on this host. */
export const doctor: Command = {
  about: aboutTexts.doctor,
  options: {
    config: sharedOptions.config,
    dir: sharedOptions.dir,
    json: { type: 'boolean', about: doctorTexts.json },
  },
  details: doctorTexts.details,
  run: async (program, values) => {
    const { clock, proxy, out, language } = program
    const examination = new Examination()
    const file = text(values, 'config') ?? ''
    const config = await examination.step(
      'config',
      [],
      () => readConfiguration(file, language),
      () => ({ file }),
    )
    trustAuthorities(config?.authorities)
    const way = { proxy, now: clock.wall, timeoutMs: stepTimeoutMs }
    await examineWay(examination, config && { ...config, ...way })
    const dir = text(values, 'dir') ?? ''
    await examineHome(examination, dir)
    await examineChecks(examination, config)
    const options = ['--json', '--config', file, '--dir', dir]
    await examineFacts(examination, config, () => askSelf(program, ['facts', ...options]))
    const { findings } = examination
    const faults = findings.filter(({ outcome }) => outcome === 'fault').length
    if (values.json) out(`${JSON.stringify({ faults, findings }, null, 2)}\n`)
    else out(report(findings, faults, language))
    return faults === 0 ? 0 : 1
  },
}

/** What this program says to a command, in a process of its own; null when it does not end well. */
async function askSelf({ self, run }: Program, args: readonly string[]): Promise<string | null> {
  const command = { file: self.executable, args: [...self.args, ...args] }
  const signal = AbortSignal.timeout(factsTimeoutMs)
  const said = await run(command, signal).catch(() => null)
  return said?.status === 0 ? said.stdout : null
}

function readConfiguration(file: string, language: Language) {
  try {
    return loadConfig(file)
  } catch (error) {
    if (error instanceof DocumentError) {
      throw new Faulty('config_wrong', { file, count: error.problems.length })
    }
    if (!(error instanceof AgentError)) throw error
    const { code } = (error.cause ?? {}) as NodeJS.ErrnoException
    const isFile = code !== undefined && error.message.includes(file)
    if (isFile) throw new Faulty('config_missing', { file, why: code })
    throw new Faulty('authorities_wrong', { problem: error.in(language) })
  }
}

function report(findings: readonly Finding[], faults: number, language: Language): string {
  const names = findings.map(({ step }) => say(stepTexts[step].name, language))
  const width = Math.max(...names.map(widthOf))
  const outcomes = Object.values(outcomeTexts).map((each) => widthOf(say(each, language)))
  const outcomeWidth = Math.max(...outcomes)
  const pad = (cell: string, to: number) => cell + ' '.repeat(to - widthOf(cell))
  const lines = findings.map(({ step, outcome, fault, detail = {} }, i) => {
    const word = pad(say(outcomeTexts[outcome], language), outcomeWidth)
    const start = `${word}  ${pad(names[i] ?? '', width)}  `
    if (outcome === 'skipped') return start.trimEnd()
    if (!fault) return `${start}${sayWith(stepTexts[step].ok, language, shown(detail))}`
    const { what, remedy: todo } = faultTexts[fault]
    const remedy = say(doctorTexts.remedy, language, {
      remedy: { in: () => sayWith(todo, language, detail) },
    })
    const indent = ' '.repeat(outcomeWidth + width + 4)
    return `${start}${sayWith(what, language, detail)}\n${indent}${remedy}`
  })
  const end = faults === 0 ? doctorTexts.none : doctorTexts.first
  return `${lines.join('\n')}\n\n${say(end, language)}\n`
}

/** In words what is no value: that there is no proxy, say. */
function shown(detail: Detail): Readonly<Record<string, Value>> {
  const words = Object.entries({ ...absentTexts, ...(detail.running && { running: runningText }) })
  const said = words.map(([name, word]) => [
    name,
    { in: (language: Language) => say(word, language) },
  ])
  const { running: _, ...values } = detail
  return { ...Object.fromEntries(said), ...values }
}

/** A text whose places are only known when it is looked up; a test holds both together. */
function sayWith(text: Text, language: Language, values: Readonly<Record<string, Value>>): string {
  return say<Text>(text, language, ...([values] as unknown as []))
}
