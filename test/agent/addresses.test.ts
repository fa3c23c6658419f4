import dns, { type LookupAddress, type LookupAllOptions } from 'node:dns'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openPost } from '../../agent/post.ts'
import { minuteMs } from '../../protocol/time.ts'
import { listen } from '../support/loopback.ts'

const patient = new AbortController().signal
const name = 'collector.example.om'

type Tell = (error: null, found: LookupAddress[]) => void
const inAnswer = (addresses: string[]) => addresses.map((address) => ({ address, family: 4 }))

/** Stands in for the resolver of this host. */
function resolve(answer: (tell: Tell) => void) {
  const lookup = (_name: string, _options: LookupAllOptions, tell: Tell) => answer(tell)
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup)
  onTestFinished(() => spy.mockRestore())
  return spy
}

/** Lets a name have these addresses. */
const resolveTo = (addresses: () => string[]) =>
  resolve((tell) => tell(null, inAnswer(addresses())))

/** A proxy that is named, and then not to be used: what Node's own client is needed for. */
const bypassed = { HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '*' }

// Elsewhere not every address of 127.0.0.0/8 leads here.
describe.runIf(process.platform === 'linux').each([
  ['straight', {}],
  ["by Node's own client", { proxy: bypassed }],
])('a name %s', (_way, way) => {
  const open = async (port: number, timeoutMs = minuteMs) => {
    const { post, close } = await openPost(`http://${name}:${port}`, { ...way, timeoutMs })
    onTestFinished(close)
    return post
  }
  const serve = (host: string, port = 0) =>
    listen(
      createServer((_request, response) => {
        response.writeHead(200, { connection: 'close' }).end(host)
      }),
      port,
      host,
    )

  test('is looked up for each connection, and of its addresses the next is tried', async () => {
    const port = await serve('127.0.0.2')
    await serve('127.0.0.3', port)
    let addresses = ['127.0.0.2']
    resolveTo(() => addresses)
    const post = await open(port)
    expect((await post('/', null, patient)).body).toBe('127.0.0.2')
    addresses = ['127.0.0.4', '127.0.0.3']
    expect((await post('/', null, patient)).body).toBe('127.0.0.3')
  })

  test('is looked up once, however often it is asked for before it is known', async () => {
    const port = await serve('127.0.0.2')
    const waiting: Tell[] = []
    const asked = resolve((tell) => waiting.push(tell))
    const post = await open(port, 20)
    for (let i = 0; i < 3; i++) await expect(post('/', null, patient)).rejects.toThrow('aborted')
    expect(asked).toHaveBeenCalledTimes(1)
    waiting[0]?.(null, inAnswer(['127.0.0.2']))
    resolveTo(() => ['127.0.0.2'])
    const later = await open(port)
    expect((await later('/', null, patient)).body).toBe('127.0.0.2')
  })

  test('a host that is a second away is not given up for the next address', async () => {
    const isFull = new Int32Array(new SharedArrayBuffer(4))
    const server = new Worker(fullServer, { eval: true, workerData: isFull })
    onTestFinished(async () => {
      await server.terminate()
    })
    const [port] = (await once(server, 'message')) as [number]
    const waiting = [1, 2].map(() => connect(port, '127.0.0.2'))
    onTestFinished(() => {
      for (const socket of waiting) socket.destroy()
    })
    await Promise.all(waiting.map((socket) => once(socket, 'connect')))
    resolveTo(() => ['127.0.0.2', '127.0.0.3'])
    const post = await open(port)
    const answer = post('/', null, patient)
    // The kernel drops what finds the queue full; it asks again after a second.
    const asking = new RegExp(` 0200007F:${port.toString(16).padStart(4, '0')} 02 `, 'i')
    while (!asking.test(readFileSync('/proc/net/tcp', 'utf8'))) await setImmediate()
    Atomics.store(isFull, 0, 1)
    Atomics.notify(isFull, 0)
    expect((await answer).body).toBe('ok')
  })
})

/** Takes no connection until it is told; two wait in the queue of the kernel, and no third. */
const fullServer = `
  const { parentPort, workerData: isFull } = require('node:worker_threads')
  const server = require('node:http').createServer((_request, response) => response.end('ok'))
  server.listen({ host: '127.0.0.2', port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    Atomics.wait(isFull, 0, 0)
  })
`
