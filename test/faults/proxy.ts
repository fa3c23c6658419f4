import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** What the proxy does to connections from now on; what is not named works. */
export type Weather = {
  /** Bytes arrive so much later, in each direction. */
  readonly latencyMs?: number
  /** At most so many bytes a second in each direction. */
  readonly bytesPerSecond?: number
  /** Requests reach the collector, of its answers nothing comes back and the connection is cut. */
  readonly dropsReplies?: boolean
  /** Nothing passes, nothing is closed: the silence of a cable that was pulled. */
  readonly isHalfOpen?: boolean
  /** Connections are refused with a reset as soon as they come. */
  readonly refuses?: boolean
  /** Each chunk is, with this probability, answered by a reset instead of being passed on. */
  readonly resetShare?: number
}

export type FaultProxyOptions = { readonly target: number; readonly random: () => number }

/**
 * TCP between agents and a collector with faults that the kernel here cannot make: latency,
 * half-open connections, lost replies, resets, a thin line.
 */
export class FaultProxy implements AsyncDisposable {
  weather: Weather = {}
  /** Answers that were thrown away. */
  repliesDropped = 0
  resets = 0
  /** Everything that passed towards the collector, bytes. */
  bytesUp = 0
  readonly #options: FaultProxyOptions
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  port = 0

  private constructor(options: FaultProxyOptions) {
    this.#options = options
    this.#server = createServer({ allowHalfOpen: false }, (client) => this.#accept(client))
  }

  static async start(options: FaultProxyOptions, host = '127.0.0.1'): Promise<FaultProxy> {
    const proxy = new FaultProxy(options)
    proxy.#server.listen(0, host)
    await once(proxy.#server, 'listening')
    proxy.port = (proxy.#server.address() as AddressInfo).port // of a TCP server
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Ends every connection there is with a reset. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #accept(client: Socket): void {
    if (this.weather.refuses) return void client.resetAndDestroy()
    const server = connect(this.#options.target, '127.0.0.1')
    const close = () => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', close)
      socket.once('close', () => {
        this.#sockets.delete(socket)
        if (!this.weather.isHalfOpen) close()
      })
    }
    this.#pass(client, server, 'up')
    this.#pass(server, client, 'down')
  }

  /** Passes chunk after chunk, in order, each as late as the weather says. */
  #pass(from: Socket, to: Socket, direction: 'up' | 'down'): void {
    from.on('data', async (chunk: Buffer) => {
      const { latencyMs = 0, bytesPerSecond, dropsReplies, isHalfOpen, resetShare } = this.weather
      if (isHalfOpen) return
      if (dropsReplies && direction === 'down') {
        this.repliesDropped++
        return void this.#reset(from, to)
      }
      if (resetShare !== undefined && this.#options.random() < resetShare) {
        return void this.#reset(from, to)
      }
      if (direction === 'up') this.bytesUp += chunk.length
      const lineMs = bytesPerSecond === undefined ? 0 : (chunk.length / bytesPerSecond) * 1_000
      if (latencyMs + lineMs > 0) {
        from.pause()
        await new Promise((resolve) => setTimeout(resolve, latencyMs + lineMs))
        from.resume()
      }
      if (!to.destroyed) to.write(chunk)
    })
  }

  #reset(from: Socket, to: Socket): void {
    this.resets++
    from.resetAndDestroy()
    to.resetAndDestroy()
  }
}
