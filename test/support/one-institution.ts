import type { AgentRow, EnvironmentRow, Snapshot } from '../../collector/kpi/snapshot.ts'
import { minuteMs } from '../../protocol/time.ts'
import { metricsSnapshot } from './metrics-snapshot.ts'

type Change = {
  readonly environment?: Partial<EnvironmentRow>
  readonly agents?: readonly Partial<AgentRow>[]
  readonly snapshot?: Partial<Snapshot>
}

/** When `oneInstitution` is computed. */
export const computedAt = metricsSnapshot().computedAt

/** The made-up snapshot with `health` and its `portal` alone, which is up and well, then changed. */
export function oneInstitution({
  environment,
  agents = [{}, {}],
  snapshot,
}: Change = {}): Snapshot {
  const { migration: _, ...whole } = metricsSnapshot()
  const health = whole.institutions.find(({ id }) => id === 'health')!
  const portal = health.environments.find(({ id }) => id === 'portal')!
  const sums = { ...portal.continuity.cycle.sums!, downMs: 0, unknownMs: 0 }
  const continuity = { ...portal.continuity, cycle: { ...portal.continuity.cycle, sums } }
  const base: AgentRow = {
    ...{ agent: 'a0', name: 'web-0', version: null, silent: false, status: 'active' },
    ...{ lastReportAt: computedAt - minuteMs, lastBatchAt: null, spooledMessages: 0 },
  }
  const rows = agents.map((each, i) => ({ ...base, agent: `a${i}`, name: `web-${i}`, ...each }))
  const row = { ...portal, continuity, state: 'up' as const, agents: rows, ...environment }
  return { ...whole, institutions: [{ ...health, environments: [row] }], ...snapshot }
}
