import { isIP } from 'node:net'

type Cookie = {
  readonly name: string
  readonly value: string
  readonly domain: string
  /** False: for exactly this host. */
  readonly withSubdomains: boolean
  readonly path: string
  readonly secure: boolean
}

const cookiesMax = 50
const cookieCharactersMax = 4_096

/**
 * The cookies of one journey, after RFC 6265: each goes back only to the host and path it is for,
 * and over https alone if it says so. They end with the journey, so that times of expiry matter
 * only where a server takes a cookie back. There is no list of public suffixes: a journey speaks
 * to the hosts of its own list only.
 */
export class Cookies {
  #kept: readonly Cookie[] = []

  /** Takes what an answer from this address sets; leaves out what is not the address's to set. */
  take(lines: readonly string[], from: URL, now: number): void {
    for (const line of lines) {
      if (line.length > cookieCharactersMax) continue
      const [pair = '', ...attributes] = line.split(';')
      const equals = pair.indexOf('=')
      const name = pair.slice(0, equals).trim()
      if (equals < 0 || name === '') continue
      const told = readAttributes(attributes)
      const cookie = made(name, pair.slice(equals + 1).trim(), told, from)
      if (!cookie) continue
      const others = this.#kept.filter((each) => !isSame(each, cookie))
      this.#kept = isOver(told, now) ? others : [...others, cookie].slice(-cookiesMax)
    }
  }

  /** The `Cookie` header for an address; empty when there is none to send. */
  headerFor(to: URL): string {
    return this.#kept
      .filter((cookie) => fits(cookie, to))
      .toSorted((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }
}

type Attributes = ReadonlyMap<string, string>

function readAttributes(attributes: readonly string[]): Attributes {
  return new Map(
    attributes.map((attribute) => {
      const [name = '', ...value] = attribute.split('=')
      return [name.trim().toLowerCase(), value.join('=').trim()]
    }),
  )
}

function made(name: string, value: string, told: Attributes, from: URL): Cookie | null {
  const secure = told.has('secure')
  if (secure && from.protocol !== 'https:') return null
  const asked = (told.get('domain') ?? '').replace(/^\./, '').toLowerCase()
  const path = told.get('path') ?? ''
  const withSubdomains = asked !== '' && asked !== from.hostname
  const domain = withSubdomains ? asked : from.hostname
  if (withSubdomains && !isBelow(from.hostname, domain)) return null
  return {
    ...{ name, value, domain, secure },
    withSubdomains: asked !== '' && isIP(domain) === 0,
    path: path.startsWith('/') ? path : folderOf(from.pathname),
  }
}

function isOver(told: Attributes, now: number): boolean {
  const maxAge = told.get('max-age')
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0
  return Date.parse(told.get('expires') ?? '') <= now
}

function fits({ domain, withSubdomains, path, secure }: Cookie, to: URL): boolean {
  const host = to.hostname === domain || (withSubdomains && isBelow(to.hostname, domain))
  const below = path.endsWith('/') ? path : `${path}/`
  const inPath = to.pathname === path || to.pathname.startsWith(below)
  return host && inPath && (!secure || to.protocol === 'https:')
}

function isBelow(host: string, domain: string): boolean {
  return isIP(host.replace(/[[\]]/g, '')) === 0 && host.endsWith(`.${domain}`)
}

function isSame(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.domain === b.domain && a.path === b.path
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}
