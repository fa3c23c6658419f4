import type { Views } from '../../collector/http/views.ts'
import type { StateSpan } from '../../collector/kpi/timeline.ts'
import { hourMs, minuteMs, type Span } from '../../protocol/time.ts'
import type { DetailedSnapshot } from './detailed-snapshot.ts'
import { asOf } from './sample-figures.ts'
import { nothingLost, sampleLost } from './sample-lost.ts'
import { nationMigrationDetail, sampleMigrationDetail } from './sample-migration.ts'
import { sampleDetail } from './sample-readiness.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

/** States over a window up to `asOf`: a minute's outage in a day, and all other states. */
export function sampleStrip(window: Span): StateSpan<'up' | 'degraded' | 'down' | 'unknown'>[] {
  const at = (hoursAgo: number) => asOf - hoursAgo * hourMs
  const spans: StateSpan<'up' | 'degraded' | 'down' | 'unknown'>[] = [
    { from: -Infinity, to: at(900), state: 'up' },
    { from: at(900), to: at(860), state: 'unknown', reason: 'agent_stopped' },
    { from: at(860), to: at(500), state: 'up' },
    { from: at(500), to: at(499), state: 'down', reason: 'http_status' },
    { from: at(499), to: at(20), state: 'up' },
    { from: at(20), to: at(20) + minuteMs, state: 'down', reason: 'timeout' },
    { from: at(20) + minuteMs, to: at(9), state: 'up' },
    { from: at(9), to: at(6), state: 'unknown', reason: 'not_observed' },
    { from: at(6), to: at(5), state: 'up' },
    { from: at(5), to: at(1), state: 'degraded', reason: 'space_low' },
    { from: at(1), to: at(0.37), state: 'up' },
    { from: at(0.37), to: asOf, state: 'down', reason: 'refused' },
  ]
  return spans
    .map((span) => ({
      ...span,
      from: Math.max(span.from, window.from),
      to: Math.min(span.to, window.to),
    }))
    .filter(({ from, to }) => from < to)
}

/** Views over a snapshot that stays as it is. */
export function sampleViews(snapshot: DetailedSnapshot | null = sampleSnapshot): Views {
  return {
    snapshot: () => snapshot,
    checks: async (institution) => {
      if (!snapshot) throw new Error('There is no snapshot yet.')
      const row = snapshot.institutions.find(({ id }) => id === institution)
      const checks = new Map(row?.environments.map(({ id, checks }) => [id, checks]))
      return { snapshot, checks }
    },
    checkSums: async () => [],
    environmentStrip: async (_institution, environment, window) =>
      environment === 'ministry-link'
        ? [{ from: window.from, to: asOf, state: 'unknown', reason: 'not_observed' }]
        : sampleStrip(window).map((span) =>
            span.from === asOf - 6 * hourMs ? { ...span, state: 'maintenance' } : span,
          ),
    checkStrip: async (_institution, _environment, _check, window) => sampleStrip(window),
    lost: async (_institution, environment) =>
      environment === 'portal' ? sampleLost : nothingLost,
    lostSummary: async () => ({ ...sampleLost, environments: [{ ...sampleLost, id: 'portal' }] }),
    readiness: async (institution) =>
      snapshot?.readiness && institution === 'services-authority' ? sampleDetail : null,
    migration: async (institution) => {
      if (!snapshot?.migration) return null
      if (institution === null) return nationMigrationDetail
      return institution === 'services-authority' ? sampleMigrationDetail : null
    },
    whatIf: async () => null,
  }
}
