import { expect, test } from 'vitest'
import { movePoints, newestOf } from '../../../../collector/evaluate/migration/move-points.ts'
import type { ObservedHost, PlatformDay } from '../../../../collector/kpi/migration/observation.ts'
import { dayMs } from '../../../../protocol/time.ts'

/** The instant by which the day of index 10 had ended. */
const until = 11 * dayMs

type Told = Readonly<Record<string, number | null>>

const usual: Told = {
  'os.support_left_days': 400,
  'cpu.used_p95_ratio': 0.5,
  'memory.used_p95_ratio': 0.5,
  'backup.age_seconds': 3_600,
  'updates.security_oldest_days': 0,
}

/** Points of a host that told this on a day: y, n and ? in their order. */
function check(told: Told, day = 10, virtualisation: string | null = 'kvm'): string {
  const platform: PlatformDay = { day: day * dayMs, cloud: null, region: null, virtualisation }
  const host: ObservedHost = { agent: 'a-1', name: 'web-1', status: 'active', days: [platform] }
  const rows = Object.entries({ ...usual, ...told }).map(([indicator, value]) => {
    return { agent: 'web-1', day: day * dayMs, indicator, value, missing: null }
  })
  const place = { environment: 'hall', hosts: [] }
  const points = movePoints(place, [host], newestOf(rows, new Map()), until)
  return points.map(({ isGood }) => (isGood === null ? '?' : isGood ? 'y' : 'n')).join('')
}

test.each<[string, Told, number, string | null, string]>([
  ['all is well', {}, 10, 'kvm', 'yyyyy'],
  ['support ends today', { 'os.support_left_days': 0 }, 10, 'kvm', 'nyyyy'],
  ['one day is left', { 'os.support_left_days': 1 }, 10, 'kvm', 'yyyyy'],
  ['one day was left, the day before', { 'os.support_left_days': 1 }, 9, 'kvm', 'nyyyy'],
  ['no end of support is known', { 'os.support_left_days': null }, 10, 'kvm', '?yyyy'],
  ['no platform', {}, 10, null, 'y?yyy'],
  ['no memory', { 'memory.used_p95_ratio': null }, 10, 'kvm', 'yy?yy'],
  ['no load at all is told', { 'cpu.used_p95_ratio': null }, 10, 'kvm', 'yy?yy'],
  ['a backup of seven days', { 'backup.age_seconds': 7 * 86_400 }, 10, 'kvm', 'yyyyy'],
  ['a second older', { 'backup.age_seconds': 7 * 86_400 + 1 }, 10, 'kvm', 'yyyny'],
  ['of five days, three days ago', { 'backup.age_seconds': 5 * 86_400 }, 7, 'kvm', 'yyyny'],
  ['of four days, three days ago', { 'backup.age_seconds': 4 * 86_400 }, 7, 'kvm', 'yyyyy'],
  ['no backup is told', { 'backup.age_seconds': null }, 10, 'kvm', 'yyy?y'],
  ['no updates are told', { 'updates.security_oldest_days': null }, 10, 'kvm', 'yyyy?'],
  ['told a week ago', {}, 4, 'kvm', 'yyyyy'],
  ['told before that', {}, 3, 'kvm', ''],
])('data points: %s', (_name, told, day, virtualisation, expected) => {
  expect(check(told, day, virtualisation)).toBe(expected)
})

test('the newest is of the last day, in whatever order days are read', () => {
  const row = (day: number, value: number | null) => {
    return { agent: 'a-1', day, indicator: 'os.support_left_days', value, missing: null }
  }
  const first = newestOf([row(2, 20), row(3, 30)], new Map())
  expect(first.get('a-1')?.get('os.support_left_days')).toEqual({ day: 3, value: 30 })
  const late = newestOf([row(1, 10)], first)
  expect(late.get('a-1')?.get('os.support_left_days')).toEqual({ day: 3, value: 30 })
  const again = newestOf([row(3, null)], late)
  expect(again.get('a-1')?.get('os.support_left_days')).toEqual({ day: 3, value: null })
})
