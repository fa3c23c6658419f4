import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../collector/error.ts'
import { effectsOf } from '../../../collector/evidence/effects.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import {
  type Claim,
  type Dispute,
  type DisputeDecision,
  type DisputeRules,
  type DisputeState,
  decideDispute,
  decidedSpans,
  disputeState,
  neverFrozen,
  requestDispute,
  withdrawDispute,
} from '../../../collector/register/disputes.ts'
import {
  type DisputeBook,
  disputeSubject,
  foldDisputes,
  parseDisputeSubject,
} from '../../../collector/register/disputes-log.ts'
import { type RegisterHistory, registerHistory } from '../../../collector/register/history.ts'
import { settingNames } from '../../../collector/register/names.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'

const now = Date.parse('2027-01-01T06:00:00Z')
const why = 'the probe was wrong'
const up: Claim = { state: 'up', cause: null }
const emergency: Claim = { state: 'down', cause: 'emergency_maintenance' }
const never = neverFrozen(now)

/** A span in hours before now. */
const ago = (from: number, to: number) => ({ from: now - from * hourMs, to: now - to * hourMs })
const cycle = { from: Date.parse('2026-09-30T20:00Z'), to: Date.parse('2027-03-31T20:00Z') }
const rules: DisputeRules = {
  ...{ cycleAt: () => cycle, freezeMs: 10 * dayMs, frozenThrough: never, others: [] },
  ...{ inScope: [{ from: cycle.from, to: Number.POSITIVE_INFINITY }], timezone: 'Asia/Muscat' },
}
const asked = (from: number, to: number, more: Partial<DisputeRules> = {}, claim = up, at = now) =>
  requestDispute({ id: 'd-1', ...ago(from, to), claim, why, evidenceSha256: null }, 'huda', at, {
    ...rules,
    ...more,
  })
const grant = (granted: DisputeDecision['granted']): DisputeDecision => ({
  ...{ is: 'approved', by: 'nasser', role: 'evaluator', at: now, why: 'the logs show it' },
  ...{ granted, before: null },
})
const refusal: DisputeDecision = { ...grant(null), is: 'refused' }
const whole = ({ from, to, claim }: Dispute) => ({ from, to, ...claim })
const granted = (dispute: Dispute) => decideDispute(dispute, grant(whole(dispute)), never)

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

describe('a dispute', () => {
  test('is open until the evaluator decides', () => {
    expect(asked(5, 3)).toEqual({
      ...{ id: 'd-1', ...ago(5, 3), claim: up, why, evidenceSha256: null, requestedBy: 'huda' },
      ...{ requestedAt: now, decision: null, withdrawnAt: null },
    })
    expect(disputeState(asked(5, 3), never)).toBe('open')
  })

  const frozen = { frozenThrough: cycle.to }
  test.each<[string, () => unknown, string | null]>([
    ['to this moment', () => asked(1, 0), null],
    ['of thirty days', () => asked(720, 0), null],
    ['of a minute', () => asked(1, 1 - 1 / 60), null],
    ['that ends before it starts', () => asked(3, 5), 'invalid order'],
    ['of no time', () => asked(3, 3), 'invalid order'],
    ['that is not of whole minutes', () => asked(3, 1.001), 'invalid minutes'],
    ['of what has not passed', () => asked(1, -1), 'invalid future'],
    ['of more than thirty days', () => asked(721, 0), 'invalid length'],
    ['over the end of a cycle', () => asked(3, 1, { cycleAt: () => ago(9, 2) }), 'invalid cycle'],
    ['of a frozen cycle', () => asked(3, 1, frozen), 'conflict frozen'],
    [
      'of a cycle that ended ten days ago',
      () => asked(3, 1, { cycleAt: () => ago(9, 0) }, up, now + 10 * dayMs),
      'conflict late',
    ],
    [
      'of a cycle that ended a moment less ago',
      () => asked(3, 1, { cycleAt: () => ago(9, 0) }, up, now + 10 * dayMs - 1),
      null,
    ],
    ['before the environment was', () => asked(3, 1, { inScope: [ago(2, 0)] }), 'invalid scope'],
    ['of unknown time without a cause', () => asked(3, 1, {}, { ...up, state: 'unknown' }), null],
    [
      'of time down without a cause',
      () => asked(3, 1, {}, { ...up, state: 'down' }),
      'invalid cause',
    ],
    ['of time up with a cause', () => asked(3, 1, {}, { ...up, cause: 'host' }), 'invalid cause'],
    ['that names emergency work', () => asked(3, 1, {}, emergency), null],
    [
      'of emergency work without an outage',
      () => asked(3, 1, {}, { ...emergency, state: 'unknown' }),
      'invalid emergency',
    ],
    [
      'with evidence that is no hash',
      () => requestDispute({ ...asked(3, 1), evidenceSha256: 'AB'.repeat(32) }, 'huda', now, rules),
      'invalid evidence',
    ],
  ])('%s: %#', (_name, act, rule) => {
    expect(broken(act)).toBe(rule)
  })

  const other = { ...asked(6, 2), id: 'd-0' }
  const part = decideDispute(other, grant({ ...whole(other), ...ago(4, 2) }), never)
  test.each<[string, Dispute, [number, number], string | null]>([
    ['over an open one', other, [3, 1], 'conflict overlap'],
    ['over a granted one', granted(other), [3, 1], 'conflict overlap'],
    ['over what was granted of one', part, [3, 1], 'conflict overlap'],
    ['over what was not granted of one', part, [6, 4], null],
    ['right after one', other, [2, 1], null],
    ['over a refused one', decideDispute(other, refusal, never), [3, 1], null],
    ['over a withdrawn one', withdrawDispute(other, now), [3, 1], null],
  ])('%s', (_name, each, span, rule) => {
    expect(broken(() => asked(...span, { others: [each] }))).toBe(rule)
  })

  test('is one of fifty at most that nobody has decided', () => {
    const others = Array.from({ length: 50 }, (_, i) => asked(100 + i, 99 + i))
    expect(broken(() => asked(3, 1, { others }))).toBe('conflict open')
    expect(broken(() => asked(3, 1, { others: others.slice(1) }))).toBeNull()
    // Nobody waits for what a freeze settled.
    expect(broken(() => asked(3, 1, { others, frozenThrough: ago(4, 3).from }))).toBeNull()
  })
})

