import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import type { OidcSettings } from '../../collector/people/oidc-settings.ts'
import { makeCertificate } from './certificates.ts'

/** Who is at the provider's keyboard: a person, or somebody who cancels. */
export type AtProvider = { readonly sub: string; readonly [claim: string]: unknown } | null

export type TestProvider = {
  readonly settings: OidcSettings
  /** Who signs in from now on. */
  person: AtProvider
  /** Whether every request is answered with 503. */
  isOutOfOrder: boolean
  /** What was asked for, as `GET /path`. */
  readonly asked: string[]
  close(): Promise<void>
}

const clientSecret = 'a-secret-of-the-tests'

/**
 * A real OpenID Connect provider on a port of the loopback. Whoever is `person` is signed in there
 * without being asked; behind its own authority's certificate where `isTls`.
 */
export async function startProvider(
  redirectUris: readonly string[],
  { isTls = false, more = {} }: { isTls?: boolean; more?: object } = {},
): Promise<TestProvider> {
  const dayMs = 86_400_000
  const validity = { from: Date.now() - dayMs, to: Date.now() + dayMs }
  const authority = makeCertificate({ names: ['Test authority'], authority: true, ...validity })
  const { cert, key } = makeCertificate({
    names: ['127.0.0.1', 'localhost'],
    issuer: authority.issuer,
    ...validity,
  })
  let answer = (_request: IncomingMessage, _response: ServerResponse) => {}
  const onRequest = (request: IncomingMessage, response: ServerResponse) =>
    answer(request, response)
  const server = isTls ? createTlsServer({ cert, key }, onRequest) : createServer(onRequest)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // of a TCP server
  const issuer = `http${isTls ? 's' : ''}://127.0.0.1:${port}`
  const provider = new Provider(
    issuer,
    configuration(() => test.person, redirectUris, more),
  )
  const callback = provider.callback()
  const test: TestProvider = {
    settings: {
      ...{ issuer, clientId: 'istimrar', clientSecret, claim: 'sub' },
      ca: isTls ? authority.cert : null,
    },
    person: null,
    isOutOfOrder: false,
    asked: [],
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  answer = (request, response) => {
    const path = String(request.url).split('?')[0]
    test.asked.push(`${request.method} ${path}`)
    if (test.isOutOfOrder) return void response.writeHead(503).end()
    if (!path?.startsWith('/interaction/')) return callback(request, response)
    const result = test.person
      ? { login: { accountId: test.person.sub } }
      : { error: 'access_denied', error_description: 'The person went away.' }
    provider.interactionFinished(request, response, result).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  }
  return test
}

function configuration(
  person: () => AtProvider,
  redirectUris: readonly string[],
  more: object,
): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    clients: [
      {
        ...{ client_id: 'istimrar', client_secret: clientSecret, redirect_uris: redirectUris },
        ...{ grant_types: ['authorization_code'], response_types: ['code'] },
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' }] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    cookies: { keys: ['a key of the tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['civil_id'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ ...person(), sub }),
    }),
    // Nobody is asked whether the collector may know them.
    loadExistingGrant: async (context: GrantContext) => {
      const { client, session, provider } = context.oidc
      const { clientId } = client
      const grant = new provider.Grant({ clientId, accountId: session.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
    ...more,
  }
}

type GrantContext = {
  readonly oidc: {
    readonly client: { readonly clientId: string }
    readonly session: { readonly accountId: string }
    readonly provider: Provider
  }
}

/** A browser without a screen: follows redirects to pages and keeps each host's cookies. */
export class PlainBrowser {
  readonly #cookies = new Map<string, Map<string, string>>()
  readonly #open: (url: string, cookie: string) => Promise<PlainAnswer>

  constructor(open: (url: string, cookie: string) => Promise<PlainAnswer> = openPlainly) {
    this.#open = open
  }

  /** Goes to an address and on, until there is no redirect, or one to what `until` says. */
  async go(address: string, until: (url: string) => boolean = () => false): Promise<string> {
    let url = address
    for (let hops = 0; hops < 20 && !until(url); hops++) {
      const { host } = new URL(url)
      const jar = this.#cookies.get(host) ?? new Map<string, string>()
      this.#cookies.set(host, jar)
      const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
      const { location, cookies } = await this.#open(url, cookie)
      for (const each of cookies) {
        const [name = '', value = ''] = each.split(';')[0]!.split(/=(.*)/s)
        jar.set(name, value)
      }
      if (location === null) return url
      url = new URL(location, url).href
    }
    return url
  }
}

type PlainAnswer = { readonly location: string | null; readonly cookies: readonly string[] }

async function openPlainly(url: string, cookie: string): Promise<PlainAnswer> {
  const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
  await answer.text()
  return { location: answer.headers.get('location'), cookies: answer.headers.getSetCookie() }
}
