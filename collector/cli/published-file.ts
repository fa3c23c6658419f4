import { readFileSync } from 'node:fs'
import { AppError } from '../error.ts'
import { type Context, needed, type Option, type Values } from './command.ts'
import { whyOption } from './why.ts'

/** Options of everything that is imported from a file. */
export const fileOptions: Readonly<Record<string, Option>> = {
  file: { type: 'string', value: 'FILE', about: 'the file to import; must be UTF-8' },
  apply: { type: 'boolean', about: 'import it; without this only what it would change is shown' },
  why: { ...whyOption, about: 'with --apply: why, 3 to 300 characters; stands in the log' },
}

/** Larger files are not read: no file that fits its limits is as large. */
const bytesMax = 1024 * 1024

/** The text of the file that was named. Throws AppError where it cannot be read or is no UTF-8. */
export function fileOf(values: Values): { readonly name: string; readonly content: string } {
  const name = needed(values, 'file')
  let bytes: Buffer
  try {
    bytes = readFileSync(name)
  } catch (cause) {
    throw new AppError('configuration', `Cannot read ${name}.`, { cause })
  }
  if (bytes.length > bytesMax) {
    throw new AppError('configuration', `${name} must be at most ${bytesMax} bytes.`)
  }
  try {
    // A byte order mark is part of what the log holds the hash of.
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return { name, content: decoder.decode(bytes) }
  } catch (cause) {
    const line = lineOfFault(bytes)
    throw new AppError('configuration', `${name}:${line}: must be saved as UTF-8`, { cause })
  }
}

/** How an import is asked for. Throws AppError for an import without a reason. */
export function askedOf(values: Values): { readonly apply: boolean; readonly why?: string } {
  if (values.apply !== true) return { apply: false }
  return { apply: true, why: needed(values, 'why') }
}

export type Imported = {
  readonly isApplied: boolean
  readonly same: number
  readonly changes: readonly { what: string; before: unknown; after: unknown }[]
}

/** What an import did or would do, one change after the other with what stood before. */
export function importedText({ isApplied, same, changes }: Imported): string {
  const lines = changes.map(({ what, before, after }) => {
    return `${what}\n  - ${JSON.stringify(before)}\n  + ${JSON.stringify(after)}\n`
  })
  const done = isApplied ? 'Imported' : 'Nothing was imported; with --apply there would be'
  return `${lines.join('')}${done}: ${changes.length} changes. As they were: ${same}.\n`
}

/** What an import of something published did or would do. Throws AppError. */
export async function importing(
  context: Context,
  name: string,
  answer: Promise<Imported>,
): Promise<string> {
  return importedText(await tellingProblems(context, name, answer))
}

/**
 * Waits for an answer; of a refused file everything that is wrong with it is printed. Throws
 * AppError.
 */
export async function tellingProblems<T>(
  { err }: Context,
  name: string,
  answer: Promise<T>,
): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const { problems } = error instanceof AppError ? error.detail : {}
    for (const each of Array.isArray(problems) ? problems : []) err(`${formatted(name, each)}\n`)
    throw error
  }
}

type Problem = { readonly line: number | null; readonly path: string; readonly message: string }

function formatted(name: string, { line, path, message }: Problem): string {
  const place = line === null ? name : `${name}:${line}`
  return path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`
}

function lineOfFault(bytes: Buffer): number {
  const text = bytes.toString('utf8')
  return text.slice(0, text.indexOf('\ufffd')).split('\n').length
}
