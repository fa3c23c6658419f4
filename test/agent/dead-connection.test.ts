import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPost } from '../../agent/post.ts'
import type { Way } from '../../agent/transport.ts'
import { listenRaw } from '../support/loopback.ts'

const patient = new AbortController().signal
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

/** A proxy that is named, and then not to be used: what Node's own client is needed for. */
const bypassed = { HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '*' }
const ways: [string, Way][] = [
  ['straight', {}],
  ["by Node's own client", { proxy: bypassed }],
]

describe.each(ways)('a kept connection %s', (_name, way) => {
  /** A server that is told of each request: of which connection, and the how manieth of it. */
  async function start(answer: (socket: Socket, connection: number, request: number) => void) {
    let connections = 0
    const closed: Promise<void>[] = []
    const port = await listenRaw((socket) => {
      const connection = ++connections
      let requests = 0
      socket.on('data', () => answer(socket, connection, ++requests))
      closed.push(new Promise((resolve) => socket.once('close', () => resolve())))
    })
    const { post, close } = await openPost(`http://127.0.0.1:${port}`, { ...way, timeoutMs: 600 })
    onTestFinished(close)
    return { post, closed }
  }

  test('that died without a word is followed by a new one, and what tells the time is told anew', async () => {
    const { post, closed } = await start((socket, _connection, request) => {
      if (request === 1) socket.write(ok)
    })
    let signed = 0
    for (const expected of [1, 3]) {
      const { body } = await post('/', () => `message ${++signed}`, patient)
      expect({ body, signed }).toEqual({ body: 'ok', signed: expected })
    }
    await closed[0]
    expect(closed).toHaveLength(2)
  })

  test('and the new one dead as well: that is a loss', async () => {
    const { post, closed } = await start((socket, connection, request) => {
      if (connection === 1 && request === 1) socket.write(ok)
    })
    await post('/', 'a.b.c', patient)
    await expect(post('/', 'a.b.c', patient)).rejects.toThrow('aborted')
    await Promise.all(closed)
    expect(closed).toHaveLength(2)
  })

  test('that is only slow to answer is given its time', async () => {
    const { post, closed } = await start((socket, _connection, request) => {
      if (request === 1) return socket.write(ok)
      setTimeout(() => socket.write(ok.slice(0, -1)), 100)
      setTimeout(() => socket.write(ok.slice(-1)), 300)
      return
    })
    for (let i = 0; i < 2; i++) expect((await post('/', 'a.b.c', patient)).body).toBe('ok')
    expect(closed).toHaveLength(1)
  })

  test('of a collector that is slow is not given up again and again', async () => {
    let requests = 0
    const { post, closed } = await start((socket) => {
      const delayMs = requests++ === 0 ? 0 : 300
      setTimeout(() => socket.write(ok), delayMs)
    })
    for (let i = 0; i < 4; i++) expect((await post('/', 'a.b.c', patient)).body).toBe('ok')
    // The second is asked again, over a new connection; the answer is no sooner.
    expect({ requests, connections: closed.length }).toEqual({ requests: 5, connections: 2 })
  })

  test('is not tried anew by who is told to stop', async () => {
    const stop = new AbortController()
    const { post, closed } = await start((socket, _connection, request) => {
      if (request === 1) socket.write(ok)
      else stop.abort()
    })
    await post('/', 'a.b.c', stop.signal)
    await expect(post('/', 'a.b.c', stop.signal)).rejects.toThrow('aborted')
    await closed[0]
    expect(closed).toHaveLength(1)
  })

  test('that was ended and then reset, which the kernel tells at the next write, is no loss', async () => {
    const done = new Int32Array(new SharedArrayBuffer(4))
    const server = new Worker(endingServer, { eval: true, workerData: { done, ok } })
    onTestFinished(async () => {
      await server.terminate()
    })
    const port = await new Promise<number>((resolve) => server.once('message', resolve))
    const { post, close } = await openPost(`http://127.0.0.1:${port}`, way)
    onTestFinished(close)
    await post('/', 'a.b.c', patient)
    server.postMessage('end')
    // Nothing is read here meanwhile: who writes next learns of it.
    Atomics.wait(done, 0, 0)
    expect((await post('/', 'a.b.c', patient)).body).toBe('ok')
  })
})

/** Answers each request; told to, it ends its first connection, and resets it. */
const endingServer = `
  const { parentPort, workerData: { done, ok } } = require('node:worker_threads')
  const sockets = []
  const server = require('node:net').createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', () => socket.write(ok))
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
  parentPort.on('message', () => sockets[0].end(() => {
    sockets[0].resetAndDestroy()
    sockets[0].once('close', () => {
      Atomics.store(done, 0, 1)
      Atomics.notify(done, 0)
    })
  }))
`
