import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cycleById } from '../../../collector/kpi/cycle.ts'
import {
  type CycleAct,
  type CycleRules,
  decideCycle,
  type FrozenResult,
  proposeCycle,
} from '../../../collector/register/cycles.ts'
import {
  cycleSubject,
  foldCycles,
  frozenThrough,
  parseCycleSubject,
} from '../../../collector/register/cycles-log.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import { registerHistory } from '../../../collector/register/history.ts'
import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import { defaultSettings } from '../../support/default-settings.ts'

const months = { april: 10, october: 4 }
const zone = 'Asia/Muscat'
const cycle = cycleById('2027-04', zone, months)!
const next = cycleById('2027-10', zone, months)!
const begin = cycle.from + dayMs

/** The policy, and with it the beginning of the register. */
const settings = Object.entries(defaultSettings).map(([name, value]): Entry => {
  const after = { value, since: '2026-01-01', approvedBy: 'test' }
  return {
    ...{ actor: 'collector', role: 'admin', what: `policy/${name}`, why: 'test' },
    ...{ before: null, after, effectiveFrom: begin },
  }
})
const history = registerHistory(settings)

const hash = 'a'.repeat(64)
const result = (at: EpochMs, sha256 = hash): FrozenResult => ({
  ...{ sha256, length: 10, sizes: { national: 3 }, register: hash, policy: hash },
  ...{ model: null, engine: '1', at },
})

/** Acts about cycles, each by the rules. */
class Desk {
  readonly entries = [...settings]
  #book = new Map<string, readonly CycleAct[]>()

  get rules(): CycleRules {
    const recordOf = (id: string) => this.#book.get(id) ?? []
    return { freezeDays: 10, timezone: zone, months, measuredFrom: begin, recordOf }
  }

  propose(at: EpochMs, revision = 0, of = cycle, by = 'maryam', role = 'ministry'): CycleAct {
    const act = proposeCycle(of, { revision, why: 'end' }, { by, role }, at, this.rules)
    return this.write(act, { actor: by, role, why: 'end', effectiveFrom: at })
  }

  decide(act: CycleAct, at: EpochMs, is: 'approved' | 'refused' = 'approved', by = 'evaluator') {
    const role = 'evaluator'
    const decision = { is, by, role, at, why: 'checked' }
    const decided = decideCycle(act, decision, is === 'approved' ? result(at) : null)
    return this.write(decided, { actor: by, role, why: 'checked', effectiveFrom: at })
  }

  write(after: CycleAct, of: Pick<Entry, 'actor' | 'role' | 'why' | 'effectiveFrom'>): CycleAct {
    const { id, revision } = after
    const record = this.#book.get(id) ?? []
    const what = cycleSubject({ cycle: id, revision })
    this.entries.push({ ...of, what, before: record[revision] ?? null, after })
    this.#book.set(id, [...record.slice(0, revision), after])
    return after
  }

  get folded() {
    return foldCycles(new Map(), this.entries, history)
  }
}

const due = cycle.to + 10 * dayMs

function ruleOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return (error as { detail: { rule: string } }).detail.rule
  }
  return null
}

describe('the rules', () => {
  test.each<[string, (desk: Desk) => unknown, string | null]>([
    ['at the very instant', (desk) => desk.propose(due), null],
    ['a millisecond early', (desk) => desk.propose(due - 1), 'early'],
    ['by the evaluator', (desk) => desk.propose(due, 0, cycle, 'e', 'evaluator'), 'role'],
    ['by an institution', (desk) => desk.propose(due, 0, cycle, 'h', 'institution'), 'role'],
    ['a revision of an open cycle', (desk) => desk.propose(due, 1), 'open'],
    ['twice', (desk) => [desk.propose(due), desk.propose(due)], 'proposed'],
    ['the next cycle first', (desk) => desk.propose(next.to + 10 * dayMs, 0, next), 'order'],
    ['one that ended before the register', (desk) => desk.propose(due, 0, before()), 'unmeasured'],
    [
      'approved by who asked',
      (desk) => desk.decide(desk.propose(due), due, 'approved', 'maryam'),
      'second_person',
    ],
  ])('%s', (_name, act, rule) => {
    expect(ruleOf(() => act(new Desk()))).toBe(rule)
  })

  test('a frozen cycle changes by the next number only', () => {
    const desk = new Desk()
    desk.decide(desk.propose(due), due)
    expect(ruleOf(() => desk.propose(due))).toBe('frozen')
    expect(ruleOf(() => desk.propose(due, 2))).toBe('number')
    desk.decide(desk.propose(due, 1), due + 1)
    expect(ruleOf(() => desk.propose(due, 1))).toBe('number')
    expect(desk.folded.get(cycle.id)?.map(({ frozen }) => frozen?.at)).toEqual([due, due + 1])
  })

  function before() {
    return cycleById('2026-10', zone, months)!
  }
})

