import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPost } from '../../agent/post.ts'
import type { Way } from '../../agent/transport.ts'
import { minuteMs } from '../../protocol/time.ts'
import { closedPort } from '../support/closed-port.ts'
import { listen, listenRaw } from '../support/loopback.ts'

const patient = new AbortController().signal

/** A proxy that is named, and then not to be used: what Node's own client is needed for. */
const bypassed = { HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '*' }
const ways: [string, Way][] = [
  ['straight', {}],
  ["by Node's own client", { proxy: bypassed }],
]

async function open(port: number, options: Way & { timeoutMs?: number } = {}, host = '127.0.0.1') {
  const { post, close } = await openPost(`http://${host}:${port}`, options)
  onTestFinished(close)
  return post
}

describe.each(ways)('a post %s', (_name, way) => {
  test('sends the message as it is and brings the answer back', async () => {
    const server = createServer((request, response) => {
      const { method, url, headers } = request
      response.writeHead(503, { 'retry-after': '7' })
      response.end(JSON.stringify({ method, url, type: headers['content-type'] }))
    })
    const post = await open(await listen(server), way)
    const { status, body, retryAfter } = await post('/v1/batches', 'a.b.c', patient)
    expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '7' })
    expect(JSON.parse(body)).toEqual({
      ...{ method: 'POST', url: '/v1/batches', type: 'application/jose' },
    })
  })

  test('writes these bytes and no more', async () => {
    const written: string[] = []
    const port = await listenRaw((socket) =>
      socket.on('data', (data) => {
        written.push(`${data}`)
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
      }),
    )
    const post = await open(port, way)
    await post('/v1/batches', 'a.b.c', patient)
    await post('/v1/log-keys', null, patient)
    const host = `host: 127.0.0.1:${port}\r\n`
    expect(written.join('')).toBe(
      `POST /v1/batches HTTP/1.1\r\n${host}content-type: application/jose\r\n` +
        `content-length: 5\r\n\r\na.b.cGET /v1/log-keys HTTP/1.1\r\n${host}\r\n`,
    )
  })

  test('keeps the connection, and a kept one that ends is tried anew', async () => {
    const served: (number | undefined)[] = []
    const server = createServer((request, response) => {
      const { socket } = request
      // Closed under the client's hands, as by a collector that gives up idle connections.
      if (served.filter((port) => port === socket.remotePort).length === 2) socket.resetAndDestroy()
      else response.end('ok')
      served.push(socket.remotePort)
    })
    const post = await open(await listen(server), way)
    for (let i = 0; i < 3; i++) expect((await post('/', 'a.b.c', patient)).body).toBe('ok')
    const [first, second, third, fourth] = served
    expect([second, third]).toEqual([first, first])
    expect(fourth).not.toBe(first)
  })

  test('tries anew once only, and never a connection that is new', async () => {
    let asked = 0
    const server = createServer((_request, response) => {
      if (asked++ === 0) response.end('ok')
      else response.destroy()
    })
    const post = await open(await listen(server), way)
    await post('/', 'a.b.c', patient)
    await expect(post('/', 'a.b.c', patient)).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(asked).toBe(3)
  })

  test('that was closed while it lay idle is no loss', async () => {
    const sockets: Socket[] = []
    const server = createServer((_request, response) => response.end('ok'))
    server.on('connection', (socket) => sockets.push(socket))
    const post = await open(await listen(server), way)
    await post('/', 'a.b.c', patient)
    const [first] = sockets
    first?.end()
    await once(first!, 'close')
    expect((await post('/', 'a.b.c', patient)).body).toBe('ok')
    expect(sockets).toHaveLength(2)
  })

  test('that the server calls the last is followed by a new connection', async () => {
    let connections = 0
    const server = createServer((_request, response) => {
      response.writeHead(200, { connection: 'close' }).end('ok')
    })
    server.on('connection', () => connections++)
    const post = await open(await listen(server), way)
    for (let i = 0; i < 2; i++) expect((await post('/', 'a.b.c', patient)).body).toBe('ok')
    expect(connections).toBe(2)
  })

  test('waits for its turn', async () => {
    let now = 0
    let most = 0
    let connections = 0
    const server = createServer((request, response) => {
      most = Math.max(most, ++now)
      setImmediate(() => {
        now--
        response.end(request.url)
      })
    })
    server.on('connection', () => connections++)
    const post = await open(await listen(server), way)
    const paths = ['/1', '/2', '/3', '/4']
    const answers = await Promise.all(paths.map((path) => post(path, 'a.b.c', patient)))
    expect(answers.map(({ body }) => body)).toEqual(paths)
    expect([most, connections]).toEqual([1, 1])
  })

  test.each([
    ['seconds', '30', '30'],
    ['a date, by the clock of whoever sends it', 'Thu, 01 Jan 1970 00:02:00 GMT', '60'],
    ['a date that is over', 'Thu, 01 Jan 1970 00:00:00 GMT', '0'],
    ['nothing that can be read', 'soon', 'soon'],
  ])('is told Retry-After as %s', async (_name, sent, expected) => {
    const server = createServer((_request, response) => {
      response.setHeader('date', 'Thu, 01 Jan 1970 00:01:00 GMT').setHeader('retry-after', sent)
      response.writeHead(503).end()
    })
    const post = await open(await listen(server), way)
    expect((await post('/', 'a.b.c', patient)).retryAfter).toBe(expected)
  })

  test('gives up when nothing comes, when the answer stalls and when it is told to stop', async () => {
    const silent = await open(await listenRaw(() => {}), { ...way, timeoutMs: 30 })
    await expect(silent('/', 'a.b.c', patient)).rejects.toThrow('aborted')
    const stalling = await listenRaw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
    )
    const post = await open(stalling, { ...way, timeoutMs: 30 })
    await expect(post('/', 'a.b.c', patient)).rejects.toThrow('aborted')
    const stopped = await open(await listenRaw(() => {}), way)
    await expect(stopped('/', 'a.b.c', AbortSignal.abort())).rejects.toThrow('aborted')
  })

  test('goes on over a new connection after it was told to stop', async () => {
    const stop = new AbortController()
    let connections = 0
    const server = createServer((request, response) => {
      if (request.url === '/slow') stop.abort()
      else response.end('ok')
    })
    server.on('connection', () => connections++)
    const post = await open(await listen(server), way)
    const stopped = [post('/', 'a.b.c', stop.signal), post('/slow', 'a.b.c', stop.signal)]
    const [before, during] = await Promise.allSettled(stopped)
    expect(before).toMatchObject({ status: 'fulfilled', value: { body: 'ok' } })
    expect(during).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } })
    await expect(post('/', 'a.b.c', stop.signal)).rejects.toThrow('aborted')
    expect((await post('/', 'a.b.c', patient)).body).toBe('ok')
    expect(connections).toBe(2)
  })

  test('nobody there, and an answer without end, are errors', async () => {
    const nobody = await open(await closedPort(), way)
    await expect(nobody('/', 'a.b.c', patient)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    const endless = createServer((_request, response) => response.end(Buffer.alloc(100_000)))
    const post = await open(await listen(endless), way)
    await expect(post('/', 'a.b.c', patient)).rejects.toThrow('too long')
  })

  test('reaches an address of IPv6', async () => {
    const server = createServer((request, response) => response.end(request.headers.host))
    const port = await listen(server, 0, '::1')
    const post = await open(port, way, '[::1]')
    expect((await post('/', 'a.b.c', patient)).body).toBe(`[::1]:${port}`)
  })

  test.runIf(process.platform === 'linux')('lets the kernel leave it in peace', async () => {
    const sockets: Socket[] = []
    const server = createServer((_request, response) => response.end())
    server.on('connection', (socket) => sockets.push(socket))
    const post = await open(await listen(server), way)
    await post('/', 'a.b.c', patient)
    expect(kernelTimerMs(sockets[0]!)).toBeGreaterThan(4 * minuteMs)
  })
})

