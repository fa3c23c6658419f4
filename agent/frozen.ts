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
  readonly checks: readonly FrozenCheck[]
}

/** What the collector is told of the checks. Addresses stay here. */
export function definitionsOf({ checks }: Pick<FrozenConfig, 'checks'>): CheckDefinition[] {
  return checks.map(({ check, kind, intervalMs, label }) => {
    return { check, kind, intervalMs, ...(label !== undefined && { label }) }
  })
}
