import type { FastifyRequest } from 'fastify'
import { AppError } from '../error.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import { apiTokenPrefix } from '../people/api-tokens.ts'
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
  if (request.account) return request.account
  const secret = secretOf(request)
  return secret === null ? null : sessions.account(secret, isUse(request))
}

/** Whether a person asks, and not a page that looks by itself for what is new. */
function isUse({ method, headers }: FastifyRequest): boolean {
  const mode = headers['sec-fetch-mode']
  return method !== 'GET' || mode === undefined || mode === 'navigate'
}

/**
 * Who asks: the board's cookie, or `Authorization: Bearer` with an API token or a session. Throws
 * AppError `auth` for nobody, `forbidden` when another site's page sent the request.
 */
export async function requireAccount(
  request: FastifyRequest,
  sessions: Sessions,
): Promise<Account> {
  if (request.account) return request.account
  const bearer = /^Bearer ([\w-]{1,100})$/.exec(request.headers.authorization ?? '')?.[1]
  if (!bearer && request.method !== 'GET' && isForeign(request)) {
    throw new AppError('forbidden', 'The request comes from another site.')
  }
  const account = await (bearer ? bearerAccount(bearer, sessions) : findAccount(request, sessions))
  if (!account) throw new AppError('auth', 'Sign in on the board first.')
  return account
}

/** A token in a cookie, or a session's secret where a token belongs, is nobody's. */
async function bearerAccount(secret: string, sessions: Sessions): Promise<Account | null> {
  if (!secret.startsWith(apiTokenPrefix)) return sessions.account(secret)
  return (await sessions.tokenAccount?.(secret)) ?? null
}
