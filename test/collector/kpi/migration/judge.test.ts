import { describe, expect, test } from 'vitest'
import { creditOf, workloadRows } from '../../../../collector/kpi/migration/judge.ts'
import { moveReadiness } from '../../../../collector/kpi/migration/move-readiness.ts'
import type {
  DataPoint,
  WorkloadObservation,
} from '../../../../collector/kpi/migration/observation.ts'
import type { ComplianceReason, WorkloadState } from '../../../../collector/kpi/migration/result.ts'
import type { Exemption, Workload } from '../../../../collector/kpi/migration/workload.ts'
import {
  baseline,
  environment,
  host,
  inHall,
  inSky,
  judgedOn,
  midnight,
  movedObservation,
  observedOf,
  registered,
  untold,
  workload,
} from '../../../support/moving.ts'

/** What a row of a table changes; the rest is as of a workload that truly moved on 2026-03-01. */
type Case = {
  readonly on?: string
  readonly of?: Partial<Workload>
  readonly seen?: Partial<WorkloadObservation> | null
  readonly policy?: null
  /** The day at whose beginning its exemption expires. */
  readonly exemptUntil?: string
  /** What the first baseline promised. */
  readonly promised?: string
}

function rowOf({ on = '2026-04-02', of = {}, seen = {}, policy, ...rest }: Case) {
  const { exemptUntil, promised } = rest
  const one = workload(of)
  const register = registered([one], {
    exemptions: exemptUntil ? [exemption(one.id, exemptUntil)] : [],
    baselines: promised ? [baseline('2026-01-01', { [one.id]: promised })] : [],
  })
  const observed = observedOf(seen === null ? {} : { [one.id]: movedObservation(seen) })
  return workloadRows(register, observed, judgedOn(on, policy === null ? { policy } : {}))[0]!
}

function exemption(id: string, until: string): Exemption {
  return {
    ...{ id: 'x-1', workload: id, reason: 'a contract', approvedBy: 'ministry' },
    ...{ approvedAt: midnight('2026-01-01'), expiresAt: midnight(until) },
  }
}

const own = (...[told, last]: [typeof inHall, string]) => ({
  source: environment('own', [host('old', told, ['2026-01-01', last])]),
})
const atTarget = (told: typeof inHall, last = '2026-04-01') => ({
  target: environment('cloud', [host('new', told, ['2026-03-02', last])]),
})
const notYet = { state: 'planned', cutOverOn: null, startedOn: null } as const
const retired = { state: 'retired', retiredOn: '2026-03-01', cutOverOn: null } as const

describe('the state that counts, and its credit', () => {
  test.each<[string, Case, WorkloadState, number]>([
    ['identified', { of: { ...notYet, state: 'identified' } }, 'identified', 0],
    ['assessed', { of: { ...notYet, state: 'assessed' } }, 'assessed', 10],
    ['planned', { of: notYet }, 'planned', 20],
    ['preparing', { of: { ...notYet, state: 'preparing' } }, 'preparing', 40],
    ['migrating', { of: { ...notYet, state: 'migrating' } }, 'migrating', 60],
    ['cut over, and every proof passes', {}, 'validated', 100],
    ['cut over, one proof is not known', { on: '2026-04-01' }, 'cut_over', 80],
    ['cut over, one proof fails', { of: { provider: 'cellar' } }, 'cut_over', 80],
    ['cut over, nothing measured', { seen: null }, 'cut_over', 80],
    ['cut over without a day of it', { of: { cutOverOn: null } }, 'cut_over', 80],
    ['retired, and its source is silent', { of: retired }, 'retired', 100],
    ['retired by word', { of: retired, seen: own(inHall, '2026-03-20') }, 'cut_over', 80],
    [
      'rolled back, and preparing again',
      { of: { ...notYet, state: 'preparing', isRolledBack: true } },
      'preparing',
      20,
    ],
    [
      'rolled back to before it was planned',
      { of: { ...notYet, state: 'assessed', isRolledBack: true } },
      'assessed',
      10,
    ],
    ['to stay earns nothing', { of: { ...notYet, strategy: 'retain' } }, 'planned', 0],
    ['to stay, but measured in the cloud', { of: { strategy: 'retain' } }, 'validated', 100],
    ['exempt', { of: notYet, exemptUntil: '2026-04-03' }, 'exempt', 0],
    ['exempt, though it moved', { exemptUntil: '2026-04-03' }, 'exempt', 0],
    ['its exemption expired', { of: notYet, exemptUntil: '2026-04-02' }, 'planned', 20],
  ])('%s', (_name, each, state, credit) => {
    const row = rowOf(each)
    expect([row.state, creditOf(row)]).toEqual([state, credit])
  })
})

