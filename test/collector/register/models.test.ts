import { describe, expect, test } from 'vitest'
import { AppError } from '../../../collector/error.ts'
import type { Model } from '../../../collector/kpi/readiness/model.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'
import type { Decision } from '../../../collector/people/two-person.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import {
  decideModel,
  type ModelAct,
  modelProposalsMax,
  proposeModel,
} from '../../../collector/register/models.ts'
import {
  foldModels,
  modelAt,
  modelSubject,
  parseModelSubject,
} from '../../../collector/register/models-log.ts'
import { dayMs } from '../../../protocol/time.ts'

const model = loadDefaultModel()
const start = Date.parse('2026-11-01T00:00:00Z')
const maryam = { by: 'maryam', role: 'ministry' }
const salim = { by: 'salim', role: 'evaluator' }

/** The default model under another version; its content changes with `targetRatio`. */
function version(name: string, more: Partial<Model> = {}): Model {
  return { ...model, version: name, ...more }
}

type Who = typeof maryam

/** A log of acts, written as the program writes it. */
class Log {
  entries: Entry[] = []

  propose(of: Model, at: number, more: Partial<Pick<ModelAct, 'from' | 'to'>> = {}, who = maryam) {
    const asked = { model: of, from: start, to: null, why: 'the plan', ...more }
    return this.add(proposeModel(asked, who, at, foldModels(this.entries)), who, at)
  }

  decide(of: Model, at: number, is: Decision['is'] = 'approved', who: Who = salim) {
    const known = foldModels(this.entries).get(`${of.id}/${of.version}`)!
    return this.add(decideModel(known, { is, ...who, at, why: 'the plan' }), who, at)
  }

  approve(of: Model, at: number, more: Partial<Pick<ModelAct, 'from' | 'to'>> = {}) {
    this.propose(of, at, more)
    return this.decide(of, at)
  }

  add(after: ModelAct, { by: actor, role }: Who, effectiveFrom: number): this {
    const { id, version: name } = after.model
    const before = foldModels(this.entries).get(`${id}/${name}`) ?? null
    const what = modelSubject(after.model)
    const entry = { actor, role, what, why: 'the plan', before, after, effectiveFrom }
    // As a log reads it back.
    this.entries.push(JSON.parse(JSON.stringify(entry)))
    return this
  }

  at(at: number): string | null {
    const found = modelAt(this.entries, at)
    return found && `${found.model.version} ${found.model.status} ${found.from - start}`
  }
}

function ruleOf(act: () => unknown): unknown {
  try {
    act()
    return 'allowed'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.detail.rule
  }
}

describe('which model is in force', () => {
  test('none, until two persons agreed', () => {
    const log = new Log().propose(model, start)
    expect(log.at(start + dayMs)).toBeNull()
    log.decide(model, start + dayMs)
    expect(log.at(start + dayMs - 1)).toBeNull()
    expect(log.at(start + dayMs)).toBe(`1.0.0 approved ${dayMs}`)
  })

  test('one that was refused never is, and may be proposed again', () => {
    const log = new Log().propose(model, start).decide(model, start, 'refused')
    expect(log.at(start)).toBeNull()
    log.approve(model, start + 1)
    expect(log.at(start + 1)).toBe('1.0.0 approved 1')
  })

  test('from the day its file says, and not before its approval', () => {
    const later = new Log().approve(model, start, { from: start + 5 * dayMs })
    expect(later.at(start + 5 * dayMs - 1)).toBeNull()
    expect(later.at(start + 5 * dayMs)).toBe(`1.0.0 approved ${5 * dayMs}`)
    const earlier = new Log().approve(model, start, { from: start - 5 * dayMs })
    expect(earlier.at(start - 1)).toBeNull()
    expect(earlier.at(start)).toBe('1.0.0 approved 0')
  })

  test('the one that took effect last, until it ends', () => {
    const log = new Log()
      .approve(model, start)
      .approve(version('2.0.0', { targetRatio: 0.9 }), start + 1, {
        from: start + dayMs,
        to: start + 2 * dayMs,
      })
    expect(log.at(start + dayMs - 1)).toBe('1.0.0 approved 0')
    expect(log.at(start + dayMs)).toBe(`2.0.0 approved ${dayMs}`)
    expect(log.at(start + 2 * dayMs)).toBe('1.0.0 approved 0')
  })

  test('a later approval changes nothing of what was', () => {
    const log = new Log().approve(model, start)
    const before = log.at(start + dayMs)
    log.approve(version('1.0.1'), start + 2 * dayMs, { from: start })
    expect(log.at(start + dayMs)).toBe(before)
  })
})

