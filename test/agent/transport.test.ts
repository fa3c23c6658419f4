import { writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { TlsOptions } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readAuthorities } from '../../agent/authorities.ts'
import { exchangesMax } from '../../agent/message.ts'
import { openPost } from '../../agent/post.ts'
import { resumedMax, type Way } from '../../agent/transport.ts'
import { dayMs } from '../../protocol/time.ts'
import { temporaryFolder } from '../support/agent-folder.ts'
import { makeCertificate } from '../support/certificates.ts'
import { listen } from '../support/loopback.ts'
import { whileTrusting } from '../support/trust.ts'

const now = Date.now()
const valid = { from: now - dayMs, to: now + dayMs }
const authority = makeCertificate({ names: ['Ministry CA'], authority: true, ...valid })
const { issuer } = authority
const known = makeCertificate({ names: ['localhost', 'c.example.om'], issuer, ...valid })
const old = makeCertificate({
  names: ['localhost'],
  issuer,
  from: now - 9 * dayMs,
  to: now - dayMs,
})
const other = makeCertificate({ names: ['elsewhere.example'], issuer, ...valid })
const selfSigned = makeCertificate({ names: ['localhost'], ...valid })

function pemFile(text: string): string {
  const file = join(temporaryFolder(), 'authorities.pem')
  writeFileSync(file, text)
  return file
}

/** What comes back from an HTTPS server, or the code of what went wrong. */
async function ask(
  port: number,
  { authorities, ...way }: Way & { authorities?: string },
  host = 'localhost',
): Promise<string> {
  const { post, close } = await openPost(`https://${host}:${port}`, { ...way, timeoutMs: 5_000 })
  onTestFinished(close)
  const signal = new AbortController().signal
  return whileTrusting(authorities, () =>
    post('/', null, signal).then(
      ({ body }) => body,
      (error: { code?: string }) => error.code ?? String(error),
    ),
  )
}
const serve = (options: TlsOptions) =>
  listen(
    createServer(options, (_, response) => response.end('here')),
    0,
    'localhost',
  )

/** A server that ends each connection, and says what was agreed in each. */
async function startCounting(address: string) {
  const certificate = makeCertificate({ names: [address, 'localhost'], issuer, ...valid })
  const server = createServer(certificate, (_, response) => {
    response.writeHead(200, { connection: 'close' }).end('here')
  })
  const handshakes: { told: unknown; protocol: unknown; isResumed: boolean }[] = []
  server.on('secureConnection', (socket) => {
    const { servername: told, alpnProtocol: protocol } = socket
    handshakes.push({ told, protocol, isResumed: socket.isSessionReused() })
  })
  return { port: await listen(server, 0, address), handshakes, server }
}

/** A proxy that is named, and then not to be used: what Node's own client is needed for. */
const bypassed = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '*' }