describe('a decision', () => {
  const open = asked(6, 2)
  const decided = (more: object, through = never) =>
    broken(() => decideDispute(open, { ...grant(whole(open)), ...more }, through))

  test.each<[string, string | null]>([
    ['evaluator', null],
    ['admin', 'forbidden role'],
    ['ministry', 'forbidden role'],
    ['institution', 'forbidden role'],
    ['auditor', 'forbidden role'],
  ])('of the role %s', (role, rule) => {
    expect(decided({ role })).toBe(rule)
  })

  test('is made once, by another account, before the freeze, and not of what was withdrawn', () => {
    expect(decided({ by: 'huda' })).toBe('forbidden second_person')
    expect(decided({}, open.from + 1)).toBe('conflict frozen')
    expect(broken(() => decideDispute(granted(open), refusal, never))).toBe('conflict decided')
    const gone = withdrawDispute(open, now)
    expect(broken(() => decideDispute(gone, refusal, never))).toBe('conflict withdrawn')
    expect(broken(() => withdrawDispute(gone, now))).toBe('conflict closed')
    expect(broken(() => withdrawDispute(granted(open), now))).toBe('conflict closed')
  })

  test.each<[string, object | null, string | null]>([
    ['the whole', whole(open), null],
    ['a part', { ...up, ...ago(5, 3) }, null],
    ['less than up', { ...ago(6, 2), state: 'unknown', cause: 'agent' }, null],
    ['an outage with its cause', { ...ago(6, 2), state: 'down', cause: 'network' }, null],
    ['more time', { ...up, ...ago(7, 3) }, 'invalid beyond'],
    ['later time', { ...up, ...ago(3, 1) }, 'invalid beyond'],
    ['no time', { ...up, ...ago(3, 3) }, 'invalid order'],
    ['a part of a minute', { ...up, ...ago(5, 3.001) }, 'invalid minutes'],
    ['an outage without a cause', { ...ago(6, 2), state: 'down', cause: null }, 'invalid cause'],
    ['nothing', null, 'invalid part'],
  ])('grants %s', (_name, part, rule) => {
    expect(decided({ granted: part })).toBe(rule)
  })

  test('grants no better state than was claimed', () => {
    const down = asked(6, 2, {}, emergency)
    expect(broken(() => decideDispute(down, grant({ ...whole(down), ...up }), never))).toBe(
      'invalid beyond',
    )
    expect(decidedSpans([granted(down)])).toEqual([{ id: 'd-1', ...ago(6, 2), ...emergency }])
    expect(broken(() => decideDispute(down, { ...refusal, granted: whole(down) }, never))).toBe(
      'invalid part',
    )
  })

  test.each<[DisputeState, Dispute, number]>([
    ['open', open, open.from],
    ['lapsed', open, open.from + 1],
    ['granted', granted(open), open.to],
    ['granted_in_part', decideDispute(open, grant({ ...up, ...ago(5, 2) }), never), never],
    ['refused', decideDispute(open, refusal, never), never],
    ['withdrawn', withdrawDispute(open, now), open.to],
  ])('leaves it %s', (state, dispute, through) => {
    expect(disputeState(dispute, through)).toBe(state)
  })
})