describe('compliance with the circular', () => {
  const born = { source: null, serviceSince: '2026-03-01' }
  const recent = { ...notYet, serviceSince: '2025-06-02' }
  const alive = own(inHall, '2026-04-01')
  test.each<[string, Case, ComplianceReason]>([
    ['validated', {}, 'measured_in_approved_cloud'],
    [
      'validated, late, and its exemption expired',
      { exemptUntil: '2026-04-01', promised: '2026-02-01' },
      'measured_in_approved_cloud',
    ],
    [
      'born in the cloud, its continuity not yet known',
      { of: born, seen: { after: null } },
      'measured_in_approved_cloud',
    ],
    ['born in the cloud, too few days', { of: born, on: '2026-04-01' }, 'no_evidence'],
    ['born in the cloud, in no known country', { of: { ...born, dataClass: null } }, 'no_evidence'],
    [
      'not born there: it has a source that runs',
      { of: { serviceSince: null }, seen: own(inHall, '2026-04-01') },
      'no_evidence',
    ],
    ['moved, its continuity not yet known', { seen: { after: null } }, 'no_evidence'],
    ['retired', { of: retired }, 'retired'],
    ['retired, without a policy', { of: retired, policy: null }, 'retired'],
    ['exempt', { exemptUntil: '2026-04-03', of: notYet }, 'exempt'],
    ['expired', { exemptUntil: '2026-04-02', of: recent, seen: alive }, 'exemption_expired'],
    [
      'newer than the circular, on own premises',
      { of: recent, seen: alive, promised: '2026-01-01' },
      'new_on_premises',
    ],
    [
      'in service since the day of the circular',
      { of: { ...recent, serviceSince: '2025-06-01' }, seen: alive },
      'not_moved_yet',
    ],
    [
      'nobody knows since when',
      { of: { ...recent, serviceSince: null }, seen: alive },
      'not_moved_yet',
    ],
    [
      'newer, in an approved cloud',
      { of: recent, seen: own(inSky, '2026-04-01') },
      'not_moved_yet',
    ],
    [
      'newer, told nothing for more than a week',
      { of: recent, seen: own(inHall, '2026-03-23') },
      'not_moved_yet',
    ],
    [
      'newer, told of a week ago',
      { of: recent, seen: own(inHall, '2026-03-24') },
      'new_on_premises',
    ],
    [
      'newer, told nothing of where',
      { of: recent, seen: own(untold, '2026-04-01') },
      'not_moved_yet',
    ],
    [
      'newer, a hypervisor not known and no cloud: it may be anywhere',
      { of: recent, seen: own({ ...untold, virtualisation: 'container' }, '2026-04-01') },
      'not_moved_yet',
    ],
    [
      'newer, by a revoked agent',
      {
        of: recent,
        seen: {
          source: environment('own', [
            host('old', inHall, ['2026-03-01', '2026-04-01'], { status: 'revoked' }),
          ]),
        },
      },
      'not_moved_yet',
    ],
    [
      'newer, one of its hosts in an approved cloud',
      {
        of: recent,
        seen: {
          source: environment('own', [
            host('a', inHall, ['2026-03-01', '2026-04-01']),
            host('b', inSky, ['2026-03-01', '2026-04-01']),
          ]),
        },
      },
      'not_moved_yet',
    ],
    [
      'newer, said to be cut over, measured in a hall',
      { of: { serviceSince: '2025-06-02' }, seen: atTarget(inHall) },
      'new_on_premises',
    ],
    ['newer, without a policy', { of: recent, seen: alive, policy: null }, 'no_policy'],
    [
      'at another provider',
      { of: { provider: 'cellar' }, promised: '2026-01-01' },
      'provider_not_approved',
    ],
    [
      'abroad',
      { seen: atTarget({ ...inSky, region: 'far-1' }), promised: '2026-01-01' },
      'location_not_allowed',
    ],
    ['promised by today', { of: notYet, promised: '2026-04-02' }, 'not_moved_yet'],
    ['promised by yesterday', { of: notYet, promised: '2026-04-01' }, 'overdue'],
    [
      'past its own plan, but in no baseline',
      { of: { ...notYet, plannedFinish: '2026-04-01' } },
      'not_moved_yet',
    ],
    ['overdue without a policy', { of: notYet, promised: '2026-04-01', policy: null }, 'overdue'],
    ['not moved, no policy', { of: notYet, policy: null }, 'no_policy'],
    ['said to be cut over, measured in a hall', { seen: atTarget(inHall) }, 'not_moved_yet'],
    ['said to be cut over, nothing measured', { seen: null }, 'no_evidence'],
  ])('%s', (_name, each, reason) => {
    const { compliance } = rowOf(each)
    const statuses: Record<string, ComplianceReason[]> = {
      compliant: ['measured_in_approved_cloud', 'retired'],
      breach: [
        'exemption_expired',
        'new_on_premises',
        'provider_not_approved',
        'location_not_allowed',
        'overdue',
      ],
      unknown: ['not_moved_yet', 'no_evidence', 'no_policy'],
      exempt: ['exempt'],
    }
    expect(compliance.reason).toBe(reason)
    expect(statuses[compliance.status]).toContain(reason)
  })
})

