import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ScoreRule } from '../../../collector/kpi/readiness/model.ts'
import { conditionText } from '../../../collector/model/conditions.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'

test('docs/readiness-model.md shows the default model as it is', () => {
  const { dimensions, enabled } = loadDefaultModel()
  const indicators = dimensions.flatMap(({ indicators: all }) =>
    all.map(({ id, metric, weight, score, gate, mayNotApply }) => {
      const holds = gate ? conditionText(gate.when) : '–'
      const cells = [`\`${id}\``, `\`${metric}\``, weight, scoreText(score), holds]
      return `| ${cells.join(' | ')} | ${mayNotApply ? 'yes' : 'no'} |`
    }),
  )
  const criteria = enabled.map(({ id, label, conditions }) => {
    const all = conditions.map(({ metric, scope, ...condition }) => {
      const only = scope === 'critical' ? ' (critical)' : ''
      return `\`${metric}\` ${conditionText(condition).replace('value ', '')}${only}`
    })
    return `| ${id} | ${label.en} | ${all.join('; ')} |`
  })
  const text = readFileSync('docs/readiness-model.md', 'utf8')
  const [, shown = ''] = text.match(/<!-- default model:.*?-->(.*?)<!-- end -->/s) ?? []
  const rows = shown.split('\n').filter((line) => /^\| (`|E\d)/.test(line))
  expect(rows).toEqual([...indicators, ...criteria])
})

function scoreText(score: ScoreRule): string {
  if (score.fn === 'lin') return `lin ${score.zeroAt} to ${score.fullAt}`
  if (score.fn !== 'step') return score.fn
  const steps = score.steps.map(({ below, points }) => `<${below}: ${points}`)
  return `step ${steps.join(', ')}, else ${score.otherwise}`
}
