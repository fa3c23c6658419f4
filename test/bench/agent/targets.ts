import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
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

/**
 * What the twenty checks look at. `host` is what node_exporter's scrape and Zabbix' usual items look
 * at as well, the machine itself, so it is what is compared; with `network` half of the looks are
 * whole requests over HTTP, TLS and DNS, which the one peer does not make at all.
 */
export type Mix = 'host' | 'network'

/** Folders whose disks are watched: most are there on every Linux. */
export const watchedFolders = [
  '/',
  '/usr',
  '/var',
  '/tmp',
  '/home',
  '/etc',
  '/opt',
  '/srv',
] as const
/**
 * Programs that are looked for: they run, as on a quiet host. Node gives its main thread a name of
 * its own. Where systemd runs they would be services, which cost as much.
 */
export const watchedPrograms: readonly string[] = Array(5).fill(
  readFileSync('/proc/self/comm', 'utf8').trimEnd(),
)
/** Files whose age is watched as a backup's is. */
export const watchedFiles = ['/etc/passwd', '/etc/group'] as const

/** Twenty checks in an agent.yaml, as many as PERFORMANCE.md counts. */
export function checksYaml(mix: Mix, ports: Targets['ports']): string {
  const checks = mix === 'host' ? hostChecks(ports) : networkChecks(ports)
  return checks.map((each, i) => `  - { name: check-${i + 1}, ${each} }`).join('\n')
}

/** What else the machine does here, as tests beside this one, is no news: the host is a quiet one. */
const hostItself = [
  ...['kind: host', 'kind: cpu, usedRatioMax: 1', 'kind: memory, usedRatioMax: 1'],
] as const

function hostChecks({ tcp }: Targets['ports']): string[] {
  return [
    ...hostItself,
    ...watchedFolders.map((path) => `kind: disk, path: ${path}`),
    ...watchedPrograms.map((program) => `kind: process, program: ${program}`),
    ...watchedFiles.map((path) => `kind: backup, path: ${path}, ageHoursMax: 87600`),
    ...Array.from({ length: 2 }, () => `kind: tcp, host: 127.0.0.1, port: ${tcp}`),
  ]
}

function networkChecks({ http, https, tls, tcp, dns }: Targets['ports']): string[] {
  return [
    ...hostItself,
    ...watchedFolders.slice(0, 3).map((path) => `kind: disk, path: ${path}`),
    'kind: process, program: node',
    `kind: dns, lookup: portal.example.om, resolver: '127.0.0.1:${dns}'`,
    `kind: dns, lookup: api.example.om, resolver: '127.0.0.1:${dns}'`,
    `kind: http, url: 'http://127.0.0.1:${http}/'`,
    `kind: http, url: 'http://127.0.0.1:${http}/health'`,
    `kind: http, url: 'http://127.0.0.1:${http}/login', bodyIncludes: works`,
    `kind: http, url: 'https://localhost:${https}/'`,
    `kind: tls, host: localhost, port: ${tls}`,
    ...Array.from({ length: 6 }, () => `kind: tcp, host: 127.0.0.1, port: ${tcp}`),
  ]
}
