import { createHash } from 'node:crypto'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type ErrorCode } from '../error.ts'

/** The one table from error code to status. */
const statuses: Record<ErrorCode, number> = {
  invalid: 400,
  schema: 400,
  encoding: 400,
  syntax: 400,
  duplicate_key: 400,
  depth: 400,
  auth: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gap: 409,
  too_large: 413,
  content_type: 415,
  content_encoding: 415,
  too_many: 429,
  unavailable: 503,
  configuration: 500,
}

/** Fastify's own refusals, in our words. */
const frameworkErrors: Record<string, AppError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new AppError('too_large', 'The body is too large.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new AppError('content_type', 'The content type is not accepted.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: new AppError('syntax', 'The body is empty.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: new AppError('invalid', 'The length does not fit the body.'),
}

const retryAfterSeconds = 5

/** Answers every error of the app: `{code, message}`, never input, stack or path. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const expected = expectedError(error)
    if (!expected) {
      request.log.error({ err: error }, 'request failed')
      return reply.code(500).send({ code: 'internal', message: 'Internal error.' })
    }
    const { code, message, detail } = expected
    noteRefusal(request, code)
    if (statuses[code] === 503 || statuses[code] === 429) {
      reply.header('retry-after', retryAfterSeconds)
    }
    return reply.code(statuses[code]).send({ code, message, ...detail })
  })
  app.setNotFoundHandler((_request: FastifyRequest, reply: FastifyReply) =>
    reply.code(404).send({ code: 'not_found', message: 'There is nothing at this address.' }),
  )
}

function expectedError(error: FastifyError): AppError | null {
  if (error instanceof AppError) return error
  if (error.validation) return new AppError('schema', 'The request does not fit its schema.')
  return frameworkErrors[error.code] ?? null
}

/** A security event: what was refused and of what size, never the body itself. */
function noteRefusal(request: FastifyRequest, code: ErrorCode): void {
  const body = Buffer.isBuffer(request.body) ? request.body : null
  const sha256 = body && createHash('sha256').update(body).digest('hex')
  request.log.warn(
    { event: 'refused', code, ip: request.ip, bytes: body?.length ?? null, sha256 },
    'refused',
  )
}
