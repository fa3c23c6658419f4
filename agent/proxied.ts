import type { IncomingMessage, OutgoingHttpHeaders, RequestOptions } from 'node:http'
import { retryAfterOf } from './backoff.ts'
import { withDeadline } from './deadline.ts'
import { answerBytesMax } from './http-response.ts'
import type { Answer, OpenPost, Post } from './post.ts'
import { asciiHost } from './probes/connection.ts'
import { openTransport, type Transport, type Way } from './transport.ts'

/**
 * Posts by Node's own HTTP, as only that knows proxies, over a connection that is kept. Throws
 * AgentError for a proxy that is none.
 */
export async function openProxied(
  base: URL,
  { timeoutMs, ...way }: Way & { timeoutMs: number },
): Promise<OpenPost> {
  const transport = await openTransport(base, way)
  const { host, port } = base
  const hostname = asciiHost(base.hostname)
  const to = { hostname, ...(port !== '' && { port }), host, agent: transport.agent }
  const post: Post = async (path, jws, signal) => {
    const send = () =>
      withDeadline(
        timeoutMs,
        (ended) => exchange(transport.request, { ...to, path }, jws, ended),
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
  return { post, close: () => transport.agent.destroy() }
}

/** A kept connection ended before anything came back over it. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection'
}

function exchange(
  request: Transport['request'],
  { host, ...to }: RequestOptions & { readonly host: string },
  jws: string | null,
  ended: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  // Of the headers only what HTTP/1.1 asks for: 24 bytes less, a thousand times a day.
  const headers = { host, ...(jws !== null && describing(jws)) }
  const method = jws === null ? 'GET' : 'POST'
  const options: RequestOptions = { ...to, method, headers, setDefaultHeaders: false }
  const sent = request(options, (response) => readAnswer(response, resolve, reject))
  // The options' own signal and the response's iterator would cost a third of the whole exchange.
  ended.addEventListener('abort', () => sent.destroy(ended.reason as Error), { once: true })
  if (ended.aborted) sent.destroy(ended.reason as Error) // withDeadline's own AbortError
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

function readAnswer(
  response: IncomingMessage,
  resolve: (answer: Answer) => void,
  reject: (cause: Error) => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > answerBytesMax) response.destroy(new Error('The answer is too long.'))
    else chunks.push(chunk)
  })
  response.on('error', reject)
  response.on('end', () => {
    const { statusCode: status = 0, headers } = response
    const retryAfter = retryAfterOf(headers['retry-after'] ?? null, headers.date ?? null)
    resolve({ status, body: Buffer.concat(chunks).toString(), retryAfter })
  })
}
