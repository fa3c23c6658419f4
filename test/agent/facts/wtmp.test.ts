import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { shutdownFacts } from '../../../agent/facts/shutdown.ts'
import { bootRecords } from '../../../agent/facts/wtmp.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { wtmpRecord } from '../../support/wtmp.ts'

const start = 1_790_000_000_000

describe('the system tells of its starts and ends', () => {
  test.each([384, 400] as const)('in records of %i bytes, whoever logged in', (bytes) => {
    const records = [
      wtmpRecord('boot', start, bytes),
      wtmpRecord('runlevel', start + 5_000, bytes),
      wtmpRecord('login', start + 9_000, bytes),
      wtmpRecord('shutdown', start + hourMs + 250, bytes),
    ]
    const expected = [
      { kind: 'boot', at: start },
      { kind: 'shutdown', at: start + hourMs + 250 },
    ]
    expect(bootRecords(Buffer.concat(records))).toEqual(expected)
    // Cut somewhere, as the end of a long file is.
    expect(bootRecords(Buffer.concat(records).subarray(7))).toEqual(expected.slice(1))
  })

  // A shutdown of 2026-09-10T06:00:00.5Z as `utmpdump -r` of util-linux 2.38.1 writes it.
  test('as another program writes them', () => {
    const text =
      'H4sIAAAAAAACA2NkgIA6Bvygrk5BoTijtCQlvzwPlxozPUM9A11DC93E3BQzE4YRCxLcF2UpLGQnKgAAa7jT8oABAAA='
    const record = gunzipSync(Buffer.from(text, 'base64'))
    const at = Date.parse('2026-09-10T06:00:00.500Z')
    expect(bootRecords(record)).toEqual([{ kind: 'shutdown', at }])
  })

  test.each([
    ['no records', Buffer.from('x'.repeat(900))],
    ['bytes of all kinds', Buffer.alloc(4_000, 0xa7)],
  ])('%s are none', (_name, bytes) => {
    expect(bootRecords(bytes)).toBeNull()
  })

  test('an empty file has none', () => {
    expect(bootRecords(Buffer.alloc(0))).toEqual([])
  })
})

describe('host.shutdown', () => {
  const now = { wall: start + 10 * minuteMs, boot: 10 * minuteMs, bootId: 'b2' }
  type Record = [what: 'boot' | 'shutdown' | 'login', minutes: number]
  test.each<[string, readonly Record[] | null, number | null]>([
    [
      'a shutdown and this boot',
      [
        ['boot', -99],
        ['shutdown', -5],
        ['boot', 0],
      ],
      -5,
    ],
    [
      'this boot is not recorded',
      [
        ['boot', -99],
        ['shutdown', -5],
      ],
      -5,
    ],
    [
      'this boot by a clock that was behind',
      [
        ['shutdown', -5],
        ['boot', -1],
      ],
      -5,
    ],
    [
      'it was cut off',
      [
        ['shutdown', -200],
        ['boot', -99],
        ['boot', 0],
      ],
      null,
    ],
    [
      'it was cut off, and this boot is not recorded',
      [
        ['shutdown', -200],
        ['boot', -99],
      ],
      null,
    ],
    [
      'a login says nothing',
      [
        ['shutdown', -5],
        ['login', -4],
      ],
      -5,
    ],
    ['nothing was recorded', [], null],
    ['there is no such file', null, null],
  ])('%s', (_name, records, minutes) => {
    const bytes = records?.map(([what, at]) => wtmpRecord(what, start + at * minuteMs))
    const root = fakeRoot(bytes ? { 'var/log/wtmp': Buffer.concat(bytes) } : {})
    const value = minutes === null ? null : start + minutes * minuteMs
    expect(shutdownFacts(root, now)).toEqual(
      value === null ? [] : [{ indicator: 'host.shutdown', at: now.boot, value, method: 'wtmp' }],
    )
  })

  test('of a long file only the end is read', () => {
    const logins = Array.from({ length: 2_000 }, (_, i) => wtmpRecord('login', start - 9e6 + i))
    const records = [...logins, wtmpRecord('shutdown', start - 5_000), wtmpRecord('boot', start)]
    const root = fakeRoot({ 'var/log/wtmp': Buffer.concat(records) })
    expect(shutdownFacts(root, now)).toMatchObject([{ value: start - 5_000 }])
  })
})
