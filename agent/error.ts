import type { Language, Said } from './language.ts'

/**
 * An expected failure of the program: its message is the one line the user reads, in English; `in`
 * says it in the reader's language. `usage` is what the user wrote (exit 2), `failed` what the
 * machine or the network did (exit 1).
 */
export class AgentError extends Error {
  override readonly name = 'AgentError'
  readonly code: 'usage' | 'failed'
  readonly #said: Said | null
  constructor(code: AgentError['code'], message: string | Said, options?: ErrorOptions) {
    super(typeof message === 'string' ? message : message.in('en'), options)
    this.code = code
    this.#said = typeof message === 'string' ? null : message
  }

  in(language: Language): string {
    return this.#said?.in(language) ?? this.message
  }
}
