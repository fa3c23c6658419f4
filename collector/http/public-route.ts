import type { FastifyInstance } from 'fastify'
import type { Assets } from '../web/assets.ts'

/** Of what is there before anybody has signed in. */
export const anybody = { schema: { hide: true }, config: { access: 'public' } } as const

/** Files of the board, which change their address when they change. */
export function serveAssets(app: FastifyInstance, assets: Assets): void {
  for (const [url, { type, body }] of assets.files) {
    app.get(url, anybody, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').send(body),
    )
  }
}
