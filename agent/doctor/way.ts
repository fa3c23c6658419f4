import { getServers } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect, isIP, type Socket } from 'node:net'
import { type EpochMs, secondMs } from '../../protocol/time.ts'
import { asciiHost, byName, ready } from '../probes/connection.ts'
import { codeOf, networkReason } from '../probes/network-error.ts'
import { endpointOf } from '../targets.ts'
import { type Examination, Faulty } from './finding.ts'
import { openTunnel, proxyFor, reachProxy } from './proxy.ts'
import { type Secured, secure } from './secure.ts'

/** How the collector is to be reached. */
export type Wanted = {
  readonly collector: string
  readonly proxy: NodeJS.ProcessEnv
  readonly now: () => EpochMs
  /** For each step. */
  readonly timeoutMs: number
}

const clockOffsetMsMax = 2 * secondMs
const answerBytesMax = 64 * 1024

/** Goes the way to the collector step by step; sends one GET and nothing else. */
export async function examineWay(examination: Examination, wanted: Wanted | null): Promise<void> {
  const url = wanted && new URL(wanted.collector)
  const given = wanted ?? nothing
  const within = () => AbortSignal.timeout(given.timeoutMs)
  const target = url ?? new URL('http://localhost')
  const proxy = await examination.step(
    'proxy',
    [url],
    async () => {
      const found = proxyFor(target, given.proxy)
      if (!found) return { found: null, socket: null }
      await resolve(found.hostname, 'proxy_name', given.timeoutMs)
      return { found, socket: await reachProxy(found, within()) }
    },
    ({ found }) => (found ? { proxy: found.shown } : {}),
  )
  const isDirect = proxy !== null && proxy.found === null
  // A proxy looks names up itself.
  const address = await examination.step(
    'name',
    [url, proxy],
    () => (isDirect ? resolve(target.hostname, 'name', given.timeoutMs) : ''),
    (found) => ({ name: target.hostname, ...(isDirect && { address: found }) }),
  )
  const socket = await examination.step('connect', [address, proxy], () => {
    if (!proxy?.found || !proxy.socket) return reach(target, within())
    if (target.protocol !== 'https:') return proxy.socket
    return openTunnel(proxy.socket, proxy.found, target, within())
  })
  const isPlain = target.protocol !== 'https:'
  const secured = await examination.step(
    'tls',
    [socket],
    async (): Promise<Secured | 'plain'> => {
      if (isPlain || !socket) return 'plain'
      const held = { now: given.now(), signal: within() }
      return judged(await secure(socket, target, held), target, within())
    },
    (found) => (found === 'plain' ? {} : { protocol: found.socket.getProtocol() ?? '' }),
  )
  const through = secured === 'plain' ? socket : (secured?.socket ?? null)
  const askedAt = given.now()
  const answer = await examination.step('collector', [through], () => {
    // A proxy is told the whole address where it made no tunnel.
    const authorization = isPlain ? proxy?.found?.authorization : null
    const path = `${isPlain && proxy?.found ? target.origin : ''}/v1/log-keys`
    const headers = authorization ? { 'proxy-authorization': authorization } : {}
    return askCollector(through!, target.host, path, headers, within())
  })
  await examination.step(
    'clock',
    [answer],
    () => judgeClock(answer?.date, askedAt, given.now()),
    (offset) => ({ offset }),
  )
  through?.destroy()
  socket?.destroy()
}

const nothing: Wanted = { collector: '', proxy: {}, now: () => 0, timeoutMs: 1 }

/** A certificate that does not count at this hour by this host's clock. */
async function judged(secured: Secured, url: URL, signal: AbortSignal): Promise<Secured> {
  const { socket, dates } = secured
  if (!dates) return secured
  try {
    const { date } = await ask(socket, url.host, '/v1/log-keys', {}, signal)
    const theirs = Date.parse(date ?? '')
    if (dates.countsAt(theirs)) {
      throw new Faulty('tls_clock', { theirs: new Date(theirs).toISOString() })
    }
  } catch (error) {
    if (error instanceof Faulty && error.fault === 'tls_clock') throw error
  } finally {
    socket.destroy()
  }
  throw new Faulty(dates.fault, dates.detail)
}

