import { createHash } from 'node:crypto'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type ErrorCode } from '../error.ts'
import { collectorLimits } from '../limits.ts'
import type { Addresses } from './addresses.ts'
import { openRefusalLog, type RefusalLog } from './refusals.ts'

/** The one table from error code to status. */
const statuses: Record<ErrorCode, number> = {
  invalid: 400,
  schema: 400,
  encoding: 400,
  syntax: 400,
  number: 400,
  duplicate_key: 400,
  depth: 400,
  auth: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gap: 409,
  quarantined: 409,
  pending: 403,
  too_large: 413,
  content_type: 415,
  content_encoding: 415,
  too_many: 429,
  unavailable: 503,
  configuration: 500,
}

/** Refusals of requests that never became one, by the code of Node's parser; the rest is 400. */
const unreadable: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Payload Too Large'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
}

/** Why a request was refused, for counting: all there can ever be. */
export const refusalCodes = [
  ...(Object.keys(statuses) as ErrorCode[]),
  'method' as const,
  'unreadable' as const,
]
export type RefusalCode = (typeof refusalCodes)[number]

/** Fastify's own refusals, in our words. */
const frameworkErrors: Record<string, AppError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new AppError('too_large', 'The body is too large.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new AppError('content_type', 'The content type is not accepted.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: new AppError('syntax', 'The body is empty.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: new AppError('invalid', 'The length does not fit the body.'),
  FST_ERR_BAD_URL: new AppError('invalid', 'The address is malformed.'),
}

const nowhere = new AppError('not_found', 'There is nothing at this address.')

export type RefusalOptions = {
  readonly app: FastifyInstance
  readonly addresses: Addresses
  /** The bytes of a body that was read, null otherwise. */
  readonly bodyOf: (request: FastifyRequest) => Buffer | null
  readonly random: () => number
  readonly onRefusal: (code: RefusalCode) => void
}

/** What answers whoever is refused: `{code, message}`, never input, stack or path. */
export class Refusals {
  readonly #options: RefusalOptions
  readonly #log: RefusalLog

  constructor(options: RefusalOptions) {
    this.#options = options
    this.#log = openRefusalLog(options.app)
  }

  /** An error of a handler, a hook, a parser or the framework. */
  answer(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const expected = expectedError(error)
    if (!expected) {
      request.log.error({ err: error }, 'request failed')
      return reply.code(500).send({ code: 'internal', message: 'Internal error.' })
    }
    const { code, message, detail } = expected
    this.#note(request, code)
    if (statuses[code] === 503 || statuses[code] === 429) {
      const seconds = detail.retryAfterSeconds ?? retryAfterSeconds(this.#options.random)
      reply.header('retry-after', String(seconds))
    }
    return reply.code(statuses[code]).send({ code, message, ...detail })
  }

  /** No route: either nothing is at the address, or something else is done with it. */
  answerNowhere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const methods = this.#options.addresses.methodsOf(request.url)
    if (methods.length === 0 || methods.includes(request.method)) {
      return reply.code(404).send({ code: nowhere.code, message: nowhere.message })
    }
    this.#note(request, 'method')
    const message = 'The address does not take this method.'
    return reply.code(405).header('allow', methods.join(', ')).send({ code: 'method', message })
  }

  /** Bytes that are no HTTP request, or came too slowly to become one. */
  answerUnreadable(error: Error & { code?: string }, socket: Connection): void {
    if (error.code === 'ECONNRESET' || socket.destroyed) return void socket.destroy()
    const [status, reason] = unreadable[error.code ?? ''] ?? [400, 'Bad Request']
    this.#options.onRefusal('unreadable')
    const ip = socket.remoteAddress ?? 'unknown'
    this.#log.note({ code: 'unreadable', ip, bytes: null, sha256: () => null })
    const body = JSON.stringify({ code: 'unreadable', message: `${reason}.` })
    const head = `HTTP/1.1 ${status} ${reason}\r\nContent-Length: ${body.length}\r\n`
    const type = 'Content-Type: application/json; charset=utf-8\r\nConnection: close\r\n\r\n'
    if (socket.writable) socket.write(head + type + body)
    socket.destroySoon()
  }

  #note(request: FastifyRequest, code: RefusalCode): void {
    this.#options.onRefusal(code)
    const body = this.#options.bodyOf(request)
    const sha256 = () => body && createHash('sha256').update(body).digest('hex')
    const refusal = { code, ip: request.ip, bytes: body?.length ?? null, sha256 }
    this.#log.note(refusal, (fields) => request.log.warn(fields, 'refused'))
  }
}

/** What is needed of a socket. */
type Connection = {
  readonly destroyed: boolean
  readonly writable: boolean
  readonly remoteAddress?: string | undefined
  write(text: string): unknown
  destroy(): unknown
  destroySoon(): void
}

function expectedError(error: FastifyError): AppError | null {
  if (error instanceof AppError) return error
  if (error.validation) return new AppError('schema', 'The request does not fit its schema.')
  const known = frameworkErrors[error.code]
  if (known) return known
  // What a plugin refuses, e.g. a way out of the folder of its files.
  const { statusCode = 500 } = error
  if (statusCode === 403 || statusCode === 404) return nowhere
  return statusCode >= 400 && statusCode < 500
    ? new AppError('invalid', 'The request is malformed.')
    : null
}

/** Spread, so that all who were refused in one second do not come back in one. */
function retryAfterSeconds(random: () => number): number {
  const { retryAfterSecondsMin: least, retryAfterSecondsMax: most } = collectorLimits
  return least + Math.floor(random() * (most - least + 1))
}
