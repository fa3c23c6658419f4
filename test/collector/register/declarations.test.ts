import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../collector/error.ts'
import { effectsOf } from '../../../collector/evidence/effects.ts'
import {
  type AskedDeclaration,
  type Declaration,
  type DeclarationRules,
  type DeclarationState,
  type DeclaredAbout,
  declarationState,
  declarationsOpenMax,
  mayReview,
  requestDeclaration,
  reviewDeclaration,
  withdrawDeclaration,
} from '../../../collector/register/declarations.ts'
import {
  type DeclarationBook,
  declarationRules,
  declarationSubject,
  declarationsAt,
  declaredIn,
  foldDeclarations,
  parseDeclarationSubject,
} from '../../../collector/register/declarations-log.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import { registerHistory } from '../../../collector/register/history.ts'
import { parseSubject } from '../../../collector/register/subject.ts'
import { dayMs, hourMs } from '../../../protocol/time.ts'

const now = Date.parse('2027-01-01T06:00:00Z')
const huda = { id: 'huda', role: 'institution' }
const rules: DeclarationRules = { daysMax: 365, isRegistered: () => true, all: [] }
const metric = (name: string, value: unknown = true) =>
  ({ kind: 'metric', metric: name, value }) as DeclaredAbout // also what no type allows
const trained = metric('operations.trained_staff')
const restore = metric('backup.restore_age_days', 10)
const waiver: DeclaredAbout = { kind: 'waiver', criterion: 'E3' }
const noDisk: DeclaredAbout = { kind: 'not_applicable', metric: 'disk.healthy' }
const evidenceSha256 = 'ab'.repeat(32)

const asked = (about: DeclaredAbout, more: Partial<AskedDeclaration & { id: string }> = {}) => ({
  ...{ id: 'c-1', environment: null, about, evidenceSha256 },
  ...{ detail: 'certificate 12', expiresAt: now + 100 * dayMs },
  ...more,
})
const declared = (
  about: DeclaredAbout = trained,
  more: Partial<AskedDeclaration & { id: string }> = {},
  by = huda,
  rest: Partial<DeclarationRules> = {},
) => requestDeclaration(asked(about, more), by, now, { ...rules, ...rest })
const decision = (by = 'maryam', role = 'ministry', at = now) => ({
  ...({ is: 'approved', by, role, at, why: 'seen' } as const),
})
const verified = (declaration: Declaration) => reviewDeclaration(declaration, decision())

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

