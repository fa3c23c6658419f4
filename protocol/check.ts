/**
 * What an agent can see of one check. Not seeing is no state: unknown is the absence of evidence.
 */
export const observedStates = ['up', 'degraded', 'down'] as const
export type ObservedState = (typeof observedStates)[number]

/** The state of a check or an environment over a stretch of time. */
export const states = [...observedStates, 'unknown'] as const
export type State = (typeof states)[number]

/**
 * Kinds of check and the worst state each may report: what only foretells trouble is at most
 * degraded, so that a full disk is a finding and not an outage.
 */
export const checkKinds = {
  host: 'down',
  http: 'down',
  tcp: 'down',
  dns: 'down',
  tls: 'down',
  icmp: 'down',
  service: 'down',
  process: 'down',
  journey: 'down',
  link: 'down',
  plugin: 'down',
  disk: 'degraded',
  memory: 'degraded',
  cpu: 'degraded',
  clock: 'degraded',
  backup: 'degraded',
} as const satisfies Record<string, 'down' | 'degraded'>
export type CheckKind = keyof typeof checkKinds
export const checkKindNames = Object.keys(checkKinds) as CheckKind[]

/** Why a check is not up. A fixed list: no error text, address or name of a person ever travels. */
export const reasons = [
  // network
  'timeout',
  'refused',
  'reset',
  'unreachable',
  'name_not_found',
  'name_server_failed',
  'unexpected_answer',
  'slow',
  'loss_high',
  'dnssec_missing',
  'dnssec_invalid',
  // TLS
  'tls_handshake_failed',
  'certificate_untrusted',
  'certificate_expired',
  'certificate_expiring',
  'certificate_name_mismatch',
  'protocol_outdated',
  // HTTP
  'http_status',
  'http_body_mismatch',
  'http_protocol_error',
  // host
  'space_low',
  'inodes_low',
  'read_only',
  'not_mounted',
  'memory_low',
  'load_high',
  'clock_offset_high',
  'clock_not_synchronised',
  'not_running',
  'too_few',
  'too_many',
  // backup
  'too_old',
  'backup_missing',
  'backup_failed',
  'backup_copy_missing',
  // plugin, journey
  'exit_warning',
  'exit_critical',
  'step_failed',
  // unknown
  'not_observed',
  'agent_stopped',
  'suspended',
  'not_measurable',
  'clock',
  'collector',
] as const
export type Reason = (typeof reasons)[number]

/** One look at one check. A failed probe is data: it carries a reason, it never throws. */
export type Observation = {
  readonly state: ObservedState
  readonly reason?: Reason
  /** A number worth keeping beside the state, in the unit of the kind (`valueUnits`). */
  readonly value?: number
  /**
   * More numbers under fixed names: the share of a link's connections that were lost (`loss`), the
   * step at which a journey ended, counted from 1 (`step`).
   */
  readonly parts?: Readonly<Partial<Record<ObservationPart, number>>>
}

/** Names of what an observation may tell beside its value. */
export const observationParts = ['loss', 'step'] as const
export type ObservationPart = (typeof observationParts)[number]

/** Unit of an observation's value for each kind that has one. */
export const valueUnits = {
  http: 'seconds',
  tcp: 'seconds',
  dns: 'seconds',
  icmp: 'seconds',
  link: 'seconds',
  journey: 'seconds',
  tls: 'seconds_left',
  backup: 'seconds_old',
  clock: 'seconds_off',
  disk: 'ratio_free',
  memory: 'ratio_used',
  cpu: 'ratio_used',
} as const satisfies Partial<Record<CheckKind, string>>
