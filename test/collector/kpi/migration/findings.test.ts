import { describe, expect, test } from 'vitest'
import { discoveredIn, migrationFindings } from '../../../../collector/kpi/migration/findings.ts'
import { workloadRows } from '../../../../collector/kpi/migration/judge.ts'
import type {
  ObservedEnvironment,
  WorkloadObservation,
} from '../../../../collector/kpi/migration/observation.ts'
import type { MigrationFinding } from '../../../../collector/kpi/migration/result.ts'
import type { Workload } from '../../../../collector/kpi/migration/workload.ts'
import {
  continuity,
  environment,
  host,
  hostingPolicy,
  inHall,
  inSky,
  judgedOn,
  midnight,
  movedObservation,
  observedOf,
  registered,
  type Told,
  untold,
  workload,
} from '../../../support/moving.ts'

/** What a row of a table changes; the rest is as of a workload that truly moved on 2026-03-01. */
type Case = {
  readonly on?: string
  readonly of?: Partial<Workload>
  readonly seen?: Partial<WorkloadObservation>
  readonly others?: readonly Workload[]
  readonly policy?: null
  /** What the policy was like before 2026-03-25, and after. */
  readonly policies?: readonly (keyof typeof policies)[]
}

const [sky] = hostingPolicy.providers
const policies = {
  sky: hostingPolicy,
  cellar: { ...hostingPolicy, providers: [{ ...sky!, id: 'cellar' }] },
  abroad: {
    ...hostingPolicy,
    dataClasses: [{ ...hostingPolicy.dataClasses[1]!, countries: ['OM', 'DE'] }],
  },
}
const changed = Date.parse('2026-03-25')

function findings({ on = '2026-04-02', of = {}, seen = {}, others = [], policy, ...by }: Case) {
  const one = workload(of)
  const register = registered([one, ...others])
  const observed = observedOf({ [one.id]: movedObservation(seen) })
  const said = by.policies?.map((name, i, all) => ({
    from: i === 0 ? 0 : changed,
    to: i === all.length - 1 ? Number.POSITIVE_INFINITY : changed,
    policy: policies[name],
  }))
  const change = { ...(policy === null && { policy }), ...(said && { policies: said }) }
  const context = judgedOn(on, change)
  const rows = workloadRows(register, observed, context)
  return migrationFindings(register, rows, observed, context).filter(
    (each) => each.workload === one.id,
  )
}

const yesterday = '2026-04-01'
const oldHost = (told: Told, last = yesterday) => ({
  source: environment('own', [host('old', told, ['2026-01-01', last])]),
})
const newHost = (told: Told, last = yesterday) => ({
  target: environment('cloud', [host('new', told, ['2026-03-02', last])]),
})
const nowhere = { target: environment('cloud', []) }
const notYet = { state: 'migrating', cutOverOn: null } as const
const retired = { state: 'retired', retiredOn: '2026-03-01', cutOverOn: null } as const
const inHouse: Told = { cloud: 'none', region: 'none', virtualisation: 'vmware' }
const elsewhere: Told = { cloud: 'aws', region: 'far', virtualisation: 'kvm' }

