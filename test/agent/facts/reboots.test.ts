import { describe, expect, test } from 'vitest'
import { rebootsFact } from '../../../agent/facts/reboots.ts'
import { dayMs } from '../../../protocol/time.ts'
import { type FactHostParts, factNow, fakeFactHost } from '../../support/fact-host.ts'
import { wtmpRecord } from '../../support/wtmp.ts'

const ago = (days: number) => factNow - days * dayMs

/** A wtmp of B (boot), S (shutdown) and logins, by how many days ago. */
function wtmp(...records: readonly (readonly [what: 'B' | 'S' | 'L', days: number])[]) {
  const kinds = { B: 'boot', S: 'shutdown', L: 'login' } as const
  return Buffer.concat(records.map(([what, days]) => wtmpRecord(kinds[what], ago(days))))
}

async function read(parts: FactHostParts) {
  const host = fakeFactHost(parts)
  const [reading] = await rebootsFact.measure(host)
  return { host, reading }
}

describe('starts that no shutdown announced', () => {
  test.each<[string, FactHostParts['files'], unknown, string | undefined]>([
    ['all were announced', { 'var/log/wtmp': wtmp(['B', 90], ['S', 50], ['B', 49]) }, 0, undefined],
    [
      'two were not',
      { 'var/log/wtmp': wtmp(['B', 90], ['B', 60], ['L', 55], ['B', 49]) },
      2,
      undefined,
    ],
    [
      'more than half a year ago',
      { 'var/log/wtmp': wtmp(['B', 400], ['B', 300], ['B', 49]) },
      1,
      undefined,
    ],
    [
      'rotated away since',
      { 'var/log/wtmp.1': wtmp(['B', 90], ['B', 60]), 'var/log/wtmp': wtmp(['B', 49]) },
      2,
      undefined,
    ],
    ['a young system', { 'var/log/wtmp': wtmp(['B', 3], ['B', 2]) }, null, 'too_early'],
  ])('%s', async (_name, files = {}, value, missing) => {
    const { reading } = await read({ files })
    expect([reading?.value, reading?.missing]).toEqual([value, missing])
  })

  test('what was counted before the log was rotated away is remembered', async () => {
    const first = await read({ files: { 'var/log/wtmp': wtmp(['B', 90], ['B', 60]) } })
    const { kept } = first.host
    const later = await read({ kept, files: { 'var/log/wtmp': wtmp(['B', 30], ['B', 20]) } })
    expect(later.reading).toMatchObject({ value: 2, detail: 'since 2026-07-03' })
    expect(later.host.kept.get('reboots')).toEqual({ since: ago(90), at: [ago(60), ago(20)] })
  })

  test('who may not read the log is told which permission it takes', async () => {
    const forbidden = ['/var/log/wtmp.1', '/var/log/wtmp']
    await expect(read({ forbidden })).rejects.toMatchObject({ reason: 'no_permission' })
  })
})

describe('without wtmp the journal tells', () => {
  const list = 'journalctl -q --list-boots -o json'
  const stops = 'journalctl -q -o json --no-pager MESSAGE_ID=d93fb3c9c24d451a97cea615ce59c00b'
  const files = { 'var/log/journal/0123/': '' }
  // In the form of `journalctl -o json` of systemd 257: microseconds, entries one a line.
  const boot = (id: string, from: number, to: number) => {
    return { index: 0, boot_id: id, first_entry: ago(from) * 1e3, last_entry: ago(to) * 1e3 }
  }
  const boots = JSON.stringify([boot('a', 90, 60), boot('b', 60, 30), boot('c', 30, 0)])
  const stop = (id: string, days: number) =>
    `${JSON.stringify({ _BOOT_ID: id, __REALTIME_TIMESTAMP: `${(ago(days) - 2_000) * 1e3}` })}\n`

  test.each<[string, Record<string, string>, number]>([
    ['every boot ended well', { [list]: boots, [stops]: stop('a', 60) + stop('b', 30) }, 0],
    ['one was cut off', { [list]: boots, [stops]: stop('a', 60) }, 1],
    [
      'a journal that was only started anew',
      { [list]: boots, [stops]: stop('a', 60) + stop('b', 45) },
      1,
    ],
  ])('%s', async (_name, said, value) => {
    expect((await read({ files, said })).reading).toMatchObject({ value, method: 'journal' })
  })

  test.each<[string, FactHostParts, string]>([
    ['no journal is kept', {}, 'no_tool'],
    ['it may not be read', { files, said: { [list]: '[]', [stops]: '' } }, 'no_permission'],
    [
      'it prints a table',
      { files, said: { [list]: ' -1 0123 Mon', [stops]: '' } },
      'not_supported',
    ],
  ])('nothing is said when %s', async (_name, parts, reason) => {
    await expect(read(parts)).rejects.toMatchObject({ reason })
  })
})
