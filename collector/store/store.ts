import type { CheckDefinition, Histogram } from '../../protocol/batch.ts'
import type { CheckKind, ObservedState, Reason, State } from '../../protocol/check.ts'
import { noPrevious } from '../../protocol/jws.ts'
import type { BootMs, EpochMs, Span } from '../../protocol/time.ts'
import type { EnvironmentDay } from '../kpi/environment-day.ts'
import type { Timeline } from '../kpi/timeline.ts'
import type { Account } from '../people/accounts.ts'
import type { Entry } from '../register/difference.ts'

/** An entry for an evidence log, and its RFC 6962 leaf hash. The store gives it its index. */
export type Leaf = { readonly log: string; readonly entry: string; readonly hash: Buffer }

/** A stored entry; `index` counts from 0 without holes, per log. */
export type LeafRow = Leaf & { readonly index: number }

export type AgentStatus = 'active' | 'quarantined' | 'revoked'

/** An enrolled agent. `name` is unique in its environment and prefixes its checks. */
export type AgentRow = {
  readonly agent: string
  readonly institution: string
  readonly environment: string
  readonly name: string
  readonly enrolledAt: EpochMs
  readonly status: AgentStatus
  readonly kid: string
  readonly publicKey: string
}

/** Where an agent's stream stands: `seq` is the next number, `prev` what it must follow. */
export type CursorRow = {
  readonly epoch: number
  readonly seq: number
  readonly prev: string
  readonly definitions: readonly CheckDefinition[]
}

/** Where every stream begins. */
export const firstCursor: CursorRow = { epoch: 1, seq: 1, prev: noPrevious, definitions: [] }

/** The best anchor of a boot's clock within one stretch of ten minutes. */
export type AnchorRow = {
  readonly boot: string
  /** Start of the stretch on the collector's clock. */
  readonly bucket: EpochMs
  /** min(received - boot milliseconds). */
  readonly offsetMs: number
  /** offset + boot - wall of that heartbeat: how wrong the host's wall clock was. */
  readonly wallErrorMs: number
}

/** Last contact with an agent. */
export type ContactRow = {
  readonly lastReportAt: EpochMs
  readonly lastBatchAt: EpochMs | null
  readonly version: string | null
  readonly spooledMessages: number
}

/** A check of an environment and the end of its timeline, where the next run goes on. */
export type CheckRecord = {
  readonly number: number
  readonly institution: string
  readonly environment: string
  /** `<agent name>/<check>` */
  readonly name: string
  readonly agent: string
  readonly kind: CheckKind
  readonly label: string | null
  readonly intervalMs: number
  readonly declared: boolean
  /** First evidence; null before. */
  readonly since: EpochMs | null
  /** The boot of the last run; null before the first, and again after messages were lost. */
  readonly boot: string | null
  /** End of the last run, on the host's clock and on ours. */
  readonly throughBoot: BootMs
  readonly through: EpochMs
  readonly state: State
  readonly reason: Reason | null
  readonly stateSince: EpochMs
  /** Start of the last span, and what was known before it. Unit: milliseconds. */
  readonly spanFrom: EpochMs
  readonly upMs: number
  readonly degradedMs: number
  readonly downMs: number
}

/** A span to write: new, or longer than before. The sums are of all earlier spans. */
export type SpanRow = Span & {
  readonly check: number
  readonly state: ObservedState
  readonly reason: Reason | null
  readonly upMs: number
  readonly degradedMs: number
  readonly downMs: number
}

export type FactRow = {
  readonly indicator: string
  readonly at: EpochMs
  readonly value: Histogram | number | boolean | string | null
  readonly detail: string | null
}

/** A message as it is kept for ever. */
export type MessageRow = {
  readonly epoch: number
  readonly seq: number
  readonly through: number
  readonly type: 'batch' | 'gap'
  readonly sha256: string
  readonly received: EpochMs
  readonly jws: string
}

/** A stored message and the index of its leaf in its institution's log. */
export type StoredMessage = MessageRow & { readonly leaf: number }

