import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Metrics } from '../metrics.ts'

/** Renders the KPI part of the page, in pieces of UTF-8. */
export type KpiPage = () => Promise<readonly Uint8Array[]>

/** GET /metrics in the text format 0.0.4. Whoever reads it sees every institution. */
export function metricsRoutes(metrics: Metrics, kpiPage: KpiPage): FastifyPluginAsync {
  return async (app) => {
    const schema = { summary: 'KPIs and the collector itself, for Prometheus', tags: ['metrics'] }
    app.get('/metrics', { schema, config: { access: 'metrics' } }, async (_request, reply) => {
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
