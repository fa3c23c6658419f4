import type { AgentRow, CheckRow, EnvironmentDetail } from '../../collector/kpi/snapshot.ts'
import { dayMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { asOf, byWindow, cycle, nothing } from './sample-figures.ts'

export function agent(name: string, change: Partial<AgentRow> = {}): AgentRow {
  return {
    agent: `agent-${name}`,
    name,
    version: '0.1.0',
    lastReportAt: asOf + 10 * minuteMs,
    lastBatchAt: asOf + 8 * minuteMs,
    silent: false,
    status: 'active',
    spooledMessages: 0,
    ...change,
  }
}

function check(
  host: string,
  name: string,
  kind: CheckRow['kind'],
  change: Partial<CheckRow>,
): CheckRow {
  return {
    check: `${host}/${name}`,
    agent: `agent-${host}`,
    kind,
    label: null,
    intervalMs: minuteMs,
    state: 'up',
    reason: null,
    since: asOf - 9 * dayMs,
    through: asOf,
    value: null,
    needed: false,
    declared: true,
    ...change,
  }
}

/** Every state, unit, reason and flag that a check can show. */
const portalChecks: readonly CheckRow[] = [
  check('web-1', 'host', 'host', { needed: true }),
  check('web-1', 'portal', 'http', { needed: true, label: 'بوابة الخدمات', value: 0.0412 }),
  check('web-1', 'payment', 'tcp', {
    needed: true,
    label: 'Payment gateway',
    state: 'down',
    reason: 'refused',
    since: asOf - 22 * minuteMs,
    value: 0.0021,
  }),
  check('web-1', 'resolver', 'dns', { value: 0.0034 }),
  check('web-1', 'certificate', 'tls', {
    state: 'degraded',
    reason: 'certificate_expiring',
    since: asOf - 3 * dayMs,
    value: 11.4 * 86_400,
  }),
  check('web-1', 'disk-root', 'disk', {
    state: 'degraded',
    reason: 'space_low',
    since: asOf - 5 * hourMs,
    value: 0.07,
  }),
  check('web-1', 'memory', 'memory', { value: 0.61 }),
  check('web-1', 'clock', 'clock', { value: 0.0123 }),
  check('web-1', 'backup', 'backup', {
    state: 'degraded',
    reason: 'backup_copy_missing',
    since: asOf - 2 * dayMs,
    value: 31.5 * 3_600,
  }),
  check('web-1', 'main-site', 'link', {
    state: 'degraded',
    reason: 'loss_high',
    since: asOf - 50 * minuteMs,
    value: 0.0431,
  }),
  check('web-1', 'sign-in', 'journey', { value: 2.4 }),
  check('web-2', 'memory', 'memory', {
    state: 'unknown',
    reason: 'not_observed',
    since: null,
    through: asOf - 90 * minuteMs,
    value: 0.44,
  }),
  check('web-1', 'old-site', 'http', { declared: false, since: asOf - 40 * dayMs, value: 0.2 }),
]

type EnvironmentChange = Partial<EnvironmentDetail> & Pick<EnvironmentDetail, 'id' | 'name'>

/** An environment with one agent and one check, up but for these shares of time. */
export function environment(
  change: EnvironmentChange,
  down = 0.01,
  unknown = 0.005,
): EnvironmentDetail {
  return {
    class: 'public',
    criticality: 'critical',
    site: null,
    provider: null,
    state: 'up',
    since: asOf - 6 * dayMs,
    stage: 'measured',
    assessed: true,
    missing: [],
    inScopeFrom: cycle.from,
    maintenance: { usedMs: 10 * hourMs, quotaMs: dayMs, noticeMs: 2 * dayMs },
    continuity: byWindow(down, unknown),
    lost: { service: { downMs: 3 * hourMs, unknownMs: 0 } },
    checks: [check('srv-1', 'host', 'host', { needed: true })],
    agents: [agent('srv-1')],
    ...change,
  }
}

/** The environments of the first institution: one of each kind of trouble. */
export const richEnvironments: readonly EnvironmentDetail[] = [
  environment(
    {
      id: 'portal',
      name: { ar: 'بوابة الخدمات الإلكترونية', en: 'Electronic services portal' },
      site: 'مركز البيانات الوطني',
      provider: 'Government cloud',
      state: 'down',
      since: asOf - 22 * minuteMs,
      checks: portalChecks,
      agents: [
        agent('web-1'),
        agent('web-2', {
          silent: true,
          lastReportAt: asOf - 90 * minuteMs,
          lastBatchAt: asOf - 95 * minuteMs,
          spooledMessages: 3,
        }),
        agent('web-3', { status: 'quarantined', version: null, lastBatchAt: null }),
      ],
    },
    0.019,
    0.0345,
  ),
  environment(
    {
      id: 'records',
      name: { ar: 'نظام السجلات', en: 'Records system' },
      class: 'internal',
      criticality: 'important',
      state: 'degraded',
    },
    0.0712,
    0.002,
  ),
  environment(
    {
      id: 'ministry-link',
      name: { ar: 'الربط بالشبكة الحكومية', en: 'Link to the government network' },
      class: 'link',
      criticality: 'supporting',
      state: 'unknown',
      since: null,
      assessed: false,
      missing: ['link', 'icmp|tcp'],
      checks: [],
      agents: [],
    },
    0,
    1,
  ),
  environment({
    id: 'archive',
    name: { ar: 'الأرشيف', en: 'Archive' },
    criticality: 'supporting',
    state: 'maintenance',
    since: asOf - hourMs,
    stage: 'being_set_up',
  }),
  environment({
    id: 'future',
    name: { ar: 'بيئة لم تبدأ بعد', en: 'Not started yet' },
    criticality: 'supporting',
    state: 'not_in_scope',
    inScopeFrom: asOf + 3 * dayMs,
    continuity: nothing,
  }),
]
