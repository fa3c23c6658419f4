import { noFigure } from '../../collector/kpi/continuity.ts'
import type {
  AgentRow,
  Bound,
  ByWindow,
  CheckRow,
  EnvironmentDetail,
  Figure,
  InstitutionDetail,
  PopulationFigures,
  TimeSums,
  Verdict,
} from '../../collector/kpi/snapshot.ts'
import type { CheckKind, State } from '../../protocol/check.ts'
import { dayMs, hourMs, minuteMs, secondMs } from '../../protocol/time.ts'
import type { DetailedSnapshot } from './detailed-snapshot.ts'
import { sampleMigration } from './metrics-migration.ts'
import { sampleReadiness } from './metrics-readiness.ts'

const asOf = Date.UTC(2027, 0, 15, 8)
const cycleDays = 106
const cycle = { from: Date.UTC(2026, 8, 30, 20), to: Date.UTC(2027, 2, 31, 20) }
const windows = {
  cycle: { from: cycle.from, to: asOf },
  '30d': { from: asOf - 30 * dayMs, to: asOf },
  '7d': { from: asOf - 7 * dayMs, to: asOf },
  '24h': { from: asOf - dayMs, to: asOf },
}

/**
 * A nation of three made by hand, so that each state of the metrics occurs: an institution with an
 * environment up and one down behind a silent agent, a governorate being set up, and one that
 * never reported. Time is as in `cycle`; the figures are plausible, not computed.
 */
export function metricsSnapshot(): DetailedSnapshot {
  const institutions = [health(), musandam(), dhofar()]
  return {
    engine: '1',
    computedAt: asOf + 11 * minuteMs,
    asOf,
    simulated: true,
    timezone: 'Asia/Muscat',
    target: bound(0.95),
    cycle: { id: '2027-04', name: 'april', ...cycle },
    windows,
    nation: {
      reporting: 2,
      targets: 3,
      stage: 'measured',
      headline: 'pooled',
      continuity: byWindow(population),
      byKind: {
        institution: { targets: 1, continuity: figures(0.93, 0.94, 0.96) },
        governorate: { targets: 2, continuity: figures(0.4, 0.99, 0.999) },
      },
      byProvider: [
        {
          provider: 'own',
          environments: 2,
          institutions: 1,
          continuity: figures(0.91, 0.95, 0.97),
        },
      ],
    },
    readiness: sampleReadiness(institutions),
    migration: sampleMigration,
    institutions,
  }
}

function population(days: number): PopulationFigures {
  return {
    // T6: a hair under the target in the cycle, and no other window alike.
    pooled: figure(days, days === cycleDays ? 250_343 / 263_520 : 0.93, 0.98, 0.9834),
    mean: { ...figure(days, 0.61, 0.97, 0.99), observed: null, coverage: null },
    reporting: figure(days, 0.951, 0.98, 0.99, 'met'),
    withEvidence: 2,
    targets: 3,
    verdicts: { met: 1, not_met: 0, undetermined: 1, being_set_up: 1, no_value: 0 },
  }
}

function health(): InstitutionDetail {
  return {
    id: 'health',
    kind: 'institution',
    name: { ar: 'وزارة الصحة', en: 'Ministry of Health' },
    sector: 'health',
    target: true,
    reporting: true,
    lastReportAt: asOf + 10 * minuteMs,
    stage: 'measured',
    continuity: figures(0.93, 0.94, 0.96, 'undetermined'),
    worstCritical: 'portal',
    worst: 'records',
    environments: [portal(), records()],
  }
}

function portal(): EnvironmentDetail {
  return {
    id: 'portal',
    name: { ar: 'البوابة الإلكترونية', en: 'Portal' },
    class: 'public',
    criticality: 'critical',
    site: null,
    provider: 'national-cloud',
    state: 'degraded',
    since: asOf - 3 * hourMs,
    stage: 'measured',
    assessed: true,
    missing: [],
    inScopeFrom: cycle.from,
    maintenance: { usedMs: 6 * hourMs, quotaMs: dayMs, noticeMs: 2 * dayMs },
    continuity: figures(0.96, 0.97, 0.98, 'met'),
    lost: { network: { downMs: 2 * hourMs, unknownMs: 0 } },
    checks: [
      check('portal-1', 'home-page', 'http', 'up', 0.231),
      check('portal-1', 'certificate', 'tls', 'up', 40 * (dayMs / secondMs)),
      check('portal-1', 'root', 'disk', 'degraded', 0.08),
      check('portal-1', 'memory', 'memory', 'up', 0.61),
      check('portal-1', 'backup', 'backup', 'up', 7 * 3_600),
      check('portal-1', 'clock', 'clock', 'up', 0.004),
      // Dropped by its owner and still needed: it stays, as unknown.
      { ...check('portal-1', 'database', 'tcp', 'unknown', null), declared: false },
      // Dropped and not needed: it goes.
      { ...check('portal-1', 'old', 'tcp', 'up', 0.002), declared: false, needed: false },
    ],
    agents: [agent('portal-1', { silent: false, version: '0.1.0', spooledMessages: 3 })],
  }
}

