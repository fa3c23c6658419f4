import { describe, expect, test } from 'vitest'
import { startOf } from '../../../../collector/kpi/migration/calendar.ts'
import type { WorkloadObservation } from '../../../../collector/kpi/migration/observation.ts'
import { moveOf, proofsOf } from '../../../../collector/kpi/migration/proofs.ts'
import type { Proof, ProofName } from '../../../../collector/kpi/migration/result.ts'
import type { Workload } from '../../../../collector/kpi/migration/workload.ts'
import {
  continuity,
  environment,
  host,
  inHall,
  inSky,
  judgedOn,
  movedObservation,
  type Told,
  untold,
  workload,
} from '../../../support/moving.ts'

/** What a row of a table changes; the rest is as of a workload that truly moved on 2026-03-01. */
type Case = {
  readonly on?: string
  readonly of?: Partial<Workload>
  readonly seen?: Partial<WorkloadObservation>
  readonly policy?: null
  readonly timezone?: string
}

function proofs({ on = '2026-04-01', of = {}, seen = {}, ...rest }: Case = {}): Proof[] {
  const zone = rest.timezone ? midnightIn(rest.timezone, on) : {}
  const context = judgedOn(on, { ...zone, ...(rest.policy === null ? { policy: null } : {}) })
  const move = moveOf(workload(of), movedObservation(seen), context)
  return move ? proofsOf(move) : []
}

function midnightIn(timezone: string, on: string) {
  return { timezone, at: startOf(on, timezone) }
}

function proof(id: ProofName, each: Case): Omit<Proof, 'id'> {
  const { id: _, ...rest } = proofs(each).find((one) => one.id === id)!
  return rest
}

const target = (...hosts: Parameters<typeof host>[]) => ({
  target: environment(
    'cloud',
    hosts.map((each) => host(...each)),
  ),
})
const source = (...hosts: Parameters<typeof host>[]) => ({
  source: environment(
    'own',
    hosts.map((each) => host(...each)),
  ),
})
const march = ['2026-03-02', '2026-03-31'] as const
const never = ['2026-03-02', '2026-03-01'] as const
const named = (...hosts: string[]) => ({ target: { environment: 'cloud', hosts } })

describe('all five pass of a workload that moved, thirty whole days after', () => {
  test('and not a day earlier', () => {
    const at = (on: string) => proofs({ on }).map(({ id, status }) => `${id} ${status}`)
    // Muscat's first of April began while the last of March ran by UTC: that day had not ended.
    expect(at('2026-04-01').filter((each) => !each.endsWith('pass'))).toEqual([
      'seen_in_target unknown',
      'source_silent unknown',
    ])
    expect(at('2026-04-02')).toEqual([
      'seen_in_target pass',
      'source_silent pass',
      'provider_approved pass',
      'location_allowed pass',
      'continuity_kept pass',
    ])
    expect(at('2026-03-31')).toContain('continuity_kept unknown')
  })
  test('none before the cut over; of a retired one the silence of its source alone', () => {
    expect(proofs({ of: { state: 'migrating' } })).toEqual([])
    expect(proofs({ of: { cutOverOn: null } })).toEqual([])
    const retired = { state: 'retired', retiredOn: '2026-03-01' } as const
    expect(proofs({ on: '2026-04-02', of: retired })).toMatchObject([
      { id: 'source_silent', status: 'pass', days: { have: 30, need: 30 } },
    ])
  })
})

const april2 = '2026-04-02'