describe('the log', () => {
  const key = { institution: 'health', environment: 'portal', id: 'd-1' }
  const what = disputeSubject(key)
  const values: Record<string, unknown> = {
    ...{ timezone: 'Asia/Muscat', freezeDays: 10, cycleMonths: { april: 10, october: 4 } },
  }
  const begin = (subject: string, after: unknown): Entry => ({
    ...{ actor: 'collector', role: 'admin', what: subject, why: 'start', before: null, after },
    effectiveFrom: now - 60 * dayMs,
  })
  const register = [
    ...settingNames.map((name) => begin(`policy/${name}`, { value: values[name] ?? null })),
    begin('institution/health/environment/portal', { id: 'portal' }),
  ]
  const history: RegisterHistory = registerHistory(register)
  const entry = (before: Dispute | null, after: unknown, more: Partial<Entry> = {}): Entry => ({
    ...{ actor: 'huda', role: 'institution', what, why, before, after, effectiveFrom: now },
    ...more,
  })
  const nasser = { actor: 'nasser', role: 'evaluator', why: 'the logs show it' }
  const request = entry(null, asked(6, 2))
  const before = {
    ...{ cycle: '2027-04', asOf: now - hourMs },
    environment: { low: { ratio: 0.9, percent: '90.00' }, high: null },
    institution: { low: null, high: null },
  }
  const after = decideDispute(asked(6, 2), { ...grant(whole(asked(6, 2))), before }, never)
  const decide = entry(asked(6, 2), after, nasser)
  const read = (entries: readonly Entry[], through = neverFrozen) =>
    foldDisputes(new Map(), [...register, ...entries], history, through).get('health/portal') ?? []

  test('says what became of a dispute, and a subject names it alone', () => {
    expect(parseDisputeSubject(what)).toEqual(key)
    expect(parseDisputeSubject(what.replace('dispute', 'maintenance'))).toBeNull()
    expect(read([request])).toEqual([request.after])
    expect(read([request, decide])).toEqual([after])
    const gone = withdrawDispute(asked(6, 2), now)
    expect(read([request, entry(asked(6, 2), gone)])).toEqual([gone])
  })

  const forged = (change: object) => ({ ...asked(6, 2), ...change })
  const decidedAs = (change: object) => ({
    ...decide,
    after: { ...after, decision: { ...after.decision, ...change } },
  })
  test.each<[string, Entry[], number]>([
    ['a decision without the dispute', [decide], 0],
    ['a dispute that is decided already', [entry(null, after)], 0],
    ['a decision by the same person', [request, { ...decide, actor: 'huda' }], 1],
    ['one of the ministry', [request, { ...decide, role: 'ministry' }], 1],
    ['one that names another than who acted', [request, { ...decide, actor: 'salim' }], 1],
    ['one of more than was claimed', [request, decidedAs({ granted: { ...up, ...ago(9, 2) } })], 1],
    ['one with more in it', [request, decidedAs({ secret: true })], 1],
    ['one with more in its figures', [request, decidedAs({ before: { ...before, x: 1 } })], 1],
    ['one whose figures are none', [request, decidedAs({ before: { ...before, asOf: -1 } })], 1],
    ['one that grants nothing by approving', [request, decidedAs({ granted: null })], 1],
    ['a state that is none', [entry(null, forged({ claim: { state: 'fine', cause: null } }))], 0],
    ['a cause that is none', [entry(null, forged({ claim: { state: 'down', cause: 'us' } }))], 0],
    ['time to come', [entry(null, forged({ to: now + hourMs }))], 0],
    ['a time no calendar has', [entry(null, forged({ from: 8.64e15 - 60_000, to: 8.64e15 }))], 0],
    ['another environment', [{ ...request, what: what.replace('portal', 'other') }], 0],
    ['a claim changed afterwards', [request, entry(asked(6, 2), forged({ claim: emergency }))], 1],
    ['a time changed afterwards', [request, entry(asked(6, 2), forged(ago(7, 2)))], 1],
  ])('counts for nothing where it breaks a rule: %s', (_name, entries, kept) => {
    expect(read(entries)).toEqual(kept === 0 ? [] : [request.after])
  })

  test('what was decided before the freeze stays, what comes after it counts for nothing', () => {
    const frozenAt = (at: number) => (asOf: number) => (asOf >= at ? cycle.to : 0)
    const late = { ...decide, effectiveFrom: now + dayMs }
    const decision = { ...after.decision!, at: now + dayMs }
    const entries = [request, { ...late, after: { ...after, decision } }]
    expect(read(entries, frozenAt(now + 2 * dayMs))[0]?.decision).toEqual(decision)
    expect(read(entries, frozenAt(now + dayMs))[0]?.decision).toBeNull()
    expect(read([request], frozenAt(now))).toEqual([])
  })

  test('a granted dispute has its days derived again, and nothing else has', () => {
    const effects = (each: Entry, log = 'health') =>
      effectsOf(log, { ...each, at: each.effectiveFrom } as Entry, () => {
        throw new Error('No agent is asked for.')
      })
    const place = { kind: 'dirty-day', institution: 'health', environment: 'portal' }
    expect(effects(request)).toEqual([])
    expect(effects(decide)).toEqual([{ ...place, day: Date.parse('2027-01-01T00:00Z') }])
    expect(effects(decidedAs({ is: 'refused', granted: null }))).toEqual([])
    expect(() => effects(decide, 'roads')).toThrow('another log')
    expect(() => effects({ ...decide, after: { id: 'd-1' } })).toThrow('no dispute')
    expect(() => effects(decidedAs({ granted: 'all' }))).toThrow('no dispute')
  })

  test('whatever people try, in whatever order: reading it again gives what stood', () => {
    const act = fc.record({
      is: fc.constantFrom('request', 'grant', 'refuse', 'withdraw'),
      id: fc.constantFrom('d-1', 'd-2', 'd-3'),
      actor: fc.constantFrom('huda', 'nasser'),
      from: fc.integer({ min: 1, max: 40 }),
      length: fc.integer({ min: 1, max: 20 }),
      cut: fc.nat(3),
      claim: fc.constantFrom(up, emergency),
    })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
        const entries: Entry[] = []
        const book: DisputeBook = new Map()
        let all: Dispute[] = []
        let at = now
        for (const { is, id, actor, from, length, cut, claim } of acts) {
          at += 15 * minuteMs
          const known = all.find((each) => each.id === id) ?? null
          const role = actor === 'huda' ? 'institution' : 'evaluator'
          const make = (): Dispute | null => {
            if (is === 'request' && !known) {
              const span = ago(from, from - length)
              const given = { id, ...span, claim, why, evidenceSha256: null }
              return requestDispute(given, actor, at, { ...rules, others: all })
            }
            if (!known || is === 'request') return null
            if (is === 'withdraw') return withdrawDispute(known, at)
            const part = { ...whole(known), from: known.from + cut * hourMs }
            const base = is === 'grant' ? grant(part) : refusal
            return decideDispute(known, { ...base, by: actor, role, at, why }, never)
          }
          let made: Dispute | null = null
          if (broken(() => (made = make())) !== null || !made) continue
          const next: Dispute = made
          const subject = disputeSubject({ ...key, id })
          entries.push(entry(known, next, { actor, role, why, what: subject, effectiveFrom: at }))
          all = [...all.filter((each) => each.id !== id), next]
          foldDisputes(book, entries.slice(-1), history, neverFrozen)
          expect(new Set(book.get('health/portal'))).toEqual(new Set(all))
          expect(new Set(read(entries))).toEqual(new Set(all))
        }
        // What is granted is sorted and disjoint, and inside what was asked for.
        const spans = decidedSpans(all)
        spans.forEach((span, i) => {
          expect(span.from).toBeGreaterThanOrEqual(spans[i - 1]?.to ?? 0)
          const dispute = all.find(({ id }) => id === span.id)!
          expect(span.from >= dispute.from && span.to <= dispute.to).toBe(true)
        })
      }),
    )
  })
})
