import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import { endOf } from './calendar.ts'
import type { ApprovedProvider, HostingPolicy } from './hosting-policy.ts'
import type {
  MigrationContext,
  ObservedContinuity,
  ObservedEnvironment,
  PlatformDay,
  WorkloadObservation,
} from './observation.ts'
import {
  daysSince,
  type HostDays,
  hostsOf,
  isFresh,
  matchOf,
  measuredOf,
  namesOf,
  newestDayOf,
  providerOf,
  silentNames,
} from './platform.ts'
import type { Proof } from './result.ts'
import { observedDays } from './since.ts'
import type { Workload } from './workload.ts'

/** Whole days that a move has to stand before it counts: seen, silent, and continuity. */
export const neededDays = 30

/** A move that people say is done, with what was measured of both of its ends since. */
export type Move = {
  readonly workload: Workload
  readonly observation: WorkloadObservation
  readonly context: MigrationContext
  /** The end of the day on which it was cut over, or retired. */
  readonly since: EpochMs
  /** Whole days since then. */
  readonly days: number
  readonly target: readonly HostDays[]
  readonly source: readonly HostDays[]
}

/** The move of a workload that is said to be cut over or retired; null for any other. */
export function moveOf(
  workload: Workload,
  observation: WorkloadObservation,
  context: MigrationContext,
): Move | null {
  const { at, timezone } = context
  const { state, cutOverOn, retiredOn } = workload
  const on = state === 'cut_over' ? cutOverOn : state === 'retired' ? retiredOn : null
  if (on === null) return null
  const since = endOf(on, timezone)
  return {
    ...{ workload, observation, context, since },
    // Days of a zone may have 23 or 25 hours.
    days: Math.max(0, Math.round((at - since) / dayMs)),
    target: hostsOf(workload.target, observation.target, { from: since, at }),
    source: hostsOf(workload.source, observation.source, { from: 0, at }),
  }
}

/** What has to pass before the move counts as done. Source: METHODOLOGY 2.6. */
export function proofsOf(move: Move): Proof[] {
  if (move.workload.state === 'retired') return [sourceSilent(move)]
  return [
    seenInTarget(move),
    sourceSilent(move),
    providerApproved(move),
    locationAllowed(move),
    continuityKept(move),
  ]
}

/** Whether a workload began in its target: it never had a source. */
export function isBornInTarget({ source, serviceSince, cutOverOn }: Workload): boolean {
  if (source !== null || cutOverOn === null) return false
  return serviceSince === null || serviceSince >= cutOverOn
}

/**
 * UTC days on which a host told facts that match the provider's, and none told others. Revoked
 * agents bear no witness.
 */
export function matchingDays(
  hosts: readonly HostDays[],
  provider: ApprovedProvider | null,
): EpochMs[] {
  const seen = new Set<EpochMs>()
  const others = new Set<EpochMs>()
  for (const { host, days } of hosts) {
    if (host.status === 'revoked') continue
    for (const told of days) {
      const match = matchOf(provider, told)
      if (match === 'yes' && host.status === 'active') seen.add(told.day)
      if (match === 'no') others.add(told.day)
    }
  }
  return [...seen].filter((day) => !others.has(day)).sort((a, b) => a - b)
}

/** Hosts whose newest telling facts are not those of the provider. */
export function mismatchedHosts(
  hosts: readonly HostDays[],
  provider: ApprovedProvider | null,
): (HostDays & { readonly newest: PlatformDay })[] {
  return hosts.flatMap(({ host, days }) => {
    const newest = days.findLast((told) => matchOf(provider, told) !== 'unknown') ?? null
    const isOther = newest !== null && matchOf(provider, newest) === 'no'
    return isOther && host.status !== 'revoked' ? [{ host, days, newest }] : []
  })
}

function seenInTarget({ workload, context, target }: Move): Proof {
  const provider = providerOf(context.policy, workload.provider)
  const seen = matchingDays(target, provider)
  const against = mismatchedHosts(target, provider)
  const isSeen = isFresh(seen.at(-1), context.at) && seen.length >= neededDays
  const silent = silentNames(workload.target, target, context.at)
  const status = against.length > 0 ? 'fail' : isSeen ? 'pass' : 'unknown'
  const witness = [...against, ...target].find((each) => each.newest !== null)
  return {
    ...{ id: 'seen_in_target', status },
    days: { have: seen.length, need: neededDays },
    hosts: status === 'fail' ? namesOf(against) : status === 'pass' ? [] : silent,
    measured: measuredOf(witness?.newest ?? null),
  }
}

