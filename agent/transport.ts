import type { Agent, request } from 'node:http'
import type { AgentOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import { minuteMs } from '../protocol/time.ts'
import { errorTexts } from './cli/texts/errors.ts'
import { AgentError } from './error.ts'
import { said } from './language.ts'
import { byName } from './probes/connection.ts'

/** How the collector is reached. */
export type Way = {
  /** HTTPS_PROXY and its like, as the environment has them. */
  readonly proxy?: NodeJS.ProcessEnv | undefined
}

/** The proxy an environment names for a URL, as Node chooses it; NO_PROXY is not looked at. */
export function proxyNamed({ protocol }: URL, environment: NodeJS.ProcessEnv): string | undefined {
  const { https_proxy, HTTPS_PROXY, http_proxy, HTTP_PROXY } = environment
  return protocol === 'https:' ? https_proxy || HTTPS_PROXY : http_proxy || HTTP_PROXY
}

/** What makes requests to the collector. */
export type Transport = {
  readonly request: typeof request
  readonly agent: Agent
  /** Ends every connection, also one that no request has yet, and forgets the session. */
  readonly cut: () => void
}

/** What every TLS connection to the collector has in common, whatever the environment says. */
export const strictTls = { rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const

/**
 * Connections in a row that go on with a session of TLS: then the certificate is looked at again,
 * as it may have ended meanwhile.
 */
export const resumedMax = 100

/**
 * How long a connection lies idle before the kernel asks whether it is still alive. Node's own
 * second would be a packet each second, 10 MB a day, which no count of bytes written shows. With a
 * heartbeat each 90 seconds it hardly ever comes to asking.
 */
const keepAliveMsecs = 5 * minuteMs

/**
 * Opens one connection at a time of Node's own HTTP, kept. TLS is loaded only where the address
 * asks for it, because it costs a resident process 6 MB. Verification is on by name, so that
 * NODE_TLS_REJECT_UNAUTHORIZED changes nothing. Throws AgentError for what the user wrote wrong.
 */
export async function openTransport({ protocol }: URL, { proxy }: Way): Promise<Transport> {
  const kept = { ...byName, keepAlive: true, keepAliveMsecs, maxSockets: 1, proxyEnv: proxy }
  try {
    if (protocol !== 'https:') {
      const { Agent, request } = await import('node:http')
      return { request, ...forOneOrigin(new Agent(kept)) }
    }
    const { Agent, request } = await import('node:https')
    const options = { ...kept, ...strictTls } satisfies AgentOptions
    return { request, ...forOneOrigin(new Agent(options)) }
  } catch (error) {
    // Its text is not shown: it may hold the proxy's password.
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ERR_INVALID_URL' && code !== 'ERR_PROXY_INVALID_CONFIG') throw error
    throw new AgentError('usage', said(errorTexts.badProxy))
  }
}

/** An option of TLS alone. */
const noSession: object = { session: undefined }

/**
 * Its connections all lead to the same place: that needs no name of thirty parts each time. They
 * are noted, because Node loses sight of those to a proxy: of one that refused a tunnel, and of one
 * that never answers, which would keep its request waiting for ever.
 */
function forOneOrigin(agent: Agent): Pick<Transport, 'agent' | 'cut'> {
  agent.getName = () => 'collector'
  const open = new Set<Duplex>()
  let made = 0
  const create = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) => {
    const isAnew = made++ % (resumedMax + 1) === 0
    const socket = create(isAnew ? { ...options, ...noSession } : options, callback)
    if (!socket) return socket
    open.add(socket)
    return socket.once('close', () => open.delete(socket))
  }
  const cut = () => {
    made = 0
    for (const socket of open) socket.destroy()
  }
  return { agent, cut }
}
