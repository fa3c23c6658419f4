import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { TokenGrant } from '../ingest/enrol.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import { Problem } from './figures.ts'
import { requireAccount } from './session.ts'

export type TokenRoutesOptions = {
  readonly sessions: Sessions
  readonly now: () => EpochMs
  readonly makeToken: (grant: TokenGrant, actor: Account, now: EpochMs) => Promise<string>
}

const hourMs = 3_600_000

const TokenRequest = Type.Object(
  {
    institution: Type.String({ pattern: idPattern }),
    environment: Type.String({ pattern: idPattern }),
    usesMax: Type.Integer({ minimum: 1, maximum: 500, description: 'How many hosts may join.' }),
    lifeHours: Type.Integer({ minimum: 1, maximum: 72, description: 'Until it is worthless.' }),
  },
  { additionalProperties: false },
)

/** POST /api/v1/tokens: an admin, or an institution for itself, lets hosts join an environment. */
export function tokenRoutes(options: TokenRoutesOptions): FastifyPluginAsyncTypebox {
  const { sessions, now, makeToken } = options
  return async (app) => {
    const schema = {
      tags: ['enrolment'],
      summary: 'Make an enrolment token; its text is shown this once',
      body: TokenRequest,
      response: {
        201: Type.Object({ token: Type.String() }),
        400: Problem,
        401: Problem,
        404: Problem,
      },
    }
    app.post('/api/v1/tokens', { schema }, async (request, reply) => {
      const account = await requireAccount(request, sessions)
      const { institution, environment, usesMax, lifeHours } = request.body
      if (account.role !== 'admin' && account.institution !== institution) {
        throw new AppError('not_found', 'There is no such environment.')
      }
      const grant = { institution, environment, usesMax, lifeMs: lifeHours * hourMs }
      const token = await makeToken(grant, account, now())
      return reply.code(201).send({ token })
    })
  }
}
