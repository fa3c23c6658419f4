import { globSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { factsOf } from '../../../agent/facts/all.ts'
import {
  declarableMetrics,
  type MetricName,
  metricNames,
  metricOf,
} from '../../../collector/kpi/readiness/metrics.ts'
import { ModelInFile } from '../../../collector/model/model-schema.ts'
import { loadDefaultModel, readModel, readModelFile } from '../../../collector/model/read-model.ts'
import { editorSchema } from '../../../collector/register/editor-schema.ts'
import { DocumentError } from '../../../protocol/document.ts'
import { indicators, isIndicator } from '../../../protocol/indicators.ts'

const shipped = readFileSync('collector/model/readiness-1.0.0.yaml', 'utf8')

/** The shipped file with texts replaced; each must be there. */
function edited(...edits: readonly (readonly [string | RegExp, string])[]): string {
  return edits.reduce((text, [from, to]) => {
    const next = text.replace(from, to)
    expect(next, `nothing to replace: ${from}`).not.toBe(text)
    return next
  }, shipped)
}

/** Problems of a text as `line: path: message`. */
function problemsOf(text: string): string[] {
  try {
    readModel(text, 'model.yaml')
    return []
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    return error.problems.map(({ line, path, message }) => `${line}: ${path}: ${message}`)
  }
}

/** The line of the shipped file on which a text stands, from 1. */
function lineOf(text: string): number {
  expect(shipped.split(text), `must stand there once: ${text}`).toHaveLength(2)
  return shipped.slice(0, shipped.indexOf(text)).split('\n').length
}

describe('default model 1.0', () => {
  const model = loadDefaultModel()

  test('is a draft with the weights of the methodology', () => {
    expect(model).toMatchObject({ id: 'om-infra', version: '1.0.0', status: 'draft' })
    expect(model.targetRatio).toBe(0.85)
    const weights = model.dimensions.map(({ id, weight, indicators }) => [
      id,
      weight,
      indicators.map((each) => each.weight),
    ])
    expect(weights).toEqual([
      ['d1', 15, [25, 15, 10, 10, 10, 15, 5, 10]],
      ['d2', 15, [25, 15, 15, 15, 10, 10, 10]],
      ['d3', 20, [30, 20, 15, 10, 25]],
      ['d4', 10, [45, 30, 25]],
      ['d5', 10, [60, 40]],
      ['d6', 10, [40, 30, 30]],
      ['d7', 10, [40, 20, 20, 20]],
      ['d8', 10, [20, 20, 20, 20, 20]],
    ])
    expect(model.enabled.map(({ id }) => id)).toEqual([
      ...['E1', 'E2', 'E3', 'E4', 'E5', 'E6', 'E7', 'E8'],
    ])
  })

  test('has the three gates, each down to average on critical environments', () => {
    const gates = model.dimensions.flatMap(({ indicators: all }) =>
      all.flatMap(({ id, gate }) => (gate ? [[id, gate]] : [])),
    )
    const cap = { scope: 'critical', capLevel: 'average' }
    expect(gates).toEqual([
      ['d1.os_support', { ...cap, when: { op: '<', value: 0 } }],
      ['d2.security_updates', { ...cap, when: { op: '>', value: 90 } }],
      ['d3.backup_age', { ...cap, when: { op: '>', value: 3 } }],
    ])
  })

  test('serves every objective but the seventh, and every axis', () => {
    const numbers = new Set(model.dimensions.flatMap(({ objectives }) => objectives))
    expect([...numbers].sort()).toEqual([1, 2, 3, 4, 5, 6, 8])
    expect(new Set(model.dimensions.map(({ axis }) => axis)).size).toBe(5)
  })

  test('survives being written as JSON, as acts and threads hold it', () => {
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
  })

  const used = new Set<MetricName>([
    ...model.dimensions.flatMap(({ indicators: all }) => all.map(({ metric }) => metric)),
    ...model.enabled.flatMap(({ conditions }) => conditions.map(({ metric }) => metric)),
  ])

  const probed = (['linux', 'win32'] as const).map((platform) => {
    return new Set<string>(Object.values(factsOf(platform)).flatMap((fact) => fact.indicators))
  })
  const derivations = globSync('collector/evaluate/readiness/*.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')

  test.each([...used])('%s has a probe on both systems, a derivation, or a reviewer', (name) => {
    const { source, scope, unit } = metricOf(name)
    if (source === 'measured') {
      expect([scope, isIndicator(name) && indicators[name]]).toEqual(['host', unit])
      expect(probed.map((all) => all.has(name))).toEqual([true, true])
    } else if (source === 'declared') expect(declarableMetrics).toContain(name)
    else expect(derivations).toContain(`'${name}': `)
  })

  test('no metric is left over: whatever can be fed is scored or asked for', () => {
    // Findings compare it with the register; the index asks for the whole move.
    expect(metricNames.filter((name) => !used.has(name))).toEqual(['platform.in_cloud'])
  })
})

test('model.schema.json is what the schema in the code gives, and the file names it', () => {
  const text = readFileSync('collector/model/model.schema.json', 'utf8')
  expect(text).toBe(editorSchema(ModelInFile, 'readiness model'))
  expect(shipped.split('\n')[0]).toBe('# yaml-language-server: $schema=model.schema.json')
})

test.each<[name: string, edits: [string | RegExp, string][], at: string, problem: string]>([
  [
    'weights of indicators that do not sum',
    [['id: d1.os_support\n        weight: 25', 'id: d1.os_support\n        weight: 24']],
    'indicators:\n      - id: d1.os_support',
    'dimensions[0].indicators: the weights of all indicators of the dimension must be 100 ' +
      'together, not 99: add 1',
  ],
  [
    'weights of dimensions that do not sum',
    [['id: d3\n    weight: 20', 'id: d3\n    weight: 25']],
    'dimensions:',
    'dimensions: the weights of all dimensions must be 100 together, not 105: take 5 away',
  ],
  [
    'weights that are not whole',
    [['id: d3.ups\n        weight: 10', 'id: d3.ups\n        weight: 10.5']],
    'weight: 10\n        source: measured\n        metric: ups.',
    'dimensions[2].indicators[3].weight: must be a whole number from 0 to 100',
  ],
  [
    'a missing translation',
    [['ar: "أسس البنى الأساسية الرقمية", ', '']],
    'en: "Foundations"',
    'dimensions[0].label: missing "ar"',
  ],
  [
    'a translation in the other language',
    [['en: "Foundations"', 'en: "أسس"']],
    'en: "Foundations"',
    'dimensions[0].label.en: must be written in Latin letters, without hidden characters',
  ],
  [
    'equal goalposts',
    [['{fn: lin, zero_at: 3, full_at: 1}', '{fn: lin, zero_at: 3, full_at: 3}']],
    '{fn: lin, zero_at: 3, full_at: 1}',
    'dimensions[2].indicators[0].score.full_at: must differ from zero_at',
  ],
  [
    'an unknown unit',
    [['unit: years', 'unit: decades']],
    'unit: years',
    'dimensions[0].indicators[6].unit: must be one of days, ratio, boolean, years, count, ' +
      'seconds, minutes',
  ],
  [
    'the unit of another metric',
    [['unit: years', 'unit: days']],
    'unit: years',
    'dimensions[0].indicators[6].unit: must be years, which is the unit of platform.age_years',
  ],
  [
    'another source than the metric has',
    [
      [
        'source: derived\n        metric: backup.age',
        'source: measured\n        metric: backup.age',
      ],
    ],
    'source: derived\n        metric: backup.age_over',
    'dimensions[2].indicators[0].source: must be derived',
  ],
  [
    'steps out of order',
    [['{below: 0.10, points: 40}', '{below: 0.01, points: 40}']],
    'steps: [',
    'dimensions[0].indicators[1].score.steps[1].below: is out of order: must be larger than 0.05',
  ],
  [
    'steps that rise and fall',
    [['{below: 0.10, points: 40}', '{below: 0.10, points: 80}']],
    'steps: [',
    'dimensions[0].indicators[1].score.steps: the points must only rise or only fall',
  ],
  [
    'a function for another unit',
    [['score: {fn: ratio}', 'score: {fn: bool}']],
    'score: {fn: ratio}\n        na: {allowed: false}\n        label: {ar: "تحصين',
    'dimensions[1].indicators[6].score.fn: must be lin or step or ratio: the unit of ' +
      'hardening.applied_ratio is ratio',
  ],
  [
    'levels with a gap',
    [['{id: low, min: 0', '{id: low, min: 5']],
    '  - {id: low',
    'levels[4].min: leaves a gap from 0 to 5; the last level must begin at 0',
  ],
  [
    'levels that overlap',
    [['{id: average, min: 50', '{id: average, min: 75']],
    '  - {id: average',
    'levels[2].min: overlaps the level above, which begins at 75; must be lower than that',
  ],
  [
    'a gate without a level',
    [
      [
        ', scope: critical, cap_level: average}\n        na: {allowed: false}\n        label: {ar: "عمر',
        ', scope: critical}\n        na: {allowed: false}\n        label: {ar: "عمر',
      ],
    ],
    'gate: {when: "value > 3"',
    'dimensions[2].indicators[0].gate: missing "cap_level"',
  ],
  [
    'a gate with an unknown level',
    [
      [
        '{when: "value > 3", scope: critical, cap_level: average}',
        '{when: "value > 3", scope: critical, cap_level: medium}',
      ],
    ],
    'gate: {when: "value > 3"',
    'dimensions[2].indicators[0].gate.cap_level: must be the id of a level: advanced, above, ' +
      'average, below, low',
  ],
  [
    'a gate that closes on good values',
    [['when: "value > 3"', 'when: "value < 3"']],
    'gate: {when: "value > 3"',
    'dimensions[2].indicators[0].gate.when: would close on good values; must be > or >=',
  ],
  [
    'a condition that is none',
    [['when: "value > 3"', 'when: "value is > 3"']],
    'gate: {when: "value > 3"',
    'dimensions[2].indicators[0].gate.when: must be a condition such as',
  ],
  [
    'a yes or no compared with a number',
    [
      [
        '{metric: link.measured, when: "value = true"',
        '{metric: link.measured, when: "value >= 1"',
      ],
    ],
    'metric: link.measured',
    'enabled[1].conditions[0].when: must be "value = true" or "value = false"',
  ],
  [
    'an id that is used twice',
    [['id: d5.second_factor', 'id: d5.remote_access']],
    'id: d5.second_factor',
    'dimensions[4].indicators[1].id: is used twice',
  ],
  [
    'a metric that two indicators score',
    [['metric: disk.days_to_full', 'metric: os.support_left_days']],
    'metric: disk.days_to_full',
    'dimensions[0].indicators[4].metric: is scored twice',
  ],
  [
    'an indicator under another dimension',
    [['id: d5.second_factor', 'id: d6.second_factor']],
    'id: d5.second_factor',
    'dimensions[4].indicators[1].id: must begin with its dimension: d5.',
  ],
  [
    'the objective that is never scored',
    [['objectives: [3]', 'objectives: [7]']],
    'objectives: [3]',
    'dimensions[3].objectives[0]: must be one of 1, 2, 3, 4, 5, 6, 8',
  ],
  [
    'a day that does not exist',
    [['from: 2026-04-01', 'from: 2026-02-30']],
    'effective:',
    'effective.from: there is no day 2026-02-30',
  ],
  [
    'an end before the start',
    [['to: null', 'to: 2026-03-01']],
    'effective:',
    'effective.to: must be later than from, which is 2026-04-01; or null',
  ],
  [
    'an unknown setting',
    [['weight: 20\n    objectives', 'wieght: 1\n    weight: 20\n    objectives']],
    'weight: 20\n    objectives',
    'dimensions[2].wieght: unknown setting "wieght"; allowed: id, weight',
  ],
])('a model with %s is refused, by line and with a remedy', (_name, edits, at, problem) => {
  const problems = problemsOf(edited(...edits))
  expect(problems).toHaveLength(1)
  expect(problems[0]!.startsWith(`${lineOf(at)}: ${problem}`), problems[0]).toBe(true)
})

test('an unknown metric is refused with all that are known', () => {
  const problems = problemsOf(edited(['metric: tls.days_left\n', 'metric: tls.days\n']))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain('dimensions[1].indicators[3].metric: must be one of os.support')
  expect(problems[0]).toContain('tls.days_left')
})

test('everything that is wrong is told at once, in order of lines', () => {
  const problems = problemsOf(
    edited(
      ['en: "Foundations"', 'en: ""'],
      ['id: d1.os_support\n        weight: 25', 'id: d1.os_support\n        weight: 90'],
      ['{fn: lin, zero_at: 90, full_at: 14}', '{fn: lin, zero_at: 14, full_at: 14}'],
      ['{when: "value > 3", scope: critical, cap_level: average}', '{when: "value > 3"}'],
      ['{id: low, min: 0', '{id: low, min: 30'],
      ['metric: cloud.roadmap_approved', 'metric: cloud.plan'],
      ['unit: years', 'unit: days'],
    ),
  )
  const paths = problems.map((problem) => problem.split(': ')[1])
  expect(paths).toEqual([
    'levels[4].min',
    'levels[4].min',
    'dimensions[0].label.en',
    'dimensions[0].indicators',
    'dimensions[0].indicators[6].unit',
    'dimensions[1].indicators[0].score.full_at',
    'dimensions[2].indicators[0].gate',
    'dimensions[2].indicators[0].gate',
    'enabled[6].conditions[0].metric',
  ])
  const lines = problems.map((problem) => Number.parseInt(problem, 10))
  expect(lines).toEqual(lines.toSorted((a, b) => a - b))
})

test.each(['', 'null', '[]', 'text', 'levels: 3\ndimensions: {}\nenabled: [1, [], {}]'])(
  'what is no model at all is refused: %j',
  (text) => {
    expect(problemsOf(text)).not.toEqual([])
  },
)

test('a file that is too long is refused before it is read', () => {
  const problems = problemsOf(`${shipped}#${'x'.repeat(128 * 1024)}`)
  expect(problems).toEqual(['null: : must be at most 131072 bytes'])
})

describe('a file that says it is approved', () => {
  const { hash } = readModel(shipped, 'model.yaml')
  const approved = (stated: string) => edited(['status: draft', `status: approved${stated}`])

  test('is what was approved: the same hash, whatever its status', () => {
    const known = readModelFile(approved(`\nhash: ${hash}`), 'model.yaml')
    expect(known).toMatchObject({ status: 'approved', to: null, model: { hash, status: 'draft' } })
    expect(new Date(known.from).toISOString()).toBe('2026-03-31T20:00:00.000Z')
  })

  test('is refused without the hash of what was approved', () => {
    expect(problemsOf(approved(''))).toEqual([expect.stringContaining('must name what was')])
  })

  test('is refused once it was edited, with the remedy', () => {
    const text = approved(`\nhash: ${hash}`).replace('full_at: 365', 'full_at: 364')
    const [problem, ...others] = problemsOf(text)
    expect(others).toEqual([])
    expect(problem).toMatch(/: hash: .*changed after it was approved: undo .* raise its version/)
  })
})

test('whatever stands anywhere in a file, it is a model or every problem is told', () => {
  const places: (string | number)[][] = []
  const visit = (value: unknown, path: (string | number)[]): void => {
    if (path.length > 0) places.push(path)
    if (typeof value !== 'object' || value === null) return
    for (const [name, inner] of Object.entries(value)) {
      visit(inner, [...path, Array.isArray(value) ? Number(name) : name])
    }
  }
  const known = parse(shipped)
  visit(known, [])
  const other = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('value > 1', 'lin', 'step', 'E1', 'd1', '2026-02-30', 100, 0, -1, 1e9, [], {}),
  )
  fc.assert(
    fc.property(fc.constantFrom(...places), other, (path, value) => {
      const file = structuredClone(known)
      let place = file
      for (const step of path.slice(0, -1)) place = place[step]
      place[path.at(-1)!] = value
      try {
        const model = readModel(JSON.stringify(file), 'model.yaml')
        const sums = model.dimensions.map(({ indicators: all }) =>
          all.reduce((sum, { weight }) => sum + weight, 0),
        )
        expect(new Set(sums)).toEqual(new Set([100]))
      } catch (error) {
        if (!(error instanceof DocumentError)) throw error
        expect(error.problems.every(({ message }) => message !== '')).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
})
