import { once } from 'node:events'
import { connect, isIPv6 } from 'node:net'
import { initTexts } from '../cli/texts/init.ts'
import { said } from '../language.ts'
import { judgedHandshake } from '../probes/certificate.ts'
import { connectOptions, ready } from '../probes/connection.ts'
import { ask, settings as httpSchema } from '../probes/http.ts'
import { down } from '../probes/network-error.ts'
import { withDefaults } from '../probes/settings.ts'
import { tcp } from '../probes/tcp.ts'
import { tls, settings as tlsSchema } from '../probes/tls.ts'
import { findListeners, type Listener } from './listeners.ts'
import type { Proposal } from './proposal.ts'
import { limitFor, lookAt, type System } from './system.ts'

const portsMax = 20
/** Ports that Linux hands out by itself: what listens there is seldom a service for others. */
const ephemeralFrom = 32_768
const patienceMs = { connect: 1_000, greeting: 300, handshake: 1_500, answer: 1_500 }

/** Checks for what listens on this machine, found by connecting to it and to nothing else. */
export async function proposeServices(
  system: System,
  excludePorts: readonly number[],
): Promise<Proposal[]> {
  const listeners = await findListeners(system)
  const wanted = listeners.filter(({ port }) => !excludePorts.includes(port))
  const lasting = wanted.filter(({ port }) => port < ephemeralFrom).slice(0, portsMax)
  const brief = wanted.filter(({ port }) => port >= ephemeralFrom).slice(0, portsMax)
  const found = await Promise.all([
    ...lasting.map((listener) => proposeService(listener, system)),
    ...brief.map(async (listener) => passing(await proposeService(listener, system))),
  ])
  return found
    .filter((proposals) => proposals.length > 0)
    .slice(0, portsMax)
    .flat()
}

/** A service on a port of passing use: likely gone tomorrow, and then the environment is down. */
function passing(proposals: readonly Proposal[]): Proposal[] {
  return proposals.map((proposal) => ({
    ...proposal,
    declined: true,
    comment: said(initTexts.passing, { comment: proposal.comment }),
  }))
}

/** Where a service was reached. */
type Place = { readonly host: string; readonly port: number; readonly system: System }

async function proposeService({ port, hosts }: Listener, system: System): Promise<Proposal[]> {
  const host = await firstOpen(hosts, port, system)
  if (host === undefined) return []
  const place = { host, port, system }
  if (!(await speaksFirst(place))) {
    // Both at once, as a silent service makes both wait. A TLS server may answer plain HTTP too.
    const [names, page] = await Promise.all([
      certificateNames(place),
      proposeHttp(place, { url: `http://${inUrl(host)}:${port}/` }),
    ])
    if (names) return proposeSecure(place, names[0])
    if (page) return [page]
  }
  if (port >= ephemeralFrom) return []
  const comment = said(initTexts.listens, { port })
  return [{ name: `tcp-${port}`, kind: 'tcp', settings: { host, port }, comment }]
}

async function firstOpen(hosts: readonly string[], port: number, system: System) {
  for (const host of hosts) {
    const { state } = await tcp({ host, port }, lookAt(system, patienceMs.connect))
    if (state === 'up') return host
  }
  return undefined
}

/** Mail, SSH and many databases greet; what would follow would only fill their logs. */
async function speaksFirst({ host, port }: Place): Promise<boolean> {
  const signal = AbortSignal.timeout(patienceMs.greeting)
  const socket = connect({ host, port })
  try {
    await ready(socket, 'connect', signal)
    // Told for data and for the end, where it hangs up at once.
    await once(socket, 'readable', { signal })
    return socket.read() !== null
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** The names in the certificate shown there, without patterns; null where no TLS is spoken. */
async function certificateNames({ host, port, system }: Place): Promise<string[] | null> {
  const { connect } = await import('node:tls')
  const signal = limitFor(system, patienceMs.handshake)
  const socket = connect({ ...connectOptions, ...judgedHandshake, host, port, servername: '' })
  try {
    await ready(socket, 'secureConnect', signal)
    const names = socket.getPeerX509Certificate()?.subjectAltName ?? ''
    return [...names.matchAll(/DNS:([a-z0-9.-]{1,253})(?=,|$)/gi)].flatMap(([, name]) => name ?? [])
  } catch {
    return null
  } finally {
    socket.destroy()
  }
}

async function proposeSecure(place: Place, serverName: string | undefined): Promise<Proposal[]> {
  const { host, port, system } = place
  const target = { host, port, ...(serverName !== undefined && { serverName }) }
  const look = (settings: object) =>
    tls(withDefaults(tlsSchema, { ...target, ...settings }), lookAt(system, patienceMs.handshake))
  const { reason } = await look({})
  const trust = reason === 'certificate_untrusted' ? { trust: 'any' } : {}
  const remaining = reason === 'certificate_untrusted' ? (await look(trust)).reason : reason
  let comment = said(initTexts.certificate, { port })
  if (reason === 'certificate_untrusted') comment = said(initTexts.ownIssuer, { comment })
  if (remaining !== undefined) comment = said(initTexts.nowWrong, { comment, reason: remaining })
  const certificate: Proposal = {
    name: `tls-${port}`,
    kind: 'tls',
    settings: { ...target, ...trust },
    comment,
  }
  const authority = `${inUrl(serverName ?? host)}${port === 443 ? '' : `:${port}`}`
  const address = serverName === undefined ? {} : { address: host }
  const page = await proposeHttp(place, { url: `https://${authority}/`, ...address, ...trust })
  return page ? [certificate, page] : [certificate]
}

/** A check of the page at `/`, whatever the answer, but for a fault of the server's own (5xx). */
async function proposeHttp(
  { port, system }: Place,
  target: { readonly url: string; readonly [setting: string]: string },
): Promise<Proposal | null> {
  const context = lookAt(system, patienceMs.answer)
  try {
    const { status } = await ask(withDefaults(httpSchema, target), context)
    if (status >= 500) return null
    const allowed = status < 400 ? {} : { status: ['200-399', status] }
    const comment = said(initTexts.page, { port, status })
    return { name: `http-${port}`, kind: 'http', settings: { ...target, ...allowed }, comment }
  } catch (error) {
    down(error, context.signal) // throws what is no failure of the network
    return null
  }
}

function inUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}
