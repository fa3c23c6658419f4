import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AccessLog } from '../people/access-log.ts'

/** Pages of the board and what programs read; assets and the documentation tell nothing. */
const watched = /^\/(?:ar|en)(?=[/?]|$)|^\/api\/v1\//

/** Counts what auditors look at, once it was shown to them. */
export function watchReads(app: FastifyInstance, access: AccessLog): void {
  app.addHook('onResponse', async (request, reply) => {
    const place = placeOf(request)
    if (place === null || reply.statusCode !== 200) return
    if (request.account) access.noteRead(request.account, place)
  })
}

/** The address without its query, and of a page without its language; null where nobody looks. */
function placeOf({ method, url }: FastifyRequest): string | null {
  if (method !== 'GET' || !watched.test(url)) return null
  const [path = ''] = url.split('?')
  return path.startsWith('/api/') ? path : path.slice('/ar'.length) || '/'
}
