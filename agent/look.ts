import { type CheckKind, checkKinds, type Observation } from '../protocol/check.ts'
import { withDeadline } from './deadline.ts'
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
  const observation = await withDeadline(check.timeoutMs, (signal) =>
    probe(check.settings, { ...context, signal }),
  )
  return reportable(check.kind, observation)
}

/**
 * What may be reported of a kind: no state beyond its worst, no value that is no number. One such
 * look would cost the whole batch that holds it.
 */
export function reportable(kind: CheckKind, observation: Observation): Observation {
  const { state, reason, value, parts } = observation
  const finite = Object.entries(parts ?? {}).filter(([, part]) => Number.isFinite(part))
  return {
    state: state === 'down' ? checkKinds[kind] : state,
    ...(reason && { reason }),
    ...(Number.isFinite(value) && { value: Number(value) }),
    ...(finite.length > 0 && { parts: Object.fromEntries(finite) }),
  }
}