/** When the kernel next does something of its own for the other end of a connection of IPv4. */
function kernelTimerMs({ remotePort = 0, localPort = 0 }: Socket): number {
  const [from, to] = [remotePort, localPort].map((port) => port.toString(16).padStart(4, '0'))
  const loopback = '0100007F'
  const open = new RegExp(`: ${loopback}:${from} ${loopback}:${to} 01 \\S+ (\\d\\d):(\\w+)`, 'i')
  // https://docs.kernel.org/networking/proc_net_tcp.html: the timer, and when it ends in ticks.
  const [, timer, ticks] = open.exec(readFileSync('/proc/net/tcp', 'utf8')) ?? []
  if (timer === undefined || ticks === undefined) throw new Error('There is no such connection.')
  return timer === '00' ? Number.POSITIVE_INFINITY : Number.parseInt(ticks, 16) * 10
}

test('goes through the proxy that the environment names', async () => {
  const proxy = await listen(createServer((request, response) => response.end(request.url)))
  const url = 'http://istimrar.example.om/v1/batches'
  for (const name of ['HTTP_PROXY', 'http_proxy']) {
    const way = { proxy: { [name]: `http://127.0.0.1:${proxy}` } }
    const { post, close } = await openPost('http://istimrar.example.om', way)
    onTestFinished(close)
    expect((await post('/v1/batches', 'a.b.c', patient)).body).toBe(url)
  }
})