function records(): EnvironmentDetail {
  return {
    id: 'records',
    name: { ar: 'السجلات "المركزية"', en: 'The "central" records' },
    class: 'internal',
    criticality: 'important',
    site: null,
    provider: null,
    state: 'down',
    since: asOf - hourMs,
    stage: 'measured',
    assessed: true,
    missing: [],
    inScopeFrom: cycle.from,
    maintenance: { usedMs: 0, quotaMs: dayMs, noticeMs: 2 * dayMs },
    continuity: figures(0.9, 0.9, 0.9, 'not_met'),
    lost: {
      host: { downMs: 3 * hourMs, unknownMs: 0 },
      agent: { downMs: 0, unknownMs: 90 * secondMs },
    },
    checks: [check('records-1', 'host', 'host', 'down', null), check('records-1', 'root', 'disk')],
    agents: [
      agent('records-1', { silent: true, lastReportAt: asOf - hourMs }),
      agent('records-2', { status: 'quarantined' }),
    ],
  }
}

function musandam(): InstitutionDetail {
  return {
    id: 'musandam',
    kind: 'governorate',
    name: { ar: 'محافظة مسندم', en: 'Musandam' },
    sector: null,
    target: true,
    reporting: true,
    lastReportAt: asOf,
    stage: 'being_set_up',
    continuity: figures(0.4, 1, 1, 'undetermined'),
    worstCritical: null,
    worst: 'services',
    environments: [
      {
        ...portal(),
        id: 'services',
        name: { ar: 'الخدمات', en: 'Services' },
        state: 'up',
        stage: 'being_set_up',
        assessed: false,
        missing: ['tls'],
        checks: [check('services-1', 'host', 'host', 'up', null)],
        agents: [agent('services-1', { silent: false })],
      },
    ],
  }
}

/** Declared and never heard: there is no value, and its series are there all the same. */
function dhofar(): InstitutionDetail {
  const continuity = byWindow(() => noFigure)
  return {
    id: 'dhofar',
    kind: 'governorate',
    name: { ar: 'محافظة ظفار', en: 'Dhofar' },
    sector: null,
    target: true,
    reporting: false,
    lastReportAt: null,
    stage: 'measured',
    continuity,
    worstCritical: null,
    worst: null,
    environments: [
      {
        ...portal(),
        id: 'services',
        name: { ar: 'الخدمات', en: 'Services' },
        state: 'unknown',
        since: null,
        continuity,
        lost: {},
        checks: [],
        agents: [agent('services-1', { silent: true, lastReportAt: null, status: 'revoked' })],
      },
    ],
  }
}

function check(
  agentName: string,
  name: string,
  kind: CheckKind,
  state: State = 'up',
  value: number | null = 0.5,
): CheckRow {
  return {
    check: `${agentName}/${name}`,
    agent: agentName,
    kind,
    label: null,
    intervalMs: minuteMs,
    state,
    reason: null,
    since: null,
    through: asOf,
    value,
    needed: true,
    declared: true,
  }
}

function agent(name: string, rest: Partial<AgentRow>): AgentRow {
  return {
    agent: name,
    name,
    version: null,
    lastReportAt: asOf + 10 * minuteMs,
    lastBatchAt: asOf,
    silent: false,
    status: 'active',
    spooledMessages: 0,
    ...rest,
  }
}

/** Figures of one place that differ by window, so that no two windows can be mixed up. */
function figures(low: number, observed: number, high: number, verdict?: Verdict) {
  return byWindow((days) => figure(days, low - days / 10_000, observed, high, verdict))
}

function figure(
  days: number,
  low: number,
  observed: number,
  high: number,
  verdict: Verdict = 'undetermined',
): Figure {
  return {
    low: bound(low),
    observed: bound(observed),
    high: bound(high),
    coverage: bound(low + 1 - high),
    verdict,
    gross: { low: bound(low), high: bound(high) },
    sums: sums(days * dayMs, low, high),
    ownFault: { low: bound(low + (1 - high) / 2), high: bound(high + (1 - high) / 2) },
    attested: { self: bound(0.75), witnessed: bound(0.05), both: bound(0.2) },
    flags: low === 0.93 ? ['net_above_gross'] : [],
  }
}

function sums(eligibleMs: number, low: number, high: number): TimeSums {
  const downMs = Math.round((1 - high) * eligibleMs)
  const unknownMs = Math.round((high - low) * eligibleMs)
  return {
    eligibleMs,
    upMs: eligibleMs - downMs - unknownMs,
    degradedMs: 0,
    downMs,
    unknownMs,
    maintenanceMs: hourMs,
    centreMs: 0,
    downExternalMs: Math.round(downMs / 2),
    unknownExternalMs: 0,
  }
}

function bound(ratio: number): Bound {
  return { ratio: Number(ratio.toFixed(6)), percent: (Math.floor(ratio * 1e4) / 100).toFixed(2) }
}

function byWindow<T>(make: (days: number) => T): ByWindow<T> {
  return { cycle: make(cycleDays), '30d': make(30), '7d': make(7), '24h': make(1) }
}