/** All that one accepted message changes; stored whole or not at all. */
export type Admitted = {
  readonly agent: AgentRow
  readonly contact: ContactRow
  readonly anchor: AnchorRow | null
  readonly evidence: {
    readonly message: MessageRow
    readonly leaf: Leaf
    readonly cursor: CursorRow
    readonly checks: readonly CheckRecord[]
    readonly spans: readonly SpanRow[]
    readonly facts: readonly FactRow[]
    readonly dirtyDays: readonly EpochMs[]
  } | null
}

export type TokenRow = {
  readonly hash: string
  readonly institution: string
  readonly environment: string
  readonly expiresAt: EpochMs
  readonly usesMax: number
  readonly uses: number
}

/** What a person's act changes beside its entry in the log. */
export type Effect =
  | { readonly kind: 'token'; readonly token: TokenRow }
  | { readonly kind: 'agent'; readonly agent: AgentRow; readonly token: string }
  | { readonly kind: 'agent-status'; readonly agent: string; readonly status: AgentStatus }
  /** From this day on an environment is defined otherwise: its days are derived again. */
  | ({ readonly kind: 'dirty-day'; readonly day: EpochMs } & EnvironmentKey)

/** An act with its leaf: entry, leaf and effects are stored together. */
export type Act = {
  readonly at: EpochMs
  readonly entry: Entry
  readonly leaf: Leaf
  readonly effects: readonly Effect[]
}

/** The only way evidence gets in. Nothing here updates or deletes what it wrote before. */
export type EvidenceWriter = {
  /**
   * Stores a group in one durable commit. The answer holds for each the index of its leaf (null
   * without evidence), or the reason why it alone was not stored. Throws when nothing was stored.
   */
  appendGroup(group: readonly Admitted[]): Promise<(number | null | Error)[]>
  /** Stores acts in one durable commit. */
  applyActs(acts: readonly Act[]): Promise<void>
  /**
   * Notes that the collector ran through `at`. A hole of more than 90 seconds is an outage of the
   * collector: the days it touches are derived again for every environment.
   */
  appendLiveness(at: EpochMs, leaf: Leaf): Promise<void>
}

export type StoredAgent = {
  readonly agent: AgentRow
  readonly cursor: CursorRow
  readonly contact: ContactRow | null
  readonly anchors: readonly AnchorRow[]
  readonly checks: readonly CheckRecord[]
}

/** What admission reads: all agents once at start, single rows afterwards. */
export type EvidenceReader = {
  agents(): Promise<StoredAgent[]>
  /** All acts, oldest first. */
  entries(): Promise<Entry[]>
  message(agent: AgentRow, epoch: number, seq: number): Promise<StoredMessage | null>
  token(hash: string): Promise<TokenRow | null>
  leaf(log: string, index: number): Promise<LeafRow | null>
}

/** The key of an environment, first in every table that has it. */
export type EnvironmentKey = { readonly institution: string; readonly environment: string }

export type DayRow = EnvironmentKey & EnvironmentDay
/**
 * A day whose evidence grew; `mark` rises each time, so that news during a computation is not
 * lost.
 */
export type DirtyDay = EnvironmentKey & { readonly day: EpochMs; readonly mark: number }

/** What evaluation reads and writes back. */
export type TimelineStore = {
  checks(): Promise<CheckRecord[]>
  contacts(): Promise<(AgentRow & { readonly contact: ContactRow | null })[]>
  /** Newest value of each check, by check name. */
  values(key: EnvironmentKey): Promise<Map<string, number>>
  timeline(check: number, window: Span): Promise<Timeline>
  /** When the collector ran: disjoint, in order. */
  liveness(): Promise<Span[]>
  /** Stored days, or those of one environment. */
  days(): Promise<DayRow[]>
  dirtyDays(): Promise<DirtyDay[]>
  /** Replaces days and clears their dirty marks up to the mark seen. At most `daysPerSaveMax`. */
  saveDays(days: readonly DayRow[], cleared: readonly DirtyDay[]): Promise<void>
}

export const daysPerSaveMax = 1_000

export type SessionStore = {
  saveSession(hash: string, account: Account, expiresAt: EpochMs): Promise<void>
  session(hash: string, now: EpochMs): Promise<Account | null>
  deleteSession(hash: string): Promise<void>
}

export type Store = EvidenceWriter &
  EvidenceReader &
  TimelineStore &
  SessionStore & { close(): Promise<void> }
