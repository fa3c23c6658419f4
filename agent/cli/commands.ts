import { parseArgs } from 'node:util'
import { DocumentError } from '../../protocol/document.ts'
import { wrongArguments } from '../arguments.ts'
import { AgentError } from '../error.ts'
import { type Language, said, say } from '../language.ts'
import { type Option, type Program, placed, sharedOptions } from '../program.ts'
import { version } from '../version.ts'
import { check } from './check.ts'
import type { Command } from './command.ts'
import { configCheck } from './config-check.ts'
import { doctor } from './doctor.ts'
import { enrol } from './enrol.ts'
import { facts } from './facts.ts'
import { freeze } from './freeze.ts'
import { init } from './init.ts'
import { receipts } from './receipts.ts'
import { rejoin } from './rejoin.ts'
import { rotateKeyCommand } from './rotate-key.ts'
import { selftest } from './selftest.ts'
import { sent } from './sent.ts'
import { showNextBatch } from './show-next-batch.ts'
import { status } from './status.ts'
import { table } from './table.ts'
import { aboutTexts, helpTexts } from './texts/help.ts'
import { problemsIn } from './texts/problems.ts'
import { uninstall } from './uninstall.ts'

const run: Command = {
  about: aboutTexts.run,
  options: sharedOptions,
  run: async () => {
    throw new Error('main.ts starts the resident agent itself.')
  },
}

/** Every command for people, in the order of `istimrar-agent help`. */
export const commands: Readonly<Record<string, Command>> = {
  init,
  enrol,
  run,
  status,
  doctor,
  check,
  facts,
  config: configCheck,
  'show-next-batch': showNextBatch,
  sent,
  receipts,
  'rotate-key': rotateKeyCommand,
  rejoin,
  selftest,
  uninstall,
}
/** Not for people: what `run` asks of a child. */
const internal: Readonly<Record<string, Command>> = { freeze }

/** Runs any command but `run`. Resolves to the exit code; throws AgentError. */
export async function runCommand(name: string, program: Program): Promise<number> {
  const { args, out, err, language } = program
  if (name === '--version') {
    out(`${version}\n`)
    return 0
  }
  if (['help', '--help', '-h'].includes(name)) {
    out(overview(language))
    return 0
  }
  const all = { ...commands, ...internal }
  const found = Object.hasOwn(all, name) ? all[name] : undefined
  if (!found) throw new AgentError('usage', said(helpTexts.noCommand, { name }))
  const command = { ...found, options: placed(found.options, program.places) }
  try {
    const options = { ...command.options, help: sharedOptions.help }
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (values.help) {
      out(helpOf(name, command, language))
      return 0
    }
    if (!fits(positionals, command)) {
      const usage = usageOf(name, command)
      throw new AgentError('usage', {
        in: (reader) => say(helpTexts.usage, reader, { usage: usage(reader) }),
      })
    }
    return await command.run(program, values, positionals)
  } catch (error) {
    if (error instanceof DocumentError) {
      err(`${problemsIn(language, error)}\n`)
      return 2
    }
    throw wrongArguments(error, name) ?? error
  }
}

/** An operand in small letters is a word to be written so; one in brackets may be left out. */
function fits(given: readonly string[], { operands = [] }: Command): boolean {
  const needed = operands.filter((operand) => !operand.startsWith('['))
  const isWord = (operand: string) => /^[a-z]/.test(operand)
  return (
    given.length >= needed.length &&
    given.length <= operands.length &&
    operands.every((operand, i) => !isWord(operand) || operand === given[i])
  )
}

function overview(language: Language): string {
  const rows = Object.entries(commands).map(([name, { about, operands = [] }]) => {
    const words = operands.filter((operand) => /^[a-z]/.test(operand))
    return [[name, ...words].join(' '), say(about, language)]
  })
  const head = say(helpTexts.overview, language, { version })
  const { more, exitCodes } = helpTexts
  const end = `${say(more, language)}\n${say(exitCodes, language)}`
  return `${head}\n\n${table(rows, '  ')}\n${end}\n`
}

function usageOf(name: string, { operands = [] }: Command): (language: Language) => string {
  const line = ['istimrar-agent', name, ...operands].join(' ')
  return (language) => `${line} ${say(helpTexts.options, language)}`
}

function helpOf(name: string, command: Command, language: Language): string {
  const options = { ...command.options, help: sharedOptions.help }
  const rows = Object.entries(options).map(([option, settings]: [string, Option]) => {
    const { value, about, default: usual } = settings
    const more = usual ? ` ${say(helpTexts.usual, language, { value: String(usual) })}` : ''
    return [`--${option}${value ? ` ${value}` : ''}`, say(about, language) + more]
  })
  const details = command.details ? `\n${say(command.details, language)}\n` : ''
  const head = `${usageOf(name, command)(language)}\n${say(command.about, language)}`
  return `${head}\n${details}\n${table(rows, '  ')}`
}
