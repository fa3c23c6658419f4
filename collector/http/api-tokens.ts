import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { dayMs, type EpochMs } from '../../protocol/time.ts'
import type { Sessions } from '../people/accounts.ts'
import { type ApiTokens, apiTokenLimits } from '../people/api-tokens.ts'
import { tokenScopes } from '../store/people.ts'
import { everyone } from './access.ts'
import { Problem } from './figures.ts'
import { requireAccount } from './session.ts'

const closed = { additionalProperties: false } as const
const Epoch = Type.Integer({ description: 'Milliseconds since 1970, UTC.' })
const Label = Type.String({
  minLength: 1,
  maxLength: apiTokenLimits.labelCharactersMax,
  pattern: '^(?!\\s)[^\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}]+(?<!\\s)$',
  description: 'What the token is for; it stands in the log.',
})
const Scope = Type.Enum([...tokenScopes], { description: 'read changes nothing.' })

const ApiToken = Type.Object({
  id: Type.String({ description: 'What the token is called here and in the log.' }),
  label: Type.String(),
  scope: Scope,
  createdAt: Epoch,
  expiresAt: Epoch,
  endedAt: Type.Union([Epoch, Type.Null()]),
  lastUsedAt: Type.Union([Epoch, Type.Null()], { description: 'To the minute.' }),
})

const tags = ['accounts']
const problems = {
  ...{ 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem },
}

const list = {
  tags,
  summary: 'Your API tokens, newest first; never their texts',
  response: { 200: Type.Object({ tokens: Type.Array(ApiToken) }), ...problems },
}
const make = {
  tags,
  summary: 'Make an API token by which a program acts for you; its text is shown this once',
  body: Type.Object(
    {
      label: Label,
      scope: Scope,
      lifeDays: Type.Integer({
        minimum: 1,
        maximum: apiTokenLimits.lifeMsMax / dayMs,
        description: 'Until it is worthless.',
      }),
    },
    closed,
  ),
  response: { 201: Type.Object({ token: Type.String() }), ...problems },
}
const end = {
  tags,
  summary: 'End one of your API tokens; ending it again changes nothing',
  params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{12}$' }) }),
  response: { 200: ApiToken, ...problems },
}

/** Everybody makes and ends the own tokens, and sees no others. Programs do none of it. */
export function apiTokenRoutes(
  tokens: ApiTokens,
  sessions: Sessions,
  now: () => EpochMs,
): FastifyPluginAsyncTypebox {
  const base = '/api/v1/api-tokens'
  const config = { access: everyone, byPerson: true }
  return async (app) => {
    app.get(base, { schema: list, config }, async (request) => ({
      tokens: await tokens.list(await requireAccount(request, sessions)),
    }))

    app.post(base, { schema: make, config }, async (request, reply) => {
      const account = await requireAccount(request, sessions)
      const { label, scope, lifeDays } = request.body
      const grant = { label, scope, expiresAt: now() + lifeDays * dayMs }
      return reply.code(201).send({ token: await tokens.make(account, grant) })
    })

    app.post(`${base}/:id/end`, { schema: end, config }, async (request) =>
      tokens.end(await requireAccount(request, sessions), request.params.id),
    )
  }
}
