import { expect, test } from 'vitest'
import { actDifference } from '../../../collector/people/act-difference.ts'
import { actKindOf } from '../../../collector/people/act-kinds.ts'

const none = undefined

test.each([
  [
    'nothing to something',
    null,
    { a: 1, b: 'x' },
    [
      ['a', none, 1],
      ['b', none, 'x'],
    ],
  ],
  ['something to nothing', { a: 1 }, null, [['a', 1, none]]],
  ['a field', { a: 1, b: 2 }, { a: 1, b: 3 }, [['b', 2, 3]]],
  ['a field of a part', { a: { b: 1, c: 2 } }, { a: { b: 1, c: 4 } }, [['a.c', 2, 4]]],
  [
    'a decision',
    { decision: null },
    { decision: { by: 'x' } },
    [
      ['decision', null, none],
      ['decision.by', none, 'x'],
    ],
  ],
  [
    'an item by its id',
    {
      l: [
        { id: 'p', v: 1 },
        { id: 'q', v: 1 },
      ],
    },
    {
      l: [
        { id: 'q', v: 2 },
        { id: 'p', v: 1 },
      ],
    },
    [['l.q.v', 1, 2]],
  ],
  ['an item by its number', { l: ['x', 'y'] }, { l: ['x'] }, [['l.2', 'y', none]]],
  [
    'items of one id',
    { l: [{ id: 'p' }, { id: 'p' }] },
    { l: [{ id: 'p' }] },
    [
      ['l.1.id', 'p', none],
      ['l.2.id', 'p', none],
      ['l.p.id', none, 'p'],
    ],
  ],
  ['a status', 'pending', 'active', [['', 'pending', 'active']]],
  [
    'an empty list',
    { l: [] },
    { l: ['x'] },
    [
      ['l', [], none],
      ['l.1', none, 'x'],
    ],
  ],
  [
    'names with dots are no paths',
    { 'a.b': 1 },
    { a: { b: 1 } },
    [
      ['a.b', 1, none],
      ['a.b', none, 1],
    ],
  ],
  ['no change', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
])('%s', (_name, before, after, expected) => {
  const { fields, count } = actDifference(before, after)
  const told = fields.map((field) => [field.path.join('.'), field.before, field.after])
  expect(told).toEqual(expected)
  expect(count).toBe(expected.length)
})

test('a long difference is cut, and says how much there is; a deep one ends', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, i]))
  const { fields, count } = actDifference(null, many)
  expect([fields.length, count]).toEqual([60, 500])
  let deep: unknown = 'x'
  for (let i = 0; i < 1_000; i++) deep = { deep }
  expect(actDifference(null, deep).fields[0]!.path).toHaveLength(20)
})

test.each([
  ['institution/a', 'institution'],
  ['institution/a/environment/b', 'environment'],
  ['institution/a/environment/b/maintenance/m-1', 'maintenance'],
  ['institution/a/environment/b/dispute/d-1', 'dispute'],
  ['institution/a/declaration/c-1', 'declaration'],
  ['institution/a/workload/w', 'workload'],
  ['institution/a/exemption/x-1', 'exemption'],
  ['institution/a/baseline/b-1', 'baseline'],
  ['institution/a/migration-month/2027-01', 'month'],
  ['readiness-month/2027-01/a', 'month'],
  ['population/enabled/a', 'population'],
  ['policy/targets', 'policy'],
  ['policy-change/p-0123456789ab', 'policy'],
  ['agent/a-1/status', 'agent'],
  ['api-token/t-1', 'api-token'],
  ['access/huda/log-in', 'access'],
  ['institution/a/environment/b/later/x', 'other'],
  ['something/of/later', 'other'],
  ['constructor', 'other'],
  ['institution/a/toString', 'other'],
  ['', 'other'],
])('an act about %s is of the kind %s', (what, kind) => {
  expect(actKindOf(what)).toBe(kind)
})
