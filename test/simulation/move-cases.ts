import type { MigrationFindingKind, WorkloadState } from '../../collector/kpi/migration/result.ts'
import type { ClaimedState } from '../../collector/kpi/migration/workload.ts'

/** What a host tells of the machine it is on. */
export type Platform = {
  readonly cloud: string
  readonly region: string
  readonly virtualisation: string
}

/** Where workloads of the simulation are hosted, by what their hosts tell. */
export const platforms = {
  own: { cloud: 'none', region: 'none', virtualisation: 'microsoft' },
  north: { cloud: 'openstack', region: 'home-1', virtualisation: 'kvm' },
  /** The same provider in another country. */
  northAbroad: { cloud: 'openstack', region: 'far-1', virtualisation: 'kvm' },
  south: { cloud: 'azure', region: 'home-2', virtualisation: 'microsoft' },
  /** Hosts for others without a cloud of its own. */
  hosted: { cloud: 'none', region: 'none', virtualisation: 'vmware' },
  /** Approved until the policy drops it. */
  old: { cloud: 'cloudstack', region: 'home-3', virtualisation: 'kvm' },
  /** Of nobody whom the policy approves. */
  stranger: { cloud: 'gcp', region: 'home-1', virtualisation: 'kvm' },
} as const satisfies Record<string, Platform>

/** Days of the simulation. */
export const simulatedDays = 77
/** The day of most cut overs. */
export const cutOverDay = 32
const recently = 66
/** The day on which the ministry takes a provider off its list. */
export const droppedDay = 45
/** Days on which some agents do not report though they should; half-open. */
export const outOfSight = { from: 50, to: 52 }

/** What happens to one environment, and what people say of it. */
export type Plan = {
  readonly claims: ClaimedState
  readonly claimedOn?: number
  /** Back to `planned` on that day. */
  readonly undoneOn?: number
  readonly provider?: string
  readonly dataClass?: 'open' | 'restricted'
  /** Until when hosts of the source report; `null` without a source. */
  readonly source?: readonly (readonly [from: number, to: number])[] | null
  /** Where target hosts are, each with the days on which it reports; empty: none. */
  readonly target?: readonly (readonly [
    keyof typeof platforms,
    ...(readonly [from: number, to: number])[],
  ])[]
  readonly downHours?: readonly [before: number, after: number]
  /** In service since then, where the circular was out already. */
  readonly serviceSince?: string
  /** Days of its exemption; half-open. */
  readonly exempt?: readonly [from: number, to: number]
  readonly finds?: readonly MigrationFindingKind[]
  readonly is: WorkloadState
  /** Where its state does not say: unknown unless it is done or exempt. */
  readonly complies?: 'breach'
}

export const always = [0, simulatedDays] as const
export const before = [0, cutOverDay] as const
export const after = [cutOverDay, simulatedDays] as const