describe('what people say against what is measured', () => {
  test.each<[string, Case, string[]]>([
    ['truly moved', {}, []],
    [
      'cut over yesterday, nothing measured yet',
      { of: { cutOverOn: yesterday }, seen: nowhere },
      [],
    ],
    ['its target tells of a hall', { seen: newHost(inHall) }, ['moved_by_word_only']],
    ['even the day after', { on: '2026-03-04', seen: newHost(inHall) }, ['moved_by_word_only']],
    [
      'and its source runs: that is the same',
      { seen: { ...newHost(inHall), ...oldHost(inHall) } },
      ['moved_by_word_only'],
    ],
    [
      'nothing in the target, and the source runs',
      { seen: { ...nowhere, ...oldHost(inHall) } },
      ['moved_by_word_only'],
    ],
    [
      'the same a day before thirty',
      { on: '2026-03-31', seen: { ...nowhere, ...oldHost(inHall) } },
      [],
    ],
    [
      'in the target, and the source still runs',
      { seen: oldHost(inHall) },
      ['source_still_reporting'],
    ],
    ['the same before thirty days', { on: '2026-03-31', seen: oldHost(inHall) }, []],
    ['in the cloud of another', { seen: newHost(elsewhere) }, ['provider_differs']],
    [
      'and its source runs',
      { seen: { ...newHost(elsewhere), ...oldHost(inHall) } },
      ['provider_differs', 'source_still_reporting'],
    ],
    [
      'said of a provider that is not approved',
      { of: { provider: 'cellar' } },
      ['provider_not_approved'],
    ],
    ['abroad', { seen: newHost({ ...inSky, region: 'far-1' }) }, ['location_not_allowed']],
    [
      'its target told nothing for more than a week',
      { on: '2026-04-09', seen: newHost(inSky, '2026-03-30') },
      ['target_silent'],
    ],
    ['for a week', { on: '2026-04-08', seen: newHost(inSky, '2026-03-30') }, []],
    ['its target never told anything, for thirty days', { seen: nowhere }, ['target_silent']],
    ['for less', { on: '2026-03-31', seen: nowhere }, []],
    ['for thirty days to the day', { on: yesterday, seen: nowhere }, ['target_silent']],
    [
      'below before and below the target',
      { seen: { after: continuity(0.9) } },
      ['continuity_fell'],
    ],
    ['below before, at the target', { seen: { after: continuity(0.98) } }, ['continuity_fell']],
    [
      'the same after thirty days to the day',
      { on: yesterday, seen: { after: continuity(0.98) } },
      ['continuity_fell'],
    ],
    ['no lower than before', { seen: { after: continuity(0.99) } }, []],
    ['what is not known may have been good', { seen: { after: continuity(0.98, 0.99) } }, []],
    [
      'below the target, before is not known',
      { seen: { before: null, after: continuity(0.9) } },
      ['continuity_fell'],
    ],
    ['not known after', { seen: { after: null } }, []],
    ['too few days of it', { on: '2026-03-31', seen: { after: continuity(0.9) } }, []],
    ['retired, and silent', { of: retired }, []],
    [
      'retired, and it still tells',
      { of: retired, seen: oldHost(inHall) },
      ['retired_but_reporting'],
    ],
    [
      'retired, and it tells in the first thirty days',
      { on: '2026-03-31', of: retired, seen: oldHost(inHall) },
      [],
    ],
    ['without a policy', { policy: null, seen: newHost(inHall) }, []],
  ])('%s', (_name, each, kinds) => {
    expect(findings(each).map(({ kind }) => kind)).toEqual(kinds)
  })

  const since = midnight('2026-03-02')
  const at = { environment: 'cloud', hosts: ['new'], since }
  test.each<[string, Case, Partial<MigrationFinding>]>([
    ['by word', { seen: newHost(inHall) }, { ...at, declared: 'sky', measured: 'kvm' }],
    [
      'by word, told by the source',
      { seen: { ...nowhere, ...oldHost(inHall) } },
      { ...at, hosts: ['old'], declared: 'sky', measured: 'kvm' },
    ],
    [
      'by word, where the source tells nothing of where it runs',
      { seen: { ...nowhere, ...oldHost(untold) } },
      { ...at, hosts: ['old'], declared: 'sky', measured: null },
    ],
    ['another cloud', { seen: newHost(elsewhere) }, { ...at, declared: 'sky', measured: 'aws' }],
    [
      'the source',
      { seen: oldHost(inHall) },
      { environment: 'own', hosts: ['old'], since, declared: '2026-03-01', measured: '2026-03-31' },
    ],
    [
      'not approved',
      { of: { provider: 'cellar' } },
      { ...at, hosts: [], declared: 'cellar', measured: 'openstack' },
    ],
    [
      'abroad',
      { seen: newHost({ ...inSky, region: 'far-1' }) },
      { ...at, declared: 'restricted', measured: 'DE' },
    ],
    [
      'silent',
      { on: '2026-04-09', seen: newHost(inSky, '2026-03-30') },
      {
        ...{ ...at, since: Date.parse('2026-03-31'), mayBeEarlier: false },
        ...{ declared: '2026-03-01', measured: '2026-03-30' },
      },
    ],
    [
      'never heard',
      { of: { target: { environment: 'cloud', hosts: ['z'] } }, seen: nowhere },
      { ...at, hosts: ['z'], declared: '2026-03-01', measured: null },
    ],
    [
      'continuity',
      { seen: { after: continuity(0.9) } },
      { ...at, hosts: [], declared: '99.00', measured: '90.00' },
    ],
    [
      'continuity that was not known before',
      { seen: { before: null, after: continuity(0.9) } },
      { ...at, hosts: [], declared: null, measured: '90.00' },
    ],
    [
      'retired',
      { of: retired, seen: oldHost(inHall) },
      { environment: 'own', hosts: ['old'], since, declared: '2026-03-01', measured: '2026-03-31' },
    ],
  ])('it says where, since when, what was said and measured: %s', (_name, each, expected) => {
    expect(findings(each)[0]).toMatchObject(expected)
  })
})

