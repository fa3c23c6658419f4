import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { EnrolmentAnswer } from '../../protocol/enrolment.ts'
import { type MessageType, messageTypes } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Waiting } from '../ingest/enrol.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { type KeyRing, type Message, readMessage } from '../ingest/message.ts'
import type { Metrics } from '../metrics.ts'
import type { AgentRow } from '../store/store.ts'
import { Quota, requireRoom, type Urgency } from './pressure.ts'

export type AgentRoutesOptions = {
  readonly ingest: Ingest
  readonly keys: KeyRing
  readonly enrol: (body: Buffer, now: EpochMs, ip: string) => Promise<EnrolmentAnswer | Waiting>
  /** Keeps a quarantined agent's wish to rejoin; without it there is no such address. */
  readonly rejoin?: (
    message: Extract<Message, { type: 'rejoin' }>,
    now: EpochMs,
  ) => Promise<Waiting>
  readonly now: () => EpochMs
  /** How late the event loop is. Unit: milliseconds. */
  readonly loopDelayMs?: (() => number) | undefined
  readonly metrics: Pick<Metrics, 'countMessage'>
}

/**
 * What agents call: enrolment, their stream, heartbeats, the cursor, rejoining. Bodies are compact
 * JWS.
 */
export function agentRoutes(options: AgentRoutesOptions): FastifyPluginAsync {
  const { ingest, enrol, rejoin, now, loopDelayMs = () => 0 } = options
  const schema = { hide: true }
  const { read, take } = reading(options)

  /** For a route of this urgency: refuses before anything is read. */
  const when = (urgency: Urgency) => ({
    schema,
    config: { access: 'agent' } as const,
    onRequest: async () => {
      requireRoom(urgency, { waiting: ingest.waiting, loopDelayMs: loopDelayMs() })
    },
  })

  return async (app) => {
    // Agents need none of these with a good answer, a thousand of which travel each day and host.
    app.addHook('onSend', async (_request, reply) => {
      const { statusCode, raw } = reply
      if (statusCode !== 200 || raw.hasHeader('connection')) return
      raw.sendDate = false
      raw.removeHeader('connection')
      // JSON has one encoding (RFC 8259); to name it takes as much as what is said.
      if (reply.getHeader('content-type') === 'application/json; charset=utf-8') {
        reply.header('content-type', 'application/json')
      }
    })

    app.post('/v1/enrolments', when('sign of life'), async (request, reply) => {
      const answer = await enrol(body(request), now(), request.ip)
      return reply.code('code' in answer ? 202 : 200).send(answer)
    })

    app.post('/v1/batches', when('batch'), async (request, reply) => {
      const { batch, gap, rotation } = messageTypes
      const { receipt } = await read(request, [batch, gap, rotation], take)
      return reply.type('application/jose').send(receipt)
    })

    app.post('/v1/heartbeats', when('sign of life'), async (request) => {
      await read(request, [messageTypes.heartbeat], take)
      return { now: now() }
    })

    app.post('/v1/cursor', when('sign of life'), async (request) => {
      return read(request, [messageTypes.cursor], (_question, agent) => ingest.cursor(agent))
    })

    if (!rejoin) return
    app.post('/v1/rejoins', when('sign of life'), async (request, reply) => {
      const answer = await read(request, [messageTypes.rejoin], (message, _agent, received) => {
        if (message.type !== 'rejoin') throw new AppError('schema', 'This is no wish to rejoin.')
        return rejoin(message, received)
      })
      return reply.code(202).send(answer)
    })
  }
}

/** How a route gets from a request to a message, and a message to the store. */
function reading({ ingest, keys, now, metrics }: AgentRoutesOptions) {
  const quota = new Quota()

  /**
   * Reads a message of one of these types, within the quota of its sender, and does something with
   * it. Whatever is refused from then on is logged with the sender's name.
   */
  const read = async <T>(
    request: FastifyRequest,
    types: readonly MessageType[],
    work: (message: Message, agent: AgentRow, received: EpochMs) => T | Promise<T>,
  ): Promise<T> => {
    const received = now()
    const { agent, message } = readMessage(body(request), types, keys)
    try {
      quota.take(agent.agent, received)
      return await work(message, agent, received)
    } catch (error) {
      request.log = request.log.child({ agent: agent.agent })
      throw error
    }
  }

  /** Stores and counts a message. */
  const take = async (message: Message, agent: AgentRow, received: EpochMs) => {
    if (message.type === 'cursor' || message.type === 'rejoin') {
      throw new AppError('schema', 'Nothing here takes a question.')
    }
    try {
      const stored = await ingest.store(agent, message, received)
      metrics.countMessage(message.type, stored.result)
      return stored
    } catch (error) {
      if (error instanceof AppError) metrics.countMessage(message.type, error.code)
      throw error
    }
  }

  return { read, take }
}

/** The body as bytes: only `application/jose` is parsed to a buffer. */
function body(request: FastifyRequest): Buffer {
  if (Buffer.isBuffer(request.body)) return request.body
  throw new AppError('content_type', 'Send the message as application/jose.')
}
