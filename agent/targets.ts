import { isIP } from 'node:net'
import { asciiHost, cloudMetadata } from './probes/connection.ts'

/**
 * Names by which clouds offer their metadata service; its addresses are the probes' business too.
 */
const metadataNames = new Set(['metadata.google.internal', 'metadata'])

/** Whether a setting (an address, `host:port` or URL) names a cloud's metadata service. */
export function isCloudMetadata(setting: string): boolean {
  const host = hostOf(setting)
  if (host === null) return false
  const family = isIP(host)
  if (family === 0) return metadataNames.has(host.replace(/\.$/, ''))
  return cloudMetadata.check(host, family === 6 ? 'ipv6' : 'ipv4')
}

/** Whether a URL names this very host. */
export function isLoopback(url: string): boolean {
  const host = hostOf(url) ?? ''
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** The host in its one plain spelling: `0xA9FEA9FE` is an address like any other. */
function hostOf(setting: string): string | null {
  const bare = isIP(setting) === 6 ? `[${setting}]` : setting
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare)
    ? bare.replace(/^[^:]+/, 'http')
    : `http://${bare}`
  return URL.canParse(text) ? asciiHost(new URL(text).hostname) : null
}

/** Where a URL of HTTP leads: a name or an address without brackets, and a port. */
export function endpointOf({ hostname, port, protocol }: URL): { host: string; port: number } {
  return { host: asciiHost(hostname), port: Number(port || (protocol === 'https:' ? 443 : 80)) }
}
