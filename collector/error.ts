/** Why something that can be expected to fail did. Branch on these; show the message. */
export type ErrorCode =
  | 'invalid'
  | 'schema'
  | 'encoding'
  | 'syntax'
  | 'number'
  | 'duplicate_key'
  | 'depth'
  | 'auth'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gap'
  | 'quarantined'
  | 'pending'
  | 'too_large'
  | 'content_type'
  | 'content_encoding'
  | 'too_many'
  | 'unavailable'
  | 'configuration'

/**
 * An expected failure, safe to show to whoever asked. Anything else is a bug: log it, answer 500.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  /** More for the machine that asked, e.g. where a stream must go on. */
  readonly detail: Readonly<Record<string, unknown>>
  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { detail?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options)
    this.code = code
    this.detail = options.detail ?? {}
  }
}
