import type { CheckDefinition } from '../protocol/batch.ts'
import type { ProbeKind } from './probes/all.ts'

/** A check with everything decided: no defaults, no units, no problems. */
export type FrozenCheck = {
  readonly check: string
  readonly kind: ProbeKind
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly label?: string
  /** As the kind's probe wants them. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** `agent.yaml` with all questions answered: plain JSON, which the resident takes as it is. */
export type FrozenConfig = {
  readonly collector: string
  readonly name: string
  /** A PEM file of authorities to trust beside the system's, as an absolute path. */
  readonly authorities?: string
  readonly facts: FrozenFacts
  /** Port of the loopback on which this host's own Prometheus may ask; absent: none is opened. */
  readonly metricsPort?: number
  readonly checks: readonly FrozenCheck[]
}

/** How readiness facts are measured. */
export type FrozenFacts = {
  readonly everyMs: number
  /** Indicators the institution keeps to itself: neither measured nor sent. */
  readonly exclude: readonly string[]
}

/** What the collector is told of the checks. Addresses stay here. */
export function definitionsOf({ checks }: Pick<FrozenConfig, 'checks'>): CheckDefinition[] {
  return checks.map(({ check, kind, intervalMs, label }) => {
    return { check, kind, intervalMs, ...(label !== undefined && { label }) }
  })
}
