import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import { connectOptions, secondsSince } from './connection.ts'
import type { ProbeContext } from './probe.ts'

/** One question to a web server, with all that may be heard of its answer. */
export type HttpRequest = {
  readonly url: URL
  /** Name or address to connect to. */
  readonly hostname: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Of https. */
  readonly handshake: ConnectionOptions
  readonly headerBytesMax: number
  readonly bodyBytesMax: number
}

/** What a server answered: the head whole, the body up to its limit. */
export type HttpResponse<J> = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Seconds until the head was there. */
  readonly seconds: number
  /** What `judge` said of the connection; null without TLS. */
  readonly judged: J | null
}

/**
 * Asks once, on a connection of its own, and closes it whatever happens. Follows nothing, keeps
 * nothing. Notes how long name, connection, handshake and head took. Throws network errors.
 */
export async function exchange<J>(
  asked: HttpRequest,
  { signal, now, note }: ProbeContext,
  judge: (socket: TLSSocket) => J,
): Promise<HttpResponse<J>> {
  const { url, headerBytesMax, bodyBytesMax } = asked
  const secure = url.protocol === 'https:'
  // Loaded only where needed, and not by import(): that reads every export, fetch's among them,
  // which costs the resident agent 13 MB.
  const { request } = secure
    ? process.getBuiltinModule('node:https')
    : process.getBuiltinModule('node:http')
  const startedAt = now()
  const sent = request(url, {
    ...connectOptions,
    ...(secure && asked.handshake),
    hostname: asked.hostname,
    method: asked.method,
    headers: { ...asked.headers, 'user-agent': 'istimrar-agent', 'accept-encoding': 'identity' },
    agent: false,
    maxHeaderSize: headerBytesMax,
    signal,
  })
  if (note) noteProgress(sent, (part) => note(part, secondsSince(startedAt, now())))
  const ended = failure(sent)
  try {
    sent.end(asked.body)
    const response = await Promise.race([ended, answer(sent)])
    const seconds = secondsSince(startedAt, now())
    note?.('head', seconds)
    const judged = secure ? judge(response.socket as TLSSocket) : null // https has such sockets
    const body = await Promise.race([ended, readBody(response, bodyBytesMax)])
    const { statusCode: status = 0, headers } = response
    return { status, headers, body, seconds, judged }
  } finally {
    sent.destroy()
  }
}

/** Tells of each stage of a connection when it is reached. */
function noteProgress(sent: ClientRequest, note: (part: string) => void): void {
  sent.once('socket', (socket) => {
    socket.once('lookup', () => note('name'))
    socket.once('connect', () => note('connection'))
    socket.once('secureConnect', () => note('handshake'))
  })
}

function answer(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve) => sent.on('response', resolve))
}

/**
 * Rejects when the request fails, also after its answer has begun: a malformed body is told here.
 * A connection may close without any error too, as when the server changes the protocol unasked.
 */
function failure(sent: ClientRequest): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  sent.on('error', reject)
  sent.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
  promise.catch(() => {}) // when it comes too late to be of interest
  return promise
}

/** A body that stalls or breaks off is a fault; one that never ends is cut. */
async function readBody(response: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= bytesMax) break
  }
  return Buffer.concat(chunks).subarray(0, bytesMax)
}
