import { expect, test } from 'vitest'
import type { Model } from '../../../collector/kpi/readiness/model.ts'
import {
  type ChangeKind,
  isEnough,
  modelDifference,
  versionStep,
} from '../../../collector/model/difference.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'

const model = loadDefaultModel()

/** The model with another first dimension. */
function withFirst(change: (first: Model['dimensions'][number]) => object): Model {
  const [first, ...rest] = model.dimensions
  return { ...model, dimensions: [{ ...first!, ...change(first!) }, ...rest] }
}

function withIndicator(change: object): Model {
  return withFirst(({ indicators: [first, ...rest] }) => ({
    indicators: [{ ...first, ...change }, ...rest],
  }))
}

const [anIndicator] = model.dimensions[0]!.indicators
const watched = { ...anIndicator!, id: 'd1.watched', weight: 0, gate: null }

test.each<[name: string, after: Model, kind: ChangeKind, paths: string[]]>([
  ['nothing', model, 'patch', []],
  ['its name and state', { ...model, version: '2.0.0', status: 'approved' }, 'patch', []],
  [
    'a text',
    withIndicator({ label: { ...anIndicator!.label, en: 'Support' } }),
    'patch',
    ['dimensions.d1.indicators.d1.os_support.label.en'],
  ],
  [
    'a colour',
    { ...model, levels: model.levels.map((level) => ({ ...level, color: '#000000' })) },
    'patch',
    ['above', 'advanced', 'average', 'below', 'low'].map((id) => `levels.${id}.color`),
  ],
  [
    'a weight',
    withIndicator({ weight: 24 }),
    'major',
    ['dimensions.d1.indicators.d1.os_support.weight'],
  ],
  [
    'a gate that goes',
    withIndicator({ gate: null }),
    'major',
    ['', '.capLevel', '.scope', '.when.op', '.when.value'].map(
      (part) => `dimensions.d1.indicators.d1.os_support.gate${part}`,
    ),
  ],
  ['the target', { ...model, targetRatio: 0.9 }, 'major', ['targetRatio']],
])('a difference in %s is a step of its kind', (_name, after, kind, paths) => {
  const found = modelDifference(model, after)
  expect(found.kind).toBe(kind)
  expect(found.changes.map(({ path }) => path)).toEqual(paths)
})

test('what is only watched is a minor step, as long as it is', () => {
  const watching = withFirst(({ indicators }) => ({ indicators: [...indicators, watched] }))
  expect(modelDifference(model, watching).kind).toBe('minor')
  expect(modelDifference(watching, model).kind).toBe('minor')
  const scoring = withFirst(({ indicators }) => ({
    indicators: [...indicators, { ...watched, weight: 5 }],
  }))
  expect(modelDifference(watching, scoring).kind).toBe('major')
})

test('a change names what was and what is', () => {
  const { changes } = modelDifference(model, withIndicator({ weight: 24 }))
  expect(changes).toEqual([{ path: expect.stringContaining('.weight'), old: '25', new: '24' }])
})

test.each<[before: string, after: string, step: ChangeKind | null]>([
  ['1.0.0', '1.0.1', 'patch'],
  ['1.0.9', '1.0.10', 'patch'],
  ['1.9.9', '1.10.0', 'minor'],
  ['1.2.3', '2.0.0', 'major'],
  ['1.2.3', '1.2.3', null],
  ['1.2.3', '1.2.2', null],
  ['2.0.0', '1.9.9', null],
  ['1.10.0', '1.9.0', null],
])('from %s to %s: %s', (before, after, step) => {
  expect(versionStep(before, after)).toBe(step)
})

test('a larger step is always enough, a smaller one never', () => {
  const kinds: ChangeKind[] = ['major', 'minor', 'patch']
  const enough = kinds.map((step) => kinds.map((needed) => isEnough(step, needed)))
  expect(enough).toEqual([
    [true, true, true],
    [false, true, true],
    [false, false, true],
  ])
})
