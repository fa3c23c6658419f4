import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { tcp } from '../../../agent/probes/tcp.ts'
import { closedPort } from '../../support/closed-port.ts'
import { listenRaw, probeContext } from '../../support/loopback.ts'

const host = '127.0.0.1'

describe('tcp', () => {
  test('is up when the connection is accepted, and leaves nothing open', async () => {
    const accepted = Promise.withResolvers<Socket>()
    const port = await listenRaw((socket) => accepted.resolve(socket))
    const times = [1_000, 1_250]
    const context = probeContext({ now: () => times.shift() ?? 0 })
    expect(await tcp({ host, port }, context)).toEqual({ state: 'up', value: 0.25 })
    const socket = await accepted.promise
    if (!socket.resume().destroyed) await once(socket, 'close')
    expect(socket.bytesRead).toBe(0)
  })

  test('ends when the other side resets right after accepting', async () => {
    const port = await listenRaw((socket) => socket.resetAndDestroy())
    const { state, reason } = await tcp({ host, port }, probeContext())
    expect(['up', 'reset']).toContain(reason ?? state) // as the kernel told it first
  })

  test('gives no negative value when the clock is set back', async () => {
    const port = await listenRaw(() => {})
    const times = [5_000, 1_000]
    const context = probeContext({ now: () => times.shift() ?? 0 })
    expect(await tcp({ host, port }, context)).toEqual({ state: 'up', value: 0 })
  })

  test('is down (refused) when nothing listens', async () => {
    const port = await closedPort()
    expect(await tcp({ host, port }, probeContext())).toEqual({ state: 'down', reason: 'refused' })
    const byName = await tcp({ host: 'localhost', port }, probeContext())
    expect(byName).toEqual({ state: 'down', reason: 'refused' })
  })

  test('is down (timeout) when the signal ends it', async () => {
    const port = await listenRaw(() => {})
    const context = probeContext({ signal: AbortSignal.abort() })
    expect(await tcp({ host, port }, context)).toEqual({ state: 'down', reason: 'timeout' })
  })

  test.each(['169.254.169.254', '::ffff:169.254.169.254', '[fd00:ec2::254]', '0xa9fea9fe'])(
    'refuses to look at cloud metadata: %s',
    async (address) => {
      await expect(tcp({ host: address, port: 80 }, probeContext())).rejects.toMatchObject({
        code: 'ERR_IP_BLOCKED',
      })
    },
  )
})
