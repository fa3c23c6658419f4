import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import {
  type AccountService,
  externalCharactersMax,
  roles,
  type Sessions,
} from '../people/accounts.ts'
import { rolesThatMay } from '../people/permissions.ts'
import { everyone } from './access.ts'
import { setSession } from './browser.ts'
import { Problem } from './figures.ts'
import { Why } from './managers.ts'
import { requireAccount, secretOf } from './session.ts'

const admins = rolesThatMay('accounts.manage')

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: idPattern })
const Epoch = Type.Integer({ description: 'Milliseconds since 1970, UTC.' })
const EpochOrNull = Type.Union([Epoch, Type.Null()])
/** Longer ones are refused by the rule for passwords, in its own words. */
const Password = Type.String({ maxLength: 1_000 })

const grant = {
  role: Type.Enum([...roles]),
  institution: Type.Optional(Id),
  external: Type.Optional(
    Type.Union([Type.String({ minLength: 1, maxLength: externalCharactersMax }), Type.Null()], {
      description: 'What the identity provider calls the person; kept as a hash. Null: nothing.',
    }),
  ),
  why: Why,
}

const AccountBody = Type.Object({
  id: Type.String(),
  role: Type.Enum([...roles]),
  institution: Type.Union([Type.String(), Type.Null()]),
  madeAt: Epoch,
  endedAt: EpochOrNull,
  isExternal: Type.Boolean({ description: 'Whether it signs in at the identity provider.' }),
  hasPassword: Type.Boolean(),
  hasSecondFactor: Type.Boolean(),
  linkExpiresAt: EpochOrNull,
  lastUsedAt: EpochOrNull,
})
const LinkBody = Type.Object({
  path: Type.String({ description: 'To be put behind the address of the board; works once.' }),
  expiresAt: Epoch,
})
const OwnSessions = Type.Object({
  sessions: Type.Array(
    Type.Object({
      id: Type.String(),
      via: Type.Union([Type.String(), Type.Null()]),
      openedAt: Epoch,
      usedAt: Epoch,
      expiresAt: Epoch,
      isOwn: Type.Boolean({ description: 'Whether it is the one that asks.' }),
    }),
  ),
})

const tags = ['accounts']
const problems = {
  ...{ 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 429: Problem },
  503: Problem,
}
const params = Type.Object({ id: Id })
const whyBody = Type.Object({ why: Why }, closed)

const schemas = {
  list: {
    ...{ tags, summary: 'All accounts, those that ended too; never their secrets' },
    response: { 200: Type.Object({ accounts: Type.Array(AccountBody) }), ...problems },
  },
  make: {
    ...{ tags, summary: 'Make an account; its link is shown this once' },
    body: Type.Object({ id: Id, ...grant }, closed),
    response: {
      201: Type.Object({ account: AccountBody, link: Type.Union([LinkBody, Type.Null()]) }),
      ...problems,
    },
  },
  change: {
    ...{ tags, summary: 'Give an account another role or institution; its sessions end', params },
    body: Type.Object(grant, closed),
    response: { 200: AccountBody, ...problems },
  },
  link: {
    ...{ tags, summary: 'Make a new link; password, second factor and sessions end', params },
    body: whyBody,
    response: { 201: LinkBody, ...problems },
  },
  end: {
    ...{ tags, summary: 'End an account for ever, with its sessions and API tokens', params },
    body: whyBody,
    response: { 200: AccountBody, ...problems },
  },
  own: { ...{ tags, summary: 'The own account' }, response: { 200: AccountBody, ...problems } },
  sessions: {
    ...{ tags, summary: 'The own sessions that are open, newest first' },
    response: { 200: OwnSessions, ...problems },
  },
  endSession: {
    ...{ tags, summary: 'End one of the own sessions' },
    params: Type.Object({ session: Type.String({ pattern: '^[0-9a-f]{12}$' }) }),
    response: { 204: Type.Null(), ...problems },
  },
  endSessions: {
    ...{ tags, summary: 'Sign out everywhere, here too' },
    response: { 204: Type.Null(), ...problems },
  },
  password: {
    ...{ tags, summary: 'Change the own password; all other sessions end' },
    body: Type.Object({ current: Password, next: Password }, closed),
    response: { 204: Type.Null(), ...problems },
  },
} as const

/** Accounts for admins, and what people do with their own. */
export function accountRoutes(
  accounts: AccountService,
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    await app.register(adminRoutes(accounts, sessions))
    await app.register(ownRoutes(accounts, sessions))
  }
}

function adminRoutes(accounts: AccountService, sessions: Sessions): FastifyPluginAsyncTypebox {
  const path = '/api/v1/accounts'
  const config = { access: admins, byPerson: true }
  return async (app) => {
    app.get(path, { schema: schemas.list, config }, async (request) => {
      return { accounts: await accounts.list(await requireAccount(request, sessions)) }
    })
    app.post(path, { schema: schemas.make, config }, async (request, reply) => {
      const { id, why, ...granted } = request.body
      const actor = await requireAccount(request, sessions)
      return reply.code(201).send(await accounts.make(actor, id, granted, why))
    })
    app.post(`${path}/:id`, { schema: schemas.change, config }, async (request) => {
      const { why, ...granted } = request.body
      const actor = await requireAccount(request, sessions)
      return accounts.change(actor, request.params.id, granted, why)
    })
    app.post(`${path}/:id/link`, { schema: schemas.link, config }, async (request, reply) => {
      const actor = await requireAccount(request, sessions)
      const link = await accounts.link(actor, request.params.id, request.body.why)
      return reply.code(201).send(link)
    })
    app.post(`${path}/:id/end`, { schema: schemas.end, config }, async (request) => {
      const actor = await requireAccount(request, sessions)
      return accounts.end(actor, request.params.id, request.body.why)
    })
  }
}

function ownRoutes(accounts: AccountService, sessions: Sessions): FastifyPluginAsyncTypebox {
  const path = '/api/v1/account'
  const config = { access: everyone, byPerson: true }
  return async (app) => {
    app.get(path, { schema: schemas.own, config }, async (request) =>
      accounts.own(await requireAccount(request, sessions)),
    )
    app.get(`${path}/sessions`, { schema: schemas.sessions, config }, async (request) => {
      const account = await requireAccount(request, sessions)
      return { sessions: await accounts.sessions(account, secretOf(request)) }
    })
    const one = { schema: schemas.endSession, config }
    app.post(`${path}/sessions/:session/end`, one, async (request, reply) => {
      const account = await requireAccount(request, sessions)
      await accounts.endSession(account, request.params.session)
      return reply.code(204).send(null)
    })
    const all = { schema: schemas.endSessions, config }
    app.post(`${path}/sessions/end`, all, async (request, reply) => {
      await accounts.endSessions(await requireAccount(request, sessions))
      return reply.code(204).send(null)
    })
    app.post(`${path}/password`, { schema: schemas.password, config }, async (request, reply) => {
      const account = await requireAccount(request, sessions)
      const { current, next } = request.body
      const secret = await accounts.setPassword(account, current, next, request.ip)
      goOn(request, reply, secret)
      return reply.code(204).send(null)
    })
  }
}

/** Whoever asked with a cookie goes on with the new session; the one before has ended. */
function goOn(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  if (secretOf(request) !== null) setSession(request, reply, secret)
}
