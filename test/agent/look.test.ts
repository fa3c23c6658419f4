import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { FrozenCheck } from '../../agent/frozen.ts'
import { look, lookerOf, reportable } from '../../agent/look.ts'
import type { Observation } from '../../protocol/check.ts'
import { fakeRoot } from '../support/fake-root.ts'
import { listen, probeContext } from '../support/loopback.ts'

const { signal: _, ...usual } = probeContext()
const context = { ...usual, now: () => 1_800_000_000_000 }

const http = (port: number, timeoutMs: number): FrozenCheck => ({
  ...{ check: 'web', kind: 'http', intervalMs: 60_000, timeoutMs },
  settings: {
    ...{ url: `http://127.0.0.1:${port}/`, method: 'GET', status: ['200-399'], trust: 'system' },
  },
})

describe('look', () => {
  test('asks the probe of the kind', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 503 Busy\r\n\r\n'))
    expect(await look(http(await listen(server), 60_000), context)).toMatchObject({
      ...{ state: 'down', reason: 'http_status' },
    })
  })

  test('ends a look that takes too long', async () => {
    const silent = createServer(() => {})
    expect(await look(http(await listen(silent), 20), context)).toEqual({
      ...{ state: 'down', reason: 'timeout' },
    })
  })

  test('what answers from memory answers at once; what does not has its whole time each time', async () => {
    const at = fakeRoot({ 'proc/uptime': '1 1' })
    const host = { check: 'host', kind: 'host', intervalMs: 60_000, settings: {} } as const
    const lookAtHost = lookerOf({ ...host, timeoutMs: 1_000 }, { ...context, root: at })
    expect(lookAtHost()).toEqual({ state: 'up' })
    const silent = createServer(() => {})
    const lookAtWeb = lookerOf(http(await listen(silent), 20), context)
    for (let i = 0; i < 2; i++) {
      expect(await lookAtWeb()).toEqual({ state: 'down', reason: 'timeout' })
    }
  })

  test('throws when the probe could not look', async () => {
    const host: FrozenCheck = {
      ...{ check: 'host', kind: 'host', intervalMs: 60_000, timeoutMs: 1_000, settings: {} },
    }
    await expect(look(host, { ...context, kept: new Map(), root: fakeRoot({}) })).rejects.toThrow(
      'ENOENT',
    )
  })
})

test.each<[string, Parameters<typeof reportable>[0], Observation, Observation]>([
  ['up stays up', 'disk', { state: 'up', value: 0.5 }, { state: 'up', value: 0.5 }],
  [
    'down stays down',
    'tcp',
    { state: 'down', reason: 'refused' },
    { state: 'down', reason: 'refused' },
  ],
  [
    'a disk is no outage',
    'disk',
    { state: 'down', reason: 'timeout' },
    { state: 'degraded', reason: 'timeout' },
  ],
  ['no number, no value', 'http', { state: 'up', value: Number.NaN }, { state: 'up' }],
  ['nor without end', 'http', { state: 'up', value: Number.POSITIVE_INFINITY }, { state: 'up' }],
])('%s', (_name, kind, seen, expected) => expect(reportable(kind, seen)).toEqual(expected))
