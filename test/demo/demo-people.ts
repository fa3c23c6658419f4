import type { Account } from '../../collector/people/accounts.ts'
import { type EpochMs, minuteMs } from '../../protocol/time.ts'

/** Asks a collector; `token` is a bearer's. */
export type Ask = (request: {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: object | URLSearchParams
  readonly cookie?: string
  readonly token?: string
}) => Promise<{ readonly status: number; readonly text: string; readonly cookie: string | null }>

/** What the demonstration has of each role beside the administrator. */
export const staff = {
  ministry: { id: 'maryam', role: 'ministry' },
  evaluator: { id: 'nasser', role: 'evaluator' },
  auditor: { id: 'salma', role: 'auditor' },
} as const satisfies Record<string, Account>

/** Somebody of an institution. */
export function officerOf(institution: string): Account {
  return { id: `of-${institution}`.slice(0, 63), role: 'institution', institution }
}

const why = 'the demonstration'
/** A little less than a session lasts that nobody uses. */
const sessionMs = 50 * minuteMs

/** People who sign in by links and act by the API, as people do. */
export class People {
  readonly #now: () => EpochMs
  readonly #sessions = new Map<string, { readonly cookie: string; readonly until: EpochMs }>()
  #ask: Ask
  #adminToken: string

  constructor(now: () => EpochMs, ask: Ask, adminToken: string) {
    this.#now = now
    this.#ask = ask
    this.#adminToken = adminToken
  }

  /** Talks to the collector that came after a restart. */
  connect(ask: Ask, adminToken: string): void {
    this.#ask = ask
    this.#adminToken = adminToken
  }

  /** As somebody; throws what the collector answered where it refused. */
  async act<T>(who: Account, method: 'POST' | 'PUT', path: string, body: object): Promise<T> {
    const cookie = await this.#cookieOf(who)
    const answer = await this.#ask({ method, path, body, cookie })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
    return JSON.parse(answer.text) as T
  }

  /** As the administrator of the collector's machine. */
  async admin<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const answer = await this.#ask({
      ...{ method, path, token: this.#adminToken, ...(body && { body }) },
    })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
    return JSON.parse(answer.text) as T
  }

  /** The path of a link that lets somebody in once. */
  async linkFor({ id: name, ...rest }: Account): Promise<string> {
    const asked = { name, ...rest, why }
    return (await this.admin<{ path: string }>('POST', '/api/v1/sign-in-links', asked)).path
  }

  async #cookieOf(who: Account): Promise<string> {
    const known = this.#sessions.get(who.id)
    if (known && known.until > this.#now()) return known.cookie
    const code = (await this.linkFor(who)).split('#')[1]!
    const body = new URLSearchParams({ code })
    const { status, text, cookie } = await this.#ask({ method: 'POST', path: '/login', body })
    if (!cookie) throw new Error(`${who.id} was not let in: ${status} ${text}`)
    this.#sessions.set(who.id, { cookie, until: this.#now() + sessionMs })
    return cookie
  }
}
