import { secondMs } from '../protocol/time.ts'
import { Connection } from './connection.ts'
import type { Message } from './message.ts'
import { proxyNamed, type Way } from './transport.ts'

/** What the collector said. */
export type Answer = {
  readonly status: number
  readonly body: string
  /** The `Retry-After` header: seconds or a date; null without one. */
  readonly retryAfter: string | null
}

/** Sends a message. Throws without an answer. */
export type Post = (path: string, message: Message, signal: AbortSignal) => Promise<Answer>

/** A way to post that is open until it is closed. */
export type OpenPost = { readonly post: Post; readonly close: () => void }

/**
 * Posts to one collector over a connection that is kept. Only a proxy needs Node's own HTTP, which
 * takes twice the CPU time and 4 MB. Throws AgentError for a wrong way.
 */
export async function openPost(
  collector: string,
  { timeoutMs = 15 * secondMs, proxy = {} }: Way & { timeoutMs?: number } = {},
): Promise<OpenPost> {
  const base = new URL(collector)
  // Whether NO_PROXY exempts the collector is left to Node.
  if (proxyNamed(base, proxy)) {
    const { openProxied } = await import('./proxied.ts')
    return openProxied(base, { timeoutMs, proxy })
  }
  const secure = base.protocol === 'https:' ? await import('node:tls') : null
  const connection = new Connection(base, secure, timeoutMs)
  return {
    post: (path, message, signal) => connection.post(path, message, signal),
    close: () => connection.close(),
  }
}