describe('a declaration', () => {
  test('waits for a review', () => {
    const { id: _id, ...made } = declared()
    expect(made).toEqual({
      ...{ environment: null, about: trained, evidenceSha256, detail: 'certificate 12' },
      ...{ expiresAt: now + 100 * dayMs, requestedBy: 'huda', requestedRole: 'institution' },
      ...{ requestedAt: now, decision: null, withdrawnAt: null },
    })
    expect(declarationState(declared(), now, [declared()])).toBe('open')
  })

  const portal = { environment: 'portal' }
  test.each<[string, DeclaredAbout, object, string | null]>([
    ['a metric of the institution', trained, {}, null],
    ['that something is not so', metric('operations.tender_scope', false), {}, null],
    ['a metric of an environment', restore, portal, null],
    ['a waiver', waiver, {}, null],
    ['that a metric of hosts does not apply', noDisk, portal, null],
    ['an unknown metric', metric('os.colour'), {}, 'invalid metric'],
    ['a name that every object has', metric('constructor'), {}, 'invalid metric'],
    ['what is measured', metric('firewall.on'), portal, 'invalid measured'],
    [
      'that what is declared does not apply',
      { ...trained, kind: 'not_applicable' } as never,
      {},
      'invalid applies',
    ],
    ['a number where it is yes or no', metric('operations.trained_staff', 1), {}, 'invalid value'],
    [
      'a word where it is yes or no',
      metric('operations.trained_staff', 'true'),
      {},
      'invalid value',
    ],
    ['yes where it is a number', metric('backup.restore_age_days', true), portal, 'invalid value'],
    ['a negative number', metric('backup.restore_age_days', -1), portal, 'invalid value'],
    ['half a day', metric('backup.restore_age_days', 0.5), portal, 'invalid value'],
    [
      'more than a hundred years',
      metric('backup.restore_age_days', 36_501),
      portal,
      'invalid value',
    ],
    ['no number', metric('backup.restore_age_days', Number.NaN), portal, 'invalid value'],
    ['no value', metric('operations.trained_staff', null), {}, 'invalid value'],
    ['an environment’s without one', restore, {}, 'invalid of_environment'],
    ['the institution’s of an environment', trained, portal, 'invalid of_institution'],
    ['a waiver of an environment', waiver, portal, 'invalid of_institution'],
    ['a host’s without an environment', noDisk, {}, 'invalid of_environment'],
    ['a criterion that cannot be', { ...waiver, criterion: 'E21' }, {}, 'invalid criterion'],
    ['evidence that is no hash', trained, { evidenceSha256: 'report.pdf' }, 'invalid evidence'],
    ['evidence in upper case', trained, { evidenceSha256: 'AB'.repeat(32) }, 'invalid evidence'],
    ['what has expired', trained, { expiresAt: now }, 'invalid expired'],
    ['for a year', trained, { expiresAt: now + 365 * dayMs }, null],
    ['for longer', trained, { expiresAt: now + 365 * dayMs + 1 }, 'invalid too_long'],
  ])('%s', (_name, about, more, rule) => {
    expect(broken(() => declared(about, more))).toBe(rule)
  })

  test('is of what is registered, and one of each subject waits', () => {
    const of = (rest: Partial<DeclarationRules>, more = {}) =>
      broken(() => declared(trained, { id: 'c-9', ...more }, huda, rest))
    expect(of({ isRegistered: () => false })).toBe('not_found undefined')
    expect(of({ all: [declared()] })).toBe('conflict waiting')
    expect(of({ all: [verified(declared())] })).toBeNull()
    expect(of({ all: [declared(waiver)] })).toBeNull()
    expect(of({ all: [withdrawDeclaration(declared(), now, [declared()])] })).toBeNull()
    const many = Array.from({ length: declarationsOpenMax }, (_, i) =>
      declared(restore, { id: `c-${i}`, environment: `e-${i}` }),
    )
    expect(of({ all: many })).toBe('conflict open')
    expect(of({ all: many.slice(1) })).toBeNull()
    expect(of({ daysMax: 99 })).toBe('invalid too_long')
  })
})

describe('a review', () => {
  const admin = { id: 'amal', role: 'admin' }
  test.each<[string, typeof huda, ReturnType<typeof decision>, string | null]>([
    ['by the ministry', huda, decision(), null],
    ['by the evaluator', huda, decision('nasser', 'evaluator'), null],
    ['by the same account', huda, decision('huda', 'evaluator'), 'forbidden second_person'],
    ['by the institution itself', huda, decision('salim', 'institution'), 'forbidden own_body'],
    ['by an admin', huda, decision('amal', 'admin'), 'forbidden role'],
    ['by an auditor', huda, decision('a', 'auditor'), 'forbidden role'],
    ['by the ministry of what its admin declared', admin, decision(), 'forbidden own_body'],
    ['by the evaluator of what an admin declared', admin, decision('n', 'evaluator'), null],
    ['after it expired', huda, decision('m', 'ministry', now + 100 * dayMs), 'conflict lapsed'],
  ])('%s', (_name, by, review, rule) => {
    const declaration = declared(trained, {}, by)
    expect(broken(() => reviewDeclaration(declaration, review))).toBe(rule)
    // The page offers what the rules allow: whether it is still in time and who asked aside.
    const isOfRole = rule === null || ['conflict lapsed', 'forbidden second_person'].includes(rule)
    expect(mayReview(review.role, declaration)).toBe(isOfRole)
  })

  test('is the only one, and not of what was withdrawn', () => {
    expect(broken(() => verified(verified(declared())))).toBe('conflict decided')
    const gone = withdrawDeclaration(declared(), now, [declared()])
    expect(broken(() => verified(gone))).toBe('conflict withdrawn')
  })
})

test.each<[DeclarationState, Declaration, number, string | null]>([
  ['open', declared(), 0, null],
  ['verified', verified(declared()), 0, null],
  ['expired', declared(), 100, 'conflict closed'],
  ['expired', verified(declared()), 100, 'conflict closed'],
  [
    'refused',
    reviewDeclaration(declared(), { ...decision(), is: 'refused' }),
    0,
    'conflict closed',
  ],
  [
    'refused',
    reviewDeclaration(declared(), { ...decision(), is: 'refused' }),
    400,
    'conflict closed',
  ],
  ['withdrawn', { ...declared(), withdrawnAt: now }, 0, 'conflict closed'],
])('%s: what it is, and whether it is withdrawn', (state, declaration, days, rule) => {
  const at = now + days * dayMs
  expect(declarationState(declaration, at, [declaration])).toBe(state)
  expect(broken(() => withdrawDeclaration(declaration, at, [declaration]))).toBe(rule)
})

