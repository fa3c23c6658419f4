import { BlockList, isIP } from 'node:net'
import type { FrozenCheck } from '../frozen.ts'
import { asciiHost } from '../probes/connection.ts'

/** What a check connects to: a name or address to call, the name it goes by, and a port. */
export type Service = {
  readonly host: string
  readonly name: string
  readonly port: number
  readonly secure: boolean
}

/** More could not be asked within the time a fact has. */
const servicesMax = 50

/** The services that checks of kind http, tls and tcp connect to, each once. */
export function servicesOf(checks: readonly FrozenCheck[]): Service[] {
  const byKey = new Map<string, Service>()
  for (const check of checks) {
    const service = serviceOf(check)
    if (service) byKey.set([service.host, service.name, service.port].join(' '), service)
  }
  return [...byKey.values()].slice(0, servicesMax)
}

function serviceOf({ kind, settings }: FrozenCheck): Service | null {
  const text = (name: string) => asciiHost(String(settings[name] ?? ''))
  if (kind === 'http') {
    const url = new URL(String(settings.url))
    const name = asciiHost(url.hostname)
    const secure = url.protocol === 'https:'
    const port = Number(url.port) || (secure ? 443 : 80)
    return { host: text('address') || name, name, port, secure }
  }
  if (kind !== 'tls' && kind !== 'tcp') return null
  const host = text('host')
  const name = text('serverName') || host
  return { host, name, port: Number(settings.port), secure: kind === 'tls' }
}

/** Names of services and of what is looked up, as far as their form lets them be public. */
export function namesOf(checks: readonly FrozenCheck[]): string[] {
  const lookedUp = checks
    .filter(({ kind }) => kind === 'dns')
    .map(({ settings }) => asciiHost(String(settings.lookup)))
  const names = [...servicesOf(checks).map(({ name }) => name), ...lookedUp]
  return [...new Set(names.map((name) => name.toLowerCase().replace(/\.$/, '')))]
    .filter(mayBePublic)
    .slice(0, servicesMax)
}

/** Ends of names that no one can own: RFC 6761, 6762, 8375, ICANN's `internal`, and habits. */
const privateEnds = new Set([
  ...['localhost', 'local', 'internal', 'test', 'invalid', 'example', 'onion', 'arpa', 'alt'],
  ...['lan', 'home', 'corp', 'intranet', 'private', 'localdomain'],
])

export function mayBePublic(name: string): boolean {
  const labels = name.toLowerCase().replace(/\.$/, '').split('.')
  return isIP(name) === 0 && labels.length > 1 && !privateEnds.has(labels.at(-1) ?? '')
}

const notPublic = new BlockList()
/** Source: IANA IPv4 Special-Purpose Address Registry, and multicast. */
for (const block of [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
]) {
  const [network = '', bits] = block.split('/')
  notPublic.addSubnet(network, Number(bits))
}
const publicIpv6 = new BlockList()
publicIpv6.addSubnet('2000::', 3, 'ipv6')
const documentation = new BlockList()
documentation.addSubnet('2001:db8::', 32, 'ipv6')

/** Whether anybody could reach an address, as far as its number tells. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !notPublic.check(address)
  return publicIpv6.check(address, 'ipv6') && !documentation.check(address, 'ipv6')
}
