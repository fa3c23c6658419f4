import { BlockList, isIP } from 'node:net'

/** Addresses of clouds' metadata services: whoever can ask them can become the machine. */
export const neverAsked: BlockList = new BlockList()
for (const address of ['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192']) {
  neverAsked.addAddress(address)
}
neverAsked.addAddress('fd00:ec2::254', 'ipv6')
neverAsked.addAddress('fd20:ce::254', 'ipv6')

const neverAskedNames = new Set(['metadata.google.internal', 'metadata'])

/**
 * Why a web hook cannot be sent to an address; null where it can. Private addresses can: government
 * networks have them. Names are judged again when they are resolved.
 */
export function addressProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'must be an address such as https://alerts.example/istimrar'
  const { protocol, hostname, username, password, hash } = new URL(text)
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackHost(host))) {
    return 'must be https; http only to this very machine'
  }
  if (username !== '' || password !== '') return 'must carry no user and no password'
  if (hash !== '') return 'must have no part behind #'
  const family = isIP(host)
  const isRefused =
    family === 0
      ? neverAskedNames.has(host)
      : neverAsked.check(host, family === 6 ? 'ipv6' : 'ipv4')
  return isRefused ? "must not be a cloud's metadata service" : null
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
