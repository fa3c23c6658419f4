import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import { type Account, roles, type Sessions } from '../people/accounts.ts'
import type { SignInLinks } from '../people/sign-in-links.ts'
import { Problem } from './figures.ts'
import { Why } from './managers.ts'
import { requireAccount } from './session.ts'

const Id = Type.String({ pattern: idPattern })

const make = {
  tags: ['accounts'],
  summary: 'Make a link that lets a named person in once; only for commands on this machine',
  body: Type.Object(
    {
      name: Id,
      role: Type.Enum([...roles]),
      institution: Type.Optional(Id),
      why: Why,
    },
    { additionalProperties: false },
  ),
  response: {
    201: Type.Object({
      path: Type.String({ description: 'To be put behind the address of the board.' }),
      expiresAt: Type.Integer({ description: 'Milliseconds since 1970, UTC.' }),
    }),
    ...{ 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem },
  },
}

/**
 * Named people get in by a link. Nobody but the local administrator makes one: an admin on the
 * board who could would be a second person whenever one is needed.
 */
export function signInLinkRoutes(
  links: SignInLinks,
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/api/v1/sign-in-links',
      { schema: make, config: { access: 'commands' } },
      async (request, reply) => {
        const actor = await requireAccount(request, sessions)
        const { name: id, role, institution, why } = request.body
        const account: Account = { id, role, ...(institution !== undefined && { institution }) }
        return reply.code(201).send(await links.make(account, actor, why))
      },
    )
  }
}
