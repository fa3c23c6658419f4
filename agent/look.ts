import { type CheckKind, checkKinds, type Observation } from '../protocol/check.ts'
import { LazyDeadline } from './deadline.ts'
import type { FrozenCheck } from './frozen.ts'
import { type ProbeEntry, probes } from './probes/all.ts'
import type { ProbeContext } from './probes/probe.ts'

/** What a look needs of the outside. */
export type LookContext = Omit<ProbeContext, 'signal'>

/**
 * Looks at a check once, within its timeout. Throws when the probe could not look at all: then
 * nothing was observed, whatever that may mean for the check.
 */
export async function look(check: FrozenCheck, context: LookContext): Promise<Observation> {
  const { probe }: ProbeEntry = probes[check.kind]
  const deadline = new LazyDeadline(check.timeoutMs)
  try {
    const within: ProbeContext = {
      ...context,
      get signal() {
        return deadline.signal
      },
    }
    return reportable(check.kind, await probe(check.settings, within))
  } finally {
    deadline.clear()
  }
}

/**
 * What may be reported of a kind: no state beyond its worst, no value that is no number. One such
 * look would cost the whole batch that holds it.
 */
export function reportable(kind: CheckKind, observation: Observation): Observation {
  const { state, reason, value, parts } = observation
  const seen = { state: state === 'down' ? checkKinds[kind] : state, ...(reason && { reason }) }
  const valued = Number.isFinite(value) ? { ...seen, value: Number(value) } : seen
  if (!parts) return valued
  const finite = Object.entries(parts).filter(([, part]) => Number.isFinite(part))
  return finite.length > 0 ? { ...valued, parts: Object.fromEntries(finite) } : valued
}
