import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { limits } from '../protocol/limits.ts'
import { AppError } from './error.ts'
import { answerErrors } from './http/errors.ts'
import { parse } from './ingest/message.ts'

export type AppOptions = {
  readonly logger: FastifyBaseLogger
  /** Own certificate; absent where a trusted proxy or loopback makes it unnecessary. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
  /** Addresses whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[]
  readonly version: string
}

/** A client that is slower than this is cut off. Written in docs/collector.md. */
const headersTimeoutMs = 10_000
const requestTimeoutMs = 15_000
/** Longer than the agents' heartbeat, so that they keep one connection. */
const keepAliveTimeoutMs = limits.heartbeatMs + 30_000
const socketsMax = 20_000

/** The HTTP application without routes and without listening. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { tls, trustedProxies, logger, version } = options
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.messageBytesMax,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    trustProxy: trustedProxies ? [...trustedProxies] : false,
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
    ...(tls && { https: tls }),
  })
  app.server.headersTimeout = headersTimeoutMs
  app.server.maxConnections = socketsMax
  acceptOnlyKnownBodies(app)
  answerErrors(app)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Istimrar collector',
        version,
        description: 'Continuity of the hosting environments of government institutions.',
      },
    },
  })
  await app.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: true })
  return app
}

/** Replaces Fastify's parsers by strict ones; what is not named here is refused with 415. */
function acceptOnlyKnownBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addHook('onRequest', async (request) => {
    const encoding = request.headers['content-encoding']
    if (encoding !== undefined && encoding !== 'identity') {
      throw new AppError('content_encoding', 'Compressed bodies are not accepted.')
    }
  })
  app.addContentTypeParser(
    /^application\/jose$/,
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => body,
  )
  app.addContentTypeParser(
    /^application\/json(; ?charset=utf-8)?$/i,
    { parseAs: 'buffer', bodyLimit: limits.bodyBytesMax },
    async (_request: unknown, body: Buffer) => parse(body),
  )
}
