import type { IncomingMessage, OutgoingHttpHeaders, RequestOptions, request } from 'node:http'
import { secondMs } from '../protocol/time.ts'
import { withDeadline } from './deadline.ts'
import { openTransport, type Way } from './transport.ts'

/** What the collector said. */
export type Answer = {
  readonly status: number
  readonly body: string
  /** The `Retry-After` header: seconds or a date; null without one. */
  readonly retryAfter: string | null
}

/** Sends a signed message, or asks for what is there for all (null). Throws without an answer. */
export type Post = (path: string, jws: string | null, signal: AbortSignal) => Promise<Answer>

const answerBytesMax = 64 * 1024

/** Posts to one collector over a connection that is kept. Throws AgentError for a wrong way. */
export async function openPost(
  collector: string,
  { timeoutMs = 15 * secondMs, ...way }: Way & { timeoutMs?: number } = {},
): Promise<{ post: Post; close: () => void }> {
  const base = new URL(collector)
  const { request, agent } = await openTransport(base, way)
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
  jws: string | null,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  // Of the headers only what HTTP/1.1 asks for: 24 bytes less, a thousand times a day.
  const headers = { host: url.host, ...(jws !== null && describing(jws)) }
  const method = jws === null ? 'GET' : 'POST'
  const options: RequestOptions = { ...over, method, headers, setDefaultHeaders: false }
  const sent = requestOver(url, options, (response) => readAnswer(response).then(resolve, reject))
  sent.on('error', (cause: NodeJS.ErrnoException) => {
    const isStale = sent.reusedSocket && cause.code === 'ECONNRESET'
    reject(isStale ? new StaleConnection('The connection was closed.', { cause }) : cause)
  })
  sent.end(jws ?? undefined)
  return promise
}

function describing(jws: string): OutgoingHttpHeaders {
  return { 'content-type': 'application/jose', 'content-length': Buffer.byteLength(jws) }
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > answerBytesMax) throw new Error('The answer is too long.')
    chunks.push(chunk)
  }
  const retryAfter = retryAfterOf(response.headers)
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), retryAfter }
}

/** A date is read against the sender's own clock where it says its time: ours may be wrong. */
function retryAfterOf({ 'retry-after': after, date }: IncomingMessage['headers']): string | null {
  const delayMs = Date.parse(after ?? '') - Date.parse(date ?? '')
  const isDate = after !== undefined && !/^\d+$/.test(after)
  if (!isDate || Number.isNaN(delayMs)) return after ?? null
  return String(Math.max(0, Math.ceil(delayMs / secondMs)))
}
