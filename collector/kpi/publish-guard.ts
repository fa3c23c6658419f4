import { dayMs } from '../../protocol/time.ts'
import type { Jump, Snapshot } from './snapshot.ts'

/** From which size on a change between two evaluations is implausible. */
export type GuardThresholds = {
  /** Share of the reporting target institutions that fell silent. Ratio, 0 to 1. */
  readonly reportingFallRatio: number
  /** Share of institutions or of environments that vanished. Ratio, 0 to 1. */
  readonly rowsLostRatio: number
  /** So few that fell silent or vanished are none: one of a small nation is a large share. */
  readonly lostMin: number
  /** How far the national figure of the cycle moved. Percentage points. */
  readonly jumpPoints: number
}

/** What of a snapshot is compared. */
export type Guarded = Pick<Snapshot, 'nation' | 'cycle' | 'asOf'> & {
  readonly institutions: readonly {
    readonly id: string
    readonly environments: readonly { readonly id: string }[]
  }[]
}

/** So young a cycle moves by itself. */
const settledCycleMs = dayMs

/** Ratios are rounded decimals: a jump of exactly the threshold is one. */
const tolerance = 1e-9

/**
 * What jumped from the published snapshot to a newer one; nothing while the nation is being set up.
 * The figure is compared within one cycle that has run for a day. Source: docs/methodology.md §7.
 */
export function jumpsOf(before: Guarded, after: Guarded, thresholds: GuardThresholds): Jump[] {
  if (before.nation.stage === 'being_set_up') return []
  const { reportingFallRatio, rowsLostRatio, lostMin, jumpPoints } = thresholds
  const jumps: Jump[] = []
  const fall = (what: Jump['what'], from: number, to: number, lost: number, ratio: number) => {
    if (lost >= lostMin && lost >= from * ratio - tolerance) {
      jumps.push({ what, before: from, after: to })
    }
  }
  const [heard, hears] = [before.nation.reporting, after.nation.reporting]
  fall('reporting', heard, hears, heard - hears, reportingFallRatio)
  for (const [what, rowsOf] of rows) {
    const [known, left] = [rowsOf(before), rowsOf(after)]
    fall(what, known.size, left.size, known.difference(left).size, rowsLostRatio)
  }
  const isSameCycle = before.cycle.id === after.cycle.id
  if (isSameCycle && before.asOf - before.cycle.from >= settledCycleMs) {
    for (const what of ['low', 'high'] as const) {
      const [was, is] = [boundOf(before, what), boundOf(after, what)]
      if (was === null || is === null) continue
      if (Math.abs(is - was) * 100 >= jumpPoints - tolerance) {
        jumps.push({ what, before: was, after: is })
      }
    }
  }
  return jumps
}

const rows: readonly (readonly [Jump['what'], (snapshot: Guarded) => Set<string>])[] = [
  ['institutions', ({ institutions }) => new Set(institutions.map(({ id }) => id))],
  [
    'environments',
    ({ institutions }) =>
      new Set(
        institutions.flatMap(({ id, environments }) =>
          environments.map((environment) => `${id}/${environment.id}`),
        ),
      ),
  ],
]

/** A figure that has no value any more, or again, is told by its rows. */
function boundOf({ nation }: Guarded, what: 'low' | 'high'): number | null {
  return nation.continuity.cycle[nation.headline][what]?.ratio ?? null
}
