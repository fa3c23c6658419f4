import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { probes } from '../../../agent/probes/all.ts'
import type { TestCertificate } from '../../support/certificates.ts'

/** Loopback servers that the checks look at, all in this process: their CPU time is not counted. */
export type Targets = {
  readonly ports: Readonly<Record<'http' | 'https' | 'tls' | 'tcp' | 'dns', number>>
  close(): void
}

const page = '<html><body>works</body></html>'

export async function openTargets({ cert, key }: TestCertificate): Promise<Targets> {
  const http = createHttpServer((_request, response) => response.end(page))
  const https = createHttpsServer({ cert, key }, (_request, response) => response.end(page))
  const tls = createTlsServer({ cert, key }, (socket) => socket.on('error', () => {}))
  const tcp = createServer()
  const dns = createSocket('udp4').on('message', (question, { port, address }) =>
    dns.send(answerTo(question), port, address),
  )
  dns.bind(0, '127.0.0.1')
  await once(dns, 'listening')
  const servers = { http, https, tls, tcp }
  const ports: Record<string, number> = { dns: dns.address().port }
  for (const [name, server] of Object.entries(servers)) ports[name] = await listen(server)
  return {
    ports: ports as Targets['ports'], // every server was just given one
    close: () => {
      dns.close()
      for (const server of [http, https]) server.closeAllConnections()
      for (const server of Object.values(servers)) server.close()
    },
  }
}

/** Starts a server on a free port of the loopback; broken connections are nobody's fault. */
export async function listen(server: Server): Promise<number> {
  server.on('connection', (socket: Socket) => socket.on('error', () => {}))
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port // of a TCP server
}

/** The question with one address record (RFC 1035). */
function answerTo(question: Buffer): Buffer {
  const header = Buffer.from(question.subarray(0, 12))
  header.writeUInt16BE(0x8180, 2)
  header.writeUInt16BE(1, 6)
  header.writeUInt32BE(0, 8)
  const end = question.indexOf(0, 12) + 5 // the name, its closing zero, type and class
  const record = Buffer.from('c00c0001000100000001000410000001', 'hex')
  return Buffer.concat([header, question.subarray(12, end), record])
}

/** Checks in an agent.yaml: as many as PERFORMANCE.md counts. */
const checksCount = 20

/**
 * Twenty checks of an ordinary server: of each kind that needs no child what such a host has. Of
 * kinds that this agent does not have the place is taken by another tcp.
 */
export function checksYaml({ http, https, tls, tcp, dns }: Targets['ports']): string {
  const wanted = [
    'kind: host',
    'kind: cpu',
    'kind: memory',
    'kind: disk, path: /',
    'kind: disk, path: /usr',
    'kind: disk, path: /var',
    'kind: process, program: node',
    `kind: dns, lookup: portal.example.om, resolver: '127.0.0.1:${dns}'`,
    `kind: dns, lookup: api.example.om, resolver: '127.0.0.1:${dns}'`,
    `kind: http, url: 'http://127.0.0.1:${http}/'`,
    `kind: http, url: 'http://127.0.0.1:${http}/health'`,
    `kind: http, url: 'http://127.0.0.1:${http}/login', bodyIncludes: works`,
    `kind: http, url: 'https://localhost:${https}/'`,
    `kind: tls, host: localhost, port: ${tls}`,
  ].filter((each) => kindOf(each) in probes)
  const others = Array.from(
    { length: checksCount - wanted.length },
    () => `kind: tcp, host: 127.0.0.1, port: ${tcp}`,
  )
  return [...wanted, ...others].map((each, i) => `  - { name: check-${i + 1}, ${each} }`).join('\n')
}

function kindOf(check: string): string {
  return /^kind: (\w+)/.exec(check)?.[1] ?? ''
}
