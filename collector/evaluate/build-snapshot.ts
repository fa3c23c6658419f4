import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { continuity, type Standard } from '../kpi/continuity.ts'
import { bound, decimal } from '../kpi/fraction.ts'
import {
  environmentFigure,
  type InstitutionParts,
  institutionSums,
  type Part,
  populationFigures,
  worstOf,
} from '../kpi/population.ts'
import { type HostedPart, providerRows } from '../kpi/provider.ts'
import {
  type ByWindow,
  type Cycle,
  type EnvironmentRow,
  type Figure,
  type InstitutionRow,
  type NationRow,
  type Snapshot,
  type Stage,
  windowNames,
} from '../kpi/snapshot.ts'
import type { Policy } from '../register/policy.ts'
import type { InstitutionRecord } from '../register/register.ts'

/** An environment with its time in each window. */
export type EvaluatedEnvironment = {
  readonly row: Omit<EnvironmentRow, 'continuity'>
  readonly part: ByWindow<Part>
}

/** An institution of the register with its environments. */
export type EvaluatedInstitution = {
  readonly record: InstitutionRecord
  readonly target: boolean
  readonly environments: readonly EvaluatedEnvironment[]
}

/** What every figure of one snapshot rests on. */
export type Frame = {
  readonly engine: string
  readonly computedAt: EpochMs
  readonly asOf: EpochMs
  readonly simulated: boolean
  readonly timezone: string
  readonly standard: Standard
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

/** Puts a snapshot together: environments to institutions to the nation. */
export function buildSnapshot(
  frame: Frame,
  institutions: readonly EvaluatedInstitution[],
): Snapshot {
  const { standard, headline, ...rest } = frame
  const rows = institutions.map((institution) => institutionRow(institution, standard))
  return {
    ...rest,
    target: bound(standard.target, 'floor'),
    nation: nationRow(institutions, rows, standard, headline),
    institutions: rows,
  }
}

function byWindow<T>(make: (window: (typeof windowNames)[number]) => T): ByWindow<T> {
  // The keys are exactly the names of the windows.
  return Object.fromEntries(windowNames.map((name) => [name, make(name)])) as ByWindow<T>
}

function environmentRow({ row, part }: EvaluatedEnvironment, standard: Standard): EnvironmentRow {
  return { ...row, continuity: byWindow((window) => environmentFigure(part[window], standard)) }
}

function institutionRow(
  { record, target: isTarget, environments }: EvaluatedInstitution,
  standard: Standard,
): InstitutionRow {
  const { id, kind, name, sector } = record
  const parts = environments.map(({ part }) => part.cycle)
  const reports = environments.flatMap(({ row }) => row.agents.map((agent) => agent.lastReportAt))
  return {
    id,
    kind,
    name,
    sector,
    target: isTarget,
    reporting: environments.some(({ row }) => row.agents.some((agent) => !agent.silent)),
    lastReportAt: latest(reports),
    stage: stageOf(environments.map(({ row }) => row.stage)),
    continuity: byWindow((window) =>
      continuity(institutionSums(environments.map(({ part }) => part[window])), standard),
    ),
    worstCritical: worstOf(parts.filter((part) => part.critical)),
    worst: worstOf(parts),
    environments: environments.map((environment) => environmentRow(environment, standard)),
  }
}

function nationRow(
  institutions: readonly EvaluatedInstitution[],
  rows: readonly InstitutionRow[],
  standard: Standard,
  headline: NationRow['headline'],
): NationRow {
  const targets = rows.filter((row) => row.target)
  const parts = (window: (typeof windowNames)[number]): InstitutionParts[] =>
    institutions
      .filter((institution) => institution.target)
      .map(({ record, environments }) => ({
        id: record.id,
        kind: record.kind,
        stage: stageOf(environments.map(({ row }) => row.stage)),
        parts: environments.map(({ part }) => part[window]),
      }))
  const ofKind = (kind: 'institution' | 'governorate') => ({
    targets: targets.filter((row) => row.kind === kind).length,
    continuity: byWindow((window): Figure => {
      const members = parts(window).filter((institution) => institution.kind === kind)
      return populationFigures(members, standard)[headline]
    }),
  })
  return {
    reporting: targets.filter((row) => row.reporting).length,
    targets: targets.length,
    stage: stageOf(targets.map((row) => row.stage)),
    headline,
    continuity: byWindow((window) => populationFigures(parts(window), standard)),
    byKind: { institution: ofKind('institution'), governorate: ofKind('governorate') },
    byProvider: providerRows(hostedParts(institutions), standard),
  }
}

/** The environments of the target institutions with who hosts them. */
function hostedParts(institutions: readonly EvaluatedInstitution[]): HostedPart[] {
  return institutions
    .filter((institution) => institution.target)
    .flatMap(({ record: { id }, environments }) =>
      environments.map(({ row, part }) => ({ institution: id, provider: row.provider, part })),
    )
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
