import { connect as connectTcp, isIP, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { retryAfterOf } from './backoff.ts'
import { type HttpError, type HttpResponse, ResponseReader } from './http-response.ts'
import { aborted, exchangesMax, type Message, silenceMs, written } from './message.ts'
import type { Answer } from './post.ts'
import { byName } from './probes/connection.ts'
import { endpointOf } from './targets.ts'
import { resumedMax, strictTls } from './transport.ts'

/** What is asked, and who waits for the answer. */
type Exchange = ReturnType<typeof Promise.withResolvers<Answer>> & {
  readonly path: string
  readonly message: Message
  readonly reader: ResponseReader
  /** The connection served before: the server may give it up just as this is sent. */
  isReused: boolean
  /** Something came back. */
  isAnswered: boolean
  /** It was silent for longer than a connection that lives. */
  isLate: boolean
}

const readBytes = 8 * 1024

/**
 * One kept connection to a collector over HTTP/1.1, with one exchange at a time. It is this bare
 * because the resident agent spends much of its time here: no streams are read, and an exchange is
 * one write and one timer. The kernel does not try an idle connection either: Node's own way is a
 * packet each second. A heartbeat each 90 seconds does that, and over a connection that is dead by
 * then it is sent again over a new one.
 */
export class Connection {
  readonly #base: URL
  readonly #tls: typeof import('node:tls') | null
  readonly #limitMs: number
  readonly #buffer = Buffer.allocUnsafeSlow(readBytes)
  #socket: Socket | null = null
  /** Of TLS, from the last connection: with it no certificate is sent for the next one. */
  #session: Buffer | undefined
  /** Exchanges of this connection that are over. */
  #served = 0
  /** Connections in a row that went on with a session. */
  #resumed = 0
  #exchange: Exchange | null = null
  #timer: NodeJS.Timeout | undefined
  #signal: AbortSignal | null = null
  readonly #giveUp = () => {
    if (this.#exchange) this.#drop(aborted())
  }
  /** The last answer was late: then silence tells nothing, and nobody is asked twice for it. */
  #isSlow = false

  /** TLS as loaded, null for an address that is plain HTTP. */
  constructor(base: URL, tls: typeof import('node:tls') | null, limitMs: number) {
    this.#base = base
    this.#tls = tls
    this.#limitMs = limitMs
  }

  /**
   * Posts, or gets for null, when its turn comes. Rejects without a whole answer in time; that
   * begins anew with a second connection.
   */
  post(path: string, message: Message, signal: AbortSignal): Promise<Answer> {
    if (this.#exchange) {
      const next = () => this.post(path, message, signal)
      return this.#exchange.promise.then(next, next)
    }
    if (signal.aborted) return Promise.reject(aborted())
    this.#listenTo(signal)
    const settling = Promise.withResolvers<Answer>()
    const isReused = this.#socket !== null
    const reader = new ResponseReader()
    const begun = { reader, isReused, isAnswered: false, isLate: false }
    this.#exchange = { ...settling, path, message, ...begun }
    if (this.#socket) this.#sendOver(this.#socket, this.#exchange)
    else this.#open()
    return settling.promise
  }

  /** Ends the connection and what is under way. */
  close(): void {
    this.#drop(aborted())
    this.#listenTo(null)
  }

  /** Once for all exchanges that share the signal: a listener more costs as much as a write. */
  #listenTo(signal: AbortSignal | null): void {
    if (signal === this.#signal) return
    this.#signal?.removeEventListener('abort', this.#giveUp)
    signal?.addEventListener('abort', this.#giveUp)
    this.#signal = signal
  }

  /** Over the connection that is kept. */
  #sendOver(socket: Socket, { path, message }: Exchange): void {
    const jws = written(message)
    this.#await(jws?.length ?? 0)
    socket.write(requestOf(path, this.#base.host, jws))
  }

  /** Ends the exchange in time. What is silent before that was dead, or is slow. */
  #await(bytes: number): void {
    const waitMs = silenceMs(bytes, this.#limitMs)
    this.#timer = setTimeout(() => {
      const exchange = this.#exchange
      if (!exchange) return
      if (exchange.isReused && !exchange.isAnswered && !this.#isSlow) return this.#tryAnew(exchange)
      exchange.isLate = this.#isSlow = true
      this.#timer = setTimeout(this.#giveUp, this.#limitMs - waitMs)
    }, waitMs)
  }

  /** A kept connection failed before anything came back: no loss yet, one new one is tried. */
  #tryAnew(exchange: Exchange): void {
    clearTimeout(this.#timer)
    this.#disconnect()
    exchange.isReused = false
    this.#open()
  }

  #open(): void {
    this.#await(0)
    try {
      this.#socket = this.#connect()
    } catch (error) {
      this.#drop(error as Error)
    }
  }

  #connect(): Socket {
    const { host, port } = endpointOf(this.#base)
    const onread = {
      buffer: this.#buffer,
      callback: (bytes: number): boolean => this.#received(socket, bytes),
    }
    const to = { host, port, noDelay: true, onread, ...byName }
    const session = this.#resumed < resumedMax ? this.#session : undefined
    const secured = {
      ...{ ...to, ...strictTls, ALPNProtocols: ['http/1.1'], session },
      servername: isIP(host) ? '' : host,
    }
    const socket: Socket = this.#tls ? this.#tls.connect(secured) : connectTcp(to)
    // Not before: what is sent goes only to a server whose certificate was found good.
    socket.once(this.#tls ? 'secureConnect' : 'connect', () => this.#ready(socket))
    socket.once('secureConnect', () => {
      const isResumed = (socket as TLSSocket).isSessionReused() // the event is of TLS alone
      this.#resumed = isResumed ? this.#resumed + 1 : 0
    })
    socket.on('session', (session: Buffer) => {
      if (socket === this.#socket) this.#session = session
    })
    socket.on('end', () => this.#ended(socket, null))
    socket.on('error', (error) => this.#ended(socket, error))
    socket.on('close', () => this.#ended(socket, null))
    return socket
  }

  #ready(socket: Socket): void {
    if (socket !== this.#socket || !this.#exchange) return
    // An idle connection keeps no process alive; while an exchange runs, its timer does.
    socket.unref()
    const { path, message } = this.#exchange
    socket.write(requestOf(path, this.#base.host, written(message)))
  }

  /** Takes what came into the buffer; true for more. */
  #received(socket: Socket, bytes: number): boolean {
    if (socket !== this.#socket) return true
    const exchange = this.#exchange
    if (!exchange) {
      // Nothing was asked: it would be taken for the next answer.
      this.#drop(aborted())
      return true
    }
    exchange.isAnswered = true
    try {
      const response = exchange.reader.read(this.#buffer.toString('latin1', 0, bytes))
      if (response) this.#settle(exchange, response)
    } catch (error) {
      this.#drop(error as HttpError)
    }
    return true
  }

  #ended(socket: Socket, error: Error | null): void {
    if (socket !== this.#socket) return
    const exchange = this.#exchange
    if (error) this.#session = undefined
    if (exchange?.isReused && !exchange.isAnswered) {
      this.#tryAnew(exchange)
      return
    }
    const response = error ? null : exchange?.reader.end()
    if (exchange && response) this.#settle(exchange, response)
    else this.#drop(error ? named(error) : cut())
  }

  #settle(exchange: Exchange, { status, body, date, retryAfter, isLast }: HttpResponse): void {
    clearTimeout(this.#timer)
    this.#exchange = null
    this.#isSlow = exchange.isLate
    this.#served += 1
    const isOld = this.#served >= exchangesMax
    if (isOld) this.#session = undefined
    if (isLast || isOld) this.#disconnect()
    exchange.resolve({ status, body, retryAfter: retryAfterOf(retryAfter, date) })
  }

  #drop(error: Error): void {
    clearTimeout(this.#timer)
    const exchange = this.#exchange
    this.#exchange = null
    this.#disconnect()
    exchange?.reject(error)
  }

  #disconnect(): void {
    const socket = this.#socket
    this.#socket = null
    this.#served = 0
    socket?.destroy()
  }
}

/** Of the headers only what HTTP/1.1 asks for: 24 bytes less, a thousand times a day. */
function requestOf(path: string, host: string, jws: string | null): string {
  if (jws === null) return `GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`
  return (
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/jose\r\n` +
    `content-length: ${Buffer.byteLength(jws)}\r\n\r\n${jws}`
  )
}

function cut(): Error {
  return Object.assign(new Error('The connection ended before the answer.'), { code: 'ECONNRESET' })
}

/** Whatever OpenSSL finds wrong has one code, as where Node's own client meets it. */
function named(error: NodeJS.ErrnoException): Error {
  if (!error.code?.startsWith('ERR_SSL_')) return error
  return Object.assign(new Error(error.message, { cause: error }), { code: 'EPROTO' })
}