describe('since when', () => {
  const told = (name: string, ...spans: readonly (readonly [Told, string, string])[]) => {
    const days = spans.flatMap(([is, first, last]) => host(name, is, [first, last]).days)
    return { agent: `agent-${name}`, name, status: 'active' as const, days }
  }
  const target = (...hosts: ReturnType<typeof told>[]) => ({ target: environment('cloud', hosts) })
  const source = (...hosts: ReturnType<typeof told>[]) => ({ source: environment('own', hosts) })
  const abroad = { ...inSky, region: 'far-1' }
  // The facts of the hundred days before 2026-06-20 are kept: from 2026-03-11.
  const later = '2026-06-20'

  test.each<[string, Case, string, boolean]>([
    [
      'a target that was in the cloud, and then in a hall',
      {
        seen: target(
          told('new', [inSky, '2026-03-02', '2026-03-20'], [inHall, '2026-03-21', yesterday]),
        ),
      },
      '2026-03-21',
      false,
    ],
    [
      'days that tell nothing interrupt no row',
      {
        seen: target(
          told(
            'new',
            ...([
              [inSky, '2026-03-02', '2026-03-09'],
              [inHall, '2026-03-10', '2026-03-12'],
              [untold, '2026-03-13', '2026-03-25'],
              [inHall, '2026-03-26', yesterday],
            ] as const),
          ),
        ),
      },
      '2026-03-10',
      false,
    ],
    [
      'of two hosts the earlier one counts',
      {
        seen: target(
          told('a', [inSky, '2026-03-02', '2026-03-20'], [elsewhere, '2026-03-21', yesterday]),
          told('b', [inSky, '2026-03-02', '2026-03-14'], [elsewhere, '2026-03-15', yesterday]),
        ),
      },
      '2026-03-15',
      false,
    ],
    [
      'abroad for longer than days are kept',
      { on: later, seen: target(told('new', [abroad, '2026-03-12', '2026-06-18'])) },
      '2026-03-12',
      true,
    ],
    [
      'abroad since it came from home, by what is kept',
      {
        on: later,
        seen: target(
          told('new', [inSky, '2026-03-12', '2026-03-14'], [abroad, '2026-03-15', '2026-06-18']),
        ),
      },
      '2026-03-15',
      false,
    ],
    [
      'a source that tells again after thirty days of silence',
      {
        on: later,
        of: retired,
        seen: source(
          told('old', [inHall, '2026-03-12', '2026-04-10'], [inHall, '2026-05-20', '2026-06-18']),
        ),
      },
      '2026-05-20',
      false,
    ],
    [
      'a source that has always told',
      { on: later, of: retired, seen: source(told('old', [inHall, '2026-03-11', '2026-06-18'])) },
      '2026-03-11',
      true,
    ],
    [
      'a target that never told, for longer than days are kept',
      { on: later, seen: nowhere },
      '2026-03-11',
      true,
    ],
    [
      'a provider that the policy named until lately',
      { of: { provider: 'cellar' }, policies: ['cellar', 'sky'] },
      '2026-03-25',
      false,
    ],
    [
      'a country that the policy allowed until lately',
      { seen: newHost(abroad), policies: ['abroad', 'sky'] },
      '2026-03-25',
      false,
    ],
  ])('%s', (_name, each, day, mayBeEarlier) => {
    const [found] = findings(each)
    expect(found).toMatchObject({ since: Date.parse(day), mayBeEarlier })
  })
})

