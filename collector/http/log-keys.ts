import type { FastifyPluginAsync } from 'fastify'

/**
 * GET /v1/log-keys: the statements by which the log's key changed, oldest first. An agent that
 * pinned an earlier key follows them. They change only while the collector is stopped.
 */
export function logKeyRoutes(keys: readonly string[]): FastifyPluginAsync {
  return async (app) => {
    app.get(
      '/v1/log-keys',
      { schema: { hide: true }, config: { access: 'public' } },
      async (_request, reply) => reply.header('cache-control', 'public, max-age=60').send({ keys }),
    )
  }
}