describe('late', () => {
  test.each<[string, Case, boolean]>([
    ['on the planned day', { of: { ...notYet, plannedFinish: '2026-04-02' } }, false],
    ['the day after', { of: { ...notYet, plannedFinish: '2026-04-01' } }, true],
    ['planned anew, but promised before', { of: notYet, promised: '2026-04-01' }, true],
    ['no date', { of: { ...notYet, plannedFinish: null } }, false],
    ['done', { of: { plannedFinish: '2026-03-01' } }, false],
    [
      'exempt',
      { of: { ...notYet, plannedFinish: '2026-03-01' }, exemptUntil: '2027-01-01' },
      false,
    ],
    ['cut over by word only', { of: { plannedFinish: '2026-03-01' }, seen: null }, true],
  ])('%s', (_name, each, isLate) => {
    expect(rowOf(each).isLate).toBe(isLate)
  })
  test('only the first baseline promises; the exemption says until when', () => {
    const one = workload(notYet)
    const again = baseline('2026-01-01', { [one.id]: '2026-12-01' }, { number: 2 })
    const first = baseline('2026-01-01', { [one.id]: '2026-03-01' })
    const register = registered([one, workload({ ...notYet, id: 'other' })], {
      baselines: [again, first],
      exemptions: [exemption('other', '2026-05-01')],
    })
    const rows = workloadRows(register, observedOf({}), judgedOn('2026-04-02'))
    expect(rows.map(({ baselineFinish, exemptUntil }) => [baselineFinish, exemptUntil])).toEqual([
      ['2026-03-01', null],
      [null, midnight('2026-05-01')],
    ])
  })
})

describe('readiness to move', () => {
  const points = (text: string): DataPoint[] => {
    const ids = { o: 'os_supported', b: 'backup_recent' } as const
    return text.split(' ').map(([id, sign]) => ({
      ...{ id: ids[id as 'o' | 'b'], host: 'old' },
      isGood: sign === '?' ? null : sign === '+',
    }))
  }
  test.each([
    ['all good', 'o+ b+', 'ready', 2],
    ['two thirds known', 'o+ b+ b?', 'ready', 2],
    ['less', 'o+ b+ b? b?', 'unknown', 2],
    ['one that is not good', 'o+ b-', 'conditional', 2],
    ['not good, and too little known', 'o? b- b?', 'unknown', 1],
    ['a system without support', 'o- b?', 'not_ready', 1],
  ])('%s', (_name, text, rating, known) => {
    const all = points(text)
    const against = all.filter(({ isGood }) => isGood === false)
    expect(moveReadiness(all)).toEqual({
      ...{ rating, known, all: all.length },
      against: against.map(({ id, host }) => ({ id, host })),
    })
  })
  test('nothing measured is no rating', () => {
    expect(moveReadiness([])).toEqual({ rating: 'not_rated', known: 0, all: 0, against: [] })
  })
  test('it is that of the source of the workload', () => {
    expect(rowOf({ seen: { points: points('o- b+') } }).readiness.rating).toBe('not_ready')
  })
})