describe('moved, and not declared', () => {
  const kinds = (each: Case) => findings({ of: notYet, ...each }).map(({ kind }) => kind)
  test('thirty days in the target, and the source as long silent', () => {
    expect(findings({ of: notYet })).toEqual([
      {
        ...{ kind: 'moved_not_declared', workload: 'payroll', environment: 'cloud' },
        ...{ hosts: ['new'], since: Date.parse('2026-03-02'), mayBeEarlier: false },
        ...{ declared: 'migrating', measured: 'openstack' },
      },
    ])
    expect(kinds({ on: '2026-04-01' })).toEqual([])
  })
  test.each<[string, Case]>([
    ['the source runs beside it', { seen: oldHost(inHall) }],
    ['the source was never measured', { seen: { source: environment('own', []) } }],
    ['the target is in a hall', { seen: newHost(inHall) }],
    ['the target is silent by now', { on: '2026-04-10' }],
    [
      'one of its hosts is in a hall by now',
      {
        on: '2026-04-08',
        seen: {
          target: environment('cloud', [
            ...newHost(inSky).target.hosts,
            host('two', inHall, ['2026-04-02', '2026-04-06']),
          ]),
        },
      },
    ],
    ['no target is named', { of: { ...notYet, target: null } }],
    ['no policy', { policy: null }],
    [
      'its source is in a cloud, and no provider is named that it is to go to',
      { of: { ...notYet, provider: null }, seen: { ...nowhere, ...oldHost(inSky) } },
    ],
    ['no policy and no provider', { policy: null, of: { ...notYet, provider: null } }],
    ['others are said to run there', { others: [workload({ id: 'other' })] }],
  ])('not where %s', (_name, each) => {
    expect(kinds(each)).toEqual([])
  })
  test.each<[string, Case]>([
    ['no provider is named yet: any approved one will do', { of: { ...notYet, provider: null } }],
    [
      'others there have hosts of their own',
      {
        of: { ...notYet, target: { environment: 'cloud', hosts: ['new'] } },
        others: [workload({ id: 'other' })],
      },
    ],
    ['others are to go there too', { others: [workload({ id: 'other', ...notYet })] }],
    [
      'others are said to run elsewhere',
      { others: [workload({ id: 'other', target: { environment: 'far', hosts: [] } })] },
    ],
    ['its hosts are said to be planned', { of: { ...notYet, state: 'planned' } }],
  ])('also where %s', (_name, each) => {
    expect(kinds(each)).toEqual(['moved_not_declared'])
  })
  test('its own source is at the provider it is to go to', () => {
    const found = findings({ of: notYet, seen: { ...nowhere, ...oldHost(inSky) } })
    expect(found).toMatchObject([
      { kind: 'moved_not_declared', environment: 'own', hosts: ['old'], measured: 'openstack' },
    ])
  })
  test('what the hosts tell that are there', () => {
    const vague = { ...inSky, cloud: null }
    const hosts = [host('a', vague, ['2026-03-02', '2026-03-31']), ...newHost(inSky).target.hosts]
    const found = findings({ of: notYet, seen: { target: environment('cloud', hosts) } })
    expect(found).toMatchObject([{ hosts: ['a', 'new'], measured: 'openstack' }])
  })
  test('but the hypervisor of a provider alone may be that of own premises', () => {
    const of = { ...notYet, provider: 'house' }
    expect(kinds({ of, seen: { ...nowhere, ...oldHost(inHouse) } })).toEqual([])
  })
})

describe('discovery', () => {
  const recent = ['2026-03-25', '2026-03-31'] as const
  const known = observedOf({ payroll: movedObservation() })
  const found = (others: readonly ObservedEnvironment[], policy?: null) => {
    const register = registered([workload()])
    const observed = { ...known, environments: [...known.environments, ...others] }
    const context = judgedOn('2026-04-02', policy === null ? { policy } : {})
    return {
      discovered: discoveredIn(register, observed, context),
      findings: migrationFindings(register, [], observed, context),
    }
  }
  test('an environment that no workload names, with what its hosts tell', () => {
    const hosts = [host('b', inSky, recent), host('a', inSky, ['2026-03-28', '2026-03-31'])]
    const { discovered, findings } = found([environment('mail', hosts)])
    expect(discovered).toEqual([
      { environment: 'mail', hosts: ['a', 'b'], ...inSky, provider: 'sky', as: 'target' },
    ])
    expect(findings).toEqual([
      {
        ...{ kind: 'environment_without_workload', workload: null, environment: 'mail' },
        ...{ hosts: ['a', 'b'], since: Date.parse(recent[0]), mayBeEarlier: false },
        ...{ declared: null, measured: 'openstack' },
      },
    ])
  })
  test.each<[string, Told, string | null, 'source' | 'target']>([
    ['in a hall', inHall, null, 'source'],
    ['in the cloud of nobody approved', elsewhere, null, 'target'],
    ['on a hypervisor such as that of a provider', inHouse, 'house', 'source'],
  ])('%s', (_name, told, provider, as) => {
    const { discovered } = found([environment('mail', [host('a', told, recent)])])
    expect(discovered).toEqual([{ environment: 'mail', hosts: ['a'], ...told, provider, as }])
  })
  test('what the host says that told last', () => {
    const hosts = [host('a', inHall, ['2026-03-25', '2026-03-30']), host('b', inSky, recent)]
    expect(found([environment('mail', hosts)]).discovered[0]?.cloud).toBe('openstack')
  })
  test('without a policy nobody is approved', () => {
    const mail = environment('mail', [host('a', inSky, recent)])
    expect(found([mail], null).discovered).toMatchObject([{ provider: null, as: 'target' }])
  })
  test.each<[string, ObservedEnvironment]>([
    ['named as a source', environment('own', [host('a', inSky, recent)])],
    ['named as a target', environment('cloud', [host('a', inSky, recent)])],
    ['out of scope', environment('mail', [host('a', inSky, recent)], { isInScope: false })],
    [
      'without facts of the last week',
      environment('mail', [host('a', inSky, ['2026-03-01', '2026-03-23'])]),
    ],
    ['whose hosts tell nothing of where', environment('mail', [host('a', untold, recent)])],
    ['of a revoked agent', environment('mail', [host('a', inSky, recent, { status: 'revoked' })])],
  ])('not one %s', (_name, each) => {
    expect(found([each])).toEqual({ discovered: [], findings: [] })
  })
})
