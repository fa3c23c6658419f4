import { Writable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../../collector/config.ts'
import { localAdmin } from '../../../collector/people/accounts.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { appCode, codeOf } from '../../support/accounts.ts'
import { canary, filesBelow, findMark } from '../../support/canary.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { PlainBrowser, startProvider } from '../../support/oidc-provider.ts'
import { until } from '../../support/processes.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const host = 'board.example'
const callback = `http://${host}/login/oidc/callback`
const why = 'joins the ministry'

/**
 * What people sign in with is in no line of the program's log, in no act, metric or export, and in
 * no file it keeps, however it is written there.
 */
test('no secret of a person is logged, kept, exported or measured', async () => {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  const provider = await startProvider([callback])
  onTestFinished(() => provider.close())
  provider.person = { sub: 'p-17' }
  let logged = ''
  const lines = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk)
      done()
    },
  })
  const clock = new TestClock(Date.now())
  const collector = await openTestCollector(
    folder.file('data'),
    clock,
    twoInstitutions(folder.path),
    {
      config: { ...readConfig({ DATA_DIR: folder.file('data') }), oidc: provider.settings },
      logger: pino({ level: 'trace' }, lines),
    },
  )
  onTestFinished(() => collector.close())
  const { app, accounts } = collector
  const secrets = new Map<string, string>()
  const keep = (name: string, secret: string) => {
    expect([name, secret.length > 5]).toEqual([name, true])
    secrets.set(name, secret)
    return secret
  }
  const cookiesOf = (answer: { headers: object }) =>
    [(answer.headers as Record<string, string[]>)['set-cookie'] ?? []]
      .flat()
      .map((each) => String(each).split(';')[0]!)
  const sessionOf = (answer: { headers: object }) =>
    cookiesOf(answer).find((each) => /^session=./.test(each)) ?? ''
  const post = (url: string, fields: Record<string, string>, cookie = '') =>
    app.inject({
      ...{ method: 'POST', url, payload: new URLSearchParams(fields).toString() },
      headers: { 'content-type': 'application/x-www-form-urlencoded', host, cookie },
    })

  // An invitation, a password and a second factor; wrong ones too.
  const password = keep('password', canary())
  const { link } = await accounts.make(localAdmin, 'maryam', { role: 'ministry' }, why)
  const code = keep('invitation', codeOf(link))
  expect((await post('/invite', { code, password, repeat: 'other' })).statusCode).toBe(422)
  const invited = await post('/invite', { code, password, repeat: password })
  const totp = /<bdi dir="ltr">([A-Z2-7 ]{30,})</.exec(invited.body)?.[1]?.replaceAll(' ', '') ?? ''
  keep('second factor', totp)
  const step = keep('step', /name="step" value="([^"]*)"/.exec(invited.body)?.[1] ?? '')
  const done = await post('/login/set-up', { step, digits: appCode(totp, clock.at) })
  const cookie = sessionOf(done)
  keep('session', cookie.slice('session='.length))
  const guess = keep('wrong password', canary())
  expect((await post('/login', { account: 'maryam', password: guess })).statusCode).toBe(401)
  const asName = keep('password as the name', canary())
  expect((await post('/login', { account: asName, password: guess })).statusCode).toBe(401)
  const badCode = keep('wrong invitation', canary())
  expect((await post('/invite', { code: badCode })).statusCode).toBe(401)
  const planted = keep('session that is none', canary())
  const address = keep('code in an address', canary())
  expect((await app.inject({ url: `/login?code=${address}` })).statusCode).toBe(400)
  await app.inject({ url: '/en', headers: { cookie: `session=${planted}` } })
  const broken = keep('broken body', canary())
  const type = { 'content-type': 'application/json', cookie }
  const url = '/api/v1/account/password'
  for (const payload of [
    `{"next": "${broken}`,
    `{"current":"${broken}","next":5,"x":"${broken}"}`,
  ]) {
    expect((await app.inject({ method: 'POST', url, payload, headers: type })).statusCode).toBe(400)
  }

  // A token of the API, good and bad.
  const grant = { act: 'make-token', label: 'reports', scope: 'read', days: '30' }
  const made = await post('/en/account', grant, cookie)
  const token = keep('API token', /istimrar_[\w-]+/.exec(made.body)?.[0] ?? '')
  const other = keep('API token that is none', `istimrar_${canary()}`)
  for (const [text, status] of [
    [token, 200],
    [other, 401],
  ] as const) {
    const headers = { authorization: `Bearer ${text}` }
    expect((await app.inject({ url: '/api/v1/declarations', headers })).statusCode).toBe(status)
  }

  // Single sign-on.
  await accounts.make(localAdmin, 'auditor', { role: 'auditor', external: 'p-17' }, why)
  const there = await app.inject({ url: '/login/oidc', headers: { host } })
  const back = await new PlainBrowser().go(String(there.headers.location), (each) =>
    each.startsWith(callback),
  )
  keep('code of the provider', new URL(back).searchParams.get('code') ?? '')
  keep('state of the provider', new URL(back).searchParams.get('state') ?? '')
  keep('secret at the provider', provider.settings.clientSecret)
  const headers = { host, cookie: cookiesOf(there).join('; ') }
  const came = await app.inject({ url: new URL(back).pathname + new URL(back).search, headers })
  const external = sessionOf(came)
  keep('session by the provider', external.slice('session='.length))

  // What the program says of it all.
  await collector.evaluate()
  const said = new Map<string, Buffer>([['the log of the program', Buffer.from(logged)]])
  for (const each of ['/metrics', '/api/v1/acts', '/api/v1/acts?limit=100', '/en/log', '/ar/log']) {
    said.set(each, (await app.inject({ url: each, headers: { cookie: external } })).rawPayload)
  }
  type Job = { id: string; state: string }
  const asked = (await collector.ask('/api/v1/exports', {}, external)).json() as Job
  const job = () => collector.ask(`/api/v1/exports/${asked.id}`, undefined, external)
  await until(
    async () => ((await job()).json() as Job).state,
    (state) => state === 'done' || state === 'failed',
    30_000,
  )
  const archive = { url: `/api/v1/exports/${asked.id}/archive`, headers: { cookie: external } }
  said.set('the export', gunzipSync((await app.inject(archive)).rawPayload))
  const reader = sqliteReader(folder.file('data/collector.db'))
  said.set('the acts', Buffer.from(JSON.stringify(await reader.entries())))
  await reader.close()
  for (const [file, bytes] of filesBelow(folder.file('data'))) {
    if (!file.endsWith('.gz')) said.set(file, bytes)
  }
  said.set('the log of the program', Buffer.from(logged))

  // Each was seen to hold what it is for.
  for (const name of ['the log of the program', 'the acts', '/api/v1/acts']) {
    expect([name, findMark(said.get(name)!, 'maryam')]).toEqual([name, ['raw']])
  }
  const found = [...secrets].flatMap(([name, secret]) =>
    [...said].flatMap(([where, bytes]) =>
      findMark(bytes, secret).map((spelling) => `${name} in ${where}, ${spelling}`),
    ),
  )
  expect(found).toEqual([])
})
