import { timingSafeEqual } from 'node:crypto'
import { isAxiosError } from 'axios'
import * as openId from 'openid-client'
import { sha256 } from '../../protocol/jws.ts'
import { type EpochMs, secondMs } from '../../protocol/time.ts'
import { type ProviderFetch, providerFetch } from './oidc-fetch.ts'
import { OidcFailure, type OidcReason, type OidcSettings, oidcLimits } from './oidc-settings.ts'

/** Somebody on the way to the provider. */
type Flow = {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly redirectUri: string
  readonly address: string
  readonly expiresAt: EpochMs
}

type Found = { readonly configuration: openId.Configuration; readonly at: EpochMs }

/**
 * Signs people in by an OpenID Connect provider: code flow with PKCE (S256), state and nonce. What
 * a sign-in began with stays here and is bound to the browser by a secret in its cookie. It knows
 * no accounts: it answers with the claim. The provider is asked for the first time when somebody
 * wants in, and again whenever that failed.
 */
export class OidcClient {
  readonly #settings: OidcSettings
  readonly #now: () => EpochMs
  readonly #fetch: ProviderFetch
  readonly #flows = new Map<string, Flow>()
  #found: Found | null = null
  #finding: Promise<Found> | null = null

  constructor(settings: OidcSettings, now: () => EpochMs, fetch?: ProviderFetch) {
    this.#settings = settings
    this.#now = now
    this.#fetch = fetch ?? providerFetch(settings.ca, oidcLimits)
  }

  /**
   * Where the browser goes now, and the secret its cookie keeps until it comes back. Throws
   * OidcFailure `unavailable`.
   */
  async begin(redirectUri: string, address: string): Promise<{ url: string; secret: string }> {
    const configuration = await this.#configuration()
    const [secret, state, nonce] = [
      openId.randomState(),
      openId.randomState(),
      openId.randomNonce(),
    ]
    const verifier = openId.randomPKCECodeVerifier()
    const url = openId.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: scopeOf(this.#settings.claim),
      code_challenge: await openId.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    })
    const expiresAt = this.#now() + oidcLimits.flowLifeMs
    this.#keep(sha256(secret), { state, nonce, verifier, redirectUri, address, expiresAt })
    return { url: url.href, secret }
  }

  /**
   * The claim of whoever came back to `query` with this secret. Each begin can be finished once.
   * Throws OidcFailure of any reason but `unknown`.
   */
  async finish(secret: string | null, query: string): Promise<string> {
    const flow = this.#take(secret, query)
    const configuration = await this.#configuration()
    const { claim } = this.#settings
    try {
      const url = new URL(`${flow.redirectUri}?${query}`)
      const tokens = await openId.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      })
      let claims: Claims = tokens.claims() ?? {}
      const { userinfo_endpoint: endpoint } = configuration.serverMetadata()
      if (claims[claim] === undefined && endpoint !== undefined) {
        const subject = String(claims.sub)
        claims = await openId.fetchUserInfo(configuration, tokens.access_token, subject)
      }
      return claimOf(claims, claim)
    } catch (error) {
      throw failureOf(error)
    }
  }

  /** Where people end their session at the provider; null where it has no such page. */
  async endSessionUrl(): Promise<string | null> {
    const configuration = await this.#configuration()
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null
    return openId.buildEndSessionUrl(configuration).href
  }

  #keep(key: string, flow: Flow): void {
    const now = this.#now()
    // Oldest first, so all that is over stands in front.
    for (const [each, { expiresAt }] of this.#flows) {
      if (expiresAt > now) break
      this.#flows.delete(each)
    }
    const { flowsMax, flowsPerAddressMax } = oidcLimits
    const sameAddress = [...this.#flows].filter(([, { address }]) => address === flow.address)
    const full = this.#flows.size >= flowsMax ? this.#flows.keys().next().value : undefined
    const oldest = sameAddress.length >= flowsPerAddressMax ? sameAddress[0]?.[0] : full
    if (oldest !== undefined) this.#flows.delete(oldest)
    this.#flows.set(key, flow)
  }

  /** A foreign page that sends somebody here with a state of its own ends nobody's sign-in. */
  #take(secret: string | null, query: string): Flow {
    if (query.length > oidcLimits.callbackCharactersMax) throw new OidcFailure('invalid', 'length')
    const key = secret === null ? '' : sha256(secret)
    const flow = this.#flows.get(key)
    if (!flow) throw new OidcFailure('expired', 'no_flow')
    const states = new URLSearchParams(query).getAll('state')
    const sent = Buffer.from(sha256(states.length === 1 ? String(states[0]) : ''))
    if (!timingSafeEqual(sent, Buffer.from(sha256(flow.state)))) {
      throw new OidcFailure('expired', 'other_state')
    }
    this.#flows.delete(key)
    if (flow.expiresAt <= this.#now()) throw new OidcFailure('expired', 'too_late')
    return flow
  }

  /** What the provider says of itself; an old answer is better than none. */
  async #configuration(): Promise<openId.Configuration> {
    const found = this.#found
    const isFresh = found && this.#now() - found.at < oidcLimits.discoveryLifeMs
    if (isFresh) return found.configuration
    this.#finding ??= this.#discover().finally(() => {
      this.#finding = null
    })
    try {
      this.#found = await this.#finding
    } catch (error) {
      if (!found) throw failureOf(error)
    }
    return (this.#found ?? found)!.configuration
  }

  async #discover(): Promise<Found> {
    const { issuer, clientId, clientSecret } = this.#settings
    const url = new URL(issuer)
    const basic = openId.ClientSecretBasic(clientSecret)
    const post = openId.ClientSecretPost(clientSecret)
    const authenticate: openId.ClientAuth = (server, ...rest) => {
      const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
      return (methods.includes('client_secret_basic') ? basic : post)(server, ...rest)
    }
    const configuration = await openId.discovery(url, clientId, {}, authenticate, {
      execute: [
        // The ID token is verified although it comes straight from the provider.
        openId.enableNonRepudiationChecks,
        ...(url.protocol === 'http:' ? [openId.allowInsecureRequests] : []),
      ],
      // The library's type of a fetch and ours differ in what headers may be, not in what they are.
      [openId.customFetch]: this.#fetch as openId.CustomFetch,
      timeout: oidcLimits.timeoutMs / secondMs,
    })
    return { configuration, at: this.#now() }
  }
}