/** The addresses of a name. Throws Faulty that names the resolver asked. */
async function resolve(
  hostname: string,
  fault: 'name' | 'proxy_name',
  timeoutMs: number,
): Promise<string> {
  const name = asciiHost(hostname)
  if (isIP(name)) return name
  const resolver = getServers().join(', ') || '-'
  const late = new Promise<never>((_, reject) => {
    AbortSignal.timeout(timeoutMs).addEventListener('abort', () =>
      reject(new Faulty(`${fault}_failed`, { name, resolver })),
    )
  })
  try {
    const found = await Promise.race([lookup(name, { all: true }), late])
    return found.map(({ address }) => address).join(', ')
  } catch (error) {
    if (error instanceof Faulty) throw error
    const isUnknown = networkReason(error) === 'name_not_found'
    throw new Faulty(`${fault}_${isUnknown ? 'unknown' : 'failed'}`, { name, resolver })
  }
}

async function reach(url: URL, signal: AbortSignal): Promise<Socket> {
  const { host, port } = endpointOf(url)
  const socket = connect({ host, port, ...byName })
  try {
    await ready(socket, 'connect', signal)
    return socket
  } catch (error) {
    socket.destroy()
    const at = { host, port }
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
    const reasons = errors.map((each) => networkReason(each))
    if (signal.aborted || reasons.includes('timeout')) throw new Faulty('connect_timeout', at)
    if (reasons.includes('refused')) throw new Faulty('connect_refused', at)
    throw new Faulty('connect_unreachable', { ...at, why: codeOf(errors[0]) || 'NETWORK' })
  }
}

type Heard = { readonly status: number; readonly body: string; readonly date: string | undefined }

async function ask(
  socket: Socket,
  host: string,
  path: string,
  more: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Heard> {
  const headers = { host, connection: 'close', ...more }
  const asked = request({ path, headers, createConnection: () => socket, signal })
  asked.on('error', () => {})
  asked.end()
  let body = ''
  try {
    const [response]: IncomingMessage[] = await once(asked, 'response', { signal })
    if (!response) throw new Error('There is no response.')
    for await (const chunk of response.setEncoding('utf8')) {
      body += chunk
      if (body.length > answerBytesMax) break
    }
    return { status: response.statusCode ?? 0, body, date: response.headers.date }
  } catch (cause) {
    throw new Faulty('collector_silent', { host }, { cause })
  }
}

/** Asks for what every collector tells everybody. Throws Faulty when another one answers. */
async function askCollector(...asked: Parameters<typeof ask>): Promise<Heard> {
  const heard = await ask(...asked)
  const { status, body } = heard
  if (status === 200 && isKeys(body)) return heard
  const isPage = status < 400 && (status >= 300 || /<html|<!doctype/i.test(body))
  if (isPage || status === 511) throw new Faulty('collector_portal', { status })
  if (status >= 500 || status === 429) throw new Faulty('collector_busy', { status })
  throw new Faulty('collector_other', { status })
}

function isKeys(body: string): boolean {
  try {
    const { keys } = JSON.parse(body)
    return Array.isArray(keys)
  } catch {
    return false
  }
}

/** Seconds by which this host's clock is ahead. A Date header has no fractions of a second. */
function judgeClock(date: string | undefined, from: EpochMs, to: EpochMs): string {
  const theirs = Date.parse(date ?? '')
  if (Number.isNaN(theirs)) throw new Faulty('clock_not_told')
  const early = from - (theirs + secondMs)
  const late = to - theirs
  // By so much at least, wherever in between the answer was made.
  const offsetMs = early > 0 ? early : late < 0 ? late : 0
  const offset = ((early + late) / 2 / secondMs).toFixed(1)
  if (Math.abs(offsetMs) > clockOffsetMsMax) throw new Faulty('clock_off', { offset })
  return offset
}
