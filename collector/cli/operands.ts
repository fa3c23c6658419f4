import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { idPattern } from '../../protocol/schema.ts'
import { AppError } from '../error.ts'
import { type Command, type Context, needed, type Option, type Values } from './command.ts'

/** Which environment a command is about. */
export const environmentOptions: Readonly<Record<string, Option>> = {
  institution: { type: 'string', value: 'ID', about: 'whose; only for list it may be left out' },
  environment: { type: 'string', value: 'ID', about: 'of which environment' },
  id: { type: 'string', value: 'ID', about: 'which one, as list shows it' },
}

/** Where the API has what people ask for about an environment. Throws AppError. */
export function pathOf(values: Values, kind: 'maintenance' | 'disputes'): string {
  const [institution, environment] = [idOf(values, 'institution'), idOf(values, 'environment')]
  return `/api/v1/institutions/${institution}/environments/${environment}/${kind}`
}

/** An option that must be given and be an id. Throws AppError `configuration`. */
export function idOf(values: Values, name: string): string {
  const value = needed(values, name)
  if (new RegExp(idPattern).test(value)) return value
  throw new AppError('configuration', `--${name} must be an id.`)
}

/** An instant with its distance from UTC, so that no time zone is guessed. */
export function timeOf(values: Values, name: string): number {
  try {
    return Temporal.Instant.from(needed(values, name)).epochMilliseconds
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    const message = `--${name} must be a time such as 2027-01-03T22:00+04:00.`
    throw new AppError('configuration', message, { cause })
  }
}

/** The SHA-256 in hex of the file of `--evidence`. Throws AppError `configuration`. */
export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const part of createReadStream(file)) hash.update(part as Buffer)
  } catch (cause) {
    throw new AppError('configuration', 'The file of --evidence cannot be read.', { cause })
  }
  return hash.digest('hex')
}

type Act = (context: Context, values: Values, operands: readonly string[]) => Promise<string>

/** Runs one of several acts by its name, the first operand, and prints what it answers. */
export function runAct(acts: Readonly<Record<string, Act>>): Command['run'] {
  return async (context, values, [name = '', ...operands]) => {
    const act = Object.hasOwn(acts, name) ? acts[name] : undefined
    if (!act) {
      throw new AppError('configuration', `ACT must be one of ${Object.keys(acts).join(', ')}.`)
    }
    context.out(await act(context, values, operands))
    return 0
  }
}
