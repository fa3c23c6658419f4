import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { parseJws, sha256 } from '../../protocol/jws.ts'
import type { Reply } from '../simulation/simulated-agent.ts'

/** A message of the stream that went by, and what was answered; null when no answer came. */
export type Tapped = {
  readonly agent: string
  readonly type: 'batch' | 'gap'
  readonly epoch: number
  readonly seq: number
  readonly hash: string
  /** The boot it tells of. */
  readonly boot: string
  /** The host's wall clock when a batch was sealed; null of other messages. */
  readonly wall: number | null
  readonly status: number | null
  readonly body: string
}

/**
 * Stands between a real agent and its collector and writes down what is issued and what is
 * acknowledged. It lives in this process, which no fault touches.
 */
export class Wiretap implements AsyncDisposable {
  readonly messages: Tapped[] = []
  heartbeats = 0
  /** What agents are told instead of what the collector says; null lets it speak. */
  answer: (path: string) => Reply | null = () => null
  readonly #collector: () => string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #waiting: (() => void)[] = []

  private constructor(collector: () => string) {
    this.#collector = collector
    this.#server = createServer(async (incoming, outgoing) => {
      const body = await buffer(incoming).catch(() => null)
      const path = incoming.url ?? '/'
      const reply = body && incoming.method === 'POST' ? await this.#pass(path, body) : null
      if (!reply) return void outgoing.destroy()
      const { status, body: text, retryAfter } = reply
      outgoing.writeHead(status, retryAfter === null ? {} : { 'retry-after': retryAfter }).end(text)
    })
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(collector: () => string): Promise<Wiretap> {
    const tap = new Wiretap(collector)
    tap.#server.listen(0, '127.0.0.1')
    await once(tap.#server, 'listening')
    return tap
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port // of a TCP server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get acked(): Tapped[] {
    return this.messages.filter(({ status }) => status === 200)
  }

  /** Waits until what went by is enough. False when it was not within the time. */
  async until(enough: () => boolean, timeoutMs: number): Promise<boolean> {
    const late = AbortSignal.timeout(timeoutMs)
    while (!enough() && !late.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        late.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    return enough()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #pass(path: string, body: Buffer): Promise<Reply | null> {
    const reply = this.answer(path) ?? (await post(new URL(path, this.#collector()), body))
    if (path === '/v1/heartbeats') this.heartbeats++
    if (path === '/v1/batches') this.#note(body.toString('latin1'), reply)
    for (const resolve of this.#waiting.splice(0)) resolve()
    return reply
  }

  #note(jws: string, reply: Reply | null): void {
    const { payload, typ } = parseJws(jws)
    const { agent, epoch, seq, boot, sealed } = JSON.parse(Buffer.from(payload).toString())
    const type = typ.includes('gap') ? 'gap' : 'batch'
    const { status = null, body = '' } = reply ?? {}
    const wall: number | null = typ.includes('batch') ? sealed.wall : null
    this.messages.push({ agent, type, epoch, seq, boot, wall, hash: sha256(jws), status, body })
  }
}

/** Null when no whole answer came. */
function post(url: URL, body: Buffer): Promise<Reply | null> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/jose', 'content-length': body.length }
    const sent = request(url, { method: 'POST', headers, timeout: 10_000 }, (response) => {
      const retryAfter = response.headers['retry-after'] ?? null
      const status = response.statusCode ?? 0
      buffer(response).then(
        (bytes) => resolve({ status, body: bytes.toString(), retryAfter }),
        () => resolve(null),
      )
    })
    sent.once('timeout', () => sent.destroy())
    sent.once('error', () => resolve(null))
    sent.end(body)
  })
}
