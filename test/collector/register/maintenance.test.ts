import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../collector/error.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import { type RegisterHistory, registerHistory } from '../../../collector/register/history.ts'
import {
  decideMaintenance,
  type MaintenanceState,
  type MaintenanceWindow,
  maintenanceState,
  requestMaintenance,
  shortenMaintenance,
  withdrawMaintenance,
} from '../../../collector/register/maintenance.ts'
import {
  foldMaintenance,
  type MaintenanceBook,
  maintenanceSubject,
  maintenanceTouched,
  parseMaintenanceSubject,
} from '../../../collector/register/maintenance-log.ts'
import { settingNames } from '../../../collector/register/names.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'

const now = Date.parse('2027-01-01T06:00:00Z')
const noticeMs = 48 * hourMs
const why = 'new storage'

/** A span in hours from now. */
const hours = (from: number, to: number) => ({ from: now + from * hourMs, to: now + to * hourMs })
const rules = (others: readonly MaintenanceWindow[] = []) => {
  return { noticeMs, timezone: 'Asia/Muscat', others }
}
const asked = (from: number, to: number, others: readonly MaintenanceWindow[] = []) =>
  requestMaintenance({ id: 'm-1', ...hours(from, to), why }, 'huda', now, rules(others))
const approval = { is: 'approved', by: 'maryam', role: 'ministry', at: now, why: 'agreed' } as const
const approved = (window: MaintenanceWindow) => decideMaintenance(window, approval)

/** The rule that broke and what it says, or nothing. */
function broken(act: () => unknown): [string, string, string] | null {
  try {
    act()
    return null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return [error.code, String(error.detail.rule), error.message]
  }
}

describe('a request', () => {
  test('is a window that nobody has decided yet', () => {
    expect(asked(48, 50)).toEqual({
      ...{ id: 'm-1', ...hours(48, 50), why, requestedBy: 'huda', requestedAt: now },
      ...{ decision: null, withdrawnAt: null },
    })
  })

  test.each<[string, [number, number], string, string]>([
    ['ends before it starts', [50, 49], 'invalid order', 'must end after it starts'],
    ['has no length', [50, 50], 'invalid order', 'must end after it starts'],
    ['is not of whole minutes', [50, 50.001], 'invalid minutes', 'whole minutes'],
    ['is longer than any quota', [50, 771], 'invalid length', 'at most 30 days'],
    [
      'comes too late',
      [47.9, 50],
      'invalid notice',
      'Maintenance must be asked for 48 hours before it starts: the earliest start is ' +
        '2027-01-03 10:00 (Asia/Muscat).',
    ],
    [
      'is backdated',
      [-5, 60],
      'invalid past',
      'Maintenance is never entered afterwards: the earliest start is ' +
        '2027-01-03 10:00 (Asia/Muscat).',
    ],
    ['starts in more than a year', [24 * 367, 24 * 367 + 1], 'invalid ahead', '366 days'],
  ])('that %s is refused', (_name, span, rule, sentence) => {
    const refused = broken(() => asked(...span))
    expect(refused?.slice(0, 2).join(' ')).toBe(rule)
    expect(refused?.[2]).toContain(sentence)
  })

  test('may start exactly after the notice, and last a minute or 30 days', () => {
    expect(broken(() => asked(48, 48 + 1 / 60))).toBeNull()
    expect(broken(() => asked(48, 48 + 720))).toBeNull()
    const late = (ms: number) => () =>
      requestMaintenance({ id: 'm-1', ...hours(48, 49), why }, 'huda', now + ms, rules())
    expect(broken(late(0))).toBeNull()
    // The sentence names a start that is then let in.
    expect(broken(late(1))?.[2]).toContain('2027-01-03 10:01')
  })

  const other = { ...asked(50, 60), id: 'm-0' }
  test.each<[string, MaintenanceWindow, [number, number], boolean]>([
    ['over the beginning of another', other, [48, 51], true],
    ['inside another', other, [52, 53], true],
    ['over an approved one', approved(other), [59, 61], true],
    ['right before another', other, [48, 50], false],
    ['right after another', other, [60, 62], false],
    ['over a withdrawn one', withdrawMaintenance(other, now), [50, 60], false],
    [
      'over a refused one',
      decideMaintenance(other, { ...approval, is: 'refused' }),
      [50, 60],
      false,
    ],
  ])('%s', (_name, others, span, refused) => {
    const found = broken(() => asked(...span, [others]))
    expect(found?.slice(0, 2) ?? null).toEqual(refused ? ['conflict', 'overlap'] : null)
    if (refused) expect(found?.[2]).toContain('2027-01-03 12:00 (Asia/Muscat) to 2027-01-03 22:00')
  })

  test('is one of fifty at most that are still to end', () => {
    const others = Array.from({ length: 50 }, (_, i) => asked(100 + i, 101 + i))
    expect(broken(() => asked(48, 49, others))?.[1]).toBe('open')
    expect(broken(() => asked(48, 49, others.slice(1)))).toBeNull()
  })
})

