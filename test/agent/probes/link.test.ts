import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { link, problems, settings as schema } from '../../../agent/probes/link.ts'
import { median } from '../../../agent/probes/median.ts'
import { withDefaults } from '../../../agent/probes/settings.ts'
import { closedPort } from '../../support/closed-port.ts'
import { listen, listenRaw, probeContext } from '../../support/loopback.ts'

type Settings = Parameters<typeof link>[0]
const host = '127.0.0.1'
const value = expect.any(Number)
const settingsFor = (port: number, more: Partial<Settings> = {}) =>
  withDefaults(schema, { host, port, connects: 4, ...more })

describe('link', () => {
  test('every connection accepted; nothing is sent on any', async () => {
    let connections = 0
    let bytes = 0
    const closed = Promise.withResolvers<void>()
    const port = await listenRaw((socket) => {
      connections += 1
      socket.on('data', (data) => {
        bytes += data.length
      })
      socket.on('close', () => connections === 4 && closed.resolve())
    })
    expect(await link(settingsFor(port), probeContext())).toEqual({
      ...{ state: 'up', value, parts: { loss: 0 } },
    })
    await closed.promise
    expect([connections, bytes]).toEqual([4, 0])
  })

  test.each<[string, Partial<Settings>, object]>([
    ['is degraded', {}, { state: 'degraded', reason: 'loss_high' }],
    ['may be borne', { lossRatioMax: 0.9 }, { state: 'up' }],
  ])('a peer that stops serving half way %s', async (_name, more, expected) => {
    const server = createServer((socket) => {
      socket.destroy()
      server.close()
    })
    const port = await listen(server)
    const observation = await link(settingsFor(port, more), probeContext())
    expect(observation).toEqual({ ...expected, value, parts: { loss: 0.75 } })
  })

  test('nobody listens', async () => {
    expect(await link(settingsFor(await closedPort()), probeContext())).toEqual({
      ...{ state: 'down', reason: 'refused', parts: { loss: 1 } },
    })
  })

  test('a slow link, by the median', async () => {
    const port = await listenRaw(() => {})
    let at = 0
    // A clock on which each reading is 40 ms after the one before.
    const context = probeContext({ now: () => (at += 40) })
    const settings = settingsFor(port, { connects: 2, rttMsMax: 30 })
    expect(await link(settings, context)).toMatchObject({ state: 'degraded', reason: 'slow' })
  })

  test('no such name, and a metadata address', async () => {
    const look = (name: string) => link({ ...settingsFor(80), host: name }, probeContext())
    const { state, reason } = await look('no-such-host.invalid')
    expect([state, reason]).toEqual(['down', expect.stringMatching(/^name_/)])
    await expect(look('169.254.169.254')).rejects.toMatchObject({ code: 'ERR_IP_BLOCKED' })
  })

  test('the end of the timeout ends every try', async () => {
    const controller = new AbortController()
    const port = await listenRaw(() => controller.abort())
    const context = probeContext({ signal: controller.signal })
    const { parts } = await link(settingsFor(port, { connects: 50 }), context)
    expect(parts?.loss).toBeGreaterThan(0.9)
  })

  test.each([
    [10, 1, 10_000, []],
    [50, 1, 5_000, ['must be at least 6s for so many connections']],
    [2, 10, 10_000, ['must be at least 11s for so many connections']],
  ])('%i connections, lost after %i s, in %i ms', (connects, seconds, timeoutMs, expected) => {
    const settings = settingsFor(80, { connects, lostAfterSeconds: seconds })
    const found = [...problems(settings, { intervalMs: 60_000, timeoutMs })]
    expect(found).toEqual(expected.map((message) => ({ path: ['timeout'], message })))
  })
})

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
  [[], Number.NaN],
])('the median of %j', (values, expected) => expect(median(values)).toBe(expected))
