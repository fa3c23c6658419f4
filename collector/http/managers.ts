import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../error.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import { requireAccount } from './session.ts'

const why = {
  minLength: 3,
  maxLength: 300,
  pattern: '^(?!\\s)[^\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}]+(?<!\\s)$',
} as const

/** Why somebody does something: it stands in the log for ever. */
export const Why = Type.String({
  ...why,
  description: 'The reason, kept in the log; 3 to 300 characters.',
})

/** Whether a text of a form is a reason as the API wants it. */
export function isWhy(text: string): boolean {
  const { length } = [...text]
  const fits = length >= why.minLength && length <= why.maxLength
  return fits && new RegExp(why.pattern, 'u').test(text)
}

/**
 * Who may manage tokens and agents: an admin all of them, an institution its own. Throws AppError
 * `auth` for nobody, `forbidden` for everybody else.
 */
export async function requireManager(request: FastifyRequest, sessions: Sessions) {
  const account = await requireAccount(request, sessions)
  if (account.role === 'admin' || account.role === 'institution') return account
  throw new AppError('forbidden', 'Only an admin or an institution may do this.')
}

/** Whether what belongs to an institution is the account's to manage; else it does not exist. */
export function manages({ role, institution }: Account, owner: string): boolean {
  return role === 'admin' || institution === owner
}
