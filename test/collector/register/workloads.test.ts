import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../collector/error.ts'
import { effectsOf } from '../../../collector/evidence/effects.ts'
import { dayAt } from '../../../collector/kpi/migration/calendar.ts'
import {
  type ClaimedState,
  claimedStates,
  strategies,
  type Workload,
} from '../../../collector/kpi/migration/workload.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import { registerHistory } from '../../../collector/register/history.ts'
import { parseSubject } from '../../../collector/register/subject.ts'
import { isDay, workloadLimits } from '../../../collector/register/workload-fields.ts'
import {
  type AskedWorkload,
  hasReached,
  registeredWorkload,
  type WorkloadRules,
  workloadProblems,
} from '../../../collector/register/workloads.ts'
import {
  foldWorkloads,
  parseWorkloadSubject,
  type WorkloadTrail,
  workloadSubject,
} from '../../../collector/register/workloads-log.ts'
import { dayMs } from '../../../protocol/time.ts'
import { defaultSettings } from '../../support/default-settings.ts'
import {
  askedWorkload,
  movedWorkload,
  sampleHosting,
  sampleWorkloadRules,
} from '../../support/sample-workloads.ts'

const rules = sampleWorkloadRules
const free: WorkloadRules = { ...rules, hosting: null }

/** Problems as `field message`, of anything at all. */
function problemsOf(asked: unknown, known: Workload | null = null, by = rules): string[] {
  const found = workloadProblems(asked as AskedWorkload, known, by)
  return found.map(({ field, message }) => `${field} ${message}`)
}
const registered = (asked: AskedWorkload, known: Workload | null = null, by = rules) =>
  registeredWorkload(asked, known, by)
const moved = registered(movedWorkload())

describe('a workload', () => {
  test('is registered with the weight of its criticality, which later stays', () => {
    const made = registered(askedWorkload({ criticality: 'critical' }))
    expect(made).toEqual({
      ...askedWorkload({ criticality: 'critical' }),
      ...{ weight: 4, isRolledBack: false },
    })
    expect(registered(askedWorkload({ criticality: 'supporting' }), made).weight).toBe(4)
    expect(registered(askedWorkload({ weight: 30 }), made).weight).toBe(30)
  })

  test('has names in composed form and hosts in order, and nothing that nobody asked for', () => {
    const asked = {
      ...movedWorkload({ source: { environment: 'internal', hosts: ['db-2', 'db-1'] } }),
      name: { ar: 'سجلّ', en: 'Cafe\u0301' },
      ...{ isRolledBack: true, colour: 'red' },
    }
    const made = registered(asked)
    expect(made).not.toHaveProperty('colour')
    expect(made).toMatchObject({
      ...{ isRolledBack: false, name: { en: 'Café' }, source: { hosts: ['db-1', 'db-2'] } },
    })
  })

  test.each<[string, Partial<AskedWorkload>]>([
    ['moved', {}],
    ['born in the cloud', { source: null, serviceSince: '2026-10-20', startedOn: '2026-10-20' }],
    [
      'moved within one environment',
      {
        source: { environment: 'internal', hosts: ['db-1'] },
        target: { environment: 'internal', hosts: ['db-2'] },
      },
    ],
    ['blocked', { blocked: { reason: 'العقد لم يوقّع', since: '2026-11-21' } }],
    [
      'to be retired',
      {
        ...{ strategy: 'retire', target: null, provider: null, cutOverOn: null },
        ...{ state: 'retired', retiredOn: '2026-11-21' },
      },
    ],
    [
      'to be retained',
      {
        ...{ strategy: 'retain', target: null, provider: null, state: 'planned' },
        ...{ startedOn: null, cutOverOn: null },
      },
    ],
  ])('may be %s', (_name, more) => {
    expect(problemsOf(movedWorkload(more))).toEqual([])
  })
})