/** What institutions do and say. Those that `finds` something lie or are mistaken. */
export const cases = {
  moved: { claims: 'cut_over', is: 'validated' },
  moved_many_hosts: {
    claims: 'cut_over',
    target: [
      ['north', after],
      ['north', [cutOverDay + 2, simulatedDays]],
    ],
    is: 'validated',
  },
  /** Its agent was out for a day; the other days are enough. */
  moved_with_a_hole: {
    claims: 'cut_over',
    target: [['north', [cutOverDay, outOfSight.from], [outOfSight.from + 1, simulatedDays]]],
    is: 'validated',
  },
  /** Out for days: it may have been down, so nothing is proven, and nothing is a lie. */
  moved_out_of_sight: {
    claims: 'cut_over',
    target: [['north', [cutOverDay, outOfSight.from], [outOfSight.to, simulatedDays]]],
    is: 'cut_over',
  },
  moved_and_better: { claims: 'cut_over', downHours: [2, 1], is: 'validated' },
  moved_to_hosting: {
    claims: 'cut_over',
    provider: 'host-one',
    target: [['hosted', after]],
    is: 'validated',
  },
  moved_abroad_openly: {
    claims: 'cut_over',
    dataClass: 'open',
    target: [['northAbroad', after]],
    is: 'validated',
  },
  moved_recently: {
    claims: 'cut_over',
    claimedOn: recently,
    source: [[0, recently]],
    target: [['north', [recently, simulatedDays]]],
    is: 'cut_over',
  },
  born_in_cloud: { claims: 'cut_over', source: null, is: 'validated' },
  retired: { claims: 'retired', target: [], is: 'retired' },
  planned: { claims: 'planned', source: [always], target: [], is: 'planned' },
  under_way: {
    claims: 'migrating',
    claimedOn: recently,
    source: [always],
    target: [['north', [recently, simulatedDays]]],
    is: 'migrating',
  },
  undone: {
    claims: 'cut_over',
    undoneOn: 60,
    source: [always],
    target: [['north', [cutOverDay, 60]]],
    is: 'planned',
  },
  by_word_only: {
    claims: 'cut_over',
    source: [always],
    target: [],
    finds: ['moved_by_word_only'],
    is: 'cut_over',
  },
  target_on_premises: {
    claims: 'cut_over',
    target: [['own', after]],
    finds: ['moved_by_word_only'],
    is: 'cut_over',
  },
  /** The machine was given a new name and stayed where it is. */
  half_on_premises: {
    claims: 'cut_over',
    target: [
      ['north', after],
      ['own', after],
    ],
    finds: ['moved_by_word_only'],
    is: 'cut_over',
  },
  /** Back home a month later, under the name of the new environment. */
  moved_back_quietly: {
    claims: 'cut_over',
    target: [
      ['north', [cutOverDay, 66]],
      ['own', [66, simulatedDays]],
    ],
    finds: ['moved_by_word_only'],
    is: 'cut_over',
  },
  old_host_on: {
    claims: 'cut_over',
    source: [always],
    finds: ['source_still_reporting'],
    is: 'cut_over',
  },
  old_host_back: {
    claims: 'cut_over',
    source: [before, [60, simulatedDays]],
    finds: ['source_still_reporting'],
    is: 'cut_over',
  },
  other_cloud: {
    claims: 'cut_over',
    target: [['south', after]],
    finds: ['provider_differs'],
    is: 'cut_over',
  },
  stranger: {
    claims: 'cut_over',
    target: [['stranger', after]],
    finds: ['provider_differs'],
    is: 'cut_over',
  },
  abroad: {
    claims: 'cut_over',
    dataClass: 'restricted',
    target: [['northAbroad', after]],
    finds: ['location_not_allowed'],
    is: 'cut_over',
    complies: 'breach',
  },
  provider_dropped: {
    claims: 'cut_over',
    provider: 'cloud-old',
    target: [['old', after]],
    finds: ['provider_not_approved'],
    is: 'cut_over',
    complies: 'breach',
  },
  went_dark: {
    claims: 'cut_over',
    target: [['north', [cutOverDay, 64]]],
    finds: ['target_silent'],
    is: 'cut_over',
  },
  worse_after: {
    claims: 'cut_over',
    downHours: [0, 6],
    finds: ['continuity_fell'],
    is: 'cut_over',
  },
  retired_by_word: {
    claims: 'retired',
    source: [always],
    target: [],
    finds: ['retired_but_reporting'],
    is: 'cut_over',
  },
  exempt: {
    claims: 'planned',
    source: [always],
    target: [],
    exempt: [10, 400],
    is: 'exempt',
  },
  exemption_over: {
    claims: 'planned',
    source: [always],
    target: [],
    exempt: [10, 50],
    is: 'planned',
    complies: 'breach',
  },
  new_on_premises: {
    claims: 'planned',
    source: [always],
    target: [],
    serviceSince: '2026-06-01',
    is: 'planned',
    complies: 'breach',
  },
  moved_unsaid: { claims: 'planned', finds: ['moved_not_declared'], is: 'planned' },
} as const satisfies Record<string, Plan>
