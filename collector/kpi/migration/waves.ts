import { bound, fraction } from '../fraction.ts'
import { isDone } from './judge.ts'
import type { Wave, WorkloadRow } from './result.ts'
import type { Day } from './workload.ts'

/** Workloads in scope by wave, in the order of their start and name; those in none last. */
export function wavesOf(rows: readonly WorkloadRow[]): Wave[] {
  const waves = new Map<string | null, WorkloadRow[]>()
  for (const row of rows) {
    if (row.state === 'exempt') continue
    const wave = waves.get(row.workload.wave)
    if (wave) wave.push(row)
    else waves.set(row.workload.wave, [row])
  }
  return [...waves].map(([name, members]) => waveOf(name, members)).sort(byStart)
}

function waveOf(name: string | null, rows: readonly WorkloadRow[]): Wave {
  const done = rows.filter(({ state }) => isDone(state))
  const open = rows.filter(({ state }) => !isDone(state))
  const starts = daysOf(rows.map(({ workload }) => workload.plannedStart))
  const finishes = daysOf(rows.map(({ workload }) => workload.plannedFinish))
  return {
    ...{ name, workloads: rows.length },
    startOn: starts[0] ?? null,
    finishOn: finishes.at(-1) ?? null,
    done: bound(fraction(weightOf(done), weightOf(rows)), 'floor'),
    status: statusOf(open),
  }
}

function statusOf(open: readonly WorkloadRow[]): Wave['status'] {
  if (open.length === 0) return 'finished'
  if (open.some(({ isLate }) => isLate)) return 'late'
  if (open.some(({ workload }) => workload.blocked !== null)) return 'blocked'
  const isPlanned = open.every(({ workload }) => workload.plannedFinish !== null)
  return isPlanned ? 'on_time' : 'not_planned'
}

function daysOf(days: readonly (Day | null)[]): Day[] {
  return days.filter((day) => day !== null).sort()
}

/** Sum of the weights of workloads. */
export function weightOf(rows: readonly WorkloadRow[]): number {
  return rows.reduce((sum, { workload }) => sum + workload.weight, 0)
}

/** Waves without a name or a start are last. */
function byStart(a: Wave, b: Wave): number {
  if ((a.name === null) !== (b.name === null)) return a.name === null ? 1 : -1
  if (a.startOn !== b.startOn) return (a.startOn ?? '~') < (b.startOn ?? '~') ? -1 : 1
  return (a.name ?? '') < (b.name ?? '') ? -1 : 1
}