describe('a workload is refused', () => {
  test.each<[string, object, string[]]>([
    ['with an id of other letters', { id: 'Licences' }, ['id must be an id: ']],
    ['without an id', { id: undefined }, ['id must be an id: ']],
    ['as validated', { state: 'validated' }, ['state `validated` is what measurement finds, ']],
    ['as exempt', { state: 'exempt' }, ['state `exempt` is an approved exemption: ']],
    ['in another state', { state: 'done' }, ['state must be one of identified, assessed, ']],
    ['with another R', { strategy: 'rewrite' }, ['strategy must be one of rehost, replatform, ']],
    ['as vital', { criticality: 'vital' }, ['criticality must be one of critical, important, ']],
    ['without weight', { weight: 0 }, ['weight must be a whole number from 1 to 100']],
    ['with more weight than all', { weight: 101 }, ['weight must be a whole number']],
    ['with half a weight', { weight: 1.5 }, ['weight must be a whole number']],
    ['with a weight as text', { weight: '3' }, ['weight must be a whole number']],
    ['on no day', { plannedStart: '2026-02-30' }, ['plannedStart must be a day from 1970-01-01']],
    ['at a time', { startedOn: '2026-10-01T00:00:00Z' }, ['startedOn must be a day']],
    ['on a day as a number', { cutOverOn: 20261020 }, ['cutOverOn must be a day']],
    ['on a day of another age', { serviceSince: '1899-12-31' }, ['serviceSince must be a day']],
    ['without a name', { name: null }, ['name must have ar and en']],
    ['without an Arabic name', { name: { ar: 'Mail', en: 'Mail' } }, ['name.ar must be text wri']],
    ['with a hidden letter', { owner: 'team\u202e' }, ['owner must be text, 1 to 100 characters']],
    ['with nobody for owner', { owner: ' ' }, ['owner must be text']],
    ['with a long wave', { wave: 'x'.repeat(61) }, ['wave must be text, 1 to 60 characters']],
    ['with a place in words', { source: 'internal' }, ['source must have environment and hosts']],
    [
      'with a host twice',
      { source: { environment: 'internal', hosts: ['db-1', 'db-1'] } },
      ['source.hosts must be a list of at most 100 names of agents, each once'],
    ],
    [
      'with too many hosts',
      {
        source: { environment: 'internal', hosts: Array.from({ length: 101 }, (_, i) => `h-${i}`) },
      },
      ['source.hosts must be a list of at most 100'],
    ],
    [
      'with hosts in words',
      { source: { environment: 'internal', hosts: 'db-1' } },
      ['source.hosts must be a list'],
    ],
    ['blocked by nothing', { blocked: { since: '2026-11-01' } }, ['blocked.reason must be text']],
    [
      'with all of it at once',
      { id: '', state: 'gone', blocked: {} },
      ['id ', 'state ', 'blocked.reason ', 'blocked.since '],
    ],
    [
      'of an unknown environment',
      { source: { environment: 'attic', hosts: [] } },
      ['source.environment must be a hosting environment of the institution'],
    ],
    [
      'on an unknown host',
      { source: { environment: 'internal', hosts: ['db-1', 'db-9'] } },
      ['source.hosts must name agents of its environment: db-1, db-2'],
    ],
    [
      'that moves to where it is',
      { target: { environment: 'internal', hosts: [] } },
      ['target must not be where the source is'],
    ],
    ['of an unknown class', { dataClass: 'secret' }, ['dataClass must be one that the policy nam']],
    [
      'of an unknown provider',
      { provider: 'acme' },
      ['provider must be one that the policy names:'],
    ],
    [
      'with plans out of order',
      { plannedStart: '2027-01-01' },
      ['plannedFinish must not be before plannedStart'],
    ],
    [
      'started before its service',
      { serviceSince: '2026-09-16' },
      ['startedOn must not be before'],
    ],
    [
      'cut over before its start',
      { cutOverOn: '2026-09-14' },
      ['cutOverOn must not be before sta'],
    ],
    ['cut over tomorrow', { cutOverOn: '2026-11-22' }, ['cutOverOn must not be in the future']],
    [
      'blocked from tomorrow on',
      { blocked: { reason: 'x', since: '2026-11-22' } },
      ['blocked.since must not be in the future'],
    ],
    [
      'started before it moves',
      { state: 'preparing' },
      ['startedOn must be empty', 'cutOverOn mus'],
    ],
    [
      'retired with a target',
      { strategy: 'retire', state: 'migrating', cutOverOn: null },
      ['target must be empty: what is retired goes nowhere'],
    ],
    [
      'retired but moved',
      { state: 'retired', retiredOn: '2026-11-01' },
      ['state is retired only with the strategy retire'],
    ],
    [
      'cut over to be retired',
      { strategy: 'retire', target: null },
      ['state must not be cut_over with the strategy retire'],
    ],
    [
      'retained and retired',
      { strategy: 'retain', target: null, state: 'retired', retiredOn: '2026-11-01' },
      ['target must be given', 'state is retired only with the strategy retire'],
    ],
    ['retained and moved', { strategy: 'retain' }, ['state must be planned or earlier with the']],
    [
      'blocked though retired',
      {
        ...{ strategy: 'retire', target: null, state: 'retired', retiredOn: '2026-11-01' },
        blocked: { reason: 'x', since: '2026-11-01' },
      },
      ['blocked must be empty once it is retired'],
    ],
  ])('%s', (_name, more, expected) => {
    expect(problemsOf({ ...movedWorkload(), ...more })).toEqual(
      expected.map((each) => expect.stringContaining(each)),
    )
  })

  test.each<[unknown]>([[null], [undefined], [[]], ['licences'], [{}]])('as %j', (asked) => {
    expect(problemsOf(asked).length).toBeGreaterThan(0)
    expect(() => registered(asked as AskedWorkload)).toThrow(AppError)
  })

  test('with the id of a removed one, another id than before, or beyond the limit', () => {
    expect(problemsOf(askedWorkload({ id: 'old-mail' }))).toEqual([
      'id was that of a removed workload, and is not used again',
    ])
    expect(problemsOf(askedWorkload({ id: 'mail' }), moved)).toEqual(['id must stay as it is'])
    const full = { ...rules, count: workloadLimits.workloadsMax }
    expect(problemsOf(askedWorkload(), null, full)).toEqual([
      'id cannot be registered: an institution has at most 500 workloads',
    ])
    expect(problemsOf(movedWorkload(), moved, full)).toEqual([])
  })

  test('with all problems at once, in its sentence and in its detail', () => {
    const asked = { ...askedWorkload(), weight: 0, state: 'validated' } as never
    try {
      registered(asked)
      expect.unreachable()
    } catch (error) {
      const { code, message, detail } = error as AppError
      expect(code).toBe('invalid')
      expect(message).toMatch(/^weight must be .*; state `validated` is what measurement finds/)
      expect(detail.problems).toMatchObject([{ index: 0, field: 'weight' }, { field: 'state' }])
    }
  })

  test('a class or provider that left the policy stays where it was', () => {
    const hosting = { ...sampleHosting, dataClasses: [], providers: [] }
    const without = { ...rules, hosting }
    expect(problemsOf(movedWorkload({ wave: null }), moved, without)).toEqual([])
    expect(problemsOf(movedWorkload(), null, without)).toHaveLength(2)
    expect(problemsOf(movedWorkload({ dataClass: 'x', provider: 'y' }), null, free)).toEqual([])
  })
})

