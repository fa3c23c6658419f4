import { expect, test } from 'vitest'
import type { History } from '../../../agent/facts/history.ts'
import { noHistory } from '../../../agent/facts/history.ts'
import { usageFact } from '../../../agent/facts/usage.ts'
import type { FrozenCheck } from '../../../agent/frozen.ts'
import { dayMs, minuteMs } from '../../../protocol/time.ts'
import { factNow } from '../../support/fact-host.ts'
import { readFact } from '../../support/read-fact.ts'

const today = Math.floor(factNow / dayMs)
const memory: FrozenCheck = {
  ...{ check: 'ram', kind: 'memory', intervalMs: minuteMs, timeoutMs: 10_000, settings: {} },
}
const facts = { everyMs: dayMs, exclude: [] }

/** So many looks at each percentage. */
const looks = (counts: Record<number, number>) =>
  Object.entries(counts).reduce<number[]>(
    (all, [step, count]) => all.with(Number(step), count),
    Array(101).fill(0),
  )

const day = 24 * 60

test.each<[string, History['usage']['memory'], object]>([
  ['all looks alike', { [today]: looks({ 40: day }) }, { value: 0.4 }],
  [
    'one look in twenty does not count',
    { [today]: looks({ 40: 95 * day, 99: 5 * day }) },
    { value: 0.4 },
  ],
  ['one more does', { [today]: looks({ 40: 94 * day, 99: 6 * day }) }, { value: 0.99 }],
  [
    'days together',
    { [today - 29]: looks({ 10: day }), [today]: looks({ 80: day }) },
    { value: 0.8, detail: `${2 * day} looks on 2 days` },
  ],
  [
    'no day of looks yet',
    { [today]: looks({ 40: day - 1 }) },
    { value: null, missing: 'too_early' },
  ],
  ['looks of long ago', { [today - 30]: looks({ 40: 2 * day }) }, { missing: 'too_early' }],
  [
    'looks that have not come yet',
    { [today + 1]: looks({ 40: 2 * day }) },
    { missing: 'too_early' },
  ],
])('usage: %s', async (_name, kept, expected) => {
  const history = { ...noHistory, usage: { cpu: {}, memory: kept } }
  const told = await readFact(usageFact, { history, config: { checks: [memory], facts } })
  expect(told['memory.used_p95_ratio']).toMatchObject({ method: 'looks', ...expected })
  expect(told['cpu.used_p95_ratio']).toMatchObject({ missing: 'no_check' })
})
