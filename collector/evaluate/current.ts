import { type CheckKind, checkKinds, type State } from '../../protocol/check.ts'
import { limits } from '../../protocol/limits.ts'
import { dayMs, type EpochMs, minuteMs } from '../../protocol/time.ts'
import { checksOf, combine, type Needs } from '../kpi/compose.ts'
import type { Ledger } from '../kpi/ledger.ts'
import type { AgentRow, CheckRow, EnvironmentRow } from '../kpi/snapshot.ts'
import type { CheckRecord, ContactRow, AgentRow as StoredAgentRow } from '../store/store.ts'
import type { EnvironmentSource } from './ledgers.ts'

/** A stored agent with its last contact. */
export type ContactedAgent = Omit<StoredAgentRow, 'kid' | 'publicKey'> & {
  readonly contact: ContactRow | null
}

/** Evidence may be this old and still say how things are now, as long as the agent is heard. */
const staleMs = limits.sealMs + 2 * minuteMs

/** An agent as people see it. Silent: nothing heard for `limits.silentMs`. */
export function agentRow(agent: ContactedAgent, now: EpochMs): AgentRow {
  const { contact } = agent
  const lastReportAt = contact?.lastReportAt ?? null
  return {
    agent: agent.agent,
    name: agent.name,
    version: contact?.version ?? null,
    lastReportAt,
    lastBatchAt: contact?.lastBatchAt ?? null,
    silent: isSilent(lastReportAt, now),
    status: agent.status,
    spooledMessages: contact?.spooledMessages ?? 0,
  }
}

/** Whether nothing was heard for `limits.silentMs`, by when something last was. */
export function isSilent(lastReportAt: EpochMs | null, now: EpochMs): boolean {
  return lastReportAt === null || now - lastReportAt > limits.silentMs
}

/** A check as it stands now: as last sealed, or unknown when its agent is silent or it is stale. */
export function checkRow(
  record: CheckRecord,
  silent: boolean,
  needed: boolean,
  value: number | null,
  now: EpochMs,
): CheckRow {
  const evident = record.since !== null
  const current = evident && !silent && record.declared && now - record.through <= staleMs
  const since = current ? record.stateSince : evident ? record.through : null
  return {
    check: record.name,
    agent: record.agent,
    kind: record.kind,
    label: record.label,
    intervalMs: record.intervalMs,
    state: current ? record.state : 'unknown',
    reason: current ? record.reason : evident ? 'not_observed' : null,
    since,
    through: evident ? record.through : null,
    value: silent ? null : value,
    needed,
    declared: record.declared,
  }
}

/** The checks an environment needs: those its register names, or all seen that can be down. */
export function neededChecks(needs: Needs | null, checks: readonly CheckRecord[]): Set<string> {
  if (needs !== null) return checksOf(needs)
  const seen = checks.filter((check) => check.since !== null && checkKinds[check.kind] === 'down')
  return new Set(seen.map((check) => check.name))
}

/** The state of an environment by its checks as they stand now. */
function currentState(needs: Needs | null, checks: readonly CheckRow[]): State {
  const states = new Map(checks.map((check) => [check.check, check.state]))
  const needed = checks.filter((check) => check.needed).map((check) => check.check)
  const expression = needs ?? { all: needed }
  if (checksOf(expression).size === 0) return 'unknown'
  const state = combine(expression, (check) => states.get(check) ?? 'unknown')
  const advised = checks.some(
    (check) => checkKinds[check.kind] === 'degraded' && check.state === 'degraded',
  )
  return state === 'up' && advised ? 'degraded' : state
}

/** What the checks of an environment say of it, as read at one time. */
export type Observed = {
  readonly state: State
  /** When the checks came to this state; null where they say nothing of it. */
  readonly changedAt: EpochMs | null
  /** Its first evidence of all; null before. */
  readonly evidenceFrom: EpochMs | null
  /** As of `missingKinds`. */
  readonly missing: readonly string[]
  /** Until this instant, included, the same evidence says the same of every check. */
  readonly freshUntil: EpochMs
}

/** What the checks of an environment say of it. `rows` are of the same `records`. */
export function observed(
  { needs, profile }: { needs: Needs | null; profile: readonly (readonly CheckKind[])[] },
  records: readonly CheckRecord[],
  rows: readonly CheckRow[],
  now: EpochMs,
): Observed {
  const state = currentState(needs, rows)
  let changedAt: EpochMs | null = null
  let evidenceFrom: EpochMs | null = null
  let freshUntil = Number.POSITIVE_INFINITY
  records.forEach(({ since, through, declared }, i) => {
    const row = rows[i]!
    if (row.state === state) changedAt = Math.max(changedAt ?? 0, row.since ?? 0)
    if (since !== null) evidenceFrom = Math.min(evidenceFrom ?? since, since)
    if (since !== null && declared && now - through <= staleMs) {
      freshUntil = Math.min(freshUntil, through + staleMs)
    }
  })
  return { state, changedAt, evidenceFrom, missing: missingKinds(profile, records), freshUntil }
}

/** The state of an environment as everybody is shown it, and since when. */
export function shownState(
  { versions, maintenance }: Pick<EnvironmentSource, 'versions' | 'maintenance'>,
  { state, changedAt }: Observed,
  ledger: Ledger | null,
  { now, asOf }: { readonly now: EpochMs; readonly asOf: EpochMs },
): Pick<EnvironmentRow, 'state' | 'since'> {
  const { to } = versions.findLast((each) => each.from <= now)!
  if (to <= now) return { state: 'not_in_scope', since: to }
  const under = maintenance.find((span) => span.from <= now && now < span.to)
  if (under) return { state: 'maintenance', since: under.from }
  // As far back as the ledger shows it, else since the checks changed.
  const since = ledger?.since(state, { from: asOf - 7 * dayMs, to: asOf }) ?? changedAt
  return { state, since }
}

/** Kinds a class of environments must have and this one lacks; `a|b` stands for either. */
export function missingKinds(
  profile: readonly (readonly CheckKind[])[],
  checks: readonly Pick<CheckRecord, 'kind' | 'since'>[],
): string[] {
  const present = new Set(checks.filter((check) => check.since !== null).map(({ kind }) => kind))
  return profile
    .filter((oneOf) => !oneOf.some((kind) => present.has(kind)))
    .map((oneOf) => oneOf.join('|'))
}
