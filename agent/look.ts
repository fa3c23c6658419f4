import { type CheckKind, checkKinds, type Observation } from '../protocol/check.ts'
import { LazyDeadline } from './deadline.ts'
import type { FrozenCheck } from './frozen.ts'
import { type ProbeEntry, probes } from './probes/all.ts'
import type { ProbeContext } from './probes/probe.ts'

/** What a look needs of the outside. */
export type LookContext = Omit<ProbeContext, 'signal'>

/**
 * Looks at a check once, within its timeout. Throws when the probe could not look at all: then
 * nothing was observed, whatever that may mean for the check. Not to be called while a look of its
 * own is under way.
 */
export type Looker = () => Observation | Promise<Observation>

/** Looks at a check once. */
export async function look(check: FrozenCheck, context: LookContext): Promise<Observation> {
  return lookerOf(check, context)()
}

/** What looks at one check, again and again; made once, as a look should leave nothing behind. */
export function lookerOf(check: FrozenCheck, context: LookContext): Looker {
  const { probe }: ProbeEntry = probes[check.kind]
  const { kind, settings, timeoutMs } = check
  const deadline = new LazyDeadline(timeoutMs)
  const within: ProbeContext = {
    ...context,
    get signal() {
      return deadline.signal
    },
  }
  const finish = async (answer: Promise<Observation>) => {
    try {
      return reportable(kind, await answer)
    } finally {
      deadline.clear()
    }
  }
  return () => {
    const answer = probe(settings, within)
    return answer instanceof Promise ? finish(answer) : reportable(kind, answer)
  }
}

/**
 * What may be reported of a kind: no state beyond its worst, no value that is no number. One such
 * look would cost the whole batch that holds it.
 */
export function reportable(kind: CheckKind, observation: Observation): Observation {
  const { state, reason, value, parts } = observation
  const isState = state !== 'down' || checkKinds[kind] === state
  if (isState && !parts && (value === undefined || Number.isFinite(value))) return observation
  const seen = { state: state === 'down' ? checkKinds[kind] : state, ...(reason && { reason }) }
  const valued = Number.isFinite(value) ? { ...seen, value: Number(value) } : seen
  if (!parts) return valued
  const finite = Object.entries(parts).filter(([, part]) => Number.isFinite(part))
  return finite.length > 0 ? { ...valued, parts: Object.fromEntries(finite) } : valued
}
