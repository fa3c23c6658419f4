import { createServer, type TlsOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { tlsFact } from '../../../agent/facts/tls.ts'
import { dayMs } from '../../../protocol/time.ts'
import { makeCertificate } from '../../support/certificates.ts'
import { configOf } from '../../support/checks.ts'
import { closedPort } from '../../support/closed-port.ts'
import { factNow } from '../../support/fact-host.ts'
import { listen, listenRaw } from '../../support/loopback.ts'
import { readFact } from '../../support/read-fact.ts'

function serve(daysLeft: number, options: TlsOptions = {}): Promise<number> {
  const { cert, key } = makeCertificate({
    names: ['127.0.0.1'],
    from: factNow - 100 * dayMs,
    to: factNow + daysLeft * dayMs,
  })
  const server = createServer({ cert, key, ...options }, (socket) => socket.on('error', () => {}))
  server.on('tlsClientError', () => {})
  return listen(server)
}

const old = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const

async function read(...ports: readonly number[]) {
  const checks = ports.map((port, index) =>
    index % 2 === 0
      ? (['tls', { host: '127.0.0.1', port }] as const)
      : (['http', { url: `https://127.0.0.1:${port}/` }] as const),
  )
  const told = await readFact(tlsFact, { config: configOf(...checks) })
  return { left: told['tls.days_left'], modern: told['tls.modern_only'] }
}

describe('tls', () => {
  test('the certificate that ends first counts, whoever issued it', async () => {
    const { left, modern } = await read(await serve(40), await serve(12))
    expect(left).toMatchObject({ value: expect.closeTo(12, 3), method: 'tls' })
    expect(left?.detail).toBe('the first to end of 2 of 2 services')
    expect(modern).toMatchObject({ value: true, detail: '2 services' })
  })

  test('one that has ended is told as such', async () => {
    const { left } = await read(await serve(-3))
    expect(left).toMatchObject({ value: expect.closeTo(-3, 3) })
  })

  test('a service that also takes TLS 1.1', async () => {
    const { modern } = await read(await serve(40), await serve(40, old))
    expect(modern).toMatchObject({ value: false, detail: '1 of 2 services take TLS 1.1 or older' })
  })

  test('a service that takes nothing else', async () => {
    const { left, modern } = await read(await serve(40, { ...old, maxVersion: 'TLSv1.1' }))
    expect(left).toMatchObject({ value: expect.closeTo(40, 3) })
    expect(modern).toMatchObject({ value: false })
  })

  test('a service that does not answer leaves the other known, but not all', async () => {
    const { left, modern } = await read(await serve(40), await closedPort())
    expect(left).toMatchObject({ value: expect.closeTo(40, 3) })
    expect(left?.detail).toBe('the first to end of 1 of 2 services')
    expect(modern).toMatchObject({ value: null, missing: 'not_known' })
  })

  test('something that speaks no TLS has refused nothing', async () => {
    const port = await listenRaw((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
    const { left, modern } = await read(port)
    expect(left).toMatchObject({ value: null, missing: 'no_network' })
    expect(modern).toMatchObject({ value: null, missing: 'no_network' })
  })

  test('nor does it let the others be all', async () => {
    const port = await listenRaw((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
    const { modern } = await read(await serve(40), port)
    expect(modern).toMatchObject({ value: null, missing: 'not_known' })
  })

  test('silence ends in time', async () => {
    const port = await listenRaw(() => {})
    const { left } = await read(port)
    expect(left).toMatchObject({ value: null, missing: 'no_network' })
  })

  test('no check of a certificate', async () => {
    const { left, modern } = await read()
    expect(left).toMatchObject({ missing: 'no_check' })
    expect(modern).toMatchObject({ missing: 'no_check' })
  })
})