describe('a decision', () => {
  test.each<[string, object, string[] | null]>([
    ['of a second person', {}, null],
    ['of the evaluator', { role: 'evaluator' }, null],
    ['of another admin', { role: 'admin' }, null],
    ['of the one who asked', { by: 'huda' }, ['forbidden', 'second_person']],
    ['of an institution', { role: 'institution' }, ['forbidden', 'role']],
    ['of an auditor', { role: 'auditor' }, ['forbidden', 'role']],
    ['a moment before the start', { at: now + 50 * hourMs - 1 }, null],
    ['at the start', { at: now + 50 * hourMs }, ['conflict', 'lapsed']],
  ])('%s', (_name, more, refused) => {
    const found = broken(() => decideMaintenance(asked(50, 60), { ...approval, ...more }))
    expect(found?.slice(0, 2) ?? null).toEqual(refused)
  })

  test('stands: nobody decides again, and nobody what was withdrawn', () => {
    const again = { ...approval, by: 'salim', is: 'refused' } as const
    expect(broken(() => decideMaintenance(approved(asked(50, 60)), again))?.slice(0, 2)).toEqual([
      'conflict',
      'decided',
    ])
    const gone = withdrawMaintenance(asked(50, 60), now)
    expect(broken(() => decideMaintenance(gone, again))?.slice(0, 2)).toEqual([
      'conflict',
      'withdrawn',
    ])
  })
})

describe('afterwards', () => {
  const window = approved(asked(50, 60))

  test.each<[string, number, number, string | null]>([
    ['before it starts', 55, 0, null],
    ['while it runs', 55, 54, null],
    ['to this moment', 55, 55, null],
    ['to what has passed', 55, 55.5, 'end_passed'],
    ['to nothing', 50, 0, 'order'],
    ['to a part of a minute', 55.001, 0, 'minutes'],
    ['to where it ends', 60, 0, 'extended'],
    ['to a later end', 61, 0, 'extended'],
    ['after it ended', 55, 60, 'closed'],
  ])('it is shortened %s', (_name, to, at, rule) => {
    const act = () => shortenMaintenance(window, now + to * hourMs, now + at * hourMs)
    expect(broken(act)?.[1] ?? null).toBe(rule)
    if (rule === null) expect(act()).toEqual({ ...window, to: now + to * hourMs })
  })

  test('it is withdrawn before it starts and not after', () => {
    expect(withdrawMaintenance(window, now).withdrawnAt).toBe(now)
    expect(broken(() => withdrawMaintenance(window, window.from))?.[1]).toBe('started')
    const gone = withdrawMaintenance(window, now)
    expect(broken(() => withdrawMaintenance(gone, now))?.[1]).toBe('started')
    expect(broken(() => shortenMaintenance(gone, now + 55 * hourMs, now))?.[1]).toBe('closed')
  })

  test.each<[MaintenanceState, MaintenanceWindow, number]>([
    ['requested', asked(50, 60), 49],
    ['lapsed', asked(50, 60), 50],
    ['approved', window, 49],
    ['under_way', window, 50],
    ['over', window, 60],
    ['withdrawn', withdrawMaintenance(window, now), 55],
    ['refused', decideMaintenance(asked(50, 60), { ...approval, is: 'refused' }), 55],
  ])('it is %s', (state, each, at) => {
    expect(maintenanceState(each, now + at * hourMs)).toBe(state)
  })
})

