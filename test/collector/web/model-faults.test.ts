import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readModel } from '../../../collector/model/read-model.ts'
import { html } from '../../../collector/web/html.ts'
import { faultWords } from '../../../collector/web/parts/import-faults.ts'
import { importFaultTexts } from '../../../collector/web/texts/import-faults.ts'
import { modelFaultTexts } from '../../../collector/web/texts/model-faults.ts'
import { DocumentError } from '../../../protocol/document.ts'

/** The shipped model with two of its dimensions: the others are read alike, and take time. */
const shipped = readFileSync('collector/model/readiness-1.0.0.yaml', 'utf8')
  .replace(/\n {2}- id: d3\n.*?(?=\nenabled:)/s, '')
  .replaceAll('    weight: 15\n    objectives', '    weight: 50\n    objectives')

/** What the reader says of it with one place of it replaced. */
function faults(from: string | RegExp, to: string): string[] {
  const text = shipped.replace(from, () => to)
  expect(text, String(from)).not.toBe(shipped)
  try {
    readModel(text, 'model')
  } catch (error) {
    if (error instanceof DocumentError) return error.problems.map(({ message }) => message)
    throw error
  }
  throw new Error(`Nothing is wrong with ${from} as ${to}.`)
}

const indicator = /(?<=id: d1.memory\n).*?(?=\n {6}- id)/s
const dimension = 'weight: 50'

const levels = /levels:\n( {2}- .*\n)+/

const wrong: readonly (readonly [string | RegExp, string])[] = [
  [/from: "?\d{4}-\d\d-\d\d"?/, 'from: "2026-02-31"'],
  [/to: null/, 'to: "2001-01-01"'],
  [/timezone: .*(?=})/, 'timezone: Muscat'],
  [/timezone: .*(?=})/, 'timezone: [Asia]'],
  ['{id: above, min: 75', '{id: above, min: 95'],
  ['{id: low, min: 0', '{id: low, min: 1'],
  [dimension, 'weight: 1'],
  [dimension, 'weight: 99'],
  ['weight: 25', 'weight: 1'],
  ['weight: 25', 'weight: 99'],
  ['metric: memory.used_p95_ratio', 'metric: cpu.used_p95_ratio'],
  ['id: d1.memory', 'id: d1.cpu'],
  ['id: d1.memory', 'id: d2.memory'],
  ['source: measured', 'source: declared'],
  ['unit: days', 'unit: ratio'],
  ['cap_level: average', 'cap_level: nothing'],
  ['cap_level: average', 'cap_level: advanced'],
  ['when: "value < 0"', 'when: "value > 0"'],
  ['when: "value < 0"', 'when: "value = true"'],
  [/when: value = true|when: "value = true"/, 'when: "value > 3"'],
  ['score: {fn: bool}', 'score: {fn: ratio}'],
  ['full_at: 365', 'full_at: 0'],
  ['{below: 0.10,', '{below: 0.01,'],
  ['{below: 0.10, points: 40}', '{below: 0.10, points: 90}'],
  ['id: d1.memory', 'id: memory'],
  ['- id: d1\n', '- id: D1\n'],
  ['{id: low, min', '{id: Low, min'],
  [/color: "#[0-9a-f]{6}"/, 'color: red'],
  ['version: 1.0.0', 'version: one'],
  ['id: om-infra', 'id: Om Infra'],
  ['status: draft', 'status: draft\nhash: "12"'],
  [/from: "?\d{4}-\d\d-\d\d"?/, 'from: soon'],
  ['when: "value < 0"', 'when: "below 0"'],
  ['en: "Foundations"', 'en: "أسس"'],
  [/ar: "أسس[^"]*"/, 'ar: "Foundations"'],
  ['status: draft', 'status: approved'],
  ['status: draft', `status: approved\nhash: "${'0'.repeat(64)}"`],
  ['weight: 25', 'weight: 101'],
  ['weight: 25', 'weight: heavy'],
  ['full_at: 365', 'full_at: 9999999'],
  ['full_at: 365', 'full_at: far'],
  ['version: 1.0.0', 'version: 1'],
  [levels, 'levels: none\n'],
  [levels, 'levels: []\n'],
  ['na: {allowed: false}', 'na: never'],
  ['score: {fn: bool}', 'score: {}'],
  ['- id: E1\n', '- id: E99\n'],
  [indicator, '        weight: 10'],
  ['target:', 'goal:'],
  ['version: 1.0.0', '\tversion: 1.0.0'],
  [/"(?=}\n)/, '"'.repeat(2)],
  [/ar: "رقِّ[^"]*"/, `ar: "${'ن'.repeat(301)}"`],
  [/$/, `# ${'x'.repeat(140_000)}`],
]

test('whatever the reader refuses a model with is said in Arabic, by a text of its own', () => {
  const messages = new Set(wrong.flatMap(([from, to]) => faults(from, to)))
  const used = new Set<string>()
  for (const message of messages) {
    const arabic = html`${faultWords('ar', message, modelFaultTexts)}`.text
    expect(arabic, message).not.toContain('lang="en"')
    // The last of the texts holds anything: most rules have their own.
    if (!/^must be (>=|draft|readiness|true|null)/.test(message)) {
      expect(arabic, message).not.toContain('القيمة المطلوبة:')
    }
    for (const text of modelFaultTexts) if (fits(text.en, message)) used.add(text.en)
  }
  const own = modelFaultTexts.slice(0, modelFaultTexts.length - importFaultTexts.length)
  const unused = own.filter(({ en }) => !used.has(en)).map(({ en }) => en)
  // No model of the metrics there are is as long as the log's limit.
  expect(unused).toEqual(['holds too much text for the log: at most {n} characters as {format}'])
})

function fits(text: string, message: string): boolean {
  const parts = text.split(/\{\w+\}/).map((part) => RegExp.escape(part))
  return new RegExp(`^${parts.join('.+')}$`, 'su').test(message)
}
