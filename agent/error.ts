/**
 * An expected failure of the program: its message is the one line the user reads. `usage` is what
 * the user wrote (exit 2), `failed` what the machine or the network did (exit 1).
 */
export class AgentError extends Error {
  override readonly name = 'AgentError'
  readonly code: 'usage' | 'failed'
  constructor(code: AgentError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