test('a subject names its window, and nothing else is taken for one', () => {
  const key = { institution: 'health', environment: 'portal', id: 'm-1' }
  expect(parseMaintenanceSubject(maintenanceSubject(key))).toEqual(key)
  for (const what of ['institution/health', 'institution/a/environment/b', 'x/maintenance/y']) {
    expect(parseMaintenanceSubject(what)).toBeNull()
  }
})

describe('the log', () => {
  const key = { institution: 'health', environment: 'portal', id: 'm-1' }
  const what = maintenanceSubject(key)
  /** A policy in force long before, as far as the fold asks for it. */
  const values: Record<string, unknown> = { maintenanceNoticeHours: 48, timezone: 'Asia/Muscat' }
  const policy: Entry[] = settingNames.map((name) => ({
    ...{ actor: 'collector', role: 'admin', what: `policy/${name}`, why: 'start', before: null },
    ...{ after: { value: values[name] ?? null }, effectiveFrom: now - 100 * dayMs },
  }))
  const history: RegisterHistory = registerHistory(policy)

  type Step = Partial<Entry> & { after: MaintenanceWindow }
  const entry = (before: MaintenanceWindow | null, step: Step): Entry => ({
    ...{ actor: 'huda', role: 'institution', what, why, before, effectiveFrom: now },
    ...step,
  })
  const request = entry(null, { after: asked(50, 60) })
  const approve = entry(asked(50, 60), {
    ...{ actor: 'maryam', role: 'ministry', why: 'agreed', after: approved(asked(50, 60)) },
  })
  const shorten = entry(approved(asked(50, 60)), {
    after: { ...approved(asked(50, 60)), to: now + 55 * hourMs },
  })
  const read = (entries: readonly Entry[]) =>
    foldMaintenance(new Map(), [...policy, ...entries], history).get('health/portal') ?? []

  test('says what became of a window, however far it is read', () => {
    expect(read([])).toEqual([])
    expect(read([request])).toEqual([request.after])
    expect(read([request, approve])).toEqual([approve.after])
    expect(read([request, approve, shorten])).toEqual([shorten.after])
  })

  const forged = (change: object) => ({ ...asked(50, 60), ...change }) as MaintenanceWindow
  test.each<[string, Entry[], number]>([
    ['an approval without the request', [approve], 0],
    ['a request that is approved already', [entry(null, { after: approved(asked(50, 60)) })], 0],
    ['one by the same person', [request, { ...approve, actor: 'huda' }], 1],
    ['one in a role that decides nothing', [request, { ...approve, role: 'auditor' }], 1],
    ['one that names another than who acted', [request, { ...approve, actor: 'salim' }], 1],
    ['one after the start', [request, { ...approve, effectiveFrom: now + 50 * hourMs }], 1],
    [
      'a request without the notice',
      [{ ...request, effectiveFrom: now + 3 * hourMs, after: forged({ requestedAt: now }) }],
      0,
    ],
    ['a request that says an earlier time', [{ ...request, effectiveFrom: now + hourMs }], 0],
    ['one with more in it', [entry(null, { after: forged({ secret: true }) })], 0],
    ['one of another kind', [{ ...request, after: { id: 'm-1' } }], 0],
    ['one with another id', [entry(null, { after: forged({ id: 'm-2' }) })], 0],
    [
      'a longer end',
      [request, entry(asked(50, 60), { after: forged({ to: now + 70 * hourMs }) })],
      1,
    ],
    [
      'another start',
      [request, entry(asked(50, 60), { after: forged({ from: now + 49 * hourMs }) })],
      1,
    ],
  ])('counts for nothing where it breaks a rule: %s', (_name, entries, kept) => {
    expect(read(entries)).toEqual(kept === 0 ? [] : [request.after])
  })

  test('a request over another one counts for nothing, whoever wrote it', () => {
    const second = {
      ...request,
      what: maintenanceSubject({ ...key, id: 'm-2' }),
      after: { ...asked(55, 65), id: 'm-2' },
    }
    expect(read([request, second])).toEqual([request.after])
    expect(read([second, request])).toEqual([second.after])
  })

  test('names the days that an act may change: none before anything is approved', () => {
    expect(maintenanceTouched(request)).toEqual([])
    expect(maintenanceTouched(approve)).toHaveLength(2)
    expect(maintenanceTouched(shorten)).toEqual([hours(50, 60), hours(50, 55)])
    expect(() => maintenanceTouched({ before: null, after: 'soon' })).toThrow()
  })

  test('whatever people try, in whatever order: reading it again gives what stood', () => {
    const act = fc.record({
      is: fc.constantFrom('request', 'approve', 'refuse', 'shorten', 'withdraw'),
      id: fc.constantFrom('m-1', 'm-2', 'm-3'),
      actor: fc.constantFrom('huda', 'maryam'),
      passed: fc.nat(40),
      from: fc.integer({ min: 40, max: 120 }),
      length: fc.integer({ min: 1, max: 40 }),
    })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        const entries: Entry[] = []
        let windows: MaintenanceWindow[] = []
        const book: MaintenanceBook = new Map()
        let at = now
        for (const each of acts) {
          at += each.passed * 15 * minuteMs
          const before = windows.find(({ id }) => id === each.id) ?? null
          const role = each.actor === 'huda' ? 'institution' : 'ministry'
          let after: MaintenanceWindow
          try {
            after = tried(each, before, windows, role, at)
          } catch (error) {
            if (error instanceof AppError) continue
            throw error
          }
          const subject = maintenanceSubject({ ...key, id: each.id })
          const more = { actor: each.actor, role, why, effectiveFrom: at }
          entries.push({ ...more, what: subject, before, after })
          windows = [...windows.filter(({ id }) => id !== each.id), after]
          const byId = (all: readonly MaintenanceWindow[]) => new Set(all)
          expect(byId(read(entries))).toEqual(byId(windows))
          foldMaintenance(book, entries.slice(-1), history)
          expect(byId(book.get('health/portal') ?? [])).toEqual(byId(windows))
        }
        // No window was ever extended, and none is approved by who asked for it.
        for (const { before, after } of entries) {
          const [old, fresh] = [before, after] as [MaintenanceWindow | null, MaintenanceWindow]
          if (old) expect([fresh.from, fresh.to <= old.to]).toEqual([old.from, true])
          expect(fresh.decision?.by).not.toBe(fresh.requestedBy)
        }
      }),
    )
  })

  type Tried = { is: string; id: string; actor: string; from: number; length: number }
  function tried(
    { is, id, actor, from, length }: Tried,
    known: MaintenanceWindow | null,
    windows: readonly MaintenanceWindow[],
    role: string,
    at: number,
  ): MaintenanceWindow {
    if (is === 'request' && !known) {
      const others = windows
      return requestMaintenance(
        { id, ...hours(from, from + length), why },
        actor,
        at,
        rules(others),
      )
    }
    if (!known) throw new AppError('not_found', 'nothing')
    if (is === 'shorten') return shortenMaintenance(known, known.from + length * hourMs, at)
    if (is === 'withdraw') return withdrawMaintenance(known, at)
    const decision = is === 'approve' ? 'approved' : 'refused'
    return decideMaintenance(known, { is: decision, by: actor, role, at, why })
  }
})
