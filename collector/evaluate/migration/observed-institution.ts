import { isDeepStrictEqual } from 'node:util'
import { dayOf, type EpochMs, type Span } from '../../../protocol/time.ts'
import type {
  ObservedEnvironment,
  ObservedInstitution,
  WorkloadObservation,
} from '../../kpi/migration/observation.ts'
import type { MigrationRegister, Workload, WorkloadPlace } from '../../kpi/migration/workload.ts'
import { type EnvironmentSource, keyOf, type Ledgers } from '../ledgers.ts'
import type { KnownHosts } from './host-book.ts'
import { type ContinuityRules, type Midnights, windowContinuity } from './move-continuity.ts'
import { movePoints } from './move-points.ts'

/** An environment as it was observed, and what of. */
export type Seen = KnownHosts & { readonly environment: ObservedEnvironment }

/** An institution as it was observed, and what of. */
export type Held = {
  readonly register: MigrationRegister | undefined
  readonly seen: ReadonlyMap<string, Seen>
  readonly observed: ObservedInstitution
}

/** What one round of observing works with. */
export type Turn = {
  readonly rules: ContinuityRules
  readonly midnights: Midnights
  readonly ledgers: Ledgers
  /** Whether the last round had the same rules. */
  readonly areRulesSame: boolean
  /** The first day that was derived again since the last round, by `keyOf`. */
  readonly derived: ReadonlyMap<string, EpochMs>
}

/** The same object as before where nothing of it is other. `at`: whose register holds. */
export function seenOf(
  { environment: id, versions }: EnvironmentSource,
  { hosts, newest }: KnownHosts,
  at: EpochMs,
  last: Seen | undefined,
): Seen {
  const isInScope = versions.some(({ from, to }) => from <= at && at < to)
  const ended = versions.findLast(({ from }) => from <= at)
  const outOfScopeSince = isInScope ? null : (ended?.to ?? null)
  const before = last?.environment
  const isSame =
    before?.isInScope === isInScope &&
    before.outOfScopeSince === outOfScopeSince &&
    before.hosts === hosts
  if (isSame && last?.newest === newest) return last
  const environment = isSame ? before : { id, isInScope, outOfScopeSince, hosts }
  return { environment, hosts, newest }
}

/** What is held of an institution, made anew; the same observation where it says the same. */
export function heldOf(
  id: string,
  { register, seen }: Pick<Held, 'register' | 'seen'>,
  last: Held | undefined,
  turn: Turn,
): Held {
  const before = new Map(last?.register?.workloads.map((each) => [each.id, each]))
  const workloads = (register?.workloads ?? []).map((workload) => {
    const isKnown = turn.areRulesSame && before.get(workload.id) === workload
    const known = isKnown ? last : undefined
    return [workload.id, workloadOf(id, workload, seen, known, turn)] as const
  })
  const environments = [...seen.values()].map(({ environment }) => environment)
  const observed = { environments, workloads: new Map(workloads) }
  const isSame = last !== undefined && isDeepStrictEqual(observed, last.observed)
  return { register, seen, observed: isSame ? last.observed : observed }
}

/** `last` is where the same workload was observed by the same rules; undefined where it was not. */
function workloadOf(
  institution: string,
  { id, source, target, cutOverOn }: Workload,
  seen: Held['seen'],
  last: Held | undefined,
  { rules, midnights, ledgers, derived }: Turn,
): WorkloadObservation {
  const known = last?.observed.workloads.get(id)
  const from = source ? seen.get(source.environment) : undefined
  const to = target ? seen.get(target.environment) : undefined
  const windows = cutOverOn === null ? null : midnights.around(cutOverOn, rules.at)
  const counted = (
    each: Seen | undefined,
    window: Span | null | undefined,
    name: 'before' | 'after',
  ) => {
    if (!each || !window) return null
    const key = { institution, environment: each.environment.id }
    const derivedFrom = derived.get(keyOf(key)) ?? Number.POSITIVE_INFINITY
    if (known && derivedFrom >= window.to) return known[name]
    return windowContinuity(ledgers.get(key), window, rules)
  }
  const isSame = known && from && last?.seen.get(from.environment.id) === from
  return {
    source: from?.environment ?? null,
    target: to?.environment ?? null,
    before: counted(from, windows?.before, 'before'),
    after: counted(to, windows?.after, 'after'),
    points: isSame ? known.points : pointsOf(source, from, rules.at),
  }
}

function pointsOf(source: WorkloadPlace | null, from: Seen | undefined, at: EpochMs) {
  return source && from ? movePoints(source, from.hosts, from.newest, dayOf(at)) : []
}
