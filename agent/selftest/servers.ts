import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps, type ServerOptions } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { EpochMs } from '../../protocol/time.ts'

/** Servers on the loopback of this host, on ports nobody uses, that close together. */
export class Servers implements AsyncDisposable {
  readonly #closing: (() => void)[] = []

  /** A web server: `/up` is fine, everything else is a fault of the server. */
  web(): Promise<number> {
    return this.#listen(
      createHttp((request, response) => {
        response.statusCode = request.url === '/up' ? 200 : 500
        response.end('istimrar')
      }),
    )
  }

  secure(options: ServerOptions): Promise<number> {
    return this.#listen(createHttps(options, (_request, response) => void response.end('{}')))
  }

  tcp(): Promise<number> {
    return this.#listen(createServer((socket) => void socket.on('error', () => {})))
  }

  /** A port on which nothing listens any more. */
  async closedPort(): Promise<number> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // of a TCP server
    server.close()
    await once(server, 'close')
    return port
  }

  /** A name server that has one address for every name (RFC 1035). */
  names(): Promise<number> {
    return this.#answer((question) => {
      const end = question.indexOf(0, 12) + 5
      const head = Buffer.from(question.subarray(0, end))
      head.writeUInt16BE(0x8180, 2)
      head.writeUInt16BE(1, 6)
      head.writeUInt32BE(0, 8)
      return Buffer.concat([head, Buffer.from('c00c0001000100000001000400000001', 'hex')])
    })
  }

  /** An NTP server whose clock is off by some seconds (RFC 5905 §7.3). */
  time(now: () => EpochMs, offSeconds: number): Promise<number> {
    return this.#answer((question) => {
      const answer = Buffer.alloc(48)
      answer[0] = 0x24
      answer[1] = 2
      question.copy(answer, 24, 40, 48)
      const seconds = now() / 1_000 + offSeconds + 2_208_988_800
      for (const at of [32, 40]) {
        answer.writeUInt32BE(Math.floor(seconds) % 2 ** 32, at)
        answer.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), at + 4)
      }
      return answer
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closing) close()
  }

  async #listen(server: Server): Promise<number> {
    const open = new Set<{ destroy(): void }>()
    server.on('connection', (socket) => {
      open.add(socket)
      socket.on('error', () => {})
    })
    server.on('tlsClientError', () => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.#closing.push(() => {
      server.close()
      for (const socket of open) socket.destroy()
    })
    return (server.address() as AddressInfo).port // of a TCP server
  }

  async #answer(answer: (question: Buffer) => Buffer): Promise<number> {
    const socket = createSocket('udp4')
    socket.on('message', (question, { port, address }) => {
      socket.send(answer(question), port, address)
    })
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    this.#closing.push(() => socket.close())
    return socket.address().port
  }
}
