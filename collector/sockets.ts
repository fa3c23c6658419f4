import { BlockList, isIPv4, type Server, type Socket } from 'node:net'
import { collectorLimits } from './limits.ts'

/** Networks that may be named by a word, as in Fastify's `trustProxy`. */
const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/** Addresses and networks as ISTIMRAR_TRUSTED_PROXIES names them, e.g. 10.0.0.1 or fd00::/8. */
export function addressList(texts: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of texts.flatMap((each) => named[each] ?? [each])) {
    const [address = '', bits] = text.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/**
 * Closes connections of an address that has too many already. `unlimited` holds those that speak
 * for others: proxies, and this machine.
 */
export function limitSockets(
  server: Server,
  unlimited: BlockList,
  perSourceMax: number = collectorLimits.socketsPerSourceMax,
): void {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: source, remoteFamily } = socket
    const family = remoteFamily === 'IPv6' ? 'ipv6' : 'ipv4'
    if (source === undefined || unlimited.check(source, family)) return
    const count = (open.get(source) ?? 0) + 1
    if (count > perSourceMax) return void socket.destroy()
    open.set(source, count)
    socket.once('close', () => {
      const left = (open.get(source) ?? 1) - 1
      if (left === 0) open.delete(source)
      else open.set(source, left)
    })
  })
}
