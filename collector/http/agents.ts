import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { EnrolmentAnswer } from '../../protocol/enrolment.ts'
import { type MessageType, messageTypes } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { type KeyRing, readMessage } from '../ingest/message.ts'
import type { Metrics } from '../metrics.ts'

export type AgentRoutesOptions = {
  readonly ingest: Ingest
  readonly keys: KeyRing
  readonly enrol: (body: Buffer, now: EpochMs) => Promise<EnrolmentAnswer>
  readonly now: () => EpochMs
  readonly metrics: Pick<Metrics, 'countMessage'>
}

/** Messages waiting for a commit beyond which agents are asked to come back later. */
const waitingMax = 2_000

/**
 * What agents call: enrolment, batches and gaps, heartbeats, the cursor. Bodies are compact JWS.
 */
export function agentRoutes(options: AgentRoutesOptions): FastifyPluginAsync {
  const { ingest, keys, enrol, now, metrics } = options
  const schema = { hide: true }

  /** Reads, stores and counts a message of one of these types. */
  const take = async (request: FastifyRequest, types: readonly MessageType[]) => {
    const received = now()
    const { agent, message } = readMessage(body(request), types, keys)
    if (message.type === 'cursor') throw new AppError('schema', 'Nothing here takes a question.')
    try {
      const stored = await ingest.store(agent, message, received)
      metrics.countMessage(message.type, stored.result)
      return stored
    } catch (error) {
      if (error instanceof AppError) metrics.countMessage(message.type, error.code)
      throw error
    }
  }

  return async (app) => {
    app.addHook('onRequest', async () => {
      if (ingest.waiting > waitingMax) throw new AppError('unavailable', 'Too many messages wait.')
    })

    app.post('/v1/enrolments', { schema }, async (request) => enrol(body(request), now()))

    app.post('/v1/batches', { schema }, async (request, reply) => {
      const { receipt } = await take(request, [messageTypes.batch, messageTypes.gap])
      return reply.type('application/jose').send(receipt)
    })

    app.post('/v1/heartbeats', { schema }, async (request) => {
      await take(request, [messageTypes.heartbeat])
      return { now: now() }
    })

    app.post('/v1/cursor', { schema }, async (request) => {
      const { agent } = readMessage(body(request), [messageTypes.cursor], keys)
      return ingest.cursor(agent)
    })
  }
}

/** The body as bytes: only `application/jose` is parsed to a buffer. */
function body(request: FastifyRequest): Buffer {
  if (Buffer.isBuffer(request.body)) return request.body
  throw new AppError('content_type', 'Send the message as application/jose.')
}