describe('a jump that skips evidence is refused, with what is missing', () => {
  const places = ['strategy', 'dataClass']
  const planned = [...places, 'source', 'provider', 'plannedStart', 'plannedFinish', 'owner']
  test.each<[ClaimedState, string[]]>([
    ['identified', []],
    ['assessed', places],
    ['planned', planned],
    ['preparing', [...planned, 'target']],
    ['migrating', [...planned, 'target', 'startedOn']],
    ['cut_over', [...planned, 'target', 'startedOn', 'cutOverOn']],
    ['retired', [...planned, 'target', 'startedOn', 'cutOverOn', 'retiredOn']],
  ])('%s', (state, missing) => {
    const found = workloadProblems(askedWorkload({ state }), null, rules)
    expect(found.map(({ field }) => field)).toEqual(missing)
    const first = `must be given: it is needed for assessed`
    const other = state === 'assessed' ? first : `${first}, which ${state} comes after`
    if (missing.length > 0) expect(found[0]?.message).toBe(other)
  })

  test('what is to be retired needs no target and no provider', () => {
    const found = problemsOf(askedWorkload({ state: 'retired', strategy: 'retire' }))
    const fields = ['dataClass', 'source', 'plannedStart', 'plannedFinish', 'owner']
    expect(found.map((each) => each.split(' ')[0])).toEqual([...fields, 'startedOn', 'retiredOn'])
  })

  test('never depends on the state before: backwards the same fields are needed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...claimedStates),
        fc.constantFrom(...strategies),
        fc.subarray(
          Object.keys(askedWorkload()).filter((name) => !/id|name|crit|state/.test(name)),
        ),
        (state, strategy, given) => {
          const all: Record<string, unknown> = { ...movedWorkload() }
          const fields = Object.fromEntries(given.map((name) => [name, all[name]]))
          const asked = askedWorkload({ ...fields, strategy, state })
          expect(problemsOf(asked, moved)).toEqual(problemsOf(asked, null))
        },
      ),
    )
  })
})

