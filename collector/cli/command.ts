import { parseArgs } from 'node:util'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'

/** What a command gets from outside; only `main.ts` knows the real ones. */
export type Context = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly now: () => EpochMs
  /** Results, to standard output. */
  readonly out: (text: string) => void
  /** Progress and warnings, to standard error. */
  readonly err: (text: string) => void
}

/** An option: without `value` it is a switch. */
export type Option = {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** What stands for its value in the help. */
  readonly value?: string
  /** May be given more than once; its value is then a list. */
  readonly multiple?: boolean
  readonly about: string
}

/** Options as given. */
export type Values = Readonly<
  Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>

/** One command of the collector. */
export type Command = {
  /** One line for the list of commands. */
  readonly about: string
  /** What stands behind the command's name, such as `FILE`; `[FILE]` may be left out. */
  readonly operands?: readonly string[]
  readonly options?: Readonly<Record<string, Option>>
  /** More for the command's own help. */
  readonly details?: string
  /**
   * Resolves to the exit code: 0 done. Throws AppError: exit 2 for `configuration` and `usage`
   * faults, 1 for any other.
   */
  run(context: Context, values: Values, operands: readonly string[]): Promise<number>
}

/** The value of an option that takes a text; undefined when it was not given. */
export function text(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** The values of an option that may be given more than once. */
export function texts(values: Values, name: string): string[] {
  return [values[name] ?? []].flat().filter((value) => typeof value === 'string')
}

/** The value of an option that must be given. Throws AppError `configuration`. */
export function needed(values: Values, name: string): string {
  const value = text(values, name)
  if (value === undefined) throw new AppError('configuration', `Say --${name}.`)
  return value
}

const helpOption: Option = { type: 'boolean', short: 'h', about: 'Show this text.' }

/**
 * Reads a command's arguments and runs it, or prints its help. `program` is what was typed to run
 * it. Throws AppError.
 */
export async function runCommand(
  name: string,
  command: Command,
  context: Context,
  args: readonly string[],
  program = `collector ${name}`,
): Promise<number> {
  const options = { ...command.options, help: helpOption }
  const operands = command.operands ?? []
  const parsed = parse(program, args, options)
  if (parsed.values.help) {
    context.out(helpOf(program, command, options))
    return 0
  }
  const { length } = parsed.positionals
  const least = operands.filter((each) => !each.startsWith('[')).length
  if (length < least || length > operands.length) {
    throw new AppError('configuration', `Use: ${usageOf(program, operands)}`)
  }
  return command.run(context, parsed.values, parsed.positionals)
}

function parse(program: string, args: readonly string[], options: Record<string, Option>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    const { message } = cause as Error // parseArgs says what is wrong
    throw new AppError('configuration', `${message} Try: ${program} --help`, { cause })
  }
}

function usageOf(program: string, operands: readonly string[]): string {
  return [program, ...operands, '[options]'].join(' ')
}

function helpOf(program: string, command: Command, options: Record<string, Option>): string {
  const lines = Object.entries(options).map(
    ([option, { value, about }]) =>
      `  ${`--${option}${value ? ` ${value}` : ''}`.padEnd(26)}${about}`,
  )
  const details = command.details ? `\n${command.details}\n` : ''
  const head = `${usageOf(program, command.operands ?? [])}\n${command.about}\n${details}`
  return `${head}\n${lines.join('\n')}\n`
}
