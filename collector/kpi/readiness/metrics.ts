/** What one value of a metric is of: a host, a hosting environment, or the institution itself. */
export const metricScopes = ['host', 'environment', 'institution'] as const
export type MetricScope = (typeof metricScopes)[number]

/**
 * Where a metric comes from: told by agents, derived from what agents told, or declared by people
 * and reviewed.
 */
export const metricSources = ['measured', 'derived', 'declared'] as const
export type MetricSource = (typeof metricSources)[number]

export type MetricUnit = 'boolean' | 'ratio' | 'days' | 'years' | 'minutes' | 'seconds' | 'count'

type MetricDefinition = {
  readonly scope: MetricScope
  readonly source: MetricSource
  readonly unit: MetricUnit
  /** Whether a declaration stands in where nothing was measured. */
  readonly declarable?: true
  /** Whether an environment only has it where all its hosts do: it then counts once, as a whole. */
  readonly ofAllHosts?: true
}

/**
 * Everything a readiness model can score or ask for. Host metrics that are measured are indicators
 * of agents, by the same names. What each is derived from: docs/methodology.md.
 */
export const metrics = {
  'os.support_left_days': { scope: 'host', source: 'measured', unit: 'days' },
  'disk.free_ratio': { scope: 'host', source: 'measured', unit: 'ratio' },
  'memory.used_p95_ratio': { scope: 'host', source: 'measured', unit: 'ratio' },
  'cpu.used_p95_ratio': { scope: 'host', source: 'measured', unit: 'ratio' },
  'disk.days_to_full': { scope: 'host', source: 'measured', unit: 'days' },
  'disk.healthy': { scope: 'host', source: 'measured', unit: 'boolean' },
  'platform.age_years': { scope: 'host', source: 'measured', unit: 'years' },
  'host.unplanned_reboots': { scope: 'host', source: 'measured', unit: 'count' },
  'updates.security_oldest_days': { scope: 'host', source: 'measured', unit: 'days' },
  'firewall.on': { scope: 'host', source: 'measured', unit: 'boolean' },
  /** On, and its signatures at most seven days old. */
  'endpoint_protection.current': { scope: 'host', source: 'derived', unit: 'boolean' },
  'tls.days_left': { scope: 'host', source: 'measured', unit: 'days' },
  'tls.modern_only': { scope: 'host', source: 'measured', unit: 'boolean' },
  'clock.offset_seconds': { scope: 'host', source: 'measured', unit: 'seconds' },
  /** Mean of access control, secure boot and disk encryption, of those that apply. */
  'hardening.applied_ratio': { scope: 'host', source: 'derived', unit: 'ratio' },
  'ups.runtime_minutes': { scope: 'host', source: 'measured', unit: 'minutes' },
  'ipv6.reachable_ratio': { scope: 'host', source: 'measured', unit: 'ratio' },
  /** Mean of DNSSEC and DMARC, of those that apply. */
  'dns.secured_ratio': { scope: 'host', source: 'derived', unit: 'ratio' },
  /** Mean of: managed by automation; the agent's version is supported. */
  'automation.current_ratio': { scope: 'host', source: 'derived', unit: 'ratio' },
  /** Whether agents say that the host runs in a cloud. */
  'platform.in_cloud': { scope: 'host', source: 'derived', unit: 'boolean', ofAllHosts: true },
  /** The oldest backup of the environment's hosts that declare one, by its RPO. */
  'backup.age_over_rpo_ratio': { scope: 'environment', source: 'derived', unit: 'ratio' },
  'backup.restore_age_days': {
    scope: 'environment',
    source: 'derived',
    unit: 'days',
    declarable: true,
  },
  /** Share of its hosts that it can lose, one at a time, and still be up by its `needs`. */
  'redundancy.survivable_ratio': { scope: 'environment', source: 'derived', unit: 'ratio' },
  /** 90th percentile of its outages' lengths in 30 days, by its RTO; 0 without an outage. */
  'outage.p90_over_rto_ratio': { scope: 'environment', source: 'derived', unit: 'ratio' },
  /** Share of known time in 30 days in which its web checks were up or degraded. */
  'service.success_ratio': { scope: 'environment', source: 'derived', unit: 'ratio' },
  'service.response_p95_seconds': { scope: 'environment', source: 'derived', unit: 'seconds' },
  'journey.completion_ratio': { scope: 'environment', source: 'derived', unit: 'ratio' },
  'link.loss_p95_ratio': { scope: 'environment', source: 'derived', unit: 'ratio' },
  'link.round_trip_p95_seconds': { scope: 'environment', source: 'derived', unit: 'seconds' },
  /** Share of 30 days in which the state of the environment was known. */
  'coverage.ratio': { scope: 'environment', source: 'derived', unit: 'ratio' },
  'reporting.now': { scope: 'environment', source: 'derived', unit: 'boolean' },
  /** Of the checks that the register names as those of the remote-access gateway. */
  'remote_access.success_ratio': { scope: 'institution', source: 'derived', unit: 'ratio' },
  'remote_access.second_factor': { scope: 'institution', source: 'declared', unit: 'boolean' },
  /** Of the checks that the register names as calls of the national integration platform. */
  'integration.success_ratio': { scope: 'institution', source: 'derived', unit: 'ratio' },
  /** Whether a link to the government network is measured, and not down. */
  'link.measured': { scope: 'institution', source: 'derived', unit: 'boolean' },
  /** Share of registered environments in scope that have an agent that is heard. */
  'register.match_ratio': { scope: 'institution', source: 'derived', unit: 'ratio' },
  'operations.trained_staff': { scope: 'institution', source: 'declared', unit: 'boolean' },
  'operations.support_contract': { scope: 'institution', source: 'declared', unit: 'boolean' },
  'operations.tender_scope': { scope: 'institution', source: 'declared', unit: 'boolean' },
  'operations.continuity_exercised': { scope: 'institution', source: 'declared', unit: 'boolean' },
  /** Share of its workloads' weight whose move measurement confirmed. */
  'migration.validated_ratio': { scope: 'institution', source: 'derived', unit: 'ratio' },
  /** Whether its cloud roadmap has a baseline that another body approved. */
  'cloud.roadmap_approved': { scope: 'institution', source: 'derived', unit: 'boolean' },
} as const satisfies Record<string, MetricDefinition>

export type MetricName = keyof typeof metrics
export const metricNames = Object.keys(metrics) as MetricName[]

/** What is known of a metric. */
export function metricOf(name: MetricName): MetricDefinition {
  return metrics[name]
}

/** Whether a name is that of a metric. */
export function isMetric(name: string): name is MetricName {
  return Object.hasOwn(metrics, name)
}

/** Metrics that people declare: all, or where nothing was measured. */
export const declarableMetrics = metricNames.filter((name) => {
  const { source, declarable } = metricOf(name)
  return source === 'declared' || declarable === true
})