describe('the way back', () => {
  const at = (state: ClaimedState): AskedWorkload =>
    movedWorkload({
      state,
      ...(!hasReached(state, 'migrating') && { startedOn: null }),
      ...(!hasReached(state, 'cut_over') && { cutOverOn: null }),
    })

  test('a move that is undone is rolled back until it moves again', () => {
    const back = registered(at('planned'), moved)
    expect(back.isRolledBack).toBe(true)
    const ready = registered(at('preparing'), back)
    expect(ready.isRolledBack).toBe(true)
    expect(registered(at('assessed'), ready).isRolledBack).toBe(true)
    const again = registered(at('migrating'), ready)
    expect(again.isRolledBack).toBe(false)
    expect(registered(at('planned'), again).isRolledBack).toBe(true)
  })

  test.each<[ClaimedState, ClaimedState, boolean]>([
    ['cut_over', 'planned', true],
    ['migrating', 'planned', true],
    ['cut_over', 'migrating', false],
    ['migrating', 'assessed', false],
    ['preparing', 'planned', false],
    ['planned', 'identified', false],
  ])('from %s to %s: rolled back %j', (from, to, isRolledBack) => {
    expect(registered(at(to), registered(at(from))).isRolledBack).toBe(isRolledBack)
  })
})

test.each<[unknown, boolean]>([
  ['2026-04-01', true],
  ['2028-02-29', true],
  ['2027-02-29', false],
  ['2000-02-29', true],
  ['2100-02-29', false],
  ['2026-01-00', false],
  ['2026-04-31', false],
  ['2026-13-01', false],
  ['2026-4-1', false],
  ['1970-01-01', true],
  ['1969-12-31', false],
  ['2100-12-31', true],
  ['2101-01-01', false],
  ['', false],
  [null, false],
])('%j is a day: %j', (value, expected) => {
  expect(isDay(value)).toBe(expected)
})

test('a day is that of the policy’s time zone', () => {
  const midnight = Date.parse('2026-11-21T00:00:00+04:00')
  expect(dayAt(midnight, 'Asia/Muscat')).toBe('2026-11-21')
  expect(dayAt(midnight - 1, 'Asia/Muscat')).toBe('2026-11-20')
})

