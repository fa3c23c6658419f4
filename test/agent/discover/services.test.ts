import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { proposeServices } from '../../../agent/discover/services.ts'
import { dayMs } from '../../../protocol/time.ts'
import { makeCertificate } from '../../support/certificates.ts'
import { closedPort } from '../../support/closed-port.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { fakeSystem, tcpTable } from '../../support/fake-system.ts'
import { listen } from '../../support/loopback.ts'
import { listenLow } from '../../support/low-port.ts'

const now = Date.now()
const valid = { from: now - dayMs, to: now + 90 * dayMs }
const named = makeCertificate({ names: ['*.example', 'portal.example'], ...valid })
const nameless = makeCertificate({ names: ['127.0.0.1'], ...valid })
const expired = makeCertificate({ names: ['portal.example'], from: 0, to: now - dayMs })

const page = (status: number) => () =>
  createHttpServer((_, response) => response.writeHead(status).end('hello'))
const greeter = () => createServer((socket) => socket.write('220 mail.example ESMTP\r\n'))
const silent = () => createServer()
/** Who answers at all is waited for as long as a busy machine takes. */
const busyMachine = 15

async function propose(
  ports: readonly number[],
  excludePorts: readonly number[] = [],
  onFinished = onTestFinished,
  patience = busyMachine,
) {
  const table = tcpTable(ports.map((port) => ['0100007F', port]))
  const system = fakeSystem(fakeRoot({ 'proc/net/tcp': table }, onFinished), { patience })
  return proposeServices(system, excludePorts)
}

const host = '127.0.0.1'
/** What is expected of a server on the port it got. */
type Expected = (port: number) => object[]
const tcpOnly: Expected = (port) => [{ name: `tcp-${port}`, kind: 'tcp', settings: { host, port } }]
const http = (port: number, more: object = {}) => {
  const settings = { url: `http://127.0.0.1:${port}/`, ...more }
  return [{ name: `http-${port}`, kind: 'http', settings }]
}

describe('proposeServices', () => {
  // Beside each other, as most of what they do is to wait for servers that say nothing.
  test.concurrent.for<[string, () => Server, Expected]>([
    ['a page', page(200), (port) => http(port)],
    ['a redirect', page(302), (port) => http(port)],
    ['a page for members', page(401), (port) => http(port, { status: ['200-399', 401] })],
    ['no page at /', page(404), (port) => http(port, { status: ['200-399', 404] })],
    ['a broken page', page(503), tcpOnly],
    ['a mail server', greeter, tcpOnly],
    ['a silent server', silent, tcpOnly],
    ['one that hangs up', () => createServer((socket) => socket.end()), tcpOnly],
    [
      'TLS that is not HTTP',
      () => createTlsServer(nameless, (socket) => socket.end('bye')),
      (port) => [{ name: `tls-${port}`, kind: 'tls', settings: { host, port, trust: 'any' } }],
    ],
    [
      'a secure page',
      () => createHttpsServer(named, (_, response) => response.end('hello')),
      (port) => {
        const serverName = 'portal.example'
        const url = `https://${serverName}:${port}/`
        const settings = { url, address: host, trust: 'any' }
        return [
          { name: `tls-${port}`, kind: 'tls', settings: { host, port, serverName, trust: 'any' } },
          { name: `http-${port}`, kind: 'http', settings },
        ]
      },
    ],
  ])('%s', async ([, server, expected], { expect, onTestFinished }) => {
    const port = await listenLow(server, 21_000, onTestFinished)
    const patience = server === silent ? 1 : busyMachine
    const found = await propose([port], [], onTestFinished, patience)
    expect(found).toMatchObject(expected(port))
  })

  test('says what is wrong with a certificate now', async () => {
    const port = await listen(createTlsServer(expired, (socket) => socket.end()))
    const [proposal] = await propose([port])
    expect(proposal?.comment.in('en')).toContain('now certificate_expired')
  })

  test('leaves out ports that are closed again or not wanted', async () => {
    const port = await listenLow(page(200), 22_000)
    expect(await propose([port, await closedPort()], [port])).toEqual([])
  })

  test('declines ports the system handed out: named if they speak HTTP or TLS', async () => {
    const quiet = await listen(createServer((socket) => socket.end()))
    const loud = await listen(page(200)())
    const found = await propose([quiet, loud])
    expect(found).toMatchObject([{ name: `http-${loud}`, declined: true }])
    expect(await propose([await listenLow(page(200), 22_500)])).not.toMatchObject([
      { declined: true },
    ])
  })

  test('proposes at most 20 ports', async () => {
    const ports: number[] = []
    for (let from = 23_000; ports.length < 25; from = ports.at(-1)! + 1) {
      ports.push(await listenLow(greeter, from))
    }
    const names = (await propose(ports)).map(({ name }) => name)
    expect(names).toEqual(ports.slice(0, 20).map((port) => `tcp-${port}`))
  })
})
