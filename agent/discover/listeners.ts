import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { System } from './system.ts'

/** A TCP port on which something listens here, and the addresses that reach it from here. */
export type Listener = { readonly port: number; readonly hosts: readonly string[] }

type Address = { readonly host: string; readonly port: number }

/** What listens on this machine, by port. Programs and their users are not asked for. */
export async function findListeners(system: System): Promise<Listener[]> {
  const found =
    system.platform === 'linux' ? await listenersOfLinux(system.root) : await listenersElsewhere()
  const hostsByPort = new Map<number, Set<string>>()
  for (const { host, port } of found) {
    const hosts = hostsByPort.get(port) ?? new Set()
    for (const reachable of reachableAs(host, system)) hosts.add(reachable)
    if (hosts.size > 0) hostsByPort.set(port, hosts)
  }
  return [...hostsByPort]
    .map(([port, hosts]) => ({ port, hosts: [...hosts].sort(loopbackFirst) }))
    .sort((a, b) => a.port - b.port)
}

/**
 * Addresses that reach a listener without leaving the machine. One that is not the machine's own
 * (a service address that a stand-by host shares) would, so it is left out.
 */
function reachableAs(host: string, system: System): string[] {
  if (host === '0.0.0.0') return ['127.0.0.1']
  if (host === '::' || host === '*') return ['127.0.0.1', '::1']
  if (host.startsWith('127.') || host === '::1') return [host]
  return system.addresses.includes(host) ? [host] : []
}

function loopbackFirst(a: string, b: string): number {
  const order = ['127.0.0.1', '::1']
  const rank = (host: string) => (order.includes(host) ? order.indexOf(host) : order.length)
  return rank(a) - rank(b) || (a < b ? -1 : 1)
}

async function listenersOfLinux(root: string): Promise<Address[]> {
  const found: Address[] = []
  for (const file of ['proc/net/tcp', 'proc/net/tcp6']) {
    const text = await readFile(join(root, file), 'utf8').catch(() => '') // no IPv6, no file
    for (const line of text.split('\n').slice(1)) {
      const [, local, , state] = line.trim().split(/\s+/)
      const [address, port] = local?.split(':') ?? []
      if (state !== listening || !address || !port) continue
      found.push({ host: readAddress(address), port: Number.parseInt(port, 16) })
    }
  }
  return found
}

/** TCP_LISTEN of the kernel's tcp_states.h, as /proc/net/tcp writes it. */
const listening = '0A'

/** Addresses stand there as 32-bit words in the byte order of the machine: little-endian here. */
function readAddress(hexadecimal: string): string {
  const bytes = Buffer.from(hexadecimal, 'hex').swap32()
  const mapped = bytes.length === 16 && bytes.subarray(0, 12).equals(mappedPrefix)
  if (bytes.length === 4 || mapped) return bytes.subarray(-4).join('.')
  if (bytes.every((byte) => byte === 0)) return '::'
  const groups = bytes.toString('hex').match(/.{4}/g) ?? []
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1) // the short spelling
}

const mappedPrefix = Buffer.from('00000000000000000000ffff', 'hex')

async function listenersElsewhere(): Promise<Address[]> {
  const { networkConnections } = await import('systeminformation')
  return (await networkConnections())
    .filter(({ protocol, state }) => protocol.startsWith('tcp') && state === 'LISTEN')
    .map(({ localAddress, localPort }) => ({ host: localAddress, port: Number(localPort) }))
}