describe('seen in the target', () => {
  const inHouse: Told = { cloud: 'none', region: 'none', virtualisation: 'vmware' }
  test.each<[string, Case, Proof['status'], number, string[], string | null]>([
    ['thirty days', {}, 'pass', 30, [], 'openstack'],
    ['twenty-nine days', { on: '2026-04-01' }, 'unknown', 29, [], 'openstack'],
    [
      'in a zone whose days are those of UTC: from the day after to the last that had ended',
      { on: '2026-04-01', timezone: 'UTC' },
      'pass',
      30,
      [],
      'openstack',
    ],
    [
      'the newest day is that of any host',
      {
        seen: target(
          ['a', inSky, ['2026-03-22', '2026-03-31']],
          ['b', inSky, ['2026-03-02', '2026-03-21']],
        ),
      },
      'pass',
      30,
      [],
      'openstack',
    ],
    [
      'a host that came into the cloud only later: by what it told last',
      {
        on: '2026-04-05',
        seen: {
          target: environment('cloud', [
            {
              ...host('a', inSky, march),
              days: [
                ...host('a', inHall, ['2026-03-02', '2026-03-03']).days,
                ...host('a', inSky, ['2026-03-04', '2026-04-03']).days,
              ],
            },
          ]),
        },
      },
      'pass',
      31,
      [],
      'openstack',
    ],
    ['newest facts a week old', { on: '2026-04-09' }, 'pass', 30, [], 'openstack'],
    ['newest facts older', { on: '2026-04-10' }, 'unknown', 30, ['new'], 'openstack'],
    [
      'facts of the day of the cut over do not count',
      { seen: target(['new', inSky, ['2026-02-01', '2026-03-30']]), on: '2026-04-01' },
      'unknown',
      29,
      [],
      'openstack',
    ],
    ['in a hall of its own', { seen: target(['new', inHall, march]) }, 'fail', 0, ['new'], 'kvm'],
    [
      'moved out of the cloud again',
      {
        on: '2026-04-03',
        seen: target(['new', inSky, march], ['two', inHall, ['2026-04-01', '2026-04-01']]),
      },
      'fail',
      30,
      ['two'],
      'kvm',
    ],
    [
      'on days on which another host told otherwise it is not seen',
      {
        seen: target(
          ['a', inSky, march],
          ['b', inHall, ['2026-03-02', '2026-03-04']],
          ['b', inSky, ['2026-03-05', '2026-03-31']],
          ['b', inHall, ['2026-03-02', '2026-03-04'], { status: 'revoked' }],
        ),
      },
      'fail',
      27,
      ['b'],
      'kvm',
    ],
    [
      'a revoked agent bears no witness, for nor against',
      {
        seen: target(
          ['a', inHall, march, { status: 'revoked' }],
          ['b', inSky, march, { status: 'revoked' }],
        ),
      },
      'unknown',
      0,
      [],
      'kvm',
    ],
    [
      'a quarantined one none for it',
      { seen: target(['a', inSky, march, { status: 'quarantined' }]) },
      'unknown',
      0,
      [],
      'openstack',
    ],
    [
      'only hosts that are named',
      { of: named('a', 'z'), seen: target(['a', inSky, march], ['b', inHall, march]) },
      'pass',
      30,
      [],
      'openstack',
    ],
    [
      'a named host that nobody knows',
      { of: named('z'), seen: target(['b', inSky, march]) },
      'unknown',
      0,
      ['z'],
      null,
    ],
    ['nothing told', { seen: target(['a', untold, march]) }, 'unknown', 0, ['a'], null],
    ['no target measured', { seen: { target: null } }, 'unknown', 0, [], null],
    ['no policy', { policy: null }, 'unknown', 0, [], 'openstack'],
    [
      'a provider known by its hypervisor',
      { of: { provider: 'house' }, seen: target(['a', inHouse, march]) },
      'pass',
      30,
      [],
      'vmware',
    ],
    [
      'a container hides the hypervisor beneath it',
      {
        of: { provider: 'house' },
        seen: target(['a', { ...inHouse, virtualisation: 'container' }, march]),
      },
      'unknown',
      0,
      [],
      'container',
    ],
    [
      'another hypervisor',
      { of: { provider: 'house' }, seen: target(['a', inHall, march]) },
      'fail',
      0,
      ['a'],
      'kvm',
    ],
    [
      'another hypervisor, and no word of a cloud: this provider has none',
      { of: { provider: 'house' }, seen: target(['a', { ...inHall, cloud: null }, march]) },
      'fail',
      0,
      ['a'],
      'kvm',
    ],
    [
      'no word of a cloud: it may be in that of the provider',
      { seen: target(['a', { ...inHall, cloud: null }, march]) },
      'unknown',
      0,
      [],
      'kvm',
    ],
    [
      'in no cloud, and the provider is known by its cloud alone',
      { seen: target(['a', { ...untold, cloud: 'none' }, march]) },
      'fail',
      0,
      ['a'],
      'none',
    ],
  ])('%s', (_name, each, status, have, hosts, measured) => {
    expect(proof('seen_in_target', { on: april2, ...each })).toEqual({
      ...{ status, hosts, measured },
      days: { have, need: 30 },
    })
  })
})

