import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openPost } from '../../agent/post.ts'
import { listenRaw } from '../support/loopback.ts'

const patient = new AbortController().signal

/** A proxy that does with each connection what it is told, and those who asked it. */
async function startProxy(serve: (socket: Socket) => void) {
  const closed: Promise<unknown>[] = []
  const port = await listenRaw((socket) => {
    closed.push(once(socket.resume(), 'close'))
    serve(socket)
  })
  const proxy = { HTTPS_PROXY: `http://127.0.0.1:${port}` }
  const { post, close } = await openPost('https://c.example.om', { proxy, timeoutMs: 50 })
  onTestFinished(close)
  return { post, closed }
}

test.each<[string, (socket: Socket) => void, string | RegExp]>([
  ['never answers', () => {}, 'aborted'],
  [
    'opens a tunnel to nowhere',
    (socket) => socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n')),
    'aborted',
  ],
  ['ends the connection', (socket) => socket.once('data', () => socket.end()), /tunnel/],
  [
    'refuses, and keeps the connection',
    (socket) => socket.once('data', () => socket.write('HTTP/1.1 502 Bad Gateway\r\n\r\n')),
    '502',
  ],
])('a proxy that %s is given up in time, and so is the connection', async (_name, serve, error) => {
  const { post, closed } = await startProxy(serve)
  for (const connections of [1, 2]) {
    await expect(post('/', 'a.b.c', patient)).rejects.toThrow(error)
    await Promise.all(closed)
    expect(closed).toHaveLength(connections)
  }
})

test('an agent that is told to stop does not wait for a proxy', async () => {
  const stop = new AbortController()
  const { post, closed } = await startProxy(() => stop.abort())
  await expect(post('/', 'a.b.c', stop.signal)).rejects.toThrow('aborted')
  await Promise.all(closed)
})
