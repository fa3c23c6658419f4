import type { EpochMs } from '../../../protocol/time.ts'
import type { Bilingual } from '../snapshot.ts'
import type { MetricName } from './metrics.ts'

/**
 * How well a value is known. Stale: older than the model allows. Not applicable: said by an agent
 * and approved by a second person.
 */
export const measureStatuses = [
  'measured',
  'declared_verified',
  'declared_unverified',
  'stale',
  'missing',
  'not_applicable',
] as const
export type MeasureStatus = (typeof measureStatuses)[number]

/** One value of one metric, as it stands at the reference instant. */
export type Measure = {
  readonly status: MeasureStatus
  /** What was measured or claimed last, also where it is stale; null where nothing was. */
  readonly value: number | boolean | null
  /** When it was measured, or declared; null where nothing was. */
  readonly at: EpochMs | null
  /**
   * Why there is no value: one of the agents' `missingReasons`, or one of `derivedReasons`; null
   * where there is one.
   */
  readonly reason: string | null
  /** How it was had (an agent's method, `derived`, `declared`), null where nothing was. */
  readonly method: string | null
  /** What it rests on, in the agent's or the declarer's words. */
  readonly detail: string | null
}

/** Why a derived metric has no value. */
export const derivedReasons = [
  'no_rpo',
  'no_rto',
  'no_public_service',
  'no_check',
  'no_role_in_register',
  'no_workloads',
  'no_agent',
  'no_evidence',
  'not_declared',
  'too_early',
] as const
export type DerivedReason = (typeof derivedReasons)[number]

/** Values by metric; what is left out is missing. */
export type Measures = Readonly<Partial<Record<MetricName, Measure>>>

/** A host: one active agent of the environment. */
export type ReadinessHost = {
  readonly agent: string
  readonly name: string
  readonly measures: Measures
}

export type ReadinessEnvironment = {
  readonly id: string
  readonly name: Bilingual
  /** Weight of its criticality, whole. */
  readonly weight: number
  readonly isCritical: boolean
  readonly measures: Measures
  /** By name. */
  readonly hosts: readonly ReadinessHost[]
}

/** All that the readiness of an institution is computed from, at one instant. */
export type ReadinessInputs = {
  readonly institution: string
  /** The reference: the last whole minute that figures tell of. */
  readonly at: EpochMs
  /** False within the policy's first days of evidence. */
  readonly isSetUp: boolean
  readonly measures: Measures
  /** In scope at `at`, by id. */
  readonly environments: readonly ReadinessEnvironment[]
  /** Waivers in force, by criterion. */
  readonly waivers: readonly Waiver[]
}

/** A criterion that need not be passed for now: it never counts as passed either. */
export type Waiver = { readonly criterion: string; readonly expiresAt: EpochMs }
