import { createHash, timingSafeEqual } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { AppError } from '../error.ts'
import type { Metrics } from '../metrics.ts'

/** Renders the KPI part of the page, in pieces of UTF-8. */
export type KpiPage = () => Promise<readonly Uint8Array[]>

/**
 * GET /metrics in the text format 0.0.4. Whoever reads it sees every institution: with a token,
 * `Authorization: Bearer` must carry it; null leaves the page open, for loopback only.
 */
export function metricsRoutes(
  metrics: Metrics,
  kpiPage: KpiPage,
  token: string | null,
): FastifyPluginAsync {
  return async (app) => {
    const schema = { summary: 'KPIs and the collector itself, for Prometheus', tags: ['metrics'] }
    app.get('/metrics', { schema }, async (request, reply) => {
      if (token !== null && !same(request.headers.authorization ?? '', `Bearer ${token}`)) {
        throw new AppError('auth', 'The metrics need the token of the collector.')
      }
      const own = Buffer.from(await metrics.page())
      return reply.type(metrics.contentType).send(Readable.from([own, ...(await kpiPage())]))
    })
  }
}

/** Counts and times every request of the application. Call it before routes are added. */
export function timeRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url
    metrics.observeRequest({
      // An address nobody serves must not make a series, whatever its method.
      method: route === undefined ? 'other' : request.method,
      route: route ?? 'unmatched',
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
    })
  })
}

/** Compares in a time that does not tell how much of the text was right. */
function same(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
