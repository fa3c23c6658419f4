import { describe, expect, test } from 'vitest'
import { hostedMeasures } from '../../../../collector/evaluate/readiness/environment-measures.ts'
import type { Measure } from '../../../../collector/kpi/readiness/inputs.ts'
import type { Environment } from '../../../../collector/register/register.ts'
import type { CheckRecord } from '../../../../collector/store/store.ts'
import { dayMs, hourMs } from '../../../../protocol/time.ts'
import { factRows, type Told } from '../../../support/facts.ts'

const at = Date.parse('2026-11-20T08:00:00Z')
const staleBefore = at - 7 * dayMs
const portal: Environment = {
  ...{ id: 'portal', name: { ar: 'بوابة', en: 'Portal' }, class: 'public' },
  ...{ criticality: 'critical', site: null, hosting: null, serviceHours: 'always', needs: null },
}

function short({ status, value, reason }: Measure): string {
  return `${status} ${value ?? reason}`
}

function backups(hosts: readonly Told[], environment: Partial<Environment> = {}) {
  const told = hosts.map((facts, i) => ({ name: `h${i}`, facts: factRows(facts, at) }))
  const measures = hostedMeasures({ ...portal, ...environment }, told, [], staleBefore)
  return {
    age: short(measures['backup.age_over_rpo_ratio']),
    restore: short(measures['backup.restore_age_days']),
  }
}

const age = (hours: number, ageMs = 0): Told => ({
  'backup.age_seconds': { value: (hours * hourMs) / 1_000, ageMs },
})
const why = (missing: string): Told => ({ 'backup.age_seconds': { missing } })

test.each<[string, Told[], Environment['recovery'], string]>([
  ['half of the RPO', [age(12)], { rpoHours: 24 }, 'measured 0.5'],
  ['the oldest of several', [age(12), age(48)], { rpoHours: 24 }, 'measured 2'],
  ['nobody promised anything', [age(12)], { rtoHours: 4 }, 'missing no_rpo'],
  ['no recovery at all', [age(12)], undefined, 'missing no_rpo'],
  ['no host', [], { rpoHours: 24 }, 'missing no_agent'],
  ['nothing told', [{}], { rpoHours: 24 }, 'missing no_evidence'],
  [
    'others have the backup',
    [age(12), why('no_backup_declared')],
    { rpoHours: 24 },
    'measured 0.5',
  ],
  ['nobody has it', [why('no_backup_declared')], { rpoHours: 24 }, 'missing no_backup_declared'],
  [
    'one cannot be read',
    [age(12), why('no_permission')],
    { rpoHours: 24 },
    'missing no_permission',
  ],
  ['one is long ago', [age(12), age(6, 8 * dayMs)], { rpoHours: 24 }, 'stale 0.5'],
])('age of backups: %s', (_name, hosts, recovery, expected) => {
  expect(backups(hosts, recovery && { recovery }).age).toBe(expected)
})

test.each<[string, Told[], string]>([
  [
    'the oldest',
    [{ 'backup.restore_age_days': 10 }, { 'backup.restore_age_days': 90 }],
    'measured 90',
  ],
  ['none asked for', [{ 'backup.restore_age_days': { missing: 'no_check' } }], 'missing no_check'],
  ['no host', [], 'missing no_agent'],
])('proven restore: %s', (_name, hosts, expected) => {
  expect(backups(hosts).restore).toBe(expected)
})

describe('hosts that can be lost', () => {
  const record = (name: string, kind: CheckRecord['kind'] = 'tcp', since: number | null = 1) =>
    ({ name, kind, since }) as CheckRecord // only these are looked at
  const both = [record('a/db'), record('b/db')]
  const none = [record('a/db'), record('a/disk', 'disk')]

  test.each<[string, Environment['needs'], CheckRecord[], string[], string]>([
    ['one of two', { atLeast: 1, of: ['a/db', 'b/db'] }, both, ['a', 'b'], 'measured 1'],
    ['both, in series', { all: ['a/db', 'b/db'] }, both, ['a', 'b'], 'measured 0'],
    ['without needs all are in series', null, both, ['a', 'b'], 'measured 0'],
    [
      'one alone beside a pair',
      { all: ['c/web', { atLeast: 1, of: ['a/db', 'b/db'] }] },
      [...both, record('c/web')],
      ['a', 'b', 'c', 'idle'],
      `measured ${2 / 3}`,
    ],
    [
      'a spare that nobody has seen is none',
      { atLeast: 1, of: ['a/db', 'ghost/db'] },
      [record('a/db'), record('ghost/db', 'tcp', null)],
      ['a'],
      'measured 0',
    ],
    ['no agent', null, both, [], 'missing no_agent'],
    ['nothing that can be down', null, none.slice(1), ['a'], 'missing no_check'],
  ])('%s', (_name, needs, records, names, expected) => {
    const hosts = names.map((name) => ({ name, facts: factRows({}, at) }))
    const measures = hostedMeasures({ ...portal, needs }, hosts, records, staleBefore)
    expect(short(measures['redundancy.survivable_ratio'])).toBe(expected)
  })
})