describe('a server that is not one', () => {
  /** Answers the first request of each connection with a text; `closed` is of the first. */
  async function startSaying(text: string, then: (socket: Socket) => void = () => {}) {
    const sockets: Socket[] = []
    const { promise: closed, resolve: close } = Promise.withResolvers<unknown>()
    const port = await listenRaw((socket) => {
      sockets.push(socket)
      socket.once('close', close)
      socket.once('data', () => socket.write(text, () => then(socket)))
    })
    return { post: await open(port), sockets, closed }
  }
  const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

  test.each([
    ['speaks another protocol', 'SSH-2.0-x\r\n', 'HPE_INVALID_CONSTANT'],
    [
      'says two lengths',
      'HTTP/1.1 200 OK\r\ncontent-length: 1, 2\r\n\r\n',
      'HPE_INVALID_CONTENT_LENGTH',
    ],
    [
      'sends headers without end',
      `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(9_000)}`,
      'HPE_HEADER_OVERFLOW',
    ],
    ['sends a body without end', `HTTP/1.1 200 OK\r\n\r\n${'a'.repeat(99_000)}`, 'too_long'],
  ])('%s', async (_name, text, code) => {
    const { post, closed } = await startSaying(text)
    await expect(post('/', 'a.b.c', patient)).rejects.toMatchObject({ code })
    // Closed, and not only left aside.
    await closed
  })

  test.each([
    ['before the answer', ''],
    ['within the head', 'HTTP/1.1 200 OK\r\ncontent-'],
    ['within the body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'],
    ['within a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf'],
  ])('ends %s', async (_name, text) => {
    const { post, sockets } = await startSaying(text, (socket) => socket.end())
    await expect(post('/', 'a.b.c', patient)).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(sockets).toHaveLength(1)
  })

  test('says nothing of the length of its answer', async () => {
    const { post } = await startSaying('HTTP/1.0 200 OK\r\n\r\nall', (socket) => socket.end())
    expect(await post('/', 'a.b.c', patient)).toMatchObject({ status: 200, body: 'all' })
  })

  test("says more than it was asked: the rest is nobody's answer", async () => {
    const { post, sockets } = await startSaying(`${ok}${ok.replace('ok', 'no')}`)
    for (let i = 0; i < 2; i++) expect((await post('/', 'a.b.c', patient)).body).toBe('ok')
    expect(sockets).toHaveLength(2)
  })

  test('says more later, unasked', async () => {
    const { post, sockets, closed } = await startSaying(ok)
    await post('/', 'a.b.c', patient)
    sockets[0]!.write(ok.replace('ok', 'no'))
    await closed
    expect((await post('/', 'a.b.c', patient)).body).toBe('ok')
    expect(sockets).toHaveLength(2)
  })
})
