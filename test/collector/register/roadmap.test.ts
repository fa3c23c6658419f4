import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../collector/error.ts'
import { effectsOf } from '../../../collector/evidence/effects.ts'
import type { Workload } from '../../../collector/kpi/migration/workload.ts'
import { mayDecideFor } from '../../../collector/people/two-person.ts'
import {
  type BaselineAct,
  type BaselineRules,
  baselineState,
  baselinesMax,
  decideBaseline,
  proposeBaseline,
  withdrawBaseline,
} from '../../../collector/register/baselines.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import {
  decideExemption,
  type ExemptionAct,
  type ExemptionState,
  exemptionDaysMax,
  exemptionState,
  exemptionsOpenMax,
  requestExemption,
  standingExemptions,
  withdrawExemption,
} from '../../../collector/register/exemptions.ts'
import { registerHistory } from '../../../collector/register/history.ts'
import {
  MigrationFold,
  migrationAt,
  parseRoadmapSubject,
  registersOf,
  roadmapSubject,
} from '../../../collector/register/migration-log.ts'
import { parseSubject } from '../../../collector/register/subject.ts'
import { registeredWorkload } from '../../../collector/register/workloads.ts'
import { dayMs } from '../../../protocol/time.ts'
import { migrationRegister } from '../../support/migration-log.ts'
import {
  askedWorkload,
  movedWorkload,
  sampleWorkloadRules,
} from '../../support/sample-workloads.ts'

const now = Date.parse('2026-11-21T06:00:00Z')
const huda = { id: 'huda', role: 'institution' }
const amal = { id: 'amal', role: 'admin' }
const maryam = { id: 'maryam', role: 'ministry' }
const decision = (by = 'maryam', role = 'ministry', at = now) => ({
  ...({ is: 'approved', by, role, at, why: 'seen' } as const),
})
const refused = { ...decision(), is: 'refused' } as const

/** The rule that broke, or nothing. */
function broken(act: () => unknown): string | null {
  try {
    act()
    return null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return `${error.code} ${String(error.detail.rule)}`
  }
}

const workloadOf = (more: Parameters<typeof askedWorkload>[0] = {}): Workload =>
  registeredWorkload(askedWorkload(more), null, { ...sampleWorkloadRules, hosting: null })
const licences = workloadOf({ plannedFinish: '2027-06-30' })
const mail = workloadOf({ id: 'mail', plannedFinish: '2027-03-31' })
const moved = registeredWorkload(movedWorkload({ id: 'portal-site' }), null, sampleWorkloadRules)

const asked = (more: object = {}) => ({
  ...{ id: 'x-1', workload: 'licences', reason: 'the contract ends', expiresAt: now + 100 * dayMs },
  ...more,
})
const asking = (more: object = {}, by = huda, all: readonly ExemptionAct[] = [], at = now) =>
  requestExemption(asked(more), by, at, { isRegistered: (id) => id === 'licences', all })
const approved = (each: ExemptionAct, at = now) =>
  decideExemption(each, decision('maryam', 'ministry', at))

