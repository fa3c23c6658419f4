import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { ready } from '../probes/connection.ts'
import { networkReason } from '../probes/network-error.ts'
import { endpointOf } from '../targets.ts'
import { proxyNamed } from '../transport.ts'
import { Faulty } from './finding.ts'

/** A proxy as the environment names it. */
export type Proxy = {
  /** Without credentials. */
  readonly shown: string
  readonly hostname: string
  readonly port: number
  readonly isSecure: boolean
  /** For `Proxy-Authorization`; null without credentials. */
  readonly authorization: string | null
}

/**
 * The proxy that leads to an address; null without one. The rules are those of Node's own agents,
 * which make the real requests: small letters first, and NO_PROXY names hosts, `host:port`,
 * `.suffix`, `*.suffix` or `*`. Throws Faulty for what is no address.
 */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv): Proxy | null {
  const named = proxyNamed(url, environment)
  if (!named || isExempt(url, environment.no_proxy || environment.NO_PROXY || '')) return null
  if (!URL.canParse(named) || !/^https?:$/.test(new URL(named).protocol)) {
    throw new Faulty('proxy_wrong')
  }
  const proxy = new URL(named)
  const { protocol, username, password } = proxy
  const { host: hostname, port } = endpointOf(proxy)
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {
    shown: proxy.host,
    hostname,
    port,
    isSecure: protocol === 'https:',
    authorization: username ? `Basic ${Buffer.from(credentials).toString('base64')}` : null,
  }
}

function isExempt(url: URL, list: string): boolean {
  const { host, port } = endpointOf(url)
  const withPort = `${host}:${port}`
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => {
      if (entry === '*' || entry === host || entry === withPort) return true
      return /^\*?\../.test(entry) && host.endsWith(entry.replace(/^\*/, ''))
    })
}

/** A socket to the proxy itself. Throws Faulty. */
export async function reachProxy(proxy: Proxy, signal: AbortSignal): Promise<Socket> {
  const { hostname: host, port, shown, isSecure } = proxy
  const { connect: connectTls } = await import('node:tls')
  // What goes on in a secure proxy's tunnel is verified for itself.
  const socket = isSecure ? connectTls({ host, port, servername: host }) : connect({ host, port })
  try {
    await ready(socket, isSecure ? 'secureConnect' : 'connect', signal)
    return socket
  } catch (error) {
    socket.destroy()
    const why = signal.aborted ? 'timeout' : (networkReason(error) ?? 'tls_handshake_failed')
    throw new Faulty('proxy_unreachable', { proxy: shown, why })
  }
}

/** Asks a proxy for a tunnel to an address. Throws Faulty. */
export async function openTunnel(
  socket: Socket,
  proxy: Proxy,
  target: URL,
  signal: AbortSignal,
): Promise<Socket> {
  const path = `${target.hostname}:${target.port || 443}`
  const headers = {
    host: path,
    ...(proxy.authorization !== null && { 'proxy-authorization': proxy.authorization }),
  }
  const asked = request({
    method: 'CONNECT',
    path,
    headers,
    createConnection: () => socket,
    signal,
  })
  asked.on('error', () => {})
  asked.end()
  const { shown } = proxy
  try {
    const [{ statusCode }] = await Promise.race([
      once(asked, 'connect', { signal }),
      once(asked, 'response', { signal }),
    ])
    if (statusCode >= 200 && statusCode < 300) return socket
    socket.destroy()
    if (statusCode === 407) throw new Faulty('proxy_credentials', { proxy: shown })
    if (statusCode === 403) throw new Faulty('proxy_forbids', { proxy: shown, target: path })
    throw new Faulty('proxy_refuses', { proxy: shown, target: path, status: statusCode })
  } catch (error) {
    if (error instanceof Faulty) throw error
    socket.destroy()
    throw new Faulty('proxy_silent', { proxy: shown })
  }
}