describe('the source is silent', () => {
  const until = (last: string) => source(['old', inHall, ['2026-01-01', last]])
  const born = { source: null, serviceSince: '2026-03-01' }
  const gone = (outOfScopeSince: string) => ({
    source: environment('own', [], {
      isInScope: false,
      outOfScopeSince: Date.parse(outOfScopeSince),
    }),
  })
  test.each<[string, Case, Proof['status'], number | null, string[]]>([
    ['for thirty days', {}, 'pass', 30, []],
    ['a day less, told after the cut over', { seen: until('2026-03-02') }, 'fail', 29, ['old']],
    [
      'thirty days after the cut over, to the day',
      { seen: until('2026-03-20'), on: '2026-04-01' },
      'fail',
      10,
      ['old'],
    ],
    [
      'it told on the day after, in a zone whose days are those of UTC',
      { seen: until('2026-03-02'), on: '2026-04-01', timezone: 'UTC' },
      'fail',
      29,
      ['old'],
    ],
    [
      'it told yesterday, but the cut over is not thirty days ago',
      { seen: until('2026-03-29'), on: '2026-03-31' },
      'unknown',
      0,
      ['old'],
    ],
    [
      'revoked agents have to be silent as long',
      { seen: source(['old', inHall, ['2026-01-01', '2026-03-20'], { status: 'revoked' }]) },
      'fail',
      11,
      ['old'],
    ],
    [
      'only hosts that are named',
      {
        of: { source: { environment: 'own', hosts: ['old'] } },
        seen: source(['old', inHall, never], ['b', inHall, march]),
      },
      'pass',
      100,
      [],
    ],
    [
      'the others of two told',
      { seen: source(['old', inHall, ['2026-01-01', '2026-03-01']], ['b', untold, march]) },
      'fail',
      0,
      ['b'],
    ],
    [
      'a host without facts in the last hundred days',
      { seen: until('2025-12-01') },
      'pass',
      100,
      [],
    ],
    [
      'a host that never was let in',
      { seen: source(['old', inHall, never, { status: 'pending' }]) },
      'unknown',
      0,
      [],
    ],
    [
      'a named host that nobody knows',
      { of: { source: { environment: 'own', hosts: ['z'] } } },
      'unknown',
      0,
      ['z'],
    ],
    [
      'no host, out of scope for thirty days',
      { seen: gone('2026-03-02T20:00:00Z') },
      'pass',
      30,
      [],
    ],
    ['no host, out of scope for less', { seen: gone('2026-03-02T20:00:01Z') }, 'unknown', 29, []],
    ['out of scope only later', { seen: gone('2026-05-01') }, 'unknown', 0, []],
    ['no host, in scope', { seen: { source: environment('own', []) } }, 'unknown', 0, []],
    ['an environment that is not measured', { seen: { source: null } }, 'unknown', 0, []],
    ['none: it began in the cloud', { of: born }, 'pass', null, []],
    [
      'none, and nobody knows since when',
      { of: { ...born, serviceSince: null } },
      'pass',
      null,
      [],
    ],
    [
      'none, though it is older',
      { of: { ...born, serviceSince: '2026-02-28' } },
      'unknown',
      null,
      [],
    ],
    [
      'retired without a source',
      { of: { ...born, state: 'retired', retiredOn: '2026-03-01', cutOverOn: null } },
      'unknown',
      null,
      [],
    ],
  ])('%s', (_name, each, status, have, hosts) => {
    expect(proof('source_silent', { on: april2, ...each })).toEqual({
      ...{ status, hosts, measured: null },
      days: have === null ? null : { have, need: 30 },
    })
  })
})