describe('an exemption', () => {
  test.each<[string, object, typeof huda, string | null]>([
    ['of a workload, asked by its institution', {}, huda, null],
    ['asked by the ministry', {}, maryam, null],
    ['asked by an admin', {}, amal, null],
    ['asked by the evaluator', {}, { id: 'n', role: 'evaluator' }, 'forbidden role'],
    ['asked by an auditor', {}, { id: 'n', role: 'auditor' }, 'forbidden role'],
    ['of no workload', { workload: 'none' }, huda, 'not_found undefined'],
    ['that has expired', { expiresAt: now }, huda, 'invalid expired'],
    ['for 24 months', { expiresAt: now + exemptionDaysMax * dayMs }, huda, null],
    ['for longer', { expiresAt: now + exemptionDaysMax * dayMs + 1 }, huda, 'invalid too_long'],
  ])('%s', (_name, more, by, rule) => {
    expect(broken(() => asking(more, by))).toBe(rule)
  })

  test('is decided before another one of the same workload is asked for', () => {
    const open = asking()
    expect(broken(() => asking({ id: 'x-2' }, huda, [open]))).toBe('conflict waiting')
    expect(broken(() => asking({ id: 'x-2' }, huda, [approved(open)]))).toBeNull()
    const many = Array.from({ length: exemptionsOpenMax }, (_, i) => ({
      ...open,
      ...{ id: `x-${i}`, workload: `w-${i}` },
    }))
    expect(broken(() => asking({ id: 'x' }, huda, many))).toBe('conflict open')
    expect(broken(() => asking({ id: 'x' }, huda, many.slice(1)))).toBeNull()
  })

  test.each<[ExemptionState, ExemptionAct, number, string | null]>([
    ['open', asking(), 0, null],
    ['lapsed', asking(), 100, 'conflict closed'],
    ['in_force', approved(asking()), 99, null],
    ['expired', approved(asking()), 100, 'conflict closed'],
    ['refused', decideExemption(asking(), refused), 100, 'conflict closed'],
    ['withdrawn', { ...asking(), withdrawnAt: now }, 0, 'conflict closed'],
  ])('%s: what it is, and whether it is withdrawn', (state, exemption, days, rule) => {
    const at = now + days * dayMs
    expect(exemptionState(exemption, at, [exemption])).toBe(state)
    expect(broken(() => withdrawExemption(exemption, 'institution', at, [exemption]))).toBe(rule)
    const byOthers = broken(() => withdrawExemption(exemption, 'evaluator', at, [exemption]))
    expect(byOthers).toBe('forbidden role')
  })

  test('that expired does not vanish with what came after it', () => {
    const first = approved(asking())
    const soon = approved(asking({ id: 'x-2' }, huda, [first]), now + 10 * dayMs)
    const late = approved(
      asking({ id: 'x-2', expiresAt: now + 300 * dayMs }, huda, [first], now + 120 * dayMs),
      now + 130 * dayMs,
    )
    const gone = (each: ExemptionAct) => ({ ...each, withdrawnAt: now + 140 * dayMs })
    const standing = (all: readonly ExemptionAct[]) => standingExemptions(all).map(({ id }) => id)
    expect(standing([first, soon])).toEqual(['x-2'])
    expect(exemptionState(first, now + 20 * dayMs, [first, soon])).toBe('replaced')
    // Replaced while it held: it does not come back.
    expect(standing([first, gone(soon)])).toEqual([])
    expect(standing([first, late])).toEqual(['x-2'])
    expect(standing([first, gone(late)])).toEqual(['x-1'])
    expect(exemptionState(first, now + 150 * dayMs, [first, gone(late)])).toBe('expired')
  })
})

const rules = (more: Partial<BaselineRules> = {}): BaselineRules => ({
  ...{ workloads: [licences, mail, moved], isExempt: () => false, all: [] },
  ...more,
})
const proposed = (more: Partial<BaselineRules> = {}, startOn = '2026-10-01', by = huda) =>
  proposeBaseline({ startOn }, by, now, rules(more))

