/**
 * The readiness indicators that an agent measures, and the unit of each. The names are the metrics
 * of the readiness model (docs/methodology.md); a text's unit is `text`, a yes or no is `boolean`.
 */
export const indicators = {
  'agent.version': 'text',
  'automation.managed': 'boolean',
  'backup.age_seconds': 'seconds',
  'backup.second_site': 'boolean',
  'backup.restore_age_days': 'days',
  'clock.offset_seconds': 'seconds',
  'cpu.used_p95_ratio': 'ratio',
  'disk.days_to_full': 'days',
  'disk.free_ratio': 'ratio',
  'disk.healthy': 'boolean',
  'dns.dmarc_enforced_ratio': 'ratio',
  'dns.dnssec_signed_ratio': 'ratio',
  'endpoint_protection.on': 'boolean',
  'endpoint_protection.signatures_age_days': 'days',
  'firewall.on': 'boolean',
  'hardening.access_control': 'boolean',
  'hardening.disk_encrypted': 'boolean',
  'hardening.secure_boot': 'boolean',
  'host.shutdown': 'epoch_milliseconds',
  'host.unplanned_reboots': 'count',
  'ipv6.reachable_ratio': 'ratio',
  'memory.used_p95_ratio': 'ratio',
  'os.name': 'text',
  'os.support_left_days': 'days',
  'platform.age_years': 'years',
  'platform.cloud': 'text',
  'platform.cloud_region': 'text',
  'platform.virtualisation': 'text',
  'tls.days_left': 'days',
  'tls.modern_only': 'boolean',
  'updates.security_oldest_days': 'days',
  'updates.security_pending': 'count',
  'ups.runtime_minutes': 'minutes',
} as const satisfies Record<string, string>
export type Indicator = keyof typeof indicators
export const indicatorNames = Object.keys(indicators) as Indicator[]

/** Whether this version knows an indicator. */
export function isIndicator(name: string): name is Indicator {
  return Object.hasOwn(indicators, name)
}

/** Whether a value is of the indicator's unit: a ratio from 0 to 1, a count of whole things. */
export function valueFits(indicator: Indicator, value: unknown): boolean {
  const unit = indicators[indicator]
  if (unit === 'boolean') return typeof value === 'boolean'
  if (unit === 'text') return typeof value === 'string' && value !== ''
  if (typeof value !== 'number' || !Number.isFinite(value)) return false
  if (unit === 'ratio') return value >= 0 && value <= 1
  return unit !== 'count' || (Number.isSafeInteger(value) && value >= 0)
}

/**
 * Why an indicator has no value. What does not apply leaves the denominator only where the model
 * allows it and a second person approves; what cannot be measured is missing, never a guess.
 */
export const missingReasons = {
  // not_applicable
  virtual_machine: 'not_applicable',
  in_cloud: 'not_applicable',
  no_such_hardware: 'not_applicable',
  no_public_service: 'not_applicable',
  no_backup_declared: 'cannot_measure',
  // cannot_measure
  no_permission: 'cannot_measure',
  no_tool: 'cannot_measure',
  no_check: 'cannot_measure',
  no_network: 'cannot_measure',
  not_supported: 'cannot_measure',
  not_known: 'cannot_measure',
  too_early: 'cannot_measure',
  unreadable: 'cannot_measure',
  timed_out: 'cannot_measure',
} as const satisfies Record<string, 'not_applicable' | 'cannot_measure'>
export type MissingReason = keyof typeof missingReasons
