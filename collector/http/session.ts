import type { FastifyRequest } from 'fastify'
import { AppError } from '../error.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import { cookie, isForeign } from './browser.ts'

/**
 * The account behind a request: the board's cookie, or `Authorization: Bearer <session>` for
 * programs. Throws AppError `auth` without one, `forbidden` when another site's page sent it.
 */
export async function accountOf(request: FastifyRequest, sessions: Sessions): Promise<Account> {
  const bearer = /^Bearer ([\w-]{1,100})$/.exec(request.headers.authorization ?? '')?.[1]
  if (!bearer && request.method !== 'GET' && isForeign(request)) {
    throw new AppError('forbidden', 'The request comes from another site.')
  }
  const secret = bearer ?? cookie(request, 'session')
  const account = secret === null ? null : await sessions.account(secret)
  if (!account) throw new AppError('auth', 'Sign in on the board first.')
  return account
}
