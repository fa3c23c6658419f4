import { errorTexts } from './cli/texts/errors.ts'
import { AgentError } from './error.ts'
import { said } from './language.ts'

/** What parseArgs refuses, in words of our own: its own are long, and English. */
const refusals: readonly (readonly [
  RegExp,
  (typeof errorTexts)['unknownOption' | 'noValueTaken' | 'valueMissing'],
])[] = [
  [/^Unknown option/, errorTexts.unknownOption],
  [/does not take an argument/, errorTexts.noValueTaken],
  [/argument (missing|is ambiguous)/, errorTexts.valueMissing],
]

/** What is wrong with the line of a command that parseArgs refused; null for any other error. */
export function wrongArguments(error: unknown, command: string): AgentError | null {
  if (!(error instanceof Error && 'code' in error)) return null
  if (!`${error.code}`.startsWith('ERR_PARSE_ARGS')) return null
  const [, option = ''] = /(--?[\w-]+)/.exec(error.message) ?? []
  const text = refusals.find(([form]) => form.test(error.message))?.[1]
  if (!text) return null
  return new AgentError('usage', said(text, { option, command }), { cause: error })
}