type Claims = Readonly<Record<string, unknown>>

/** What a provider is asked for so that it says the claim. */
function scopeOf(claim: string): string {
  if (claim === 'sub') return 'openid'
  return claim === 'email' ? 'openid email' : 'openid profile'
}

/** Throws OidcFailure `unproven`. An address of e-mail counts once the provider has checked it. */
function claimOf(claims: Claims, name: string): string {
  const value = claims[name]
  const { claimCharactersMax } = oidcLimits
  if (typeof value !== 'string' || value === '' || value.length > claimCharactersMax) {
    throw new OidcFailure('unproven', 'no_claim')
  }
  if (name !== 'email') return value
  if (claims.email_verified !== true) throw new OidcFailure('unproven', 'email_not_verified')
  return value
}

/** Errors a provider sends people back with when the fault is its own. */
const providersFault = ['server_error', 'temporarily_unavailable']

function failureOf(error: unknown): OidcFailure {
  if (error instanceof OidcFailure) return error
  const failure = (reason: OidcReason, hint: unknown) => {
    const isCode = typeof hint === 'string' && /^[\w.-]{1,60}$/.test(hint)
    // Its cause holds tokens: only the code goes on.
    return new OidcFailure(reason, isCode ? hint : 'failed')
  }
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (isAxiosError(cause)) return failure('unavailable', cause.code)
  }
  if (error instanceof openId.AuthorizationResponseError) {
    const isFault = providersFault.includes(error.error)
    return failure(isFault ? 'unavailable' : 'refused', error.error)
  }
  if (error instanceof openId.WWWAuthenticateChallengeError) {
    return failure('invalid', 'client_not_accepted')
  }
  if (error instanceof openId.ResponseBodyError) return failure('invalid', error.error)
  return failure('invalid', error instanceof Error && 'code' in error ? error.code : undefined)
}
