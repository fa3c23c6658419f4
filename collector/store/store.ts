import type { CheckDefinition, Histogram } from '../../protocol/batch.ts'
import type { CheckKind, ObservedState, Reason, State } from '../../protocol/check.ts'
import { noPrevious } from '../../protocol/jws.ts'
import type { BootMs, EpochMs, Span } from '../../protocol/time.ts'
import type { EnvironmentDay } from '../kpi/environment-day.ts'
import type { Timeline } from '../kpi/timeline.ts'
import type { Entry } from '../register/difference.ts'
import type { ActReader } from './acts.ts'
import type { CheckSums, LastContact } from './answers.ts'
import type { AnchorRow, ClockStore } from './clocks.ts'
import type { CycleReader, CycleWriter, FrozenRow } from './cycles.ts'
import type { FactReader } from './facts.ts'
import type { CheckpointRow, Leaf, LogReader, MessageRow, StoredMessage } from './logs.ts'
import type { PeopleEffect, PeopleStore } from './people.ts'
import type { Sight, SightReader } from './sight.ts'
import type { TokenRow } from './tokens.ts'

/** Only `active` agents add evidence; `pending` ones wait for an admin's approval. */
export const agentStatuses = ['pending', 'active', 'quarantined', 'revoked'] as const
export type AgentStatus = (typeof agentStatuses)[number]

/**
 * An enrolled agent. `name` prefixes its checks and is unique in its environment among those that
 * are not revoked. `kid` and `publicKey` are of the key in use.
 */
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

/**
 * A span to write: one that began or one that ended. The last span of a check ends where its
 * `through` is, whatever the row says. The sums are of all earlier spans.
 */
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
  /** How it was measured; null for values of checks. */
  readonly method: string | null
  /** Why there is no value: one of `missingReasons`, or one that only a newer agent knows. */
  readonly missing: string | null
  readonly detail: string | null
}

/** A key an agent had before: it signs nothing after this place in the stream. */
export type RetiredKey = {
  readonly kid: string
  readonly agent: string
  readonly publicKey: string
  readonly throughEpoch: number
  readonly throughSeq: number
}

/** What a quarantined agent sent: kept aside, counts for nothing. */
export type ContestedRow = {
  readonly agent: string
  readonly epoch: number
  readonly seq: number
  readonly sha256: string
  readonly received: EpochMs
  readonly why: string
  readonly jws: string
}

/** A quarantined agent's wish to go on with a new key. */
export type RejoinRow = {
  readonly agent: string
  readonly publicKey: string
  readonly askedAt: EpochMs
}

/** All that one accepted message changes; stored whole or not at all. */
export type Admitted = {
  readonly agent: AgentRow
  readonly contact: ContactRow
  readonly anchor: AnchorRow | null
  /** Where the anchor begins another ten minutes: all that is kept of the agent's, it included. */
  readonly anchors?: readonly AnchorRow[]
  readonly evidence: {
    readonly message: MessageRow
    readonly leaf: Leaf
    readonly cursor: CursorRow
    /** Those of the cursor, where they are other than before. */
    readonly definitions?: CursorRow['definitions']
    readonly checks: readonly CheckRecord[]
    /** Checks that went on as they were: only the end of their timeline moved. */
    readonly grown: readonly CheckRecord[]
    readonly spans: readonly SpanRow[]
    readonly facts: readonly FactRow[]
    readonly dirtyDays: readonly EpochMs[]
    /** Why nothing was seen, where the message tells something new of that. */
    readonly sight?: Sight
    /** The key that takes over after this message, and the one that it retires. */
    readonly rotation?: { readonly agent: AgentRow; readonly retired: RetiredKey }
  } | null
}

/** What a person's act changes beside its entry in the log. */
export type Effect =
  | { readonly kind: 'token'; readonly token: TokenRow }
  | { readonly kind: 'token-ended'; readonly hash: string; readonly at: EpochMs }
  /** The token is null where the act is read again: its use was counted then. */
  | { readonly kind: 'agent'; readonly agent: AgentRow; readonly token: string | null }
  | { readonly kind: 'agent-status'; readonly agent: string; readonly status: AgentStatus }
  /** A released agent goes on with a new key; its requests to rejoin are settled. */
  | { readonly kind: 'agent-key'; readonly agent: AgentRow; readonly retired: RetiredKey }
  /** What was published of a cycle, with its bytes. */
  | { readonly kind: 'frozen-cycle'; readonly row: FrozenRow; readonly bytes: Buffer }
  /** From this day on an environment is defined otherwise: its days are derived again. */
  | ({ readonly kind: 'dirty-day'; readonly day: EpochMs } & EnvironmentKey)
  | PeopleEffect

/** An act with its leaf: entry, leaf and effects are stored together. */
export type Act = {
  readonly at: EpochMs
  readonly entry: Entry
  readonly leaf: Leaf
  readonly effects: readonly Effect[]
}

/** A note that the collector runs, with its leaf in the national log. */
export type Liveness = { readonly at: EpochMs; readonly leaf: Leaf }

