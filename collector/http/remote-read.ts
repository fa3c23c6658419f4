import type { FastifyPluginAsync } from 'fastify'
import { AppError } from '../error.ts'
import type { HistoryAnswer } from '../evaluate/history/answer.ts'
import { historyLimits } from '../evaluate/history/limits.ts'

/** Answers the body of a remote-read request. */
export type ReadHistory = (body: Buffer) => Promise<HistoryAnswer>

const content = 'application/x-protobuf'

/**
 * POST /api/v1/prom/read: the history of KPIs for Prometheus, by its remote-read protocol with
 * whole samples. Whoever may read `/metrics` may read it.
 */
export function remoteReadRoutes(read: ReadHistory): FastifyPluginAsync {
  return async (app) => {
    let waiting = 0
    app.addContentTypeParser(
      content,
      { parseAs: 'buffer', bodyLimit: historyLimits.bodyBytesMax },
      async (_request: object, body: Buffer) => body,
    )
    app.post<{ Body: Buffer | undefined }>(
      '/api/v1/prom/read',
      {
        config: { contentEncoding: 'snappy', access: 'metrics' },
        schema: { summary: 'History of KPIs, for remote_read of Prometheus', tags: ['metrics'] },
      },
      async ({ body }, reply) => {
        if (!(body instanceof Buffer)) {
          throw new AppError('content_type', `A remote-read request is ${content}.`)
        }
        if (waiting >= historyLimits.waitingMax) {
          throw new AppError('too_many', 'Too many questions about history wait already.')
        }
        waiting++
        const answer = await read(body).finally(() => waiting--)
        if ('refused' in answer) throw new AppError(answer.refused.code, answer.refused.message)
        return reply.type(content).header('content-encoding', 'snappy').send(answer.body)
      },
    )
  }
}
