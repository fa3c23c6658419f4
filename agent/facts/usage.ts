import { dayMs } from '../../protocol/time.ts'
import type { FactHost, FactProbe, Reading } from './fact.ts'
import { p95 } from './trend.ts'

/** How busy processor and memory are: what 95 of 100 looks of the last 30 days did not exceed. */
export const usageFact: FactProbe = {
  indicators: ['cpu.used_p95_ratio', 'memory.used_p95_ratio'],
  async measure(host) {
    return [read(host, 'cpu', 'cpu.used_p95_ratio'), read(host, 'memory', 'memory.used_p95_ratio')]
  },
}

const daysKept = 30

function read(
  { history, config, now }: FactHost,
  kind: 'cpu' | 'memory',
  indicator: 'cpu.used_p95_ratio' | 'memory.used_p95_ratio',
): Reading {
  const method = 'looks'
  const check = config.checks.find((each) => each.kind === kind)
  if (!check) return { indicator, value: null, method, missing: 'no_check' }
  const today = Math.floor(now / dayMs)
  const days = Object.entries(history.usage[kind])
    .filter(([day]) => Number(day) > today - daysKept && Number(day) <= today)
    .map(([, counts]) => counts)
  const looks = days.flat().reduce((sum, count) => sum + count, 0)
  const value = p95(days)
  const missing = value === null || looks * check.intervalMs < dayMs
  if (missing) return { indicator, value: null, method, missing: 'too_early' }
  return { indicator, value, method, detail: `${looks} looks on ${days.length} days` }
}
