import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setDefaultCACertificates } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { journey } from '../../../agent/probes/journey.ts'
import { problems, settings as schema } from '../../../agent/probes/journey-settings.ts'
import { withDefaults } from '../../../agent/probes/settings.ts'
import { dayMs } from '../../../protocol/time.ts'
import { makeCertificate } from '../../support/certificates.ts'
import { listen, probeContext } from '../../support/loopback.ts'

const value = expect.any(Number)
const secret = 'SECRET-of-the-journey'

type Seen = { method: string; url: string; cookie: string | undefined; body: string }

/** A portal with a page to sign in, a token, a session, and a page for members. */
async function portal(listener?: (request: IncomingMessage, response: ServerResponse) => boolean) {
  const seen: Seen[] = []
  const port = await listen(
    createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks).toString()
      const { method = '', url = '', headers } = request
      seen.push({ method, url, cookie: headers.cookie, body })
      if (listener?.(request, response)) return
      if (url === '/login' && method === 'GET') {
        response.setHeader('set-cookie', 'session=s1; Path=/; HttpOnly')
        response.end('<form><input type="hidden" name="csrf" value="t&amp;1"></form>')
      } else if (url === '/login') {
        const isIn = body === `csrf=t%261&user=visitor&password=${secret}` && headers.cookie
        response.writeHead(isIn ? 303 : 403, isIn ? { location: '/home' } : {}).end(secret)
      } else if (url === '/home' && headers.cookie === 'session=s1') {
        response.end(`<h1>أهلًا وسهلًا</h1>${secret}`)
      } else response.writeHead(404).end()
    }),
  )
  return { port, seen, at: `http://127.0.0.1:${port}` }
}

