import type { CheckKind, Reason, State } from '../../../protocol/check.ts'
import type { AgentRow, AgentStatus, CheckRecord } from '../store.ts'

/** Rows as SQLite gives them, and what they become. */

export type AgentSql = {
  institution: string
  environment: string
  name: string
  agent: string
  enrolled_at: number
  status: AgentStatus
  kid: string
  public_key: string
}

export function agentOf(row: AgentSql): AgentRow {
  return {
    agent: row.agent,
    institution: row.institution,
    environment: row.environment,
    name: row.name,
    enrolledAt: row.enrolled_at,
    status: row.status,
    kid: row.kid,
    publicKey: row.public_key,
  }
}

export type CheckSql = {
  number: number
  institution: string
  environment: string
  name: string
  agent: string
  kind: CheckKind
  label: string | null
  interval_ms: number
  declared: number
  since: number | null
  boot: string | null
  through_boot: number
  through: number
  state: State
  reason: Reason | null
  state_since: number
  span_from: number
  up_ms: number
  degraded_ms: number
  down_ms: number
}

export function checkOf(row: CheckSql): CheckRecord {
  return {
    number: row.number,
    institution: row.institution,
    environment: row.environment,
    name: row.name,
    agent: row.agent,
    kind: row.kind,
    label: row.label,
    intervalMs: row.interval_ms,
    declared: row.declared === 1,
    since: row.since,
    boot: row.boot,
    throughBoot: row.through_boot,
    through: row.through,
    state: row.state,
    reason: row.reason,
    stateSince: row.state_since,
    spanFrom: row.span_from,
    upMs: row.up_ms,
    degradedMs: row.degraded_ms,
    downMs: row.down_ms,
  }
}