describe('a baseline', () => {
  test('promises what is planned, also what was to have moved before and did', () => {
    expect(proposed()).toEqual({
      ...{ id: '1', startOn: '2026-10-01', requestedBy: 'huda', requestedRole: 'institution' },
      ...{ requestedAt: now, decision: null, withdrawnAt: null },
      workloads: [
        { id: 'licences', weight: 2, finishOn: '2027-06-30' },
        { id: 'mail', weight: 2, finishOn: '2027-03-31' },
        { id: 'portal-site', weight: 2, finishOn: '2026-12-31' },
      ],
    })
    const done = { ...moved, id: 'done', plannedFinish: '2024-03-01' }
    expect(proposed({ workloads: [mail, done] }).workloads.at(-1)).toEqual({
      ...{ id: 'done', weight: 2, finishOn: '2024-03-01' },
    })
  })

  test('leaves out what is exempt', () => {
    const { workloads } = proposed({ isExempt: (id) => id === 'licences' })
    expect(workloads.map(({ id }) => id)).toEqual(['mail', 'portal-site'])
  })

  const both = ['licences.plannedFinish', 'mail.plannedFinish', 'portal-site.plannedFinish']
  const retained = workloadOf({ id: 'archive', strategy: 'retain' })
  test.each<[string, Partial<BaselineRules>, string, string[]]>([
    [
      'everything that has no planned finish, at once',
      { workloads: [workloadOf(), retained, mail] },
      '2026-10-01',
      ['licences.plannedFinish', 'archive.plannedFinish'],
    ],
    ['a finish before the start', {}, '2027-04-01', ['mail.plannedFinish']],
    ['a start before there was a plan', {}, '1990-01-01', both],
    ['a start that is no day', {}, '2026-02-30', ['startOn']],
    ['no workload at all', { workloads: [] }, '2026-10-01', ['workloads']],
    ['nothing that is still to be moved', { isExempt: () => true }, '2026-10-01', ['workloads']],
  ])('is refused for %s', (_name, more, startOn, fields) => {
    const act = () => proposed(more, startOn)
    expect(broken(act)).toBe('invalid incomplete')
    try {
      act()
    } catch (error) {
      const { detail } = error as AppError // as `broken` saw
      const { problems } = detail as { problems: { field: string }[] }
      expect(problems.map(({ field }) => field)).toEqual(fields)
    }
  })

  test('waits alone, and only the approved ones count', () => {
    const open = proposed()
    const first = decideBaseline(open, decision())
    const not = decideBaseline(open, refused)
    expect(broken(() => proposed({ all: [open] }))).toBe('conflict waiting')
    expect(proposed({ all: [first] }).id).toBe('2')
    expect(proposed({ all: [not] }).id).toBe('1')
    expect(proposed({ all: [withdrawBaseline(open, 'ministry', now)] }).id).toBe('1')
    const many = Array.from({ length: baselinesMax }, () => first)
    expect(broken(() => proposed({ all: many }))).toBe('conflict full')
    expect(broken(() => withdrawBaseline(first, 'institution', now))).toBe('conflict closed')
    expect(broken(() => withdrawBaseline(open, 'evaluator', now))).toBe('forbidden role')
    expect([open, first, not].map(baselineState)).toEqual(['open', 'approved', 'refused'])
  })
})

test.each<[string, typeof huda, ReturnType<typeof decision>, string | null]>([
  ['by the ministry', huda, decision(), null],
  ['by the evaluator', huda, decision('nasser', 'evaluator'), null],
  ['by an admin, for the ministry', huda, decision('amal', 'admin'), null],
  ['by the same account', huda, decision('huda', 'evaluator'), 'forbidden second_person'],
  ['by the institution itself', huda, decision('salim', 'institution'), 'forbidden own_body'],
  ['by an auditor', huda, decision('a', 'auditor'), 'forbidden role'],
  ['by the ministry of its own', maryam, decision('noor'), 'forbidden own_body'],
  [
    'by an admin of what the ministry asked',
    maryam,
    decision('amal', 'admin'),
    'forbidden own_body',
  ],
  ['by the evaluator of what an admin asked', amal, decision('n', 'evaluator'), null],
  [
    'by an institution of what the ministry asked',
    maryam,
    decision('huda', 'institution'),
    'forbidden role',
  ],
])('a decision %s', (_name, by, said, rule) => {
  expect(broken(() => decideBaseline(proposed({}, '2026-10-01', by), said))).toBe(rule)
  expect(broken(() => decideExemption(asking({}, by), said))).toBe(rule)
  const isOfRole = rule === null || rule === 'forbidden second_person'
  expect(mayDecideFor(said.role, by.role)).toBe(isOfRole)
})