/**
 * Facts of the source that are younger than thirty days stand against it, whatever became of the
 * agents that told them: a revoked one is silent from its last facts on, like any other.
 */
function sourceSilent(move: Move): Proof {
  const { workload, observation, context, source, since } = move
  const proof = (status: Proof['status'], have: number | null, hosts: string[] = []): Proof => ({
    ...{ id: 'source_silent', status, hosts, measured: null },
    days: have === null ? null : { have, need: neededDays },
  })
  if (workload.source === null) return proof(isBornInTarget(workload) ? 'pass' : 'unknown', null)
  const newest = newestDayOf(source)
  const silentDays = newest === null ? observedDays : daysSince(newest, context.at)
  if (newest !== null && silentDays < neededDays) {
    const telling = source.filter(({ days }) => {
      const last = days.at(-1)
      return last !== undefined && daysSince(last.day, context.at) < neededDays
    })
    const isAlive = newest >= since && move.days >= neededDays
    return proof(isAlive ? 'fail' : 'unknown', silentDays, namesOf(telling))
  }
  if (source.some(({ host }) => host.status !== 'pending')) return proof('pass', silentDays)
  const goneDays = daysOutOfScope(observation.source, context.at)
  return proof(goneDays >= neededDays ? 'pass' : 'unknown', goneDays, workload.source.hosts.slice())
}

function daysOutOfScope(environment: ObservedEnvironment | null, at: EpochMs): number {
  const since = environment?.outOfScopeSince ?? null
  return since === null ? 0 : Math.max(0, Math.floor((at - since) / dayMs))
}

function providerApproved({ workload, context: { policy } }: Move): Proof {
  const isApproved = providerOf(policy, workload.provider) !== null
  const isOpen = policy === null || workload.provider === null
  const status = isOpen ? 'unknown' : isApproved ? 'pass' : 'fail'
  return { id: 'provider_approved', status, days: null, hosts: [], measured: null }
}

/**
 * The country of every host of the target by the provider's regions. One that is named and silent
 * has no region; where a provider has but one country, that is known all the same.
 */
function locationAllowed({ workload, context: { policy, at }, target }: Move): Proof {
  const { allowed, countryOf, isAllowed } = locationRules(policy, workload)
  const places = target.flatMap(({ host, newest }) => {
    if (host.status !== 'active' || !newest) return []
    return [{ host, country: countryOf(newest.region) }]
  })
  const against = places.filter(({ country }) => allowed && country && !isAllowed(country))
  const named = workload.target?.hosts ?? []
  const silent = countryOf(null) ? [] : silentNames(workload.target, target, at)
  const open = [
    ...namesOf(places.filter(({ country }) => !country)),
    ...silent.filter((name) => named.includes(name)),
  ]
  const isKnown = allowed !== undefined && places.length > 0 && open.length === 0
  const passes = allowed === 'any' || isKnown
  const status = against.length > 0 ? 'fail' : passes ? 'pass' : 'unknown'
  return {
    ...{ id: 'location_allowed', status, days: null },
    hosts: status === 'fail' ? namesOf(against) : status === 'pass' ? [] : [...new Set(open)],
    measured: [...against, ...places].find(({ country }) => country)?.country ?? null,
  }
}

/** Where a policy lets a workload be hosted, and in which country a region is by it. */
export function locationRules(policy: HostingPolicy | null, { dataClass, provider }: Workload) {
  const allowed = policy?.dataClasses.find(({ id }) => id === dataClass)?.countries
  const regions = providerOf(policy, provider)?.regions ?? []
  return {
    allowed,
    countryOf: (region: string | null) =>
      (regions.find(({ id }) => id === region) ?? regions.find(({ id }) => id === '*'))?.country,
    isAllowed: (country: string) => allowed === 'any' || allowed?.includes(country) === true,
  }
}

/** Not below what it was before, or as the target of the continuity KPI asks: METHODOLOGY 2.6. */
function continuityKept({ observation: { before, after }, context, days }: Move): Proof {
  const target = context.continuityTargetRatio
  const needed = before ? Math.min(before.low.ratio, target) : target
  const isKnown = after !== null && days >= neededDays
  const fails = isKnown && highOf(after) < needed
  const passes = isKnown && after.low.ratio >= needed
  return {
    id: 'continuity_kept',
    status: fails ? 'fail' : passes ? 'pass' : 'unknown',
    days: { have: days, need: neededDays },
    hosts: [],
    measured: after?.low.percent ?? null,
  }
}

/** What the continuity may be at most: all that is not known counted as up. */
export function highOf({ low, coverage }: ObservedContinuity): number {
  return low.ratio + (1 - coverage.ratio)
}
