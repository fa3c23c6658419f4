import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { continuity, type Standard } from '../kpi/continuity.ts'
import { type Sums, sumNames } from '../kpi/environment-day.ts'
import { bound, decimal } from '../kpi/fraction.ts'
import { joinerOf } from '../kpi/joiner.ts'
import { sumsOf } from '../kpi/ledger.ts'
import type { SnapshotMigration } from '../kpi/migration/result.ts'
import {
  environmentFigure,
  type InstitutionParts,
  institutionSums,
  type Part,
  populationFigures,
  worstOf,
} from '../kpi/population.ts'
import { type HostedPart, providerRows } from '../kpi/provider.ts'
import type { SnapshotReadiness } from '../kpi/readiness/result.ts'
import {
  type ByWindow,
  type Cycle,
  type EnvironmentRow,
  type Figure,
  type InstitutionRow,
  type NationRow,
  type Snapshot,
  type Stage,
  type WindowName,
  windowNames,
} from '../kpi/snapshot.ts'
import type { Policy } from '../register/policy.ts'
import type { InstitutionRecord } from '../register/register.ts'

/** An environment with its time in each window; its figures follow from that. */
export type EvaluatedEnvironment = {
  readonly row: Omit<EnvironmentRow, 'continuity' | 'since'>
  readonly since: EpochMs | null
  /** Sums of each window, in the order of `windowNames`, each in that of `sumNames`. */
  readonly sums: readonly number[]
}

/** An institution with its environments. */
export type EvaluatedInstitution = {
  readonly row: Omit<InstitutionRow, 'environments'>
  readonly environments: readonly EvaluatedEnvironment[]
}

/** The same with the time of its environments in one pool, each by its weight. */
export type PooledInstitution = EvaluatedInstitution & { readonly sums: ByWindow<Sums> }

/** All that a snapshot is made of. */
export type Evaluated = {
  readonly frame: Frame
  readonly nation: NationRow
  readonly institutions: readonly EvaluatedInstitution[]
  /** Null where no model is known. */
  readonly readiness: SnapshotReadiness | null
  /** Null where nobody registered a workload. */
  readonly migration: SnapshotMigration | null
}

/** What every figure of one snapshot rests on. */
export type Frame = {
  readonly engine: string
  readonly computedAt: EpochMs
  readonly asOf: EpochMs
  readonly simulated: boolean
  readonly timezone: string
  readonly standard: Standard
  readonly weights: Policy['criticalityWeights']
  readonly cycle: Cycle
  readonly windows: Snapshot['windows']
  readonly headline: NationRow['headline']
}

/** What continuities are held against. */
export function standardOf(policy: Policy): Standard {
  const points = decimal(policy.maintenanceGapPoints)
  return {
    target: decimal(policy.continuityTargetRatio),
    gapMax: { over: points.over, under: points.under * 100n },
    centreMax: decimal(policy.centreShareMaxRatio),
  }
}

/**
 * The snapshot of an evaluation. The figures of environments are worked out when somebody looks:
 * a nation has thousands, which change every minute.
 */
export function snapshotOf(evaluated: Evaluated): Snapshot {
  const { frame, nation, institutions, readiness, migration } = evaluated
  const { standard, weights: _weights, headline: _headline, ...rest } = frame
  return {
    ...rest,
    target: bound(standard.target, 'floor'),
    nation,
    ...(readiness && { readiness }),
    ...(migration && { migration }),
    institutions: institutions.map((institution) => {
      let rows: readonly EnvironmentRow[] | null = null
      return {
        ...institution.row,
        get environments() {
          rows ??= institution.environments.map((environment) => environmentRow(environment, frame))
          return rows
        },
      }
    }),
  }
}

/** Something for each window. */
export function byWindow<T>(make: (window: WindowName) => T): ByWindow<T> {
  // The keys are exactly the names of the windows.
  return Object.fromEntries(windowNames.map((name) => [name, make(name)])) as ByWindow<T>
}

function environmentRow(environment: EvaluatedEnvironment, frame: Frame): EnvironmentRow {
  const { row, since } = environment
  const continuity = byWindow((window) =>
    environmentFigure(partOf(environment, window, frame), frame.standard),
  )
  return { ...row, since, continuity }
}

function partOf({ row, sums }: EvaluatedEnvironment, window: WindowName, { weights }: Frame): Part {
  const { id, criticality, assessed } = row
  const critical = criticality === 'critical'
  return {
    id,
    critical,
    assessed,
    weight: weights[criticality],
    sums: sumsOf(sums, placeOf(window)),
  }
}

/** An institution of the register with the figures of its environments together. */
export function evaluatedInstitution(
  { id, kind, name, sector }: InstitutionRecord,
  target: boolean,
  environments: readonly EvaluatedEnvironment[],
  frame: Frame,
): PooledInstitution {
  const sums = byWindow((window) => pooledSums(environments, window, frame))
  const joiner = joinerIn(environments, frame)
  const reports = environments.flatMap(({ row }) => row.agents.map((agent) => agent.lastReportAt))
  const row = {
    id,
    kind,
    name,
    sector,
    target,
    reporting: environments.some((each) => each.row.agents.some((agent) => !agent.silent)),
    lastReportAt: latest(reports),
    stage: stageOf(environments.map((each) => each.row.stage)),
    continuity: byWindow((window) => continuity(sums[window], frame.standard)),
    ...(joiner && { joiner }),
    worstCritical: worst(
      environments.filter((each) => each.row.criticality === 'critical'),
      frame,
    ),
    worst: worst(environments, frame),
  }
  return { row, environments, sums }
}

