import { valueUnits } from '../../protocol/check.ts'
import { dayMs, dayOf, type EpochMs, type Span } from '../../protocol/time.ts'
import type { ValueHistogram } from '../kpi/readiness/histogram.ts'
import type { CursorRow, EnvironmentKey, FactRow } from './store.ts'

/** A readiness indicator, as an agent told it. */
export type AgentFact = FactRow & { readonly agent: string }

/** What was told last of an indicator on one UTC day. */
export type FactDay = Pick<AgentFact, 'agent' | 'indicator' | 'value' | 'missing'> & {
  readonly day: EpochMs
}

/** The values of one check, or of one part of what it tells beside. */
export type CheckValues = {
  readonly agent: string
  /** The check's name within its agent. */
  readonly check: string
  /** Such as `loss`; null for the values themselves. */
  readonly part: string | null
  readonly histogram: ValueHistogram
}

/** What readiness is computed from. Rows are in order of agent and indicator. */
export type FactReader = {
  /** The newest of each indicator and agent; values of checks are not among them. */
  facts(key: EnvironmentKey): Promise<AgentFact[]>
  /** The same as it was: of the UTC days that had ended by an instant. */
  factsAt(key: EnvironmentKey, at: EpochMs): Promise<AgentFact[]>
  /**
   * Some indicators over the UTC days that lie whole in the window, in order of agent, day and
   * indicator. What it costs rests on what is asked for, not on all that was told.
   */
  factDays(key: EnvironmentKey, indicators: readonly string[], window: Span): Promise<FactDay[]>
  /** Times that checks took, and parts of them, over the UTC days that lie whole in the window. */
  valuesOver(key: EnvironmentKey, window: Span): Promise<CheckValues[]>
  /** Rises when `facts` or `factsAt` of an environment may be others, by `factPlace`. */
  factMarks(): Promise<Map<string, number>>
  /** Rises when the values of a day that was over may be others, by `factPlace`. */
  valueMarks(): Promise<Map<string, number>>
}

/** UTC days of an agent of which facts are kept: the newest, and those before it. */
export const factDaysMax = 100

/**
 * The same of what tells where a host runs. A cycle may be frozen 60 days after its end, and moves
 * are judged by the hundred days before that.
 */
export const platformDaysMax = 160

/** The beginning of the names of such indicators. */
export const platformPrefix = 'platform.'

/** The first day of which an indicator is kept, by the newest day there is. */
export function firstDayKept(newest: EpochMs, indicator = ''): EpochMs {
  const days = indicator.startsWith(platformPrefix) ? platformDaysMax : factDaysMax
  return newest - (days - 1) * dayMs
}

/**
 * The facts that are readiness indicators, and those that are values of checks which take time: of
 * others, such as the room on a disk, nobody asks how they were over a month.
 */
export function sorted(
  facts: readonly FactRow[],
  definitions: CursorRow['definitions'],
): Record<'indicators' | 'values', readonly FactRow[]> {
  const values = facts.filter(({ indicator }) => indicator.startsWith(valuesPrefix))
  const indicators =
    values.length === 0
      ? facts
      : facts.filter(({ indicator }) => !indicator.startsWith(valuesPrefix))
  if (values.length === 0) return { indicators, values }
  const timed = new Set(definitions.filter(takesTime).map(({ check }) => check))
  return { indicators, values: values.filter((fact) => timed.has(checkOf(fact.indicator).check)) }
}

function takesTime({ kind }: CursorRow['definitions'][number]): boolean {
  return (valueUnits as Partial<Record<typeof kind, string>>)[kind] === 'seconds'
}

/** The newest UTC day that facts are of. */
export function newestDay(facts: readonly FactRow[]): EpochMs {
  return facts.reduce((newest, { at }) => Math.max(newest, dayOf(at)), Number.NEGATIVE_INFINITY)
}

const valuesPrefix = 'check.'

/** What the indicator of values names: `check.<name>` or `check.<name>.<part>`. */
export function checkOf(indicator: string): Pick<CheckValues, 'check' | 'part'> {
  const name = indicator.slice(valuesPrefix.length)
  const dot = name.indexOf('.')
  return dot < 0
    ? { check: name, part: null }
    : { check: name.slice(0, dot), part: name.slice(dot + 1) }
}

/** Names an environment in the marks. */
export function factPlace({ institution, environment }: EnvironmentKey): string {
  return `${institution}/${environment}`
}
