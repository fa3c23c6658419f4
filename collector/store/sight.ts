import type { Pause } from '../../protocol/batch.ts'
import type { EpochMs, Span } from '../../protocol/time.ts'
import type { Timeline } from '../kpi/timeline.ts'
import type { EnvironmentKey } from './store.ts'

/** What tells why nothing was seen, as rows. All instants are on the collector's clock. */

/** The first that was heard of a boot of an agent's host. */
export type BootRow = {
  /** The agent's name, which passes to whoever follows a revoked one. */
  readonly agent: string
  /** The boot id. */
  readonly boot: string
  readonly startedAt: EpochMs
  /** Where the agent's stream was decided before; null where nothing was. */
  readonly previousThrough: EpochMs | null
  /**
   * When the operating system recorded that it shut down before, on the host's wall clock; null
   * where it sent no such record.
   */
  readonly shutdownAt: EpochMs | null
}

/** When an agent looked without anybody knowing when: a window that could not be dated. */
export type ClockSpanRow = Span & { readonly agent: string }

/** When an agent did not look, by its own word. */
export type PauseRow = Span & { readonly agent: string; readonly why: Pause['why'] }

/** What a message tells of its host; most tell nothing of it. */
export type Sight = {
  readonly boots: readonly Omit<BootRow, 'agent'>[]
  readonly clockSpans: readonly Span[]
  readonly pauses: readonly Omit<PauseRow, 'agent'>[]
}

/** Reading it, as far as it touches a window. All rows are in order of agent and start. */
export type SightReader = {
  /** Boots before which the host was away inside the window: it began in it or after it. */
  boots(key: EnvironmentKey, window: Span): Promise<BootRow[]>
  clockSpans(key: EnvironmentKey, window: Span): Promise<ClockSpanRow[]>
  pauses(key: EnvironmentKey, window: Span): Promise<PauseRow[]>
  /**
   * What witnesses saw, by the names of their checks (`<agent name>/<check>`); a check that nobody
   * knows has no timeline, and one that saw nothing in the window an empty one.
   */
  witnessTimelines(checks: readonly string[], window: Span): Promise<Map<string, Timeline>>
}
