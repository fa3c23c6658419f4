import type { IncomingMessage, RequestOptions, request } from 'node:http'
import { secondMs } from '../protocol/time.ts'
import { withDeadline } from './deadline.ts'

/** What the collector said. */
export type Answer = {
  readonly status: number
  readonly body: string
  /** The `Retry-After` header: seconds or a date, as sent; null without one. */
  readonly retryAfter: string | null
}

/** Sends a signed message. Throws when no whole answer came in time. */
export type Post = (path: string, jws: string, signal: AbortSignal) => Promise<Answer>

const answerBytesMax = 64 * 1024

/**
 * Posts to one collector over a connection that is kept. TLS is loaded only where the address asks
 * for it, because it costs a resident process 6 MB; there is no way to switch verification off.
 */
export async function openPost(
  collector: string,
  { proxy, timeoutMs = 15 * secondMs }: { proxy?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<{ post: Post; close: () => void }> {
  const base = new URL(collector)
  const { Agent, request } =
    base.protocol === 'https:' ? await import('node:https') : await import('node:http')
  const agent = new Agent({ keepAlive: true, maxSockets: 1, proxyEnv: proxy })
  const post: Post = async (path, jws, signal) => {
    const url = new URL(path, base)
    const send = () =>
      withDeadline(
        timeoutMs,
        (ended) => exchange(request, { agent, signal: ended }, url, jws),
        signal,
      )
    try {
      return await send()
    } catch (error) {
      // The collector closed a connection that lay idle: that is no loss, a new one is tried.
      if (!(error instanceof StaleConnection)) throw error
      return await send()
    }
  }
  return { post, close: () => agent.destroy() }
}

/** A kept connection ended before anything came back over it. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection'
}

function exchange(
  requestOver: typeof request,
  over: Required<Pick<RequestOptions, 'agent' | 'signal'>>,
  url: URL,
  jws: string,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const headers = { 'content-type': 'application/jose', 'content-length': Buffer.byteLength(jws) }
  const options: RequestOptions = { ...over, method: 'POST', headers }
  const sent = requestOver(url, options, (response) => readAnswer(response).then(resolve, reject))
  sent.on('error', (cause: NodeJS.ErrnoException) => {
    const isStale = sent.reusedSocket && cause.code === 'ECONNRESET'
    reject(isStale ? new StaleConnection('The connection was closed.', { cause }) : cause)
  })
  sent.end(jws)
  return promise
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > answerBytesMax) throw new Error('The answer is too long.')
    chunks.push(chunk)
  }
  const retryAfter = response.headers['retry-after'] ?? null
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), retryAfter }
}
