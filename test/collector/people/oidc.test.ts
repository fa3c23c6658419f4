import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { OidcClient } from '../../../collector/people/oidc.ts'
import { type ProviderFetch, providerFetch } from '../../../collector/people/oidc-fetch.ts'
import { OidcFailure, oidcLimits } from '../../../collector/people/oidc-settings.ts'
import { TestClock } from '../../support/collector.ts'
import { PlainBrowser, startProvider, type TestProvider } from '../../support/oidc-provider.ts'

const redirectUri = 'http://127.0.0.1:9/login/oidc/callback'
const address = '192.0.2.1'
let provider: TestProvider
let clock: TestClock

beforeAll(async () => {
  provider = await startProvider([redirectUri])
})
beforeEach(() => {
  clock = new TestClock(Date.now())
  provider.person = { sub: 'p-17', email: 'amal@health.example', email_verified: true }
  provider.isOutOfOrder = false
})
afterAll(() => provider.close())

const clientOf = (claim = 'sub', more: object = {}) =>
  new OidcClient({ ...provider.settings, claim, ...more }, clock.now)

/** Goes to the provider and comes back: what stands behind `?`. */
async function atProvider(url: string): Promise<string> {
  const back = await new PlainBrowser().go(url, (each) => each.startsWith(redirectUri))
  return new URL(back).search.slice(1)
}

async function signIn(client: OidcClient): Promise<string> {
  const { url, secret } = await client.begin(redirectUri, address)
  return client.finish(secret, await atProvider(url))
}

async function failure(doing: Promise<unknown>): Promise<string> {
  const error = await doing.catch((each: unknown) => each)
  if (!(error instanceof OidcFailure)) throw new Error('It did not fail as expected.')
  return `${error.reason} ${error.hint}`
}

describe('the claim of whoever comes back', () => {
  test.each<[string, string, object, string]>([
    ['sub', 'sub', {}, 'p-17'],
    ['a checked e-mail, from the user info', 'email', {}, 'amal@health.example'],
    ['one of the provider’s own', 'civil_id', { civil_id: '4711' }, '4711'],
  ])('%s', async (_name, claim, more, expected) => {
    provider.person = { ...provider.person!, ...more }
    expect(await signIn(clientOf(claim))).toBe(expected)
  })

  test.each<[string, string, object, string]>([
    ['an e-mail nobody checked', 'email', { email_verified: false }, 'email_not_verified'],
    ['one that says so in words', 'email', { email_verified: 'true' }, 'email_not_verified'],
    ['no word on it', 'email', { email_verified: undefined }, 'email_not_verified'],
    ['no e-mail', 'email', { email: undefined }, 'no_claim'],
    ['an empty claim', 'civil_id', { civil_id: '' }, 'no_claim'],
    ['a number', 'civil_id', { civil_id: 7 }, 'no_claim'],
    ['a list', 'civil_id', { civil_id: ['4711'] }, 'no_claim'],
    ['a long one', 'civil_id', { civil_id: 'x'.repeat(256) }, 'no_claim'],
  ])('is not proven by %s', async (_name, claim, more, hint) => {
    provider.person = { ...provider.person!, ...more }
    expect(await failure(signIn(clientOf(claim)))).toBe(`unproven ${hint}`)
  })
})

test('asks for a code with PKCE, state and nonce, each time others', async () => {
  const client = clientOf('email')
  const begun = [await client.begin(redirectUri, address), await client.begin(redirectUri, address)]
  const [first, second] = begun.map(({ url }) => new URL(url).searchParams)
  expect(Object.fromEntries(first!)).toMatchObject({
    response_type: 'code',
    scope: 'openid email',
    code_challenge_method: 'S256',
    redirect_uri: redirectUri,
  })
  for (const name of ['state', 'nonce', 'code_challenge']) {
    expect(first!.get(name)).toMatch(/^[\w-]{43}$/)
    expect(first!.get(name)).not.toBe(second!.get(name))
  }
})

describe('refused', () => {
  test('whoever did not begin here: another browser, none, and whoever comes back twice', async () => {
    const client = clientOf()
    const { url, secret } = await client.begin(redirectUri, address)
    const query = await atProvider(url)
    const other = await client.begin(redirectUri, address)
    expect(await failure(client.finish(null, query))).toBe('expired no_flow')
    expect(await failure(client.finish('guess', query))).toBe('expired no_flow')
    expect(await failure(client.finish(other.secret, query))).toBe('expired other_state')
    expect(await client.finish(secret, query)).toBe('p-17')
    expect(await failure(client.finish(secret, query))).toBe('expired no_flow')
  })

  test.each(['', 'state=x', 'code=abc', 'error=access_denied&state=guess'])(
    'a foreign way back (%s), which ends nobody’s sign-in',
    async (query) => {
      const client = clientOf()
      const { url, secret } = await client.begin(redirectUri, address)
      expect(await failure(client.finish(secret, query))).toBe('expired other_state')
      expect(await client.finish(secret, await atProvider(url))).toBe('p-17')
    },
  )

  test('whoever takes longer than ten minutes', async () => {
    const client = clientOf()
    const { url, secret } = await client.begin(redirectUri, address)
    const query = await atProvider(url)
    clock.at += oidcLimits.flowLifeMs
    expect(await failure(client.finish(secret, query))).toBe('expired too_late')
  })

  test('whoever the provider sends back without a code', async () => {
    provider.person = null
    expect(await failure(signIn(clientOf()))).toBe('refused access_denied')
  })

  test('a code that is none, and an answer in another one’s name', async () => {
    const client = clientOf()
    const changed = async (change: (query: URLSearchParams) => void) => {
      const { url, secret } = await client.begin(redirectUri, address)
      const query = new URLSearchParams(await atProvider(url))
      change(query)
      return failure(client.finish(secret, query.toString()))
    }
    expect(await changed((query) => query.set('code', 'guess'))).toBe('invalid invalid_grant')
    expect(await changed((query) => query.set('iss', 'https://evil.example'))).toMatch(/^invalid /)
    expect(await changed((query) => query.set('x', 'y'.repeat(9_000)))).toBe('invalid length')
  })

  test('a wrong secret of the collector’s own', async () => {
    const client = clientOf('sub', { clientSecret: 'another-secret-of-the-tests' })
    expect(await failure(signIn(client))).toBe('invalid client_not_accepted')
  })

  test('from one address only so many are on their way; others stay', async () => {
    const client = clientOf()
    const other = await client.begin(redirectUri, '192.0.2.2')
    const first = await client.begin(redirectUri, address)
    const query = await atProvider(first.url)
    for (let n = 0; n < oidcLimits.flowsPerAddressMax; n++) await client.begin(redirectUri, address)
    expect(await failure(client.finish(first.secret, query))).toBe('expired no_flow')
    expect(await client.finish(other.secret, await atProvider(other.url))).toBe('p-17')
  })
})