describe('what a proposal is refused for', () => {
  const other = 'f'.repeat(64)
  const approved = () => new Log().approve(model, start)
  test.each<[rule: string, act: () => unknown]>([
    ['role', () => new Log().propose(model, start, {}, salim)],
    ['role', () => new Log().propose(model, start, {}, { by: 'huda', role: 'institution' })],
    ['ended', () => new Log().propose(model, start, { to: start })],
    ['proposed', () => new Log().propose(model, start).propose(model, start)],
    ['approved', () => approved().propose(model, start)],
    ['immutable', () => approved().propose({ ...model, hash: other }, start)],
    ['version', () => approved().propose(version('0.9.0', { hash: other }), start)],
    ['step', () => approved().propose(version('1.0.1', { targetRatio: 0.9 }), start)],
    ['step', () => approved().propose(version('1.1.0', { targetRatio: 0.9 }), start)],
    ['allowed', () => approved().propose(version('2.0.0', { targetRatio: 0.9 }), start)],
    ['allowed', () => approved().propose(version('1.0.1'), start)],
    ['allowed', () => approved().propose({ ...model, id: 'another' }, start)],
  ])('%s', (rule, act) => {
    expect(ruleOf(act)).toBe(rule)
  })

  test('a queue that is full', () => {
    const log = new Log()
    for (let n = 0; n < modelProposalsMax; n++) log.propose(version(`1.0.${n}`), start)
    expect(ruleOf(() => log.propose(version('1.0.99'), start))).toBe('proposals')
  })

  test.each<[rule: string, who: Who]>([
    ['second_person', maryam],
    ['role', { by: 'huda', role: 'institution' }],
    ['role', { by: 'rashid', role: 'auditor' }],
    ['allowed', { by: 'said', role: 'ministry' }],
    ['allowed', salim],
  ])('a decision: %s', (rule, who) => {
    const log = new Log().propose(model, start)
    expect(ruleOf(() => log.decide(model, start, 'approved', who))).toBe(rule)
  })

  test('a second decision', () => {
    expect(ruleOf(() => approved().decide(model, start))).toBe('decided')
  })
})

describe('a log that was written past the program', () => {
  test.each<[string, (entry: Entry & { after: ModelAct }) => Entry]>([
    ['by one person alone', (entry) => ({ ...entry, actor: 'maryam' })],
    ['by a role that decides nothing', (entry) => ({ ...entry, role: 'auditor' })],
    ['about another version', (entry) => ({ ...entry, what: 'model/om-infra/9.9.9' })],
    ['with another state before', (entry) => ({ ...entry, before: null })],
    [
      'with another model',
      (entry) => ({
        ...entry,
        after: { ...entry.after, model: { ...entry.after.model, targetRatio: 0.1 } },
      }),
    ],
    ['with an earlier start', (entry) => ({ ...entry, after: { ...entry.after, from: 0 } })],
    ['with no model', (entry) => ({ ...entry, after: { ...entry.after, model: null } as never })],
  ])('approves nothing: %s', (_name, forge) => {
    const { entries } = new Log().approve(model, start)
    const [proposal, approval] = entries as (Entry & { after: ModelAct })[]
    expect(modelAt([proposal!, approval!], start)).not.toBeNull()
    expect(modelAt([proposal!, forge(approval!)], start)).toBeNull()
  })

  test('cannot approve at once', () => {
    const [, approval] = new Log().approve(model, start).entries
    expect(modelAt([{ ...approval!, before: null }], start)).toBeNull()
  })
})

test.each([
  ['model/om-infra/1.0.0', 'om-infra/1.0.0'],
  ['model/om-infra', null],
  ['model/om-infra/1.0', null],
  ['model/om-infra/1.0.0/x', null],
  ['model/../1.0.0', null],
  ['policy/model', null],
])('the subject %s', (what, key) => {
  expect(parseModelSubject(what)).toBe(key)
})