describe('the log', () => {
  const start = Date.parse('2026-11-21T06:00:00Z')
  const key = { institution: 'health', workload: 'licences' }
  const act = (before: unknown, after: unknown, more: Partial<Entry> = {}): Entry => ({
    ...{ actor: 'huda', role: 'institution', what: workloadSubject(key), why: 'as agreed' },
    ...{ before, after, effectiveFrom: start },
    ...more,
  })
  const background = (what: string, after: unknown): Entry =>
    act(null, after, { what, effectiveFrom: start - 100 * dayMs })
  const known: Entry[] = [
    background('institution/health', { id: 'health' }),
    ...['portal', 'internal'].map((id) =>
      background(`institution/health/environment/${id}`, { id }),
    ),
    ...Object.entries(defaultSettings).map(([name, value]) =>
      background(`policy/${name}`, { value }),
    ),
    background('policy/hosting', { value: sampleHosting }),
  ]
  const folded = (acts: readonly Entry[], before = known, trail: WorkloadTrail = new Map()) =>
    foldWorkloads(
      new Map(),
      [...before, ...acts],
      registerHistory([...before, ...acts]),
      trail,
    ).get('health') ?? []
  const first = registered(askedWorkload())
  const assessed = { strategy: 'rehost', dataClass: 'open', state: 'assessed' } as const
  const second = registered(askedWorkload(assessed), first)

  test('names a workload by its institution, and nothing else so', () => {
    expect(workloadSubject(key)).toBe('institution/health/workload/licences')
    expect(parseWorkloadSubject(workloadSubject(key))).toEqual(key)
    expect(parseSubject(workloadSubject(key))).toBeNull()
    for (const what of ['institution/health', 'institution//workload/a', 'a/b/workload/c', 'x']) {
      expect(parseWorkloadSubject(what)).toBeNull()
    }
    expect(parseWorkloadSubject(`${workloadSubject(key)}/x`)).toBeNull()
  })

  test('is folded into what stands, in the order of registration', () => {
    const other = registered(askedWorkload({ id: 'mail' }))
    const what = workloadSubject({ ...key, workload: 'mail' })
    const acts = [act(null, first), act(null, other, { what }), act(first, second)]
    expect(folded(acts)).toEqual([second, other])
    expect(folded(acts.slice(0, 1))).toEqual([first])
  })

  test.each<[string, Entry[]]>([
    ['an act on something that was not so', [act(second, first)]],
    ['a workload of another id', [act(null, { ...first, id: 'mail' })]],
    ['more than a workload has', [act(null, { ...first, colour: 'red' })]],
    ['no workload', [act(null, { id: 'licences' })]],
    ['a state nobody may claim', [act(null, { ...first, state: 'validated' })]],
    ['a jump', [act(null, { ...first, state: 'cut_over' })]],
    ['a day to come', [act(null, moved, { effectiveFrom: start - 40 * dayMs })]],
    [
      'an environment of another institution',
      [act(null, moved, { what: workloadSubject({ institution: 'roads', workload: 'licences' }) })],
    ],
    ['a provider that the policy does not name', [act(null, { ...moved, provider: 'acme' })]],
  ])('%s counts for nothing', (_name, acts) => {
    expect(folded(acts)).toEqual([])
    expect(folded([act(null, moved)])).toEqual([moved])
  })

  test('a rolled back move stays one, whatever a forged act says', () => {
    const asked = movedWorkload({ state: 'planned', startedOn: null, cutOverOn: null })
    const back = registered(asked, moved)
    const acts = [act(null, moved), act(moved, { ...back, isRolledBack: false })]
    expect(folded(acts)).toEqual([moved])
    expect(folded([act(null, moved), act(moved, back)])).toEqual([back])
  })

  test('an environment of later is none yet', () => {
    const later = known.map((each) =>
      each.what.endsWith('/portal') ? { ...each, effectiveFrom: start + 1 } : each,
    )
    expect(folded([act(null, moved)], later)).toEqual([])
    expect(folded([act(null, moved, { effectiveFrom: start + 1 })], later)).toEqual([moved])
  })

  test('what was registered before the policy spoke of hosting stands', () => {
    const early = known.slice(0, -1)
    const own = registered(movedWorkload({ provider: 'acme', dataClass: 'own' }), null, free)
    const later = act(null, { value: sampleHosting }, { what: 'policy/hosting' })
    const acts = [act(null, own, { effectiveFrom: start - 1 }), later]
    expect(folded(acts, early)).toEqual([own])
    const ended = act({ value: sampleHosting }, null, { what: 'policy/hosting' })
    expect(folded([ended, act(null, own, { effectiveFrom: start + 1 })])).toEqual([own])
  })

  test('what was never planned is removed, and its id never comes back', () => {
    const trail: WorkloadTrail = new Map()
    const acts = [act(null, first), act(first, second), act(second, null)]
    expect(folded(acts, known, trail)).toEqual([])
    expect([...trail]).toEqual([[workloadSubject(key), false]])
    expect(folded([...acts, act(null, first)])).toEqual([])
    // Not what it was, and nothing at all.
    expect(folded([act(null, first), act(second, null)])).toEqual([first])
    expect(folded([act(first, null)])).toEqual([])
  })

  test('what was planned once is never removed, though it went back', () => {
    const planned = registered(
      movedWorkload({ state: 'planned', startedOn: null, cutOverOn: null }),
    )
    expect(folded([act(null, planned), act(planned, null)])).toEqual([planned])
    const corrected = registered(askedWorkload(), planned)
    const acts = [act(null, planned), act(planned, corrected)]
    expect(folded([...acts, act(corrected, null)])).toEqual([corrected])
  })

  test('folding on top of a book gives what folding at once gives', () => {
    const acts = [act(null, first), act(first, second), act(second, null), act(null, first)]
    for (let cut = 0; cut <= acts.length; cut++) {
      const history = registerHistory([...known, ...acts])
      const trail: WorkloadTrail = new Map()
      const book = foldWorkloads(new Map(), acts.slice(0, cut), history, trail)
      foldWorkloads(book, acts.slice(cut), history, trail)
      expect(book.get('health')).toEqual(folded(acts))
    }
  })

  test('an act that makes no sense stops a fold', () => {
    const nobody = () => {
      throw new Error('none')
    }
    const effects = (entry: Entry, log = 'health', at: number = start) =>
      effectsOf(log, { ...entry, at } as Entry, nobody)
    expect(effects(act(null, first))).toEqual([])
    expect(effects(act(first, null))).toEqual([])
    expect(() => effects(act(null, first), 'roads')).toThrow('another log')
    expect(() => effects(act(null, first), 'health', start + 1)).toThrow('another time')
    for (const each of [act(null, null), act(null, { id: 'x' }), act('x', first)]) {
      expect(() => effects(each)).toThrow('no workload')
    }
  })
})
