import type { FastifyRequest } from 'fastify'
import { AppError } from '../error.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import { cookie, isForeign } from './browser.ts'

const secretCharactersMax = 200

/** The session's secret that a browser sent; null without one. */
export function secretOf(request: FastifyRequest): string | null {
  const secret = cookie(request, 'session')
  return secret !== null && secret.length <= secretCharactersMax ? secret : null
}

/** Who is signed in with this browser, if anybody. */
export async function findAccount(
  request: FastifyRequest,
  sessions: Sessions,
): Promise<Account | null> {
  const secret = secretOf(request)
  return secret === null ? null : sessions.account(secret)
}

/**
 * Who asks: the board's cookie, or `Authorization: Bearer <session>` for programs. Throws AppError
 * `auth` for nobody, `forbidden` when another site's page sent the request.
 */
export async function requireAccount(
  request: FastifyRequest,
  sessions: Sessions,
): Promise<Account> {
  const bearer = /^Bearer ([\w-]{1,100})$/.exec(request.headers.authorization ?? '')?.[1]
  if (!bearer && request.method !== 'GET' && isForeign(request)) {
    throw new AppError('forbidden', 'The request comes from another site.')
  }
  const account = bearer ? await sessions.account(bearer) : await findAccount(request, sessions)
  if (!account) throw new AppError('auth', 'Sign in on the board first.')
  return account
}
