import { createServer } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPost } from '../../agent/post.ts'
import { closedPort, listen, listenRaw } from '../support/loopback.ts'

const patient = new AbortController().signal

async function open(port: number, options?: { timeoutMs?: number }) {
  const { post, close } = await openPost(`http://127.0.0.1:${port}`, options)
  onTestFinished(close)
  return post
}

describe('openPost', () => {
  test('sends the message as it is and brings the answer back', async () => {
    const server = createServer((request, response) => {
      const { method, url, headers } = request
      response.writeHead(503, { 'retry-after': '7' })
      response.end(JSON.stringify({ method, url, type: headers['content-type'] }))
    })
    const post = await open(await listen(server))
    const { status, body, retryAfter } = await post('/v1/batches', 'a.b.c', patient)
    expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '7' })
    expect(JSON.parse(body)).toEqual({
      ...{ method: 'POST', url: '/v1/batches', type: 'application/jose' },
    })
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
    const post = await open(await listen(server))
    for (let i = 0; i < 3; i++) expect((await post('/', 'a.b.c', patient)).body).toBe('ok')
    const [first, second, third, fourth] = served
    expect([second, third]).toEqual([first, first])
    expect(fourth).not.toBe(first)
  })

  test.each([
    ['seconds', '30', '30'],
    ['a date, by the clock of whoever sends it', 'Thu, 01 Jan 1970 00:02:00 GMT', '60'],
    ['a date that is over', 'Thu, 01 Jan 1970 00:00:00 GMT', '0'],
    ['nothing that can be read', 'soon', 'soon'],
  ])('Retry-After as %s', async (_name, sent, expected) => {
    const server = createServer((_request, response) => {
      response.setHeader('date', 'Thu, 01 Jan 1970 00:01:00 GMT').setHeader('retry-after', sent)
      response.writeHead(503).end()
    })
    const post = await open(await listen(server))
    expect((await post('/', 'a.b.c', patient)).retryAfter).toBe(expected)
  })

  test('goes through the proxy that the environment names', async () => {
    const proxy = await listen(createServer((request, response) => response.end(request.url)))
    const { post, close } = await openPost('http://istimrar.example.om', {
      proxy: { HTTP_PROXY: `http://127.0.0.1:${proxy}` },
    })
    onTestFinished(close)
    const { body } = await post('/v1/batches', 'a.b.c', patient)
    expect(body).toBe('http://istimrar.example.om/v1/batches')
  })

  test('gives up when nothing comes, when the answer stalls and when it is told to stop', async () => {
    const silent = await open(await listenRaw(() => {}), { timeoutMs: 30 })
    await expect(silent('/', 'a.b.c', patient)).rejects.toThrow('aborted')
    const stalling = await listenRaw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
    )
    const post = await open(stalling, { timeoutMs: 30 })
    await expect(post('/', 'a.b.c', patient)).rejects.toThrow('aborted')
    const stopped = await open(await listenRaw(() => {}))
    await expect(stopped('/', 'a.b.c', AbortSignal.abort())).rejects.toThrow('aborted')
  })

  test('nobody there, and an answer without end, are errors', async () => {
    const nobody = await open(await closedPort())
    await expect(nobody('/', 'a.b.c', patient)).rejects.toThrow('ECONNREFUSED')
    const endless = createServer((_request, response) => response.end(Buffer.alloc(100_000)))
    const post = await open(await listen(endless))
    await expect(post('/', 'a.b.c', patient)).rejects.toThrow('too long')
  })
})
