import type { CheckKind, Reason, State } from '../../../protocol/check.ts'
import type { AgentRow, AgentStatus, CheckRecord, RetiredKey } from '../store.ts'
import type { TokenRow } from '../tokens.ts'

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

/** The columns of a check, in the order of `CheckRow`. */
export const checkColumns = `number, institution, environment, name, agent, kind, label,
  interval_ms, declared, since, boot, through_boot, through, state, reason, state_since, span_from,
  up_ms, degraded_ms, down_ms`

/** A check as an array: rows with names cost more than all else that is done with them. */
export type CheckRow = [
  ...[number: number, institution: string, environment: string, name: string, agent: string],
  ...[kind: CheckKind, label: string | null, intervalMs: number, declared: number],
  ...[since: number | null, boot: string | null, throughBoot: number, through: number],
  ...[state: State, reason: Reason | null, stateSince: number, spanFrom: number],
  ...[upMs: number, degradedMs: number, downMs: number],
]

/** `once` answers a text that is equal to the one given, always the same one. */
export function checkOf(row: CheckRow, once: <T>(text: T) => T): CheckRecord {
  return {
    number: row[0],
    institution: once(row[1]),
    environment: once(row[2]),
    name: row[3],
    agent: once(row[4]),
    kind: once(row[5]),
    label: once(row[6]),
    intervalMs: row[7],
    declared: row[8] === 1,
    since: row[9],
    boot: once(row[10]),
    throughBoot: row[11],
    through: row[12],
    state: once(row[13]),
    reason: once(row[14]),
    stateSince: row[15],
    spanFrom: row[16],
    upMs: row[17],
    degradedMs: row[18],
    downMs: row[19],
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