describe('the log', () => {
  test('subjects', () => {
    for (const key of [
      { cycle: '2027-04', revision: 0 },
      { cycle: '2027-10', revision: 12 },
    ]) {
      expect(parseCycleSubject(cycleSubject(key))).toEqual(key)
    }
    for (const what of ['cycle/2027-04', 'cycle/x/freeze', 'cycle/2027-04/revision/0', 'cycle/']) {
      expect(parseCycleSubject(what)).toBeNull()
    }
  })

  test('nothing is frozen through until somebody approved it', () => {
    const desk = new Desk()
    expect(frozenThrough(desk.entries)).toBe(-Infinity)
    const act = desk.propose(due)
    expect(frozenThrough(desk.entries)).toBe(-Infinity)
    desk.decide(act, due, 'refused')
    expect(frozenThrough(desk.entries)).toBe(-Infinity)
    desk.decide(desk.propose(due + 1), due + 2)
    expect(frozenThrough(desk.entries)).toBe(cycle.to)
  })

  test.each<[string, (entry: Entry) => Partial<Entry>]>([
    ['the proposer approves', () => ({ actor: 'maryam' })],
    ['an institution approves', () => ({ role: 'institution' })],
    ['another time', ({ effectiveFrom }) => ({ effectiveFrom: effectiveFrom + 1 })],
    ['another reason', () => ({ why: 'none' })],
    ['nothing was before', () => ({ before: null })],
    ['no hash', ({ after }) => ({ after: { ...(after as CycleAct), frozen: null } })],
    ['another cycle', () => ({ what: 'cycle/2026-10/freeze' })],
    ['no cycle at all', () => ({ after: 'frozen' })],
    ['other edges', ({ after }) => ({ after: { ...(after as CycleAct), to: due } })],
  ])('an approval written past the program counts for nothing: %s', (_name, change) => {
    const desk = new Desk()
    desk.decide(desk.propose(due), due)
    const entry = desk.entries.at(-1)!
    const forged = [...desk.entries.slice(0, -1), { ...entry, ...change(entry) }]
    expect(frozenThrough(desk.entries)).toBe(cycle.to)
    expect(frozenThrough(forged)).toBe(-Infinity)
  })

  test('whatever two people do by the rules, the log folds to it, in parts as at once', () => {
    const step = fc.constantFrom('propose', 'approve', 'refuse', 'revise')
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.nat(20), (steps, cut) => {
        const desk = new Desk()
        let approved = 0
        steps.forEach((step, i) => {
          const open = desk.folded.get(cycle.id)?.at(-1)
          ruleOf(() => {
            if (step === 'propose') desk.propose(due + i)
            else if (step === 'revise') desk.propose(due + i, approved)
            else if (open) {
              desk.decide(open, due + i, step === 'approve' ? 'approved' : 'refused')
              if (step === 'approve') approved++
            }
          })
        })
        const [first, rest] = [desk.entries.slice(0, -cut), desk.entries.slice(-cut)]
        const parts =
          cut === 0 ? desk.folded : foldCycles(foldCycles(new Map(), first, history), rest, history)
        expect(parts).toEqual(desk.folded)
        const frozen = (desk.folded.get(cycle.id) ?? []).filter((act) => act.frozen)
        expect(frozen.map(({ revision }) => revision)).toEqual([...frozen.keys()])
        expect(frozen).toHaveLength(approved)
      }),
    )
  })
})
