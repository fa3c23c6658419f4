import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ipv6FactWith, type Reached, reach } from '../../../agent/facts/ipv6.ts'
import { configOf } from '../../support/checks.ts'
import { listen } from '../../support/loopback.ts'
import { readFact } from '../../support/read-fact.ts'
import { type NameRecords, zoneServer } from '../../support/zone-server.ts'

const both = { addresses: ['82.178.1.1', '2a00:1450::1'] }
const old = { addresses: ['82.178.1.1'] }
const checks = [
  ['http', { url: 'https://a.example.om/' }],
  ['tcp', { host: 'b.example.om', port: 25 }],
] as const

describe('ipv6', () => {
  test.each<[string, Record<string, NameRecords>, Reached, object]>([
    [
      'both are reached',
      { 'a.example.om': both, 'b.example.om': both },
      'reached',
      { value: 1, method: 'tcp', detail: '2 of 2 public services' },
    ],
    [
      'one has no address',
      { 'a.example.om': both, 'b.example.om': old },
      'reached',
      { value: 0.5 },
    ],
    ['none answers', { 'a.example.om': both, 'b.example.om': old }, 'not_reached', { value: 0 }],
    [
      'none has an address: that is known without IPv6 here',
      { 'a.example.om': old, 'b.example.om': old },
      'no_route',
      { value: 0 },
    ],
    [
      'this host has no IPv6',
      { 'a.example.om': both, 'b.example.om': old },
      'no_route',
      { value: null, missing: 'no_network' },
    ],
    [
      'private services',
      { 'a.example.om': { addresses: ['10.0.0.1', 'fd00::1'] } },
      'reached',
      { missing: 'no_public_service' },
    ],
    [
      'no name server answers',
      { 'a.example.om': { failing: true }, 'b.example.om': { failing: true } },
      'reached',
      { missing: 'no_network' },
    ],
  ])('%s', async (_name, known, reached, expected) => {
    const family = ipv6FactWith(async () => reached, [await zoneServer(known)])
    const told = await readFact(family, { config: configOf(...checks) })
    expect(told['ipv6.reachable_ratio']).toMatchObject(expected)
  })

  test('no names, no public service', async () => {
    const told = await readFact(
      ipv6FactWith(async () => 'reached', []),
      {},
    )
    expect(told['ipv6.reachable_ratio']).toMatchObject({ missing: 'no_public_service' })
  })

  test('a connection tells', async () => {
    const port = await listen(createServer(), 0, '::1')
    expect(await reach('::1', port)).toBe('reached')
    expect(await reach('::1', 1)).toBe('not_reached')
  })
})