/** The only way evidence gets in. Nothing here updates or deletes what it wrote before. */
export type EvidenceWriter = {
  /**
   * Stores a group in one durable commit. The answer holds for each the index of its leaf (null
   * without evidence), or the reason why it alone was not stored. Throws when nothing was stored.
   */
  appendGroup(group: readonly Admitted[]): Promise<(number | null | Error)[]>
  /** Stores acts in one durable commit, and behind them, where given, that the collector runs. */
  applyActs(acts: readonly Act[], liveness?: Liveness): Promise<void>
  /**
   * Notes that the collector ran through an instant. A hole of more than 90 seconds is an outage of
   * the collector: the days it touches are derived again for every environment.
   */
  appendLiveness(liveness: Liveness): Promise<void>
  /** Stores leaves that change nothing else, such as a log key's change. */
  appendLeaves(leaves: readonly Leaf[]): Promise<void>
  /** Keeps signed notes; one that is there already stays as it is. */
  saveCheckpoints(checkpoints: readonly CheckpointRow[]): Promise<void>
  /** Keeps what a quarantined agent sent, up to `contestedMax` each; the same bytes once. */
  setAside(message: ContestedRow): Promise<void>
  /** Keeps a wish to rejoin, at most `rejoinsMax` of an agent; the newest stay. */
  saveRejoin(rejoin: RejoinRow): Promise<void>
}

/** Messages of one quarantined agent that are kept aside. */
export const contestedMax = 1_000

/** Wishes to rejoin of one agent that are kept. */
export const rejoinsMax = 5

export type StoredAgent = {
  readonly agent: AgentRow
  readonly cursor: CursorRow
  readonly contact: ContactRow | null
  readonly anchors: readonly AnchorRow[]
  readonly checks: readonly CheckRecord[]
  readonly retiredKeys: readonly RetiredKey[]
}

/** What admission reads: all agents once at start, single rows afterwards. */
export type EvidenceReader = {
  agents(): Promise<StoredAgent[]>
  /**
   * All acts, oldest first. Of those that no figure rests on, `figures` leaves out most; `months`
   * gives only those that close months.
   */
  entries(needed?: 'figures' | 'months'): Promise<Entry[]>
  /** Rises with every act; 0 before the first. */
  newestAct(): Promise<number>
  message(agent: AgentRow, epoch: number, seq: number): Promise<StoredMessage | null>
  token(hash: string): Promise<TokenRow | null>
  tokens(): Promise<TokenRow[]>
  contested(agent: string): Promise<ContestedRow[]>
  /** How many messages are kept aside, by agent; no row without any. */
  contestedCounts(): Promise<Map<string, number>>
  rejoins(): Promise<RejoinRow[]>
}

/** The key of an environment, first in every table that has it. */
export type EnvironmentKey = { readonly institution: string; readonly environment: string }

export type DayRow = EnvironmentKey & EnvironmentDay
/** A day with its sums as the list that is stored: fewer where it is of an older version. */
export type LedgerDay = EnvironmentDay & { readonly numbers?: readonly number[] }
/**
 * A day whose evidence grew; `mark` rises each time, so that news during a computation is not
 * lost.
 */
export type DirtyDay = EnvironmentKey & { readonly day: EpochMs; readonly mark: number }

/** What agents tell beside the states of their checks. */
type ToldReader = SightReader & FactReader

/** What evaluation reads and writes back. */
export type TimelineStore = ToldReader & {
  /** All checks, or those of one environment. */
  checks(key?: EnvironmentKey): Promise<CheckRecord[]>
  contacts(): Promise<(AgentRow & { readonly contact: ContactRow | null })[]>
  /** The same contacts alone: what changes with every message. */
  lastContacts(): Promise<LastContact[]>
  /** Newest value of each check, by check name. */
  values(key: EnvironmentKey): Promise<Map<string, number>>
  timeline(check: number, window: Span): Promise<Timeline>
  /** The same of all checks of an environment, by number; none where nothing is known. */
  timelines(key: EnvironmentKey, window: Span): Promise<Map<number, Timeline>>
  /** When the collector ran: disjoint, in order. */
  liveness(): Promise<Span[]>
  /** Stored days, of all institutions or of one. */
  days(institution?: string): Promise<DayRow[]>
  /** Stored days of one environment, oldest first; what they hold is read when it is looked at. */
  ledgerDays(key: EnvironmentKey): Promise<readonly LedgerDay[]>
  /** What is known of each check of an environment inside a window, by name. */
  checkSums(key: EnvironmentKey, window: Span): Promise<CheckSums[]>
  dirtyDays(): Promise<DirtyDay[]>
  /** Replaces days and clears their dirty marks up to the mark seen. At most `daysPerSaveMax`. */
  saveDays(days: readonly DayRow[], cleared: readonly DirtyDay[]): Promise<void>
}

/** What figures are computed from. */
export type EvaluationReader = Omit<TimelineStore, 'saveDays'> &
  Pick<EvidenceReader, 'entries' | 'newestAct'>

export const daysPerSaveMax = 1_000

export type Store = EvidenceWriter &
  ActReader &
  CycleReader &
  CycleWriter &
  EvidenceReader &
  LogReader &
  TimelineStore &
  ClockStore &
  PeopleStore & { close(): Promise<void> }