describe('an ID token', () => {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const others = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

  /** Somebody between us and the provider, whose keys we take for the provider's. */
  function forging(more: object, header: object, key: KeyObject): ProviderFetch {
    const ask = providerFetch(null, oidcLimits)
    return async (url, options) => {
      const answer = await ask(url, options)
      const { pathname } = new URL(url)
      if (pathname === '/jwks') return Response.json({ keys: [keys.publicKey.export(jwk)] })
      if (pathname !== '/token') return answer
      const body = (await answer.json()) as { id_token: string }
      const claims = JSON.parse(Buffer.from(body.id_token.split('.')[1]!, 'base64url').toString())
      const signed = `${encoded({ alg: 'ES256', ...header })}.${encoded({ ...claims, ...more })}`
      const how = { key, dsaEncoding: 'ieee-p1363' } as const
      const signature = sign('sha256', Buffer.from(signed), how).toString('base64url')
      return Response.json({ ...body, id_token: `${signed}.${signature}` })
    }
  }
  const jwk = { format: 'jwk' } as const
  const signInWith = (more: object, header = {}, key = keys.privateKey) =>
    signIn(new OidcClient(provider.settings, clock.now, forging(more, header, key)))

  test('signed anew with nothing changed is good, so what follows is refused for what it is', async () => {
    expect(await signInWith({})).toBe('p-17')
  })

  test.each<[string, object, object?, KeyObject?]>([
    ['with the nonce of another sign-in', { nonce: 'another' }],
    ['without a nonce', { nonce: undefined }],
    ['for another client', { aud: 'grafana' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['that is over', { exp: 1_000_000_000 }],
    ['without an end', { exp: undefined }],
    ['without a subject', { sub: undefined }],
    ['signed by somebody else', {}, {}, others.privateKey],
    ['that says it needs no signature', {}, { alg: 'none' }],
    ['that wants our secret as its key', {}, { alg: 'HS256' }],
  ])('%s is refused', async (_name, more, header, key) => {
    expect(await failure(signInWith(more, header, key))).toMatch(/^invalid /)
  })
})

describe('a provider that is away', () => {
  test('is asked again by the next who wants in', async () => {
    const client = clientOf()
    provider.isOutOfOrder = true
    expect(await failure(client.begin(redirectUri, address))).toBe('unavailable status_503')
    provider.isOutOfOrder = false
    expect(await signIn(client)).toBe('p-17')
  })

  test('between going and coming back', async () => {
    const client = clientOf()
    const { url, secret } = await client.begin(redirectUri, address)
    const query = await atProvider(url)
    provider.isOutOfOrder = true
    expect(await failure(client.finish(secret, query))).toBe('unavailable status_503')
  })

  test('nobody listens', async () => {
    const client = clientOf('sub', { issuer: 'http://127.0.0.1:9' })
    expect(await failure(client.begin(redirectUri, address))).toBe('unavailable ECONNREFUSED')
  })

  test('is asked what it is once an hour, and what it said last stands while it is silent', async () => {
    const client = clientOf()
    const discoveries = () => provider.asked.filter((each) => each.includes('well-known')).length
    const before = discoveries()
    await Promise.all([client.begin(redirectUri, address), client.begin(redirectUri, address)])
    await client.begin(redirectUri, address)
    expect(discoveries()).toBe(before + 1)
    clock.at += oidcLimits.discoveryLifeMs
    provider.isOutOfOrder = true
    await client.begin(redirectUri, address)
    expect(discoveries()).toBe(before + 2)
  })

  test('that names itself otherwise is not it', async () => {
    const issuer = provider.settings.issuer.replace('127.0.0.1', 'localhost')
    expect(await failure(clientOf('sub', { issuer }).begin(redirectUri, address))).toMatch(
      /^invalid /,
    )
  })
})

test('behind a certificate of its own authority, and not without knowing that', async () => {
  const tls = await startProvider([redirectUri], { isTls: true })
  try {
    const { url } = await new OidcClient(tls.settings, clock.now).begin(redirectUri, address)
    expect(url).toMatch(/^https:/)
    const stranger = new OidcClient({ ...tls.settings, ca: null }, clock.now)
    expect(await failure(stranger.begin(redirectUri, address))).toMatch(/^unavailable /)
  } finally {
    await tls.close()
  }
})

test('says where to sign out at the provider', async () => {
  const url = new URL((await clientOf().endSessionUrl())!)
  expect(url.origin).toBe(provider.settings.issuer)
  expect(url.searchParams.get('client_id')).toBe('istimrar')
})
