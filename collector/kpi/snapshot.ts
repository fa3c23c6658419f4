import type { CheckKind, Reason, State } from '../../protocol/check.ts'
import type { EpochMs, Span } from '../../protocol/time.ts'
import type { Cause } from './causes.ts'
import type { SnapshotMigration } from './migration/result.ts'
import type { SnapshotReadiness } from './readiness/result.ts'

/** A text in both languages of the product. */
export type Bilingual = { readonly ar: string; readonly en: string }

/** The windows every figure is computed over. All end at the snapshot's `asOf`. */
export const windowNames = ['cycle', '30d', '7d', '24h'] as const
export type WindowName = (typeof windowNames)[number]
export type ByWindow<T> = Readonly<Record<WindowName, T>>

export type Verdict = 'met' | 'not_met' | 'undetermined'

/** What is shown of a member: its verdict, or why it has none to show. */
export const outcomes = ['met', 'not_met', 'undetermined', 'being_set_up', 'no_value'] as const
export type Outcome = (typeof outcomes)[number]

/** A share of time. `ratio` is 0 to 1; `percent` is how it is written, rounded as the rule says. */
export type Bound = { readonly ratio: number; readonly percent: string }

/**
 * Milliseconds by state. `eligibleMs` = up + degraded + down + unknown is the denominator E;
 * `maintenanceMs` and `centreMs` have left it. Weighted sums of several environments are allowed.
 */
export type TimeSums = {
  readonly eligibleMs: number
  readonly upMs: number
  readonly degradedMs: number
  readonly downMs: number
  readonly unknownMs: number
  readonly maintenanceMs: number
  readonly centreMs: number
  /** Parts of `downMs` and `unknownMs` whose cause lies outside of the institution's hosting. */
  readonly downExternalMs: number
  readonly unknownExternalMs: number
}

/** Net time lost, by cause. Unit: milliseconds; causes without any are left out. */
export type Lost = Readonly<
  Partial<Record<Cause, { readonly downMs: number; readonly unknownMs: number }>>
>

/**
 * What an auditor should look at. `net_above_gross`: much of the time was excluded. `centre_share`:
 * the collector itself lost much of it.
 */
export const auditFlags = ['net_above_gross', 'centre_share'] as const
export type AuditFlag = (typeof auditFlags)[number]

/**
 * One published figure. The proven low is the headline; `observed` says nothing of unknown time.
 * All bounds are null when nothing was in scope (E = 0): there is no value then, never 100.
 * `gross` excludes nothing: no maintenance, no outage of the centre.
 */
export type Figure = {
  readonly low: Bound | null
  readonly observed: Bound | null
  readonly high: Bound | null
  readonly coverage: Bound | null
  readonly verdict: Verdict | null
  readonly gross: { readonly low: Bound | null; readonly high: Bound | null }
  readonly sums: TimeSums | null
  /**
   * The same where down time with an external cause counts as good: what the institution answers
   * for. Null without a value, and for a mean of institutions.
   */
  readonly ownFault: { readonly low: Bound; readonly high: Bound } | null
  /**
   * Shares of known time by what it rests on: the institution's own agents alone, witnesses alone,
   * both. What only an evaluator's decision made known is in none. Null where nothing is known.
   */
  readonly attested: {
    readonly self: Bound
    readonly witnessed: Bound
    readonly both: Bound
  } | null
  readonly flags: readonly AuditFlag[]
}

/** `being_set_up` until `policy.setUpDays` of evidence exist: shown instead of a verdict. */
export type Stage = 'being_set_up' | 'measured'

/** What is shown of anything: no verdict is shown of one that is being set up. */
export function outcomeOf(stage: Stage, verdict: Verdict | null): Outcome {
  if (stage === 'being_set_up') return 'being_set_up'
  return verdict ?? 'no_value'
}

export type AgentRow = {
  readonly agent: string
  readonly name: string
  readonly version: string | null
  /** Last message of any kind; null before the first. */
  readonly lastReportAt: EpochMs | null
  /** Last evidence received. */
  readonly lastBatchAt: EpochMs | null
  readonly silent: boolean
  readonly status: 'pending' | 'active' | 'quarantined' | 'revoked'
  readonly spooledMessages: number
}

export type CheckRow = {
  /** `<agent name>/<check>`: unique in the environment, and what `needs` names. */
  readonly check: string
  readonly agent: string
  readonly kind: CheckKind
  readonly label: string | null
  readonly intervalMs: number
  /** As last sealed; unknown once the evidence is older than the seal rhythm allows. */
  readonly state: State
  readonly reason: Reason | null
  /** When the state began; null while unknown from the start. */
  readonly since: EpochMs | null
  /** The last instant decided by evidence. */
  readonly through: EpochMs | null
  /** Last value, in the unit `valueUnits` gives for the kind. */
  readonly value: number | null
  /** Whether the environment needs it (else it can only degrade or is shown only). */
  readonly needed: boolean
  /** False once the agent's `agent.yaml` no longer names it. */
  readonly declared: boolean
}

