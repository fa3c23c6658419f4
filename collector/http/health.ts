import type { FastifyPluginAsync } from 'fastify'
import type { Views } from './views.ts'

/** GET /healthz: the process answers. GET /readyz: it has figures to show; 503 before that. */
export function healthRoutes(views: Pick<Views, 'snapshot'>): FastifyPluginAsync {
  return async (app) => {
    const schema = { tags: ['health'] }
    const config = { access: 'public' } as const
    app.get('/healthz', { schema, config }, async () => ({ status: 'ok' }))
    app.get('/readyz', { schema, config }, async (_request, reply) => {
      const ready = views.snapshot() !== null
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'starting' })
    })
  }
}
