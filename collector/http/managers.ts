import { Type } from 'typebox'
import type { Account } from '../people/accounts.ts'
import { may, rolesThatMay } from '../people/permissions.ts'

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

/** The roles that manage tokens and agents, an institution its own. */
export const managers = rolesThatMay('agents.manage')

/** Whether what belongs to an institution is the account's to manage; else it does not exist. */
export function manages(account: Account, owner: string): boolean {
  return may(account, 'agents.manage', owner)
}