test('a decision comes once, in time, and not to what was withdrawn', () => {
  expect(broken(() => approved(approved(asking())))).toBe('conflict decided')
  expect(broken(() => approved(asking(), now + 100 * dayMs))).toBe('conflict lapsed')
  expect(broken(() => approved({ ...asking(), withdrawnAt: now }))).toBe('conflict withdrawn')
  const gone = withdrawBaseline(proposed(), 'institution', now)
  expect(broken(() => decideBaseline(gone, decision()))).toBe('conflict withdrawn')
})

describe('the log', () => {
  const register = migrationRegister(now)
  const entry = (
    what: string,
    before: unknown,
    after: unknown,
    more: Partial<Entry> = {},
  ): Entry => ({
    ...{ actor: 'huda', role: 'institution', what, why: 'seen', before, after, effectiveFrom: now },
    ...more,
  })
  const workload = (each: Workload, before: Workload | null = null) =>
    entry(`institution/health/workload/${each.id}`, before, each)
  const [exemption, baseline] = (
    [
      ['exemption', 'x-1'],
      ['baseline', '1'],
    ] as const
  ).map(([kind, id]) => roadmapSubject(kind, { institution: 'health', id })) as [string, string]
  const by = { actor: 'maryam', role: 'ministry' }
  const base = [...register, ...[licences, mail].map((each) => workload(each))]
  const promise = proposed({ workloads: [licences, mail] })
  const frozen = decideBaseline(promise, decision())
  const asks = entry(exemption, null, asking())
  const grants = entry(exemption, asking(), approved(asking()), by)
  const proposes = entry(baseline, null, promise)
  const freezes = entry(baseline, promise, frozen, by)
  const isLicences = (id: string) => id === 'licences'
  const read = (acts: readonly Entry[], at = now) =>
    migrationAt([...base, ...acts], at).get('health')

  test('names what an act is about, and it alone', () => {
    expect(parseRoadmapSubject(exemption)).toEqual({
      ...{ kind: 'exemption', institution: 'health', id: 'x-1' },
    })
    expect(parseRoadmapSubject(`${baseline}/x`)).toBeNull()
    expect(parseRoadmapSubject('institution/health/environment/baseline')).toBeNull()
    expect([exemption, baseline].map(parseSubject)).toEqual([null, null])
  })

  test('is folded into the register of an institution at an instant', () => {
    expect(read([asks, proposes])).toEqual({
      ...{ institution: 'health', workloads: [licences, mail], exemptions: [], baselines: [] },
    })
    const { exemptions, baselines } = read([asks, grants])!
    expect(baselines).toEqual([])
    expect(exemptions).toEqual([
      {
        ...{ id: 'x-1', workload: 'licences', reason: 'the contract ends' },
        ...{ approvedBy: 'maryam', approvedAt: now, expiresAt: now + 100 * dayMs },
      },
    ])
    expect(read([proposes, freezes])?.baselines).toEqual([
      { number: 1, startOn: '2026-10-01', approvedAt: now, workloads: promise.workloads },
    ])
    expect(read([proposes, freezes], now - 1)).toBeUndefined()
    expect(migrationAt([], now).size).toBe(0)
  })

  test('keeps the first baseline whatever is planned and approved afterwards', () => {
    const later = { ...mail, plannedFinish: '2027-12-31' }
    const all = { workloads: [licences, later], all: [frozen] }
    const second = proposed(all)
    const what = roadmapSubject('baseline', { institution: 'health', id: '2' })
    const acts = [
      ...[proposes, freezes, workload(later, mail), entry(what, null, second)],
      entry(what, second, decideBaseline(second, decision()), by),
    ]
    const found = read(acts)!.baselines
    expect(found.map(({ number }) => number)).toEqual([1, 2])
    expect(found[0]).toEqual(read([proposes, freezes])!.baselines[0])
    expect(found[1]!.workloads[1]!.finishOn).toBe('2027-12-31')
  })

  test('gives the number of one that was refused to the next', () => {
    const no = decideBaseline(promise, refused)
    const again = proposed({ workloads: [licences, mail], all: [no] }, '2026-11-01')
    const acts = [proposes, entry(baseline, promise, no, by), entry(baseline, no, again)]
    const found = read([...acts, entry(baseline, again, decideBaseline(again, decision()), by)])!
    expect(found.baselines).toMatchObject([{ number: 1, startOn: '2026-11-01' }])
  })

  test('gives it on after a withdrawal too, by whoever may ask', () => {
    const gone = withdrawBaseline(promise, 'ministry', now)
    const again = proposed({ workloads: [licences, mail], all: [gone] }, '2026-11-01')
    const acts = [proposes, entry(baseline, promise, gone, by), entry(baseline, gone, again)]
    const found = read([...acts, entry(baseline, again, decideBaseline(again, decision()), by)])!
    expect(found.baselines).toMatchObject([{ number: 1, startOn: '2026-11-01' }])
  })

  const promising = (workloads: BaselineAct['workloads']) => ({ ...promise, workloads })
  const forged: [string, Entry[]][] = [
    ['an approval without its proposal', [freezes]],
    ['what is approved already', [entry(baseline, null, frozen)]],
    [
      'a promise that nobody planned',
      [entry(baseline, null, promising([{ id: 'licences', weight: 2, finishOn: '2030-01-01' }]))],
    ],
    [
      'a promise without one of the workloads',
      [entry(baseline, null, promising(promise.workloads.slice(1)))],
    ],
    [
      'another weight',
      [entry(baseline, null, promising(promise.workloads.map((each) => ({ ...each, weight: 1 }))))],
    ],
    ['what is no list', [entry(baseline, null, { ...promise, workloads: { length: 1 } })]],
    ['another number', [entry(baseline.replace(/1$/, '2'), null, { ...promise, id: '2' })]],
    [
      'an approval by the same person',
      [
        proposes,
        entry(baseline, promise, decideBaseline(promise, decision('salim')), {
          ...by,
          actor: 'huda',
        }),
      ],
    ],
    [
      'an approval of its own body',
      [
        proposes,
        entry(
          baseline,
          promise,
          { ...promise, decision: decision('salim', 'institution') },
          {
            actor: 'salim',
          },
        ),
      ],
    ],
    [
      'a change of what is approved',
      [entry(baseline, frozen, { ...frozen, startOn: '2026-11-01' }, by)],
    ],
    ['an exemption of no workload', [entry(exemption, null, { ...asking(), workload: 'none' })]],
    ['one that is approved already', [entry(exemption, null, approved(asking()))]],
    [
      'one of three years',
      [entry(exemption, null, { ...asking(), expiresAt: now + 1096 * dayMs })],
    ],
    ['one with more in it', [entry(exemption, null, { ...asking(), secret: true })]],
    ['one asked in another name', [entry(exemption, null, { ...asking(), requestedBy: 'salim' })]],
    [
      'one that an auditor asked for',
      [entry(exemption, null, { ...asking(), requestedRole: 'auditor' }, { role: 'auditor' })],
    ],
  ]
  test.each(forged)('counts for nothing where it breaks a rule: %s', (_name, acts) => {
    const { exemptions, baselines } = read(acts)!
    expect([exemptions, baselines]).toEqual([[], []])
  })

  test('moves no expiry by a decision or a withdrawal', () => {
    const longer = { ...approved(asking()), expiresAt: now + 700 * dayMs }
    expect(read([asks, entry(exemption, asking(), longer, by)])?.exemptions).toEqual([])
    expect(read([asks, grants])?.exemptions).toHaveLength(1)
    const back = { ...approved(asking()), withdrawnAt: now }
    expect(read([asks, grants, entry(exemption, approved(asking()), back)])?.exemptions).toEqual([])
    const moved = { ...back, expiresAt: now + 1 }
    const tried = read([asks, grants, entry(exemption, approved(asking()), moved)])
    expect(tried?.exemptions).toHaveLength(1)
  })

  test('stands in the log of its institution, told at once, and changes no day', () => {
    const effects = (each: Entry, log = 'health', at = each.effectiveFrom) =>
      effectsOf(log, { ...each, at } as Entry, () => {
        throw new Error('No agent is asked for.')
      })
    expect([asks, grants, proposes, freezes].map((each) => effects(each))).toEqual([[], [], [], []])
    expect(() => effects(asks, 'roads')).toThrow('another log')
    expect(() => effects(asks, 'health', now + 1)).toThrow('another time')
    expect(() => effects(entry(exemption, null, frozen))).toThrow('no exemption')
    expect(() => effects(entry(baseline, null, asking()))).toThrow('no baseline')
    expect(() => effects(entry(baseline, promise, null))).toThrow('no baseline')
    expect(() => effects(entry(`${exemption}0`, null, asking()))).toThrow('no exemption')
  })

  test('whatever an act holds, folding it throws nothing and approves nothing', () => {
    const what = fc.constantFrom(exemption, baseline)
    const value = fc.oneof(
      fc.jsonValue(),
      fc
        .constantFrom<unknown>(asking(), promise, frozen, approved(asking()))
        .chain((known) =>
          fc
            .dictionary(fc.constantFrom(...Object.keys(known as object)), fc.jsonValue())
            .map((more) => ({ ...(known as object), ...more })),
        ),
    )
    const acts = fc.array(fc.tuple(what, value), { maxLength: 4 })
    fc.assert(
      fc.property(acts, (all) => {
        const found = read(all.map(([subject, after]) => entry(subject, null, after)))
        expect([found?.exemptions, found?.baselines]).toEqual([[], []])
      }),
    )
  })

  test('folded on as it grows, and at any instant of it, is the same as folded at once', () => {
    const on = (days: number) => ({ effectiveFrom: now + days * dayMs })
    const held = approved(asking(), now + dayMs)
    const planned = { ...rules({ workloads: [licences, mail] }), isExempt: isLicences }
    const kept = proposeBaseline({ startOn: '2026-10-01' }, huda, now + 2 * dayMs, planned)
    const firm = decideBaseline(kept, decision('maryam', 'ministry', now + 3 * dayMs))
    const given = [
      asks,
      entry(exemption, asking(), held, { ...by, ...on(1) }),
      entry(baseline, null, kept, on(2)),
      entry(baseline, kept, firm, { ...by, ...on(3) }),
    ]
    const all = [...base, ...given]
    const at = fc.integer({ min: -1, max: 5 }).map((days) => now + days * dayMs)
    const asked = fc.array(fc.tuple(fc.nat(given.length), at), { maxLength: 8 })
    const history = registerHistory(all)
    fc.assert(
      fc.property(asked, (questions) => {
        const fold = new MigrationFold()
        for (const [length, instant] of questions.sort(([a], [b]) => a - b)) {
          const known = all.slice(0, base.length + length)
          const found = registersOf(fold.read(known, instant, history))
          expect(found).toEqual(migrationAt(known, instant, history))
        }
      }),
    )
    const whole = migrationAt(all, now + 5 * dayMs).get('health')!
    expect([whole.exemptions.length, whole.baselines.length]).toEqual([1, 1])
  })

  test('of a clock that was set back is folded all the same', () => {
    const [early, late] = ['early', 'late'].map((id) => ({ ...licences, id }))
    const ahead = { ...workload(late!), effectiveFrom: now + 3 * dayMs }
    const all = [...base, ahead, workload(early!)]
    const history = registerHistory(all)
    const found = registersOf(new MigrationFold().read(all, now, history))
    expect(found.get('health')!.workloads.map(({ id }) => id)).toEqual([
      'licences',
      'mail',
      'early',
    ])
    expect(found).toEqual(migrationAt(all, now, history))
  })

  test('is read at once with what the register makes of it', () => {
    const acts = [...base, asks, grants]
    expect(migrationAt(acts, now, registerHistory(acts))).toEqual(migrationAt(acts, now))
  })
})