describe.each([
  ['straight', {}, 'http/1.1'],
  ["by Node's own client", { proxy: bypassed }, false],
] as const)('TLS to the collector %s', (_way, way, protocol) => {
  test.each([
    ['an authority of the institution', known, {}, 'here'],
    ['no authority that is trusted', selfSigned, {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['a certificate that has ended', old, {}, 'CERT_HAS_EXPIRED'],
    ['a certificate for another name', other, {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [
      'a protocol that is too old',
      known,
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      'EPROTO',
    ],
  ] as const)('%s', async (_name, certificate, options, expected) => {
    const asked: unknown[] = []
    const server = createServer({ ...certificate, ...options }, (request, response) => {
      asked.push(request.url)
      response.end('here')
    })
    const port = await listen(server, 0, 'localhost')
    const authorities = pemFile(`The ministry's own:\n${authority.cert}`)
    const answer = await ask(port, { ...way, authorities })
    expect(answer).toBe(expected)
    expect(asked).toEqual(expected === 'here' ? ['/'] : [])
  })

  test('an authority that is not named is not trusted', async () => {
    expect(await ask(await serve(known), way)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  test.each([
    ['localhost', 'localhost', 'localhost'],
    ['127.0.0.1', '127.0.0.1', false],
    ['::1', '[::1]', false],
  ])('is for this name, which only a name says before: %s', async (address, host, told) => {
    const { port, handshakes } = await startCounting(address)
    const authorities = pemFile(authority.cert)
    expect(await ask(port, { ...way, authorities }, host)).toBe('here')
    expect(handshakes).toEqual([{ told, protocol, isResumed: false }])
  })

  test('goes on with its session over the next connection', async () => {
    const { port, handshakes, server } = await startCounting('localhost')
    const { post, close } = await openPost(`https://localhost:${port}`, way)
    onTestFinished(close)
    const { signal } = new AbortController()
    await whileTrusting(pemFile(authority.cert), async () => {
      for (const change of [true, false]) {
        expect((await post('/', 'a.b.c', signal)).body).toBe('here')
        // Keys for tickets that nobody has: the session before is forgotten.
        if (!change) server.setTicketKeys(Buffer.alloc(48, 7))
        expect((await post('/', null, signal)).body).toBe('here')
      }
    })
    expect(handshakes.map(({ isResumed }) => isResumed)).toEqual([false, true, true, false])
  })

  test('a certificate that ends is noticed within a day, also while all is well', async () => {
    const server = createServer(known, (_, response) => response.end('here'))
    const port = await listen(server, 0, 'localhost')
    const { post, close } = await openPost(`https://localhost:${port}`, way)
    onTestFinished(close)
    const { signal } = new AbortController()
    await whileTrusting(pemFile(authority.cert), async () => {
      await post('/', null, signal)
      const ticketKeys = server.getTicketKeys()
      server.setSecureContext(old)
      server.setTicketKeys(ticketKeys)
      for (let i = 1; i < exchangesMax; i++) await post('/', null, signal)
      await expect(post('/', null, signal)).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' })
    })
  })

  test('a certificate that ends meanwhile is noticed, session or not', async () => {
    const { port, handshakes, server } = await startCounting('localhost')
    const { post, close } = await openPost(`https://localhost:${port}`, way)
    onTestFinished(close)
    const { signal } = new AbortController()
    const answers: unknown[] = []
    await whileTrusting(pemFile(authority.cert), async () => {
      for (let i = 0; i <= resumedMax + 1; i++) {
        const answer = post('/', null, signal).then(
          ({ body }) => body,
          ({ code }) => code,
        )
        answers.push(await answer)
        const ticketKeys = server.getTicketKeys()
        server.setSecureContext(old)
        server.setTicketKeys(ticketKeys)
      }
    })
    expect(answers).toEqual([...Array(resumedMax + 1).fill('here'), 'CERT_HAS_EXPIRED'])
    expect(handshakes.slice(1, resumedMax + 1).every(({ isResumed }) => isResumed)).toBe(true)
  })
})

describe('a file of authorities', () => {
  test('is read whole, comments and all', () => {
    const file = pemFile(`one\n${authority.cert}\ntwo\r\n${selfSigned.cert}`)
    expect(readAuthorities(file)).toEqual([authority.cert.trim(), selfSigned.cert.trim()])
  })

  const broken = authority.cert.replace(/\n.{8}/, '\nAAAAAAAA')
  test.each([
    ['nothing', '', /holds no certificate/],
    ['a key', known.key, /holds no certificate/],
    ['a damaged one', `${authority.cert}${broken}`, /begins on line 4 of .* is not valid/],
    ['an unended one', `\n${authority.cert}-----BEGIN CERTIFICATE-----\nAA`, /begins on line 5/],
  ])('%s is refused', (_name, text, message) => {
    expect(() => readAuthorities(pemFile(text))).toThrow(message)
  })

  test('that is not there is named', () => {
    expect(() => readAuthorities('/nowhere.pem')).toThrow('Cannot read /nowhere.pem: ENOENT.')
  })
})

/** A real proxy: it connects to the HTTPS server here, whatever host was asked for. */
async function startProxy(target: number, password = '') {
  const asked: string[] = []
  const expected = password && `Basic ${Buffer.from(`agent:${password}`).toString('base64')}`
  const server = createHttpServer().on('connect', (request, socket: Socket) => {
    asked.push(request.url ?? '')
    if (expected && request.headers['proxy-authorization'] !== expected) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    const through = connect(target, 'localhost', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.pipe(through).pipe(socket)
    })
    onTestFinished(() => {
      through.destroy()
    })
    for (const end of [socket, through]) end.on('error', () => {})
  })
  return { port: await listen(server), asked }
}

describe('a proxy', () => {
  test('is asked for a tunnel, in which TLS is as strict', async () => {
    const target = await serve(known)
    const { port, asked } = await startProxy(target)
    const proxy = { HTTPS_PROXY: `http://127.0.0.1:${port}` }
    const authorities = pemFile(authority.cert)
    expect(await ask(443, { proxy, authorities }, 'c.example.om')).toBe('here')
    expect(await ask(443, { proxy }, 'c.example.om')).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    const wrongName = ask(443, { proxy, authorities }, 'd.example.om')
    expect(await wrongName).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    expect(asked).toEqual(['c.example.om:443', 'c.example.om:443', 'd.example.om:443'])
  })

  test('gets its credentials, which no error repeats', async () => {
    const target = await serve(known)
    const { port } = await startProxy(target, 's3cr3t')
    const authorities = pemFile(authority.cert)
    const through = (password: string) => ({
      proxy: { https_proxy: `http://agent:${password}@127.0.0.1:${port}` },
    })
    const right = { ...through('s3cr3t'), authorities }
    expect(await ask(443, right, 'c.example.om')).toBe('here')
    const { post, close } = await openPost('https://c.example.om', through('wr0ng'))
    onTestFinished(close)
    const refused = await post('/', null, new AbortController().signal).catch((error) => error)
    expect(refused).toMatchObject({ code: 'ERR_PROXY_TUNNEL', statusCode: 407 })
    expect(`${refused.stack}${JSON.stringify(refused)}`).not.toMatch(/wr0ng|d3IwbmY/)
  })

  test('that is no address is refused, without a word of it', async () => {
    const proxy = { HTTPS_PROXY: 'http://agent:s3cr3t@[' }
    const refused = await openPost('https://c.example.om', { proxy }).catch((error) => error)
    expect(refused).toMatchObject({ name: 'AgentError', code: 'usage' })
    expect(`${refused.stack}`).not.toContain('s3cr3t')
  })

  test.each([
    ['localhost', 'direct'],
    ['LOCALHOST', 'direct'],
    ['*', 'direct'],
    ['example.om, localhost', 'direct'],
    ['localhost:<port>', 'direct'],
    ['localhost:1', 'proxied'],
    ['.example.om', 'proxied'],
    ['host', 'proxied'],
    ['', 'proxied'],
  ])('NO_PROXY=%s: %s', async (list, expected) => {
    const target = await serve(known)
    const { port, asked } = await startProxy(target)
    const NO_PROXY = list.replace('<port>', String(target))
    const proxy = { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY }
    expect(await ask(target, { proxy, authorities: pemFile(authority.cert) })).toBe('here')
    expect(asked.length > 0 ? 'proxied' : 'direct').toBe(expected)
  })

  test.each(['.example.om', '*.example.om', 'c.example.om', 'c.example.om:443'])(
    'NO_PROXY=%s keeps a subdomain away from it',
    async (NO_PROXY) => {
      const { port, asked } = await startProxy(1)
      const proxy = { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY }
      // Asked for itself, the name is not known here.
      expect(await ask(443, { proxy }, 'c.example.om')).toMatch(/ENOTFOUND|EAI_AGAIN/)
      expect(asked).toEqual([])
    },
  )
})
