import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Exchange, Reply } from '../simulation/simulated-agent.ts'

/** The real way to a collector: HTTP on kept connections. Throws when no whole answer came. */
export type HttpExchange = Disposable & {
  readonly exchange: Exchange
  /** Requests made. */
  readonly requests: () => number
}

/** An exchange that may be pointed elsewhere at any time: `url` is asked before each request. */
export function httpExchange(url: () => string, { timeoutMs = 10_000 } = {}): HttpExchange {
  const agent = new Agent({ keepAlive: true, maxSockets: 1_000, maxFreeSockets: 1_000 })
  let requests = 0
  const exchange: Exchange = (path, jws) => {
    requests++
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const sent = request(new URL(path, url()), {
      agent,
      method: 'POST',
      timeout: timeoutMs,
      headers: {
        'content-type': 'application/jose',
        'content-length': Buffer.byteLength(jws),
      },
    })
    // `timeout` speaks of silence on the socket; a whole exchange must not last longer either.
    const timer = setTimeout(() => sent.destroy(new Error('No answer in time.')), timeoutMs)
    sent.once('close', () => clearTimeout(timer))
    sent.once('error', reject)
    sent.once('response', (response) => {
      const retryAfter = response.headers['retry-after'] ?? null
      const status = response.statusCode ?? 0
      text(response).then((body) => resolve({ status, body, retryAfter }), reject)
    })
    sent.end(jws)
    return promise
  }
  return { exchange, requests: () => requests, [Symbol.dispose]: () => agent.destroy() }
}
