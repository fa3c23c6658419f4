import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { AppError } from '../error.ts'
import { type Account, localAdmin, type Role, roles, type Sessions } from '../people/accounts.ts'
import { sees } from '../people/permissions.ts'
import { findAccount, requireAccount } from './session.ts'

/**
 * Who may use a route: anybody; agents, by the signature of what they send; who has the token of
 * the metrics; commands on the collector's own machine; or people of these roles.
 */
export type Access = 'public' | 'agent' | 'metrics' | 'commands' | readonly Role[]

/** Whoever is signed in. What they see of it is the route's to say. */
export const everyone: readonly Role[] = roles

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No route without it: the collector refuses to start. */
    access?: Access | undefined
    /** A page or its form: who asks is known by the cookie only. */
    isPage?: boolean
    /** Nothing for programs: an API token does not do. */
    byPerson?: boolean
  }
  interface FastifyRequest {
    /** Who asks; set before the handler of every route for people. */
    account: Account | null
  }
  interface FastifyInstance {
    /** All routes and who may use them. */
    readonly accessList: readonly RouteAccess[]
  }
}

export type RouteAccess = {
  readonly method: string
  readonly url: string
  readonly access: Access
}

export type Guard = {
  readonly sessions: Sessions
  /** What whoever reads the metrics must send; null where they are open, for loopback only. */
  readonly metricsToken: string | null
}

/** The documentation of the API, whose routes are a library's. */
export const documentationPath = '/api/docs'

/**
 * Lets nobody use a route but whom its `access` names, before anything that was sent is read.
 * Throws at each route that names nobody. Call it before routes are added.
 */
export function guardRoutes(app: FastifyInstance, guard: Guard): void {
  const accessList: RouteAccess[] = []
  app.decorate('accessList', accessList)
  app.decorateRequest('account', null)
  app.addHook('onRoute', (route) => {
    const { method, url } = route
    const access = accessOf(route)
    for (const each of [method].flat()) accessList.push({ method: each, url, access })
    if (access === 'public' || access === 'agent') return
    // Behind the hooks of where the route is, which set the headers of refusals too.
    const check = (request: FastifyRequest) => requireAccess(request, access, guard)
    route.onRequest = [...[route.onRequest ?? []].flat(), check]
  })
}

function accessOf({ method, url, config }: RouteOptions): Access {
  if (config?.access) return config.access
  if (url === documentationPath || url.startsWith(`${documentationPath}/`)) return 'public'
  throw new Error(`The route ${method} ${url} does not say who may use it.`)
}

/**
 * Throws AppError `auth` for who is nobody here, `not_found` where the address names an institution
 * whose rows are not for the account, `forbidden` for whom the route is not.
 */
async function requireAccess(
  request: FastifyRequest,
  access: Exclude<Access, 'public' | 'agent'>,
  { sessions, metricsToken }: Guard,
): Promise<void> {
  if (access === 'metrics') return requireMetricsToken(request, metricsToken)
  const { isPage = false, byPerson = false } = request.routeOptions.config
  const account = isPage
    ? await findAccount(request, sessions)
    : await requireAccount(request, sessions)
  if (!account) throw new AppError('auth', 'Sign in first.')
  if (access === 'commands') {
    if (account.id === localAdmin.id) return
    throw new AppError('forbidden', 'Only commands on the collector’s machine may do this.')
  }
  request.log = request.log.child({ account: account.id })
  const { institution } = request.params as { readonly institution?: string }
  if (institution !== undefined && !sees(account, institution)) {
    // A missing one answers the same: an institution learns of none but itself.
    request.log = request.log.child({ isForeign: true })
    throw new AppError('not_found', 'There is no such institution.')
  }
  if (!access.includes(account.role)) {
    throw new AppError('forbidden', 'This is not for your role.', { detail: { rule: 'role' } })
  }
  if (account.via === 'token') requireScope(request, account, byPerson)
  request.account = account
}

/** Throws AppError `forbidden` for what the token of a program does not do. */
function requireScope({ method }: FastifyRequest, { scope }: Account, byPerson: boolean): void {
  if (byPerson) {
    const message = 'A token does not do this: a person who signed in must.'
    throw new AppError('forbidden', message, { detail: { rule: 'token' } })
  }
  if (scope !== 'write' && method !== 'GET' && method !== 'HEAD') {
    const message = 'This token may read only.'
    throw new AppError('forbidden', message, { detail: { rule: 'scope' } })
  }
}

function requireMetricsToken({ headers }: FastifyRequest, token: string | null): void {
  if (token !== null && !same(headers.authorization ?? '', `Bearer ${token}`)) {
    throw new AppError('auth', 'The metrics need the token of the collector.')
  }
}

/** Compares in a time that does not tell how much of the text was right. */
function same(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
