import { expect, test } from 'vitest'
import { effectsOf } from '../../../collector/evidence/effects.ts'
import { nationalLog } from '../../../collector/evidence/leaf.ts'
import { verify } from '../../../collector/evidence/verify.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'
import { proposeModel } from '../../../collector/register/models.ts'
import { textOf } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { WitnessedNation } from '../../support/witnessed-nation.ts'

test('an institution takes the model that it was scored by with its evidence', async () => {
  using folder = temporaryFolder()
  const nation = await new WitnessedNation(folder.path).open()
  const { collector } = nation
  try {
    const text = textOf('collector/model/readiness-1.0.0.yaml')
    const why = 'the plan of the year'
    expect((await collector.ask('/api/v1/models', { text, why })).status).toBe(200)
    const salim = await collector.cookieOf({ id: 'salim', role: 'evaluator' })
    const path = '/api/v1/models/om-infra/1.0.0/approve'
    expect((await collector.ask(path, { why }, salim)).status).toBe(200)
    await nation.watch()
    const { file } = await nation.export('health')
    const acts = textOf(file)
      .split('\n')
      .filter((line) => line.includes('model/om-infra/1.0.0'))
    expect(acts).toHaveLength(2)
    const found = await verify({ file, receipts: null, checkpoints: null, progress: () => {} })
    expect(found.result).toBe('ok')
  } finally {
    await collector.close()
  }
})

const at = Date.parse('2026-11-02T08:00:00Z')
const after = proposeModel(
  { model: loadDefaultModel(), from: at, to: null, why: 'the plan' },
  { by: 'maryam', role: 'ministry' },
  at,
  new Map(),
)
const entry = {
  ...{ actor: 'maryam', role: 'ministry', what: 'model/om-infra/1.0.0', why: 'the plan' },
  ...{ before: null, after, effectiveFrom: at, at },
}
const noAgent = () => {
  throw new Error('No agent is asked for.')
}

test('an act about a model changes nothing but which one is in force', () => {
  expect(effectsOf(nationalLog, entry, noAgent)).toEqual([])
})

test.each<[string, log: string, change: object]>([
  ['in the log of an institution', 'health', {}],
  ['about another version', nationalLog, { what: 'model/om-infra/1.0.1' }],
  ['without a model', nationalLog, { after: null }],
  ['that holds from another time', nationalLog, { effectiveFrom: at + 1 }],
])('an act about a model %s makes no sense', (_name, log, change) => {
  expect(() => effectsOf(log, { ...entry, ...change }, noAgent)).toThrow(Error)
})
