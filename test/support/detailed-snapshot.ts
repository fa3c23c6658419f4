import { budgetRows } from '../../collector/kpi/budget.ts'
import { frozenCycle } from '../../collector/kpi/cycle-figures.ts'
import type { InstitutionDetail, Snapshot } from '../../collector/kpi/snapshot.ts'
import type { Beside, ChecksOf } from '../../collector/metrics/family.ts'
import { kpiPage } from '../../collector/metrics/kpi-page.ts'
import { sampleCurve } from './metrics-migration.ts'

/** A snapshot together with the rows of its checks. */
export type DetailedSnapshot = Omit<Snapshot, 'institutions'> & {
  readonly institutions: readonly InstitutionDetail[]
}

/** Finds the checks of an environment in it. */
export function checksIn({ institutions }: DetailedSnapshot): ChecksOf {
  return ({ institution, environment }) =>
    institutions
      .find(({ id }) => id === institution)
      ?.environments.find(({ id }) => id === environment)?.checks ?? []
}

/** The KPI part of `/metrics` as the evaluating thread renders it, with samples beside. */
export function kpiText(snapshot: DetailedSnapshot): string {
  return [...kpiPage(snapshot, besideOf(snapshot))].join('')
}

/**
 * What stands beside a snapshot: of every agent the newest batch was dated by this boot, whoever is
 * in quarantine has three messages aside, and where anything was down were two outages.
 */
function besideOf(snapshot: DetailedSnapshot): Beside {
  const environments = snapshot.institutions.flatMap(({ id, environments }) =>
    environments.map((environment) => ({ institution: id, ...environment })),
  )
  const agents = environments.flatMap((environment) => environment.agents)
  const quarantined = agents.filter(({ status }) => status === 'quarantined')
  return {
    checksOf: checksIn(snapshot),
    curve: () => (snapshot.migration ? sampleCurve : []),
    budgets: budgetRows(snapshot, {
      weights: { critical: 4, important: 2, supporting: 1 },
      aheadMs: () => snapshot.cycle.to - snapshot.asOf,
    }),
    outagesOf: (key, window) => {
      const found = environments.find(
        ({ institution, id }) => institution === key.institution && id === key.environment,
      )
      const downMs = found?.continuity[window].sums?.downMs ?? 0
      if (downMs === 0) return { count: 0, longestMs: null, p90Ms: null }
      return { count: 2, longestMs: downMs * 0.75, p90Ms: downMs * 0.75 }
    },
    frozen: [sampleFrozen(snapshot)],
    clockClasses: new Map(agents.map(({ agent }) => [agent, 'A'])),
    contested: new Map(quarantined.map(({ agent }) => [agent, 3])),
  }
}

/** The half-year before, as if its figures had been those of the last 30 days. */
function sampleFrozen({ nation, institutions, readiness, migration }: DetailedSnapshot) {
  const from = Date.UTC(2026, 2, 31, 20)
  const figures = {
    cycle: { id: '2026-10', name: 'october', from, to: Date.UTC(2026, 8, 30, 20) } as const,
    revision: 1,
    nation: { ...nation, continuity: nation.continuity['30d'] },
    institutions: institutions.map((row) => ({ ...row, continuity: row.continuity['30d'] })),
    ...(readiness && { readiness }),
    ...(migration && { migration }),
  }
  return frozenCycle(figures)
}
