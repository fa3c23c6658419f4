import { parseArgs } from 'node:util'
import { DocumentError } from '../../protocol/document.ts'
import { AgentError } from '../error.ts'
import { type Option, type Program, placed, sharedOptions } from '../program.ts'
import { version } from '../version.ts'
import { check } from './check.ts'
import type { Command } from './command.ts'
import { enrol } from './enrol.ts'
import { freeze } from './freeze.ts'
import { init } from './init.ts'
import { receipts } from './receipts.ts'
import { rejoin } from './rejoin.ts'
import { rotateKeyCommand } from './rotate-key.ts'
import { showNextBatch } from './show-next-batch.ts'
import { status } from './status.ts'

const run: Command = {
  about: 'Watch and report until stopped (SIGTERM, Ctrl-C).',
  options: sharedOptions,
  run: async () => {
    throw new Error('main.ts starts the resident agent itself.')
  },
}

const commands: Readonly<Record<string, Command>> = {
  init,
  enrol,
  run,
  status,
  check,
  'show-next-batch': showNextBatch,
  receipts,
  'rotate-key': rotateKeyCommand,
  rejoin,
}
/** Not for people: what `run` asks of a child. */
const internal: Readonly<Record<string, Command>> = { freeze }

/** Runs any command but `run`. Resolves to the exit code; throws AgentError. */
export async function runCommand(name: string, program: Program): Promise<number> {
  const { args, out, err } = program
  if (name === '--version') {
    out(`${version}\n`)
    return 0
  }
  if (['help', '--help', '-h'].includes(name)) {
    out(overview())
    return 0
  }
  const command = { ...commands, ...internal }[name]
  if (!command) throw new AgentError('usage', `There is no command "${name}". Try: agent help`)
  try {
    const options = { ...placed(command.options, program.places), help: sharedOptions.help }
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (values.help) {
      out(helpOf(name, command))
      return 0
    }
    if (positionals.length !== (command.operands?.length ?? 0)) {
      throw new AgentError('usage', `Use: ${usageOf(name, command)}`)
    }
    return await command.run(program, values, positionals)
  } catch (error) {
    if (error instanceof DocumentError) {
      err(`${error.message}\n`)
      return 2
    }
    if (!isParseError(error)) throw error
    throw new AgentError('usage', `${error.message} Try: agent ${name} --help`, { cause: error })
  }
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && `${error.code}`.startsWith('ERR_PARSE_ARGS')
}

type OptionEntry = [string, Option]

function overview(): string {
  const lines = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(17)}${about}`)
  return `Istimrar agent ${version}: watches this host and reports to the collector.

${lines.join('\n')}

agent COMMAND --help tells more; agent --version prints the version.
`
}

function usageOf(name: string, { operands = [] }: Command): string {
  return ['agent', name, ...operands, '[options]'].join(' ')
}

function helpOf(name: string, command: Command): string {
  const options = { ...command.options, help: sharedOptions.help }
  const lines = Object.entries(options).map(([option, { value, about, ...rest }]: OptionEntry) => {
    const usual = rest.default ? ` Default: ${rest.default}.` : ''
    return `  ${`--${option}${value ? ` ${value}` : ''}`.padEnd(22)}${about}${usual}`
  })
  const details = command.details ? `\n${command.details}\n` : ''
  return `${usageOf(name, command)}\n${command.about}\n${details}\n${lines.join('\n')}\n`
}