export type EnvironmentRow = {
  readonly id: string
  readonly name: Bilingual
  readonly class: 'public' | 'internal' | 'link'
  readonly criticality: 'critical' | 'important' | 'supporting'
  readonly site: string | null
  readonly provider: string | null
  readonly state: State | 'maintenance' | 'not_in_scope'
  readonly since: EpochMs | null
  readonly stage: Stage
  /**
   * False below the minimum profile of its class: low 0, high 1. `missing` lists kinds, "a|b" =
   * either.
   */
  readonly assessed: boolean
  readonly missing: readonly string[]
  readonly inScopeFrom: EpochMs
  /**
   * Approved maintenance of the running cycle that is within the quota, also what is still to come;
   * and how long before its start it must be asked for. Unit: milliseconds.
   */
  readonly maintenance: {
    readonly usedMs: number
    readonly quotaMs: number
    readonly noticeMs: number
  }
  readonly continuity: ByWindow<Figure>
  /** What was lost in the cycle so far, by cause; a cause without loss is not there. */
  readonly lost: Lost
  readonly agents: readonly AgentRow[]
}

/** An environment with its checks. A nation has too many of them for a snapshot to carry. */
export type EnvironmentDetail = EnvironmentRow & { readonly checks: readonly CheckRow[] }

export type InstitutionRow = {
  readonly id: string
  readonly kind: 'institution' | 'governorate'
  readonly name: Bilingual
  readonly sector: string | null
  /** Member of the continuity population at `asOf`. */
  readonly target: boolean
  /** At least one agent was heard in the last five minutes. */
  readonly reporting: boolean
  readonly lastReportAt: EpochMs | null
  readonly stage: Stage
  readonly continuity: ByWindow<Figure>
  /** Of an institution that joined within the cycle: how that counts, and how it also could. */
  readonly joiner?: Joiner
  /** Environment ids, by proven low over the cycle. */
  readonly worstCritical: string | null
  readonly worst: string | null
  readonly environments: readonly EnvironmentRow[]
}

/** What an institution that joined within the cycle is measured over, with the other reading. */
export type Joiner = {
  /** The rule of the policy that the published figure follows. */
  readonly rule: 'in_scope'
  readonly joinedAt: EpochMs
  /** The other reading: over the whole window, nothing known before joining. */
  readonly whole: { readonly low: Bound | null; readonly high: Bound | null }
}

/** An institution whose environments have their checks. */
export type InstitutionDetail = Omit<InstitutionRow, 'environments'> & {
  readonly environments: readonly EnvironmentDetail[]
}

export type PopulationFigures = {
  /**
   * All environments of the target institutions in one pool, weighted by criticality: the default
   * headline.
   */
  readonly pooled: Figure
  /** Equal mean over all target institutions; one that does not report is 0 low and 1 high. */
  readonly mean: Figure
  /** The pooled figure of those with evidence in the window only. */
  readonly reporting: Figure
  /** Target institutions with evidence in the window, and all of them. */
  readonly withEvidence: number
  readonly targets: number
  /** Target institutions by outcome; they add up to `targets`. */
  readonly verdicts: Readonly<Record<Outcome, number>>
}

/** What the target institutions' environments at one hosting provider reach, pooled. */
export type ProviderRow = {
  /** Id of the register; `own` is an institution's own data centre. */
  readonly provider: string
  readonly environments: number
  readonly institutions: number
  readonly continuity: ByWindow<Figure>
}

export type NationRow = {
  /** Target institutions heard in the last five minutes, of all target institutions. */
  readonly reporting: number
  readonly targets: number
  readonly stage: Stage
  readonly headline: 'pooled' | 'mean'
  readonly continuity: ByWindow<PopulationFigures>
  readonly byKind: Readonly<
    Record<'institution' | 'governorate', { targets: number; continuity: ByWindow<Figure> }>
  >
  /** By id of the provider; an environment whose register names none is in no row. */
  readonly byProvider: readonly ProviderRow[]
}

/** Half-year of measurement: `2027-04` is closed in April 2027. */
export type Cycle = { readonly id: string; readonly name: 'april' | 'october' } & Span

/**
 * Everything the outside sees but the rows of checks, computed once: page, Prometheus, JSON and
 * exports read this.
 */
export type Snapshot = {
  readonly engine: string
  readonly computedAt: EpochMs
  readonly asOf: EpochMs
  readonly simulated: boolean
  readonly timezone: string
  readonly target: Bound
  readonly cycle: Cycle
  readonly windows: ByWindow<Span>
  readonly nation: NationRow
  readonly institutions: readonly InstitutionRow[]
  /** Absent where no model is known. */
  readonly readiness?: SnapshotReadiness
  /** Absent where nobody registered a workload. */
  readonly migration?: SnapshotMigration
  /** The cycle before the running one; absent while nothing is known of it. */
  readonly previous?: PreviousCycle
  /** Set while a newer snapshot is held back, until a person confirms it or it is plausible. */
  readonly held?: Held
}

/** A figure with what is shown of it. */
export type StagedFigure = { readonly stage: Stage; readonly figure: Figure }

/** The cycle before the running one: from its frozen bytes, or live while it is open. */
export type PreviousCycle = {
  readonly cycle: Cycle
  /** The newest frozen revision; null while the cycle is open. */
  readonly revision: number | null
  readonly nation: StagedFigure
  readonly institutions: Readonly<Record<string, StagedFigure>>
}

/** Why a snapshot is not published by itself. Ratios are 0 to 1; the others are counts. */
export type Jump = {
  readonly what: 'reporting' | 'institutions' | 'environments' | 'low' | 'high'
  readonly before: number
  readonly after: number
}

/** A snapshot that is held back: since when, and what jumped. */
export type Held = { readonly since: EpochMs; readonly jumps: readonly Jump[] }
