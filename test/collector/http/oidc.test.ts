import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../../collector/config.ts'
import { AccountActs } from '../../../collector/people/account-acts.ts'
import { localAdmin } from '../../../collector/people/accounts.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import { sha256 } from '../../../protocol/jws.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { PlainBrowser, startProvider, type TestProvider } from '../../support/oidc-provider.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const board = 'http://board.example'
const callback = `${board}/login/oidc/callback`
const clock = new TestClock(Date.now())
let folder: ReturnType<typeof temporaryFolder>
let provider: TestProvider
let collector: TestCollector

beforeAll(async () => {
  folder = temporaryFolder()
  provider = await startProvider([callback])
  const register = twoInstitutions(folder.path)
  await (await openTestCollector(folder.path, clock, register)).close()
  await makeAccounts()
  const config = { ...readConfig({ DATA_DIR: folder.path }), oidc: provider.settings }
  collector = await openTestCollector(folder.path, clock, register, { config })
})
beforeEach(() => {
  provider.person = { sub: 'p-17' }
  provider.isOutOfOrder = false
})
afterAll(async () => {
  await collector.close()
  await provider.close()
  folder[Symbol.dispose]()
})

/** Accounts as admins make them: of somebody known to the provider, and of one who left. */
async function makeAccounts() {
  const store = sqliteStore(folder.file('collector.db'))
  const acts = await AccountActs.open({ store, now: clock.now })
  const make = (id: string, sub: string, endedAt: number | null) => {
    const account = { id, role: 'auditor', institution: null } as const
    const after = { ...account, id: undefined, external: sha256(sub), endedAt }
    return acts.take((at) =>
      acts.write(localAdmin, account, [{ before: null, after }], { why: 'joined the team', at }),
    )
  }
  await make('amal', 'p-17', null)
  await make('salim', 'p-18', clock.at)
  await store.close()
}

/** A browser that reaches the provider by the network, and the collector without. */
class Person {
  cookies = new Map<string, string>()
  last = { status: 0, body: '', headers: {} as Record<string, unknown> }

  async open(url: string): Promise<string | null> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ')
    const headers = { host: new URL(board).host, cookie, 'accept-language': 'en' }
    const answer = await collector.app.inject({ url: url.replace(board, ''), headers })
    for (const each of [answer.headers['set-cookie'] ?? []].flat()) {
      const [name = '', value = ''] = each.split(';')[0]!.split('=')
      value ? this.cookies.set(name, value) : this.cookies.delete(name)
    }
    this.last = { status: answer.statusCode, body: answer.body, headers: answer.headers }
    return (answer.headers.location as string | undefined) ?? null
  }

  /** Goes to the provider; the address it sends back to. */
  async goThere(): Promise<string> {
    const there = await this.open(`${board}/login/oidc`)
    return new PlainBrowser().go(there!, (url) => url.startsWith(callback))
  }

  async signIn(): Promise<number> {
    await this.open(await this.goThere())
    return this.last.status
  }
}

describe('whoever has an account and comes by the provider', () => {
  test('is signed in, and goes on from a page of the board’s own', async () => {
    const person = new Person()
    expect(await person.signIn()).toBe(200)
    expect(person.last.headers).toMatchObject({
      refresh: '0; url=/',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
    expect(person.last.headers['set-cookie']).toEqual([
      expect.stringMatching(/^sign-in=; Path=\/login\/oidc; HttpOnly; SameSite=Lax; Max-Age=0/),
      expect.stringMatching(/^session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict/),
    ])
    await person.open(`${board}/en`)
    expect(person.last.status).toBe(200)
    expect(person.last.body).toContain('amal')
  })

  test('gets a session of their own, whatever cookie they came with', async () => {
    const person = new Person()
    person.cookies.set('session', 'planted')
    await person.signIn()
    expect(person.cookies.get('session')).toMatch(/^[\w-]{43}$/)
  })

  test('leaves no name of theirs in the log', async () => {
    const store = sqliteStore(folder.file('collector.db'))
    const entries = JSON.stringify(await store.entries())
    await store.close()
    expect(entries).toContain(sha256('p-17'))
    expect(entries).not.toContain('p-17')
  })
})

describe('a page says why somebody is not signed in', () => {
  type Case = [string, number, RegExp, (person: Person) => Promise<unknown>]
  test.each<Case>([
    [
      'nobody’s account',
      403,
      /no open account/,
      (person) => {
        provider.person = { sub: 'stranger' }
        return person.signIn()
      },
    ],
    [
      'an account that ended',
      403,
      /no open account/,
      (person) => {
        provider.person = { sub: 'p-18' }
        return person.signIn()
      },
    ],
    [
      'cancelled there',
      403,
      /cancelled there/,
      (person) => {
        provider.person = null
        return person.signIn()
      },
    ],
    [
      'the provider is away',
      503,
      /does not answer/,
      async (person) => {
        const back = await person.goThere()
        provider.isOutOfOrder = true
        await person.open(back)
      },
    ],
    [
      'came back with a link that somebody else began',
      400,
      /another browser/,
      async (person) => person.open(await new Person().goThere()),
    ],
    [
      'too late',
      400,
      /too long/,
      async (person) => {
        const back = await person.goThere()
        clock.at += 10 * minuteMs
        await person.open(back)
      },
    ],
    ['came back without having gone', 400, /another browser/, (person) => person.open(callback)],
    [
      'a code that is none',
      403,
      /is not valid/,
      async (person) =>
        person.open((await person.goThere()).replace(/code=[^&]+/, 'code=%3Cscript%3E')),
    ],
  ])('%s', async (_name, status, words, come) => {
    const person = new Person()
    await come(person)
    expect(person.last.status).toBe(status)
    expect(person.last.body).toMatch(words)
    expect(person.last.body).toContain('href="/login"')
    expect(person.last.body).not.toContain('script&gt;')
    expect(person.cookies.has('session')).toBe(false)
  })
})

test('the cookie on the way is for the way only', async () => {
  const person = new Person()
  await person.open(`${board}/login/oidc`)
  expect(person.last.status).toBe(303)
  expect(person.last.headers['set-cookie']).toMatch(
    /^sign-in=[\w-]{43}; Path=\/login\/oidc; HttpOnly; SameSite=Lax; Max-Age=600$/,
  )
  expect(new URL(String(person.last.headers.location)).origin).toBe(provider.settings.issuer)
})

test('after signing out the way out of the provider is shown', async () => {
  const person = new Person()
  await person.open(`${board}/logout/oidc`)
  expect(person.last.body).toContain(`${provider.settings.issuer}/session/end?client_id=istimrar`)
})
