import type { CheckKind, Reason, State } from '../../../protocol/check.ts'
import type { AgentRow, AgentStatus, CheckRecord, RetiredKey, TokenRow } from '../store.ts'

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

/**
 * SQL for where a span ends, of `span` joined with its `check_timeline`: the last span of a check
 * grows with it, so that a batch without news writes one row for each check and not two.
 */
export const spanStop = 'iif(start = span_from, through, stop)'

const hashBytes = 32

/** The roots of a tree's complete subtrees, as they are kept side by side. */
export function rootsOf(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length / hashBytes }, (_, i) =>
    bytes.subarray(i * hashBytes, (i + 1) * hashBytes),
  )
}

export type TokenSql = {
  hash: string
  institution: string
  environment: string
  expires_at: number
  uses_max: number
  uses: number
  subnets: string | null
  approval: number
  ended_at: number | null
}

export function tokenOf(row: TokenSql): TokenRow {
  return {
    hash: row.hash,
    institution: row.institution,
    environment: row.environment,
    expiresAt: row.expires_at,
    usesMax: row.uses_max,
    uses: row.uses,
    subnets: row.subnets === null ? null : (JSON.parse(row.subnets) as string[]),
    approval: row.approval === 1,
    endedAt: row.ended_at,
  }
}

export type RetiredKeySql = {
  kid: string
  agent: string
  public_key: string
  through_epoch: number
  through_seq: number
}

export function retiredKeyOf(row: RetiredKeySql): RetiredKey {
  const { kid, agent, public_key: publicKey } = row
  return { kid, agent, publicKey, throughEpoch: row.through_epoch, throughSeq: row.through_seq }
}
