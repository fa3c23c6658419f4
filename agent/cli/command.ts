import type { Text } from '../language.ts'
import type { Option, Program } from '../program.ts'

/** Options as given, defaults filled in. */
export type Values = Readonly<Record<string, string | boolean | undefined>>

/** One command of the agent. */
export type Command = {
  /** One line for the list of commands. */
  readonly about: Text
  /** What stands behind the command's name, such as `NAME`. */
  readonly operands?: readonly string[]
  readonly options: Readonly<Record<string, Option>>
  /** More for the command's own help. */
  readonly details?: Text
  /** Resolves to the exit code. Throws AgentError, or DocumentError for a file with problems. */
  run(program: Program, values: Values, operands: readonly string[]): Promise<number>
}

/** The value of an option that takes a text; undefined when it was not given. */
export function text(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}