/** As `institutionSums`, which what is assessed need not be made ready for. */
function pooledSums(
  environments: readonly EvaluatedEnvironment[],
  window: WindowName,
  frame: Frame,
): Sums {
  const place = placeOf(window)
  const total = new Array<number>(sumNames.length).fill(0)
  const others: Part[] = []
  for (const environment of environments) {
    const { row, sums } = environment
    const weight = frame.weights[row.criticality]
    if (!row.assessed) others.push(partOf(environment, window, frame))
    else for (let k = 0; k < total.length; k++) total[k]! += sums[place + k]! * weight
  }
  if (others.length === 0) return sumsOf(total)
  const rest = institutionSums(others)
  return sumsOf(total.map((ms, k) => ms + rest[sumNames[k]!]))
}

/** As `worstOf`, which is exact, of those that can be it by the cycle so far. */
function worst(environments: readonly EvaluatedEnvironment[], frame: Frame): string | null {
  const lows = environments.map(({ row, sums }) => {
    const { up, degraded, down, unknown } = sumsOf(sums, placeOf('cycle'))
    const eligible = up + degraded + down + unknown
    return eligible > 0 ? (row.assessed ? (up + degraded) / eligible : 0) : Number.NaN
  })
  const lowest = lows.reduce((low, each) => (each < low ? each : low), 1)
  const nearly = environments.filter((_, i) => lows[i]! <= lowest + roundingMax)
  return worstOf(nearly.map((each) => partOf(each, 'cycle', frame)))
}

/** More than two equal shares can differ by in floating point. */
const roundingMax = 1e-9

function placeOf(window: WindowName): number {
  return windowNames.indexOf(window) * sumNames.length
}

/** What else the figure of the cycle could be, where an environment joined within it. */
function joinerIn(environments: readonly EvaluatedEnvironment[], frame: Frame) {
  const { cycle } = frame.windows
  const starts = environments.map(({ row }) => row.inScopeFrom)
  if (starts.every((from) => from <= cycle.from)) return undefined
  const parts = environments.map((each) => partOf(each, 'cycle', frame))
  return joinerOf(parts, starts, cycle, frame.standard)
}

/** The nation of all these institutions. */
export function nationRow(institutions: readonly PooledInstitution[], frame: Frame): NationRow {
  const { standard, headline } = frame
  const members = institutions.filter(({ row }) => row.target)
  const targets = members.map(({ row }) => row)
  const figures = (window: WindowName, kind?: InstitutionRow['kind']) =>
    populationFigures(
      members.filter(({ row }) => kind === undefined || row.kind === kind).map(partsIn(window)),
      standard,
    )
  const ofKind = (kind: InstitutionRow['kind']) => ({
    targets: targets.filter((row) => row.kind === kind).length,
    continuity: byWindow((window): Figure => figures(window, kind)[headline]),
  })
  return {
    reporting: targets.filter((row) => row.reporting).length,
    targets: targets.length,
    stage: stageOf(targets.map((row) => row.stage)),
    headline,
    continuity: byWindow((window) => figures(window)),
    byKind: { institution: ofKind('institution'), governorate: ofKind('governorate') },
    byProvider: providerRows(hostedParts(members, frame), standard),
  }
}

/** The environments of the target institutions with who hosts them, one pool for each of both. */
function hostedParts(members: readonly PooledInstitution[], frame: Frame): HostedPart[] {
  return members.flatMap(({ row: { id }, environments }) =>
    [...Map.groupBy(environments, ({ row }) => row.provider)].map(([provider, own]) => {
      const part = byWindow((window) => pooledPart(id, pooledSums(own, window, frame)))
      return { institution: id, provider, environments: own.length, part }
    }),
  )
}

/** An institution in a population: its pool stands for its environments. */
function partsIn(window: WindowName): (institution: PooledInstitution) => InstitutionParts {
  return ({ row: { id, kind, stage }, sums }) => {
    return { id, kind, stage, parts: [pooledPart(id, sums[window])] }
  }
}

/** What was weighted before stands for all that it was made of. */
function pooledPart(id: string, sums: Sums): Part {
  return { id, critical: false, weight: 1, assessed: true, sums }
}

/** Measured as soon as one member is: the others show their own state. */
function stageOf(stages: readonly Stage[]): Stage {
  return stages.includes('measured') ? 'measured' : 'being_set_up'
}

/** Measured once the first evidence is `setUpDays` old. */
export function environmentStage(
  evidenceFrom: EpochMs | null,
  setUpDays: number,
  asOf: EpochMs,
): Stage {
  const old = evidenceFrom !== null && asOf - evidenceFrom >= setUpDays * dayMs
  return old ? 'measured' : 'being_set_up'
}

function latest(instants: readonly (EpochMs | null)[]): EpochMs | null {
  const known = instants.filter((at) => at !== null)
  return known.length === 0 ? null : Math.max(...known)
}
