import { bound, type Fraction, fraction } from '../fraction.ts'
import { complianceShare } from './compliance.ts'
import { creditOf, isDone, isPending } from './judge.ts'
import type { MigrationContext } from './observation.ts'
import {
  type MigrationClosing,
  type MigrationFigures,
  type MigrationPart,
  migrationFindingKinds,
  type NationMigration,
  type Schedule,
  type WorkloadRow,
  type WorkloadState,
  workloadStates,
} from './result.ts'
import { planOf, scheduleOf } from './schedule.ts'
import { weightOf } from './waves.ts'
import type { Baseline } from './workload.ts'

/** The migration of one institution. Source: METHODOLOGY 2.6. */
export function institutionFigures(
  part: MigrationPart,
  context: MigrationContext,
): MigrationFigures {
  return pooledFigures([part], part.closings, context)
}

/** The migration of all institutions, pooled by weight; closings are those of the nation. */
export function nationFigures(
  parts: readonly MigrationPart[],
  nation: { readonly institutions: number; readonly closings: readonly MigrationClosing[] },
  context: MigrationContext,
): NationMigration {
  const begun = parts.filter(({ rows }) => rows.length > 0)
  return {
    ...pooledFigures(parts, nation.closings, context),
    institutions: nation.institutions,
    withoutWorkloads: nation.institutions - begun.length,
    withoutBaseline: begun.filter(({ baselines }) => baselines.length === 0).length,
  }
}

function pooledFigures(
  parts: readonly MigrationPart[],
  closings: readonly MigrationClosing[],
  context: MigrationContext,
): MigrationFigures {
  const rows = parts.flatMap((part) => part.rows)
  const scope = rows.filter(({ state }) => state !== 'exempt')
  const pending = rows.filter(({ state }) => isPending(state))
  const done = doneShare(rows)
  const earned = earnedShare(rows)
  return {
    workloads: scope.length,
    weight: weightOf(scope),
    states: statesOf(rows),
    done: done && bound(done, 'floor'),
    earned: earned && bound(earned, 'floor'),
    schedule: pooledSchedule(parts, closings, context),
    compliance: complianceShare(rows.map(({ compliance }) => compliance)),
    late: pending.filter(({ isLate }) => isLate).length,
    blocked: pending.filter(({ workload }) => workload.blocked !== null).length,
    findings: findingsOf(parts),
  }
}

/** Share of the weight in scope that measurement found moved or gone; null without any. Exact. */
export function doneShare(rows: readonly WorkloadRow[]): Fraction | null {
  const weight = weightOf(rows.filter(({ state }) => state !== 'exempt'))
  return weight === 0 ? null : fraction(weightOf(rows.filter(({ state }) => isDone(state))), weight)
}

/** The same by what every state has earned. Exact. */
export function earnedShare(rows: readonly WorkloadRow[]): Fraction | null {
  const weight = weightOf(rows.filter(({ state }) => state !== 'exempt'))
  const earned = rows.reduce((sum, row) => sum + row.workload.weight * creditOf(row), 0)
  return weight === 0 ? null : fraction(earned, weight * 100)
}

/** Of the institutions with a baseline alone: what they promised against what they have done. */
function pooledSchedule(
  parts: readonly MigrationPart[],
  closings: readonly MigrationClosing[],
  context: MigrationContext,
): Schedule | null {
  const promising = parts.filter(({ baselines }) => baselines.length > 0)
  const done = doneShare(promising.flatMap(({ rows }) => rows))
  if (done === null) return null
  const plans = plansOf(promising)
  return scheduleOf(plans.first, plans.newest, done, closings, context)
}

/**
 * The plan of the first baselines, and where any was made anew that of the newest. The list must
 * hold a baseline.
 */
export function plansOf(parts: readonly Pick<MigrationPart, 'baselines'>[]) {
  const byNumber = parts.map(({ baselines }) => {
    return baselines.toSorted((a: Baseline, b: Baseline) => a.number - b.number)
  })
  const isRebaselined = byNumber.some((baselines) => baselines.length > 1)
  const first = byNumber.flatMap((baselines) => baselines.slice(0, 1))
  const newest = byNumber.flatMap((baselines) => baselines.slice(-1))
  return { first: planOf(first), newest: isRebaselined ? planOf(newest) : null }
}

function statesOf(rows: readonly WorkloadRow[]): MigrationFigures['states'] {
  const counts = workloadStates.map((state) => {
    const own = rows.filter((row) => row.state === state)
    return [state, { workloads: own.length, weight: weightOf(own) }] as const
  })
  // Every state is a key, from the list that the type is made of.
  return Object.fromEntries(counts) as Record<WorkloadState, (typeof counts)[number][1]>
}

function findingsOf(parts: readonly MigrationPart[]): MigrationFigures['findings'] {
  const kinds = parts.flatMap(({ findings }) => findings.map(({ kind }) => kind))
  const counts = migrationFindingKinds.map((kind) => {
    return [kind, kinds.filter((each) => each === kind).length] as const
  })
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}
