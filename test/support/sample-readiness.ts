import {
  type Measure,
  type MeasureStatus,
  measureStatuses,
} from '../../collector/kpi/readiness/inputs.ts'
import { axisNames } from '../../collector/kpi/readiness/model.ts'
import type { ReadinessDetail as Detail } from '../../collector/kpi/readiness/result.ts'
import {
  type AdviceStep,
  criterionStatuses,
  type FiredGate,
  findingKinds,
  type IndexFigure,
  type IndicatorRow,
  type InstitutionReadiness,
  type NationReadiness,
  type Score,
  type SnapshotReadiness,
} from '../../collector/kpi/readiness/result.ts'
import type { Bound } from '../../collector/kpi/snapshot.ts'
import { dayMs, hourMs } from '../../protocol/time.ts'
import type { DetailedSnapshot } from './detailed-snapshot.ts'
import { asOf } from './sample-figures.ts'
import { draftModel, sampleModel } from './sample-model.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

/** Made-up readiness of the sample nation: every status, level, gate, criterion, step, finding. */

const bound = (percent: number): Bound => ({ ratio: percent / 100, percent: percent.toFixed(2) })
const score = (low: number, observed: number | null, high: number): Score => ({
  ...{ low: bound(low), observed: observed === null ? null : bound(observed), high: bound(high) },
})
const index = (low: number, high: number): IndexFigure => ({
  ...score(low, Math.min(high, low + 4.46), high),
  verdict: low >= 85 ? 'met' : high < 85 ? 'not_met' : 'undetermined',
})

const levelOf = (percent: number): string =>
  sampleModel.levels.find(({ minRatio }) => percent >= 100 * minRatio)?.id ?? 'low'

const firedGates: readonly FiredGate[] = [
  {
    ...{ indicator: 'd3.backup_age', environment: 'records', host: null },
    ...{ is: 'not_ruled_out', capLevel: 'average' },
  },
  {
    ...{ indicator: 'd1.os_support', environment: 'portal', host: 'agent-web-1' },
    ...{ is: 'fired', capLevel: 'average' },
  },
]

/** One institution: T13's figures unless said otherwise. */
export function readinessOf(
  low: number,
  high: number,
  change: Partial<InstitutionReadiness> = {},
): InstitutionReadiness {
  return {
    ...{ stage: 'measured', isMember: true, isEnabledMember: true, index: index(low, high) },
    measured: bound(91.25),
    level: { low: levelOf(low), high: levelOf(high) },
    gates: [],
    dimensions: sampleModel.dimensions.map(({ id }, i) => ({
      ...{ id, isValid: id !== 'd7', available: bound(id === 'd8' ? 45 : 100) },
      ...(id === 'd8' ? score(31.5, null, 86.5) : score(low - i, low, Math.min(100, high + i))),
    })),
    axes: axisNames.map((id, i) => ({ id, ...score(low - 2 * i, low, high) })),
    objectives: [1, 2, 3, 4, 5, 6, 8].map((number) => ({ number, ...score(low, low, high) })),
    equalWeights: score(low - 1.4, low, high + 1.1),
    enabled: {
      status: 'not_enabled',
      criteria: sampleModel.enabled.map(({ id }, i) => ({
        ...{ id, status: criterionStatuses[i] ?? 'pass' },
        expiresAt: criterionStatuses[i] === 'waived' ? asOf + 40 * dayMs : null,
      })),
      environments: [
        { id: 'portal', status: 'enabled' },
        { id: 'records', status: 'not_enabled' },
        { id: 'ministry-link', status: 'unknown' },
      ],
    },
    ...change,
  }
}

