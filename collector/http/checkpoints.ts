import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import { AppError } from '../error.ts'
import { nationalLog } from '../evidence/leaf.ts'
import type { Sessions } from '../people/accounts.ts'
import type { Hosts } from '../people/hosts.ts'
import { may } from '../people/permissions.ts'
import { everyone } from './access.ts'
import { Problem } from './figures.ts'
import { requireAccount } from './session.ts'

const newest = {
  tags: ['evidence'],
  summary: 'The newest signed checkpoint of a log, as the verifier reads it; to be kept elsewhere',
  params: Type.Object({ log: Type.String({ pattern: idPattern }) }),
  response: { 200: Type.String(), 400: Problem, 401: Problem, 404: Problem, 503: Problem },
}

/** Everybody may keep the national log's; an institution beside it only its own. */
export function checkpointRoutes(hosts: Hosts, sessions: Sessions): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/checkpoints/:log',
      { schema: newest, config: { access: everyone } },
      async (request, reply) => {
        const account = await requireAccount(request, sessions)
        const { log } = request.params
        const isForeign = log !== nationalLog && !may(account, 'read', log)
        const found = isForeign ? null : await hosts.checkpoint(log)
        if (!found) throw new AppError('not_found', 'There is no checkpoint of such a log.')
        const file = `checkpoint-${log}-${found.size}.txt`
        return reply
          .headers({ 'content-disposition': `attachment; filename="${file}"` })
          .type('text/plain; charset=utf-8')
          .send(found.note)
      },
    )
  }
}
