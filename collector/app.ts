import type { Server } from 'node:net'

import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifySchemaCompiler,
  type FastifySerializerCompiler,
  LogController,
} from 'fastify'
import { limits } from '../protocol/limits.ts'
import { AppError } from './error.ts'
import { documentationPath, type Guard, guardRoutes } from './http/access.ts'
import { Addresses } from './http/addresses.ts'
import { type RefusalCode, Refusals } from './http/errors.ts'
import { lazySerializers } from './http/lazy-serializers.ts'
import { parse } from './ingest/message.ts'
import { collectorLimits } from './limits.ts'
import { addressList, limitSockets } from './sockets.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The one encoding in which a route takes its bodies; without it as they are. */
    contentEncoding?: string
  }
}

export type AppOptions = {
  readonly logger: FastifyBaseLogger
  /** Own certificate; absent where a trusted proxy or loopback makes it unnecessary. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
  /** Addresses whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[]
  readonly version: string
  /** How it is known who asks. */
  readonly guard: Guard
  /** Told of every refusal. */
  readonly onRefusal?: (code: RefusalCode) => void
  /** In [0, 1); spreads when refused agents come back. */
  readonly random?: () => number
  /** Fastify's own unless given. */
  readonly compilers?: SchemaCompilers
}

/** What makes functions of the routes' schemas. */
export type SchemaCompilers = {
  readonly validator: FastifySchemaCompiler<unknown>
  readonly serializer: FastifySerializerCompiler<unknown>
}

/** What is sent must be what a schema says, without help. */
export const schemaRules = {
  customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false },
} as const

/** The HTTP application without routes and without listening. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { tls, trustedProxies = [], logger, version } = options
  const { timeoutCheckMs, headersBytesMax } = collectorLimits
  const server = { connectionsCheckingInterval: timeoutCheckMs, maxHeaderSize: headersBytesMax }
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.messageBytesMax,
    requestTimeout: collectorLimits.requestTimeoutMs,
    keepAliveTimeout: collectorLimits.keepAliveTimeoutMs,
    trustProxy: [...trustedProxies],
    forceCloseConnections: true,
    ajv: schemaRules,
    schemaController: { compilersFactory: { buildSerializer: lazySerializers } },
    frameworkErrors: (error, request, reply) => void refusals.answer(error, request, reply),
    clientErrorHandler: (error, socket) => refusals.answerUnreadable(error, socket),
    ...(tls ? { https: { ...tls, ...server } } : { http: server }),
  })
  const bodies = new WeakMap<object, Buffer>()
  const addresses = new Addresses()
  const refusals = new Refusals({
    app,
    addresses,
    bodyOf: (request) => bodies.get(request) ?? null,
    random: options.random ?? Math.random,
    onRefusal: options.onRefusal ?? (() => {}),
  })
  if (options.compilers) {
    app.setValidatorCompiler(options.compilers.validator)
    app.setSerializerCompiler(options.compilers.serializer)
  }
  limitConnections(app.server, trustedProxies)
  app.server.headersTimeout = collectorLimits.headersTimeoutMs
  app.addHook('onRoute', ({ url, method }) => addresses.add(url, method))
  app.setErrorHandler(refusals.answer.bind(refusals))
  app.setNotFoundHandler(refusals.answerNowhere.bind(refusals))
  acceptOnlyKnownBodies(app, bodies)
  guardRoutes(app, options.guard)
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
  await app.register(swaggerUi, { routePrefix: documentationPath, staticCSP: true })
  return app
}

function limitConnections(server: Server, trustedProxies: readonly string[]): void {
  server.maxConnections = collectorLimits.socketsMax
  limitSockets(server, addressList(['loopback', ...trustedProxies]))
}

/**
 * Replaces Fastify's parsers by strict ones; what is not named here is refused with 415. The bytes
 * of each body are kept for as long as its request lives.
 */
function acceptOnlyKnownBodies(app: FastifyInstance, bodies: WeakMap<object, Buffer>): void {
  app.removeAllContentTypeParsers()
  app.addHook('onRequest', async (request) => {
    const encoding = request.headers['content-encoding']
    const { contentEncoding = 'identity' } = request.routeOptions.config
    if (encoding !== undefined && encoding !== contentEncoding) {
      throw new AppError('content_encoding', 'Compressed bodies are not accepted.')
    }
  })
  app.addContentTypeParser(
    /^application\/jose$/,
    { parseAs: 'buffer' },
    async (request: object, body: Buffer) => {
      bodies.set(request, body)
      return body
    },
  )
  app.addContentTypeParser(
    /^application\/json(; ?charset=utf-8)?$/i,
    { parseAs: 'buffer', bodyLimit: limits.bodyBytesMax },
    async (request: object, body: Buffer) => {
      bodies.set(request, body)
      return parse(body)
    },
  )
}