function fieldsFile(text = `# of the visitor\n\npassword=${secret}\n`, mode = 0o600): string {
  const dir = mkdtempSync(join(tmpdir(), 'journey-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'fields')
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

async function look(given: object, context = {}) {
  return journey(withDefaults(schema, given as never), probeContext(context))
}

const signIn = {
  ...{ path: '/login', method: 'POST', followRedirects: true, bodyIncludes: 'أهلًا' },
  fields: [
    { name: 'csrf', fromPage: 'csrf' },
    { name: 'user', value: 'visitor' },
    { name: 'password', fromFile: 'password' },
  ],
}

describe('journey', () => {
  test('signs in with a token, a cookie and a secret, and follows to the page for members', async () => {
    const { at, seen } = await portal()
    const given = { fieldsFile: fieldsFile(), steps: [{ url: `${at}/login` }, signIn] }
    expect(await look(given)).toEqual({ state: 'up', value })
    expect(seen).toEqual([
      { method: 'GET', url: '/login', cookie: undefined, body: '' },
      {
        method: 'POST',
        url: '/login',
        cookie: 'session=s1',
        body: expect.stringContaining('csrf='),
      },
      { method: 'GET', url: '/home', cookie: 'session=s1', body: '' },
    ])
    await look(given)
    expect(seen[3]?.cookie).toBeUndefined() // of another journey
  })

  test.each<[string, object[], object]>([
    ['a status that is not expected', [{ path: '/nothing' }], { step: 2 }],
    ['a text that is missing', [{ path: '/login', bodyIncludes: 'Welcome' }], { step: 2 }],
    ['a text that must not be', [{ path: '/login', bodyExcludes: 'csrf' }], { step: 2 }],
    [
      'a hidden field that is missing',
      [{ path: '/login', method: 'POST', fields: [{ name: 'x', fromPage: 'nonce' }] }],
      { step: 2 },
    ],
    ['the third step', [{ path: '/login' }, { path: '/home', status: [500] }], { step: 3 }],
  ])('ends at %s', async (_name, more, parts) => {
    const { at } = await portal()
    const observation = await look({ steps: [{ url: `${at}/login` }, ...more] })
    expect(observation).toEqual({ state: 'down', reason: 'step_failed', parts })
  })

  test('a redirect is an answer unless it is to be followed', async () => {
    const { at, seen } = await portal((_, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end()
      return true
    })
    expect(await look({ steps: [{ url: at, status: [302] }] })).toEqual({ state: 'up', value })
    expect(seen).toHaveLength(1)
  })

  test.each<[string, string]>([
    ['to another host', 'http://localhost:1/'],
    ['to another port', 'http://127.0.0.1:1/'],
    ['to cloud metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['to a name of cloud metadata', 'http://metadata.google.internal/'],
    ['to another protocol', 'file:///etc/passwd'],
    ['with a password in it', 'http://user:password@127.0.0.1/'],
    ['to nowhere', 'http://[/'],
    ['in a circle', '/again'],
  ])('a redirect %s is not followed', async (_name, location) => {
    const { at, seen } = await portal((_, response) => {
      response.writeHead(302, { location }).end()
      return true
    })
    const observation = await look({ steps: [{ url: at, followRedirects: true }] })
    expect(observation).toEqual({ state: 'down', reason: 'step_failed', parts: { step: 1 } })
    expect(seen.length).toBeLessThanOrEqual(11)
  })

  test('cloud metadata is not asked even where it is listed', async () => {
    const { at } = await portal((_, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
      return true
    })
    const steps = [{ url: at, followRedirects: true }]
    await expect(look({ hosts: ['169.254.169.254'], steps })).rejects.toMatchObject({
      code: 'ERR_IP_BLOCKED',
    })
  })

  test('a host that is listed is followed to, without the fields', async () => {
    const other = await portal((_, response) => {
      response.end('there')
      return true
    })
    const { at } = await portal((_, response) => {
      response.writeHead(302, { location: `${other.at}/x`, 'set-cookie': 'a=1' }).end()
      return true
    })
    const step = { url: at, method: 'POST', followRedirects: true, bodyIncludes: 'there' }
    const fields = [{ name: 'a', value: 'b' }]
    const hosts = [`127.0.0.1:${other.port}`]
    expect(await look({ hosts, steps: [{ ...step, fields }] })).toEqual({ state: 'up', value })
    expect(other.seen).toMatchObject([{ method: 'GET', body: '' }])
  })

  test('fields do not go on to another host', async () => {
    const other = await portal()
    const { at } = await portal((_, response) => {
      response.writeHead(307, { location: `${other.at}/x` }).end()
      return true
    })
    const fields = [{ name: 'a', value: 'b' }]
    const steps = [{ url: at, method: 'POST', followRedirects: true, fields }]
    const observation = await look({ hosts: [`127.0.0.1:${other.port}`], steps })
    expect(observation).toMatchObject({ state: 'down', reason: 'step_failed' })
    expect(other.seen).toEqual([])
  })

  test('a slow journey, and its time by step', async () => {
    const { at } = await portal()
    let clock = 0
    const notes: string[] = []
    const context = { now: () => (clock += 500), note: (part: string) => notes.push(part) }
    const steps = [{ url: `${at}/login` }, { path: '/login' }]
    expect(await look({ steps, slowSeconds: 1 }, context)).toMatchObject({
      ...{ state: 'degraded', reason: 'slow' },
    })
    expect(notes).toEqual(['step 1', 'step 2'])
  })
})

describe('journey: secrets', () => {
  const steps = (at: string) => [{ url: `${at}/login` }, signIn]

  test.each<[string, () => string, string]>([
    ['others can read', () => fieldsFile('password=x\n', 0o604), 'chmod 600'],
    ['the group can change', () => fieldsFile('password=x\n', 0o660), 'chmod 600'],
    ['is not there', () => '/no/such/file', 'ENOENT'],
    ['is a folder', () => tmpdir(), 'must be a file'],
    ['is too long', () => fieldsFile(`password=${'x'.repeat(70_000)}`), 'at most 64 KiB'],
    ['lacks the field', () => fieldsFile('user=x\n'), 'no line for "password"'],
  ])('a file that %s is no observation', async (_name, file, message) => {
    const { at } = await portal()
    await expect(look({ fieldsFile: file(), steps: steps(at) })).rejects.toThrow(message)
  })

  test('are told to nobody: observation, notes and errors', async () => {
    const { at } = await portal()
    const told: unknown[] = []
    const context = { note: (...args: unknown[]) => told.push(args) }
    for (const password of [secret, `${secret}-wrong`]) {
      const given = { fieldsFile: fieldsFile(`password=${password}\n`), steps: steps(at) }
      told.push(await look(given, context))
    }
    told.push(String(await look({ steps: steps('http://169.254.169.254') }).catch((e) => e.stack)))
    expect(JSON.stringify(told)).not.toContain('SECRET')
    expect(told.at(-2)).toEqual({ state: 'down', reason: 'step_failed', parts: { step: 2 } })
  })
})

describe('journey: certificates', () => {
  const now = Date.now()
  const host = '127.0.0.1'
  const valid = { from: now - dayMs, to: now + dayMs }
  const past = { from: now - 2 * dayMs, to: now - dayMs }
  const authority = makeCertificate({ names: ['Test authority'], ...valid, authority: true })
  const { issuer } = authority
  setDefaultCACertificates([authority.cert]) // of this test file's own process

  test.each([
    ['self-signed', makeCertificate({ names: [host], ...valid }), 'certificate_untrusted'],
    ['expired', makeCertificate({ names: [host], ...past, issuer }), 'certificate_expired'],
    [
      'made out to another host',
      makeCertificate({ names: ['mail.example'], ...valid, issuer }),
      'certificate_name_mismatch',
    ],
    ['good', makeCertificate({ names: [host], ...valid, issuer }), null],
  ])('%s', async (_name, certificate, reason) => {
    const heard: string[] = []
    const port = await listen(
      createHttpsServer(certificate, async (request, response) => {
        for await (const chunk of request) heard.push(String(chunk))
        response.end()
      }),
    )
    const fields = [{ name: 'password', fromFile: 'password' }]
    const steps = [{ url: `https://${host}:${port}/`, method: 'POST', fields }]
    const given = { fieldsFile: fieldsFile(), steps }
    const refused = { state: 'down', reason, parts: { step: 1 } }
    expect(await look(given)).toEqual(reason ? refused : { state: 'up', value })
    // Nothing was sent where the certificate is bad.
    expect(heard).toEqual(reason ? [] : [`password=${secret}`])
    expect(await look({ ...given, trust: 'any' })).toEqual({ state: 'up', value })
  })
})

test('no switch of the environment turns the check of certificates off', async () => {
  const { emitWarning } = process
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  process.emitWarning = () => {} // Node's, that the switch is dangerous
  onTestFinished(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    process.emitWarning = emitWarning
  })
  const now = Date.now()
  const certificate = makeCertificate({ names: ['127.0.0.1'], from: now - dayMs, to: now + dayMs })
  const port = await listen(createHttpsServer(certificate, (_, response) => response.end()))
  expect(await look({ steps: [{ url: `https://127.0.0.1:${port}/` }] })).toMatchObject({
    ...{ state: 'down', reason: 'certificate_untrusted' },
  })
})

describe('journey: settings', () => {
  const url = 'https://portal.example.om/'
  const post = (field: object) => ({ url, method: 'POST', fields: [{ name: 'x', ...field }] })
  test.each<[string, object, string[]]>([
    ['good', { steps: [{ url }, { path: '/x' }] }, []],
    ['no address', { steps: [{ path: '/x' }] }, ['steps.0: missing "url"']],
    ['neither', { steps: [{ url }, {}] }, ['steps.1: must have either "url" or "path"']],
    ['both', { steps: [{ url, path: '/' }] }, ['steps.0: must have either "url" or "path"']],
    [
      'fields of a GET',
      { steps: [{ url, fields: [{ name: 'x', value: 'y' }] }] },
      ['steps.0.fields: must go with method: POST'],
    ],
    [
      'two values',
      { steps: [{ url }, post({ value: 'y', fromPage: 'z' })] },
      ['steps.1.fields.0: must have one of "value", "fromFile", "fromPage"'],
    ],
    [
      'no page yet',
      { steps: [post({ fromPage: 'z' })] },
      ['steps.0.fields.0: fromPage needs a step before it'],
    ],
    [
      'no file',
      { steps: [post({ fromFile: 'z' })] },
      ['steps.0.fields.0: fromFile needs the setting fieldsFile'],
    ],
    [
      'a secret in the clear',
      { fieldsFile: '/f', steps: [{ ...post({ fromFile: 'z' }), url: 'http://a.example/' }] },
      ['steps.0.fields.0: fromFile needs https'],
    ],
    [
      'a secret for whoever answers',
      {
        ...{ fieldsFile: '/f', trust: 'any' },
        steps: [{ ...post({ fromFile: 'z' }), url: 'https://a.example/' }],
      },
      ['steps.0.fields.0: fromFile needs trust: system'],
    ],
    ['no address at all', { steps: [{ url: 'https://a:99999/' }] }, ['steps.0.url: is no address']],
    ['no host', { steps: [{ url }], hosts: ['a%zz'] }, ['hosts.0: is no host']],
  ])('%s', (_name, given, expected) => {
    const found = [...problems(withDefaults(schema, given as never))]
    expect(found.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual(expected)
  })
})
