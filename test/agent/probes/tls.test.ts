import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { createServer, setDefaultCACertificates, type TlsOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import type { HttpSettings } from '../../../agent/probes/http.ts'
import { http } from '../../../agent/probes/http.ts'
import { withDefaults } from '../../../agent/probes/settings.ts'
import { settings as schema, tls } from '../../../agent/probes/tls.ts'
import { dayMs, hourMs } from '../../../protocol/time.ts'
import { makeCertificate } from '../../support/certificates.ts'
import { closedPort } from '../../support/closed-port.ts'
import { listen, listenRaw, probeContext } from '../../support/loopback.ts'

const now = Date.now()
const host = '127.0.0.1'
const valid = { from: now - dayMs, to: now + 90 * dayMs }
const authority = makeCertificate({ names: ['Test authority'], ...valid, authority: true })
const issuer = authority.issuer
setDefaultCACertificates([authority.cert]) // of this test file's own process

const good = makeCertificate({ names: ['portal.example', host], ...valid, issuer })
const selfSigned = makeCertificate({ names: [host], ...valid })
const expired = makeCertificate({ names: [host], from: now - dayMs, to: now - hourMs, issuer })
const expiring = makeCertificate({ names: [host], from: now - dayMs, to: now + 5 * dayMs, issuer })
const otherName = makeCertificate({ names: ['mail.example'], ...valid, issuer })

type Settings = Parameters<typeof tls>[0]

async function look(server: TlsOptions, changes: Partial<Settings> = {}) {
  const port = await listen(createServer(server))
  const settings = withDefaults(schema, { host, port, ...changes })
  return tls(settings, probeContext({ now: () => now }))
}

describe('tls: certificates', () => {
  test.each<[string, TlsOptions, Partial<Settings>, string, number]>([
    ['issued by a known authority', good, {}, 'up', 90],
    ['made out to the name asked for', good, { serverName: 'portal.example' }, 'up', 90],
    [
      'made out to another name',
      good,
      { serverName: 'a.example' },
      'certificate_name_mismatch',
      90,
    ],
    ['made out to another host', otherName, {}, 'certificate_name_mismatch', 90],
    ['self-signed', selfSigned, {}, 'certificate_untrusted', 90],
    ['self-signed, any issuer will do', selfSigned, { trust: 'any' }, 'up', 90],
    ['expired', expired, {}, 'certificate_expired', -1 / 24],
    ['expired, any issuer will do', expired, { trust: 'any' }, 'certificate_expired', -1 / 24],
    ['expiring', expiring, {}, 'certificate_expiring', 5],
    ['expiring, later than asked', expiring, { daysLeftMin: 4 }, 'up', 5],
    [
      'TLS 1.1 only',
      { ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      {},
      'protocol_outdated',
      90,
    ],
    ['TLS 1.2 only', { ...good, maxVersion: 'TLSv1.2' }, {}, 'up', 90],
    [
      'TLS 1.2 only, TLS 1.3 wanted',
      { ...good, maxVersion: 'TLSv1.2' },
      { protocolMin: 'TLSv1.3' },
      'protocol_outdated',
      90,
    ],
  ])('%s', async (_name, server, changes, expected, daysLeft) => {
    const { state, reason, value } = await look(server, changes)
    expect(reason ?? state).toBe(expected)
    expect(state).toBe(expected === 'up' ? 'up' : 'degraded')
    expect((value ?? 0) * 1_000).toBeCloseTo(daysLeft * dayMs, -4)
  })
})

/** What a hostile server does at the first byte; `abort` is the end of the check's timeout. */
type Hostility = (socket: Socket, abort: () => void) => void

describe('tls: hostile servers', () => {
  test.each<[string, Hostility, string]>([
    ['speaks plain HTTP', (s) => s.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'tls_handshake_failed'],
    ['hangs up', (socket) => socket.end(), 'tls_handshake_failed'],
    ['resets', (socket) => socket.resetAndDestroy(), 'tls_handshake_failed'],
    ['never answers', (_, abort) => abort(), 'timeout'],
    ['stops within a record', (s, abort) => s.write('\x16\x03\x03', abort), 'timeout'],
  ])('%s', async (_name, behave, reason) => {
    const controller = new AbortController()
    const closed = Promise.withResolvers<boolean>()
    const port = await listenRaw((socket) => {
      socket.on('close', closed.resolve)
      socket.once('data', () => behave(socket, () => controller.abort()))
    })
    const settings = withDefaults(schema, { host, port })
    const observation = await tls(settings, probeContext({ signal: controller.signal }))
    expect(observation).toEqual({ state: 'down', reason })
    await closed.promise
  })

  test('nothing listens', async () => {
    const settings = withDefaults(schema, { host, port: await closedPort() })
    expect(await tls(settings, probeContext())).toEqual({ state: 'down', reason: 'refused' })
  })
})

describe('http over TLS', () => {
  type Case = [string, TlsOptions, Partial<HttpSettings>, object]
  const value = expect.any(Number)
  test.each<Case>([
    ['a good certificate', good, {}, { state: 'up', value }],
    ['self-signed', selfSigned, {}, { state: 'degraded', reason: 'certificate_untrusted', value }],
    ['self-signed, any will do', selfSigned, { trust: 'any' }, { state: 'up', value }],
    ['expired', expired, {}, { state: 'degraded', reason: 'certificate_expired', value }],
    [
      'made out to another host',
      otherName,
      {},
      { state: 'degraded', reason: 'certificate_name_mismatch', value },
    ],
    [
      'a bad status counts more than a bad certificate',
      expired,
      { status: [204] },
      { state: 'down', reason: 'http_status', value },
    ],
  ])('%s', async (_name, server, changes, expected) => {
    const port = await listen(createHttpsServer(server, (_, response) => response.end('hello')))
    const url = `https://${host}:${port}/`
    const settings = { url, method: 'GET', status: ['200-399'], trust: 'system' } as const
    expect(await http({ ...settings, ...changes }, probeContext({ now: () => now }))).toEqual(
      expected,
    )
  })

  test('asks for the name of the URL at the address given', async () => {
    const names: unknown[] = []
    const server = createHttpsServer({
      ...good,
      SNICallback: (name, done) => {
        names.push(name)
        done(null)
      },
    })
    const port = await listen(server.on('request', (_, response) => response.end()))
    const url = `https://portal.example:${port}/`
    const settings = { url, address: host, method: 'GET', status: [200], trust: 'system' } as const
    expect(await http(settings, probeContext())).toMatchObject({ state: 'up' })
    expect(names).toEqual(['portal.example'])
  })

  test('plain HTTP on the port of an https check', async () => {
    const port = await listenRaw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const url = `https://${host}:${port}/`
    const settings = { url, method: 'GET', status: [200], trust: 'system' } as const
    const expected = { state: 'down', reason: 'tls_handshake_failed' }
    expect(await http(settings, probeContext())).toEqual(expected)
  })
})
