import { sha256 } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import type { Condition, Judged } from './conditions.ts'

/** What web hooks tell of. */
export const eventTypes = [
  'environment_down',
  'agent_silent',
  'publish_held',
  'cycle_at_risk',
  'migration_late',
] as const
export type EventType = (typeof eventTypes)[number]

/** `gone`: it ended because what it was about is no longer measured. */
export type EventStatus = 'began' | 'ended' | 'gone'

/** Something that happened to a condition; its id names it for ever. */
export type HookEvent = Omit<Condition, 'level' | 'key'> & {
  readonly id: string
  readonly status: EventStatus
  readonly at: EpochMs
}

/** What a snapshot changes: events to tell, and conditions to keep or to forget. */
export type Step = {
  readonly events: readonly HookEvent[]
  readonly opened: readonly Condition[]
  readonly closed: readonly string[]
}

/**
 * What became of conditions since they were last judged. One that holds is told when it begins and
 * when it gets worse; one that was told is told when it is over, or when nothing speaks of it any
 * more. `isPartial`: the judgement says nothing of those it does not name.
 */
export function step(
  open: ReadonlyMap<string, Condition>,
  judged: readonly Judged[],
  now: EpochMs,
  isPartial: boolean,
): Step {
  const events: HookEvent[] = []
  const opened: Condition[] = []
  const closed: string[] = []
  const close = (condition: Condition, status: 'ended' | 'gone') => {
    events.push(eventOf(condition, status, now))
    closed.push(condition.key)
  }
  const seen = new Set<string>()
  for (const { verdict, ...condition } of judged) {
    const known = open.get(condition.key)
    if (known) seen.add(condition.key)
    if (verdict === 'holds' && (!known || condition.level > known.level)) {
      events.push(eventOf(condition, 'began', now))
      opened.push(condition)
    } else if (known && verdict === 'over') close(condition, 'ended')
    else if (known && verdict === 'gone') close(condition, 'gone')
  }
  if (!isPartial) {
    for (const [key, known] of open) {
      if (!seen.has(key)) close(known, 'gone')
    }
  }
  return { events, opened, closed }
}

function eventOf({ key, level, ...told }: Condition, status: EventStatus, at: EpochMs): HookEvent {
  return { ...told, id: eventId(`${key}|${status}|${level}|${at}`), status, at }
}

/** A name that says nothing, and fits into a header. */
export function eventId(name: string): string {
  return `evt_${sha256(name).slice(0, 32)}`
}