describe('the log', () => {
  const begin = (subject: string): Entry => ({
    ...{ actor: 'collector', role: 'admin', what: subject, why: 'start', before: null, after: {} },
    effectiveFrom: now - 60 * dayMs,
  })
  const register = [begin('institution/health'), begin('institution/health/environment/portal')]
  const history = registerHistory(register)
  const what = declarationSubject({ institution: 'health', id: 'c-1' })
  const entry = (before: unknown, after: unknown, more: Partial<Entry> = {}): Entry => ({
    ...{ actor: 'huda', role: 'institution', what, why: 'why', before, after, effectiveFrom: now },
    ...more,
  })
  const maryam = { actor: 'maryam', role: 'ministry', why: 'seen' }
  const request = entry(null, declared())
  const review = entry(declared(), verified(declared()), maryam)
  const read = (entries: readonly Entry[]) =>
    foldDeclarations(new Map(), [...register, ...entries], history).get('health') ?? []

  test('says what became of a declaration, and a subject names it alone', () => {
    expect(parseDeclarationSubject(what)).toEqual({ institution: 'health', id: 'c-1' })
    expect(parseDeclarationSubject(`${what}/x`)).toBeNull()
    expect(parseDeclarationSubject('institution/health/environment/declaration')).toBeNull()
    expect(parseSubject(what)).toBeNull()
    expect(read([request])).toEqual([declared()])
    expect(read([request, review])).toEqual([verified(declared())])
  })

  const forged = (change: object) => entry(null, { ...declared(), ...change })
  const reviewedAs = (change: object, more: Partial<Entry> = {}) => {
    const after = verified(declared())
    return { ...review, after: { ...after, decision: { ...after.decision, ...change } }, ...more }
  }
  test.each<[string, Entry[], number]>([
    ['a review without the declaration', [review], 0],
    ['what is verified already', [entry(null, verified(declared()))], 0],
    ['a review by the same person', [request, reviewedAs({ by: 'huda' }, { actor: 'huda' })], 1],
    [
      'one of its own body',
      [request, reviewedAs({ role: 'institution' }, { role: 'institution' })],
      1,
    ],
    ['one of an admin', [request, reviewedAs({ role: 'admin' }, { role: 'admin' })], 1],
    ['one that names another than who acted', [request, { ...review, actor: 'salim' }], 1],
    ['one with more in it', [request, reviewedAs({ secret: true })], 1],
    ['more than is declared', [forged({ secret: true })], 0],
    ['a metric that is none', [forged({ about: metric('os.colour') })], 0],
    ['what is about nothing', [forged({ about: null })], 0],
    ['a value of another type', [forged({ about: metric('operations.trained_staff', 7) })], 0],
    ['two years', [forged({ expiresAt: now + 730 * dayMs })], 0],
    ['an instant that no date has', [forged({ expiresAt: 9e15 })], 0],
    ['another body than who acted', [forged({ requestedRole: 'evaluator' })], 0],
    ['another declarer than who acted', [forged({ requestedBy: 'salim' })], 0],
    ['another institution', [{ ...request, what: what.replace('health', 'roads') }], 0],
    ['an environment that is none', [forged({ environment: 'other', about: restore })], 0],
    ['a value changed afterwards', [request, entry(declared(), { ...declared(), detail: 'x' })], 1],
    [
      'an expiry moved by the review',
      [request, { ...review, after: { ...verified(declared()), expiresAt: now + 200 * dayMs } }],
      1,
    ],
  ])('counts for nothing where it breaks a rule: %s', (_name, entries, kept) => {
    expect(read(entries)).toEqual(kept === 0 ? [] : [declared()])
  })

  test('changes no day, and stands in the log of its institution, told at once', () => {
    const effects = (each: Entry, log = 'health', at = each.effectiveFrom) =>
      effectsOf(log, { ...each, at } as Entry, () => {
        throw new Error('No agent is asked for.')
      })
    expect([effects(request), effects(review)]).toEqual([[], []])
    expect(() => effects(request, 'roads')).toThrow('another log')
    expect(() => effects(request, 'health', now + 1)).toThrow('another time')
    expect(() => effects({ ...review, after: { id: 'c-1' } })).toThrow('no declaration')
    expect(() => effects({ ...review, before: { id: 'c-1' } })).toThrow('no declaration')
    expect(() => effects(entry(declared(), null))).toThrow('no declaration')
  })

  test('at an instant: what is in force, verified or claimed, and grows older', () => {
    const made = declared(restore, { environment: 'portal' })
    const checked = reviewDeclaration(made, decision('maryam', 'ministry', now + 5 * dayMs))
    const acts = [
      ...[...register, entry(null, made)],
      entry(made, checked, { ...maryam, effectiveFrom: now + 5 * dayMs }),
    ]
    const at = (days: number, entries = acts) =>
      (declarationsAt(entries, now + days * dayMs).get('health') ?? []).map(
        ({ about, isVerified }) => [about.kind === 'metric' && about.value, isVerified],
      )
    expect(at(-1)).toEqual([])
    expect(at(0)).toEqual([[10, false]])
    // The age grows at midnight, UTC, which is 18 hours after the declaration.
    expect(at(4.7)).toEqual([[14, false]])
    expect(at(4.8)).toEqual([[15, false]])
    expect(at(30)).toEqual([[40, true]])
    expect(at(100)).toEqual([])
    expect(at(100 - 1 / 24)).toEqual([[110, true]])
  })

  test('a renewal takes the place of what it renews when it is reviewed, not before', () => {
    const first = verified(declared())
    const second = declared({ ...trained, value: false } as DeclaredAbout, { id: 'c-2' }, huda, {
      all: [first],
    })
    const values = (all: readonly Declaration[], at = now) =>
      (declaredIn(new Map([['health', all]]), at).get('health') ?? []).map(({ id }) => id)
    expect(values([first, second])).toEqual(['c-1'])
    expect(values([first, verified(second)])).toEqual(['c-2'])
    expect(declarationState(first, now, [first, verified(second)])).toBe('replaced')
    // What was replaced does not come back when its renewal goes.
    const gone = withdrawDeclaration(verified(second), now, [first, verified(second)])
    expect(values([first, gone])).toEqual([])
    const other = verified(declared(trained, { id: 'c-3', expiresAt: now + hourMs }))
    expect(values([other, second])).toEqual(['c-3'])
    expect(values([other, second], now + hourMs)).toEqual(['c-2'])
  })

  test('whatever people try, in whatever order: reading it again gives what stood', () => {
    const act = fc.record({
      is: fc.constantFrom('request', 'approved', 'refused', 'withdraw'),
      id: fc.constantFrom('c-1', 'c-2', 'c-3'),
      who: fc.constantFrom('huda institution', 'amal admin', 'maryam ministry', 'n evaluator'),
      about: fc.constantFrom<DeclaredAbout>(trained, waiver, restore),
      environment: fc.constantFrom(null, 'portal', 'other'),
      days: fc.integer({ min: -1, max: 400 }),
    })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
        const entries: Entry[] = []
        const book: DeclarationBook = new Map()
        let all: Declaration[] = []
        let at = now
        for (const { is, id, who, about, environment, days } of acts) {
          at += dayMs
          const known = all.find((each) => each.id === id) ?? null
          const [actor = '', role = ''] = who.split(' ')
          const make = (): Declaration | null => {
            if (is === 'request' && !known) {
              const given = asked(about, { id, environment, expiresAt: at + days * dayMs })
              const by = { id: actor, role }
              return requestDeclaration(given, by, at, declarationRules(history, 'health', at, all))
            }
            if (!known || is === 'request') return null
            if (is === 'withdraw') return withdrawDeclaration(known, at, all)
            return reviewDeclaration(known, { is, by: actor, role, at, why: 'why' })
          }
          let made: Declaration | null = null
          if (broken(() => (made = make())) !== null || !made) continue
          const next: Declaration = made
          const subject = declarationSubject({ institution: 'health', id })
          entries.push(entry(known, next, { actor, role, what: subject, effectiveFrom: at }))
          const place = known ? all.indexOf(known) : all.length
          all = all.toSpliced(place, 1, next)
          foldDeclarations(book, entries.slice(-1), history)
          expect(book.get('health')).toEqual(all)
          for (const value of declaredIn(book, at).get('health') ?? []) {
            expect(value.expiresAt).toBeGreaterThan(at)
          }
        }
        expect(read(entries)).toEqual(all)
        const past = declarationsAt([...register, ...entries], at)
        expect(past).toEqual(declaredIn(book, at))
      }),
    )
  })
})