const measures: Readonly<Record<MeasureStatus, Omit<Measure, 'status' | 'value'>>> = {
  measured: { at: asOf - hourMs, reason: null, method: 'statfs', detail: '/var' },
  declared_verified: { at: asOf - 90 * dayMs, reason: null, method: 'declared', detail: null },
  declared_unverified: { at: asOf - dayMs, reason: null, method: 'declared', detail: 'خطة 2027' },
  stale: { at: asOf - 12 * dayMs, reason: null, method: 'derived', detail: null },
  missing: { at: null, reason: 'no_permission', method: null, detail: 'CAP_NET_ADMIN' },
  not_applicable: { at: null, reason: 'virtual_machine', method: 'dmi', detail: null },
}
const values: Readonly<Record<string, number | boolean>> = {
  'd1.os_support': -100,
  'd1.disk_free': 0.0712,
  'd2.updates': 12,
  'd2.firewall': true,
  'd2.clock': 0.0123,
  'd3.backup_age': 1.4,
  'd3.outages': 2.25,
  'd4.success': 0.9987,
  'd6.loss': 0.0041,
  'd7.cloud': false,
  'd7.age': 6.5,
}

const places = [
  { environment: 'portal', host: 'agent-web-1' },
  { environment: 'records', host: 'agent-records-1' },
  { environment: null, host: null },
] as const

function rowOf(id: string, dimension: string, weight: number, i: number): IndicatorRow {
  const rule = sampleModel.dimensions
    .flatMap(({ indicators }) => indicators)
    .find((each) => each.id === id)
  if (!rule) throw new Error(`The sample model has no ${id}.`)
  const status = measureStatuses[i % measureStatuses.length] ?? 'missing'
  const unknown = status === 'missing' || status === 'stale'
  const value = status === 'missing' || status === 'not_applicable' ? null : (values[id] ?? true)
  const units = places.slice(0, (i % 3) + 1).map((place, j) => ({
    ...place,
    // Of several units the last is measured.
    measure:
      j > 0 && j === i % 3
        ? { ...measures.measured, status: 'measured' as const, value: values[id] ?? true }
        : { ...measures[status], status, value },
    low: unknown ? 0 : 25 * j,
    observed: unknown ? null : 25 * j,
    high: unknown ? 100 : 25 * j,
  }))
  return {
    ...{ id, dimension, metric: rule.metric, weight, status, units: i === 4 ? [] : units },
    ...score(unknown ? 0 : 62.5, unknown ? null : 62.5, unknown ? 100 : 62.5),
  }
}

const indicators: readonly IndicatorRow[] = sampleModel.dimensions
  .flatMap(({ id, weight, indicators }) =>
    indicators.map((each) => [each.id, id, (weight * each.weight) / 10_000] as const),
  )
  .map(([id, dimension, weight], i) => rowOf(id, dimension, weight, i))

const kinds = ['fix', 'measure', 'declare', 'review'] as const

/** More steps than are seen at once, of every kind. */
const steps: readonly AdviceStep[] = Array.from({ length: 26 }, (_, i) => {
  const gainPoints = Math.round((5 / (i + 1)) * 10_000) / 10_000
  return {
    ...{ indicator: indicators[i % indicators.length]?.id ?? '', gainPoints },
    ...(places[i % 3] ?? places[0]),
    kind: kinds[i % 4] ?? 'fix',
    lowAfter: bound(Math.floor((71.65 + gainPoints) * 100) / 100),
    liftsGate: i % 5 === 0,
  }
})

/** Everything behind the readiness of the first institution. */
export const sampleDetail: Detail = {
  readiness: readinessOf(71.65, 77.15, { gates: firedGates }),
  indicators,
  advice: {
    steps,
    next: {
      ...{ level: 'above', steps: steps.slice(0, 2), lowAfter: bound(79.15), isReachable: true },
    },
  },
  findings: findingKinds.map((kind, i) => ({
    ...{ kind, environment: i === 1 ? null : 'portal', since: i === 2 ? null : asOf - i * dayMs },
    subject:
      { 1: 'web-9', 3: 'web-1/old-site', 4: 'web-2', 5: 'operations.trained_staff' }[i] ?? null,
    mayBeEarlier: i === 0,
    detail: i === 3 ? 'HTTP 503' : null,
  })),
}