describe('the provider is approved', () => {
  test.each<[string, Case, Proof['status']]>([
    ['one of the policy', {}, 'pass'],
    ['another', { of: { provider: 'cellar' } }, 'fail'],
    ['none named', { of: { provider: null } }, 'unknown'],
    ['no policy', { policy: null }, 'unknown'],
  ])('%s', (_name, each, status) => {
    const rest = { days: null, hosts: [], measured: null }
    expect(proof('provider_approved', each)).toEqual({ status, ...rest })
  })
})

describe('the location is allowed', () => {
  const abroad: Told = { ...inSky, region: 'far-1' }
  const lost: Told = { ...inSky, region: null }
  test.each<[string, Case, Proof['status'], string[], string | null]>([
    ['in the country', {}, 'pass', [], 'OM'],
    ['abroad', { seen: target(['a', inSky, march], ['b', abroad, march]) }, 'fail', ['b'], 'DE'],
    ['a region of no country', { seen: target(['a', lost, march]) }, 'unknown', ['a'], null],
    [
      'abroad, and one in no region',
      { seen: target(['a', lost, march], ['b', abroad, march]) },
      'fail',
      ['b'],
      'DE',
    ],
    [
      'any country will do',
      { of: { dataClass: 'public' }, seen: target(['a', abroad, march]) },
      'pass',
      [],
      'DE',
    ],
    [
      'any, even unknown',
      { of: { dataClass: 'public' }, seen: { target: null } },
      'pass',
      [],
      null,
    ],
    ['no data class', { of: { dataClass: null } }, 'unknown', [], 'OM'],
    ['a class that is not in the policy', { of: { dataClass: 'odd' } }, 'unknown', [], 'OM'],
    ['no policy', { policy: null }, 'unknown', ['new'], null],
    ['nothing told', { seen: target(['a', untold, march]) }, 'unknown', [], null],
    [
      'only told by a revoked agent',
      { seen: target(['a', inSky, march, { status: 'revoked' }]) },
      'unknown',
      [],
      null,
    ],
    ['a named host is silent', { of: named('new', 'z') }, 'unknown', ['z'], 'OM'],
    [
      'a named host is silent, but the provider has one country',
      {
        of: { ...named('new', 'z'), provider: 'house' },
        seen: target(['new', { ...inHall, virtualisation: 'vmware' }, march]),
      },
      'pass',
      [],
      'OM',
    ],
  ])('%s', (_name, each, status, hosts, measured) => {
    expect(proof('location_allowed', { on: april2, ...each })).toEqual({
      ...{ status, hosts, measured, days: null },
    })
  })
})

describe('the continuity is kept', () => {
  const levels = (before: number | null, after: number | null, coverage = 1) => ({
    seen: {
      before: before === null ? null : continuity(before),
      after: after === null ? null : continuity(after, coverage),
    },
  })
  test.each<[string, Case, Proof['status']]>([
    ['as before, exactly', levels(0.9, 0.9), 'pass'],
    ['below before, and below the target', levels(0.9, 0.8999), 'fail'],
    ['below before, at the target', levels(1, 0.95), 'pass'],
    ['below both', levels(1, 0.9499), 'fail'],
    ['not known before: the target decides', levels(null, 0.95), 'pass'],
    ['not known before, below the target', levels(null, 0.94), 'fail'],
    ['what is not known may have been good', levels(null, 0.94, 0.985), 'unknown'],
    ['not even with what is not known', levels(null, 0.94, 0.995), 'fail'],
    ['no value after', levels(0.9, null), 'unknown'],
    ['too few days', { on: '2026-03-31' }, 'unknown'],
    [
      'enough, one of them an hour shorter',
      { on: '2026-04-01', timezone: 'Europe/Berlin' },
      'pass',
    ],
  ])('%s', (_name, each, status) => {
    expect(proof('continuity_kept', { on: april2, ...each }).status).toBe(status)
  })
  test('says of how many days, and what was measured', () => {
    expect(proof('continuity_kept', {})).toMatchObject({
      ...{ days: { have: 30, need: 30 }, measured: '99.50', hosts: [] },
    })
    expect(proof('continuity_kept', { on: '2026-02-01' }).days?.have).toBe(0)
  })
})