/** Nothing left to do. */
export const perfectDetail: Detail = {
  readiness: readinessOf(100, 100, {
    enabled: {
      status: 'enabled',
      criteria: sampleModel.enabled.map(({ id }) => ({ id, status: 'pass', expiresAt: null })),
      environments: [],
    },
  }),
  indicators,
  advice: { steps: [], next: null },
  findings: [],
}

/** Too little is measured, and the next level is out of reach. */
export const settingUpDetail: Detail = {
  ...sampleDetail,
  readiness: readinessOf(12.5, 96.4, {
    ...{ stage: 'being_set_up', level: null, measured: bound(41.2), isMember: false },
    isEnabledMember: false,
  }),
  advice: {
    steps: steps.slice(0, 3),
    next: {
      ...{ level: 'below', steps: steps.slice(0, 3), lowAfter: bound(20.1), isReachable: false },
    },
  },
}

const nation: NationReadiness = {
  members: 56,
  index: index(74.21, 90.02),
  levels: [
    ...[9, 21, 14, 5, 3].map((members, i) => ({
      level: sampleModel.levels[i]?.id ?? null,
      members,
    })),
    { level: null, members: 4 },
  ],
  byKind: { institution: index(75.5, 84.9), governorate: index(69.03, 92.4) },
  dimensions: sampleModel.dimensions.map(({ id }, i) => ({ id, ...score(80 - 5 * i, 81, 95) })),
  enabled: {
    ...{ members: 56, enabled: 41, notEnabled: 6, unknown: 9, waived: 2 },
    ...{ low: bound(73.21), high: bound(89.29), verdict: 'not_met' },
  },
  enabledEnvironments: {
    ...{ members: 94, enabled: 80, notEnabled: 4, unknown: 10, waived: 2 },
    ...{ low: bound(85.1), high: bound(95.75), verdict: 'not_met' },
  },
}

/** Lows of a few typical institutions, and how much above them is possible; dealt out in turn. */
const fates = [
  [92.4, 3],
  [76.2, 2],
  [55.05, 30],
  [31, 12],
  [8.75, 4],
  [85, 1.2],
] as const

const institutions = Object.fromEntries(
  sampleSnapshot.institutions.map(({ id, stage }, i) => {
    const [low, wider] = fates[i % fates.length] ?? fates[0]
    const fate = readinessOf(low, low + wider, {
      ...(stage === 'being_set_up' && { stage, level: null, measured: bound(40.5) }),
      gates: i % 4 === 1 ? firedGates : [],
      isMember: i !== 44,
      enabled: {
        ...{ criteria: [], environments: [] },
        status: (['enabled', 'unknown', 'not_enabled'] as const)[i % 3] ?? 'unknown',
      },
    })
    return [id, i === 0 ? sampleDetail.readiness : fate]
  }),
)

/** The nation under an approved model. */
export const sampleReadiness: SnapshotReadiness = { model: sampleModel, nation, institutions }

/** Nobody is a member yet. */
const emptyReadiness: SnapshotReadiness = {
  model: draftModel,
  nation: {
    ...{ members: 0, index: null, byKind: { institution: null, governorate: null } },
    levels: [],
    dimensions: [],
    enabled: nobody(),
    enabledEnvironments: nobody(),
  },
  institutions: {},
}

function nobody() {
  const none = { members: 0, enabled: 0, notEnabled: 0, unknown: 0, waived: 0 }
  return { ...none, low: null, high: null, verdict: null }
}

/** The sample with readiness, approved or as a draft. */
export const readySnapshot: DetailedSnapshot = { ...sampleSnapshot, readiness: sampleReadiness }
export const draftSnapshot: DetailedSnapshot = {
  ...sampleSnapshot,
  readiness: { ...sampleReadiness, model: draftModel },
}

/** A nation of which nothing is registered yet. */
export const emptySnapshot: DetailedSnapshot = {
  ...{ ...sampleSnapshot, institutions: [], readiness: emptyReadiness },
}
