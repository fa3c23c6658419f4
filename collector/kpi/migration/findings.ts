import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import type { ApprovedProvider, HostingPolicy } from './hosting-policy.ts'
import { nothingObserved } from './judge.ts'
import type {
  MigrationContext,
  ObservedInstitution,
  PlatformDay,
  WorkloadObservation,
} from './observation.ts'
import {
  daysSince,
  type HostDays,
  hostsOf,
  isCloud,
  isFresh,
  isTold,
  matchOf,
  measuredOf,
  namesOf,
  newestDayOf,
  providerOf,
} from './platform.ts'
import {
  highOf,
  locationRules,
  type Move,
  matchingDays,
  mismatchedHosts,
  moveOf,
  neededDays,
} from './proofs.ts'
import type { Discovered, MigrationFinding, Proof, ProofName, WorkloadRow } from './result.ts'
import {
  isOldest,
  notBefore,
  policySince,
  type Since,
  sinceInRow,
  sinceSilent,
  sinceTelling,
} from './since.ts'
import type { MigrationRegister, Workload } from './workload.ts'

/** What a finding says beside which workload it is of. */
type Found = Omit<MigrationFinding, 'workload'>

/**
 * Where what people registered and what was measured do not agree: workloads in the order of
 * registration, then environments that none names. What is only not known is no finding.
 */
export function migrationFindings(
  register: MigrationRegister,
  rows: readonly WorkloadRow[],
  observed: ObservedInstitution,
  context: MigrationContext,
): MigrationFinding[] {
  const ofWorkloads = rows.flatMap(({ workload, proofs }) => {
    const observation = observed.workloads.get(workload.id) ?? nothingObserved
    const move = moveOf(workload, observation, context)
    const found = move
      ? claimFindings(move, proofs)
      : undeclaredFindings(workload, register, observation, context)
    return found.map((each) => ({ ...each, workload: workload.id }))
  })
  const alone = unnamedIn(register, observed, context).map(({ id, hosts, newest, since }) => ({
    ...{ kind: 'environment_without_workload' as const, workload: null, environment: id },
    ...{ hosts, since, mayBeEarlier: isOldest(since, context.at) },
    ...{ declared: null, measured: measuredOf(newest) },
  }))
  return [...ofWorkloads, ...alone]
}

/** Of a workload that is said to be cut over or retired. */
function claimFindings(move: Move, proofs: readonly Proof[]): Found[] {
  const { workload, observation, source, since, context } = move
  const proof = (id: ProofName) => proofs.find((each) => each.id === id)
  const found: Found[] = []
  const add = (kind: Found['kind'], rest: Partial<Found> = {}) => {
    const environment = workload.target?.environment ?? null
    const plain = { environment, hosts: [], declared: null, measured: null }
    found.push({ kind, ...plain, since, mayBeEarlier: false, ...rest })
  }
  const silent = proof('source_silent')
  const alive = {
    environment: workload.source?.environment ?? null,
    hosts: silent?.hosts ?? [],
    measured: dayText(newestDayOf(source)),
    ...sinceTelling(source, neededDays, { from: since, at: context.at }),
  }
  if (workload.state === 'retired') {
    const declared = workload.retiredOn
    if (silent?.status === 'fail') add('retired_but_reporting', { ...alive, declared })
    return found
  }
  const { provider, cutOverOn } = workload
  const place = placeFinding(move, proof('seen_in_target'), silent)
  if (place) add(place.kind, place)
  if (silent?.status === 'fail' && place?.kind !== 'moved_by_word_only') {
    add('source_still_reporting', { ...alive, declared: cutOverOn })
  }
  if (proof('provider_approved')?.status === 'fail') {
    const measured = proof('seen_in_target')?.measured ?? null
    const refused = policySince(context.policies, (each) => !providerOf(each, provider))
    add('provider_not_approved', { declared: provider, measured, since: Math.max(since, refused) })
  }
  const location = proof('location_allowed')
  if (location?.status === 'fail') {
    const { hosts, measured } = location
    const declared = workload.dataClass
    add('location_not_allowed', { hosts, declared, measured, ...forbiddenSince(move, hosts) })
  }
  if (proof('continuity_kept')?.status === 'fail' || isBelowBefore(move)) {
    const [declared, measured] = [observation.before?.low.percent, observation.after?.low.percent]
    add('continuity_fell', { declared: declared ?? null, measured: measured ?? null })
  }
  return found
}

/** Since when hosts of the target tell of where the policy does not let the workload be. */
function forbiddenSince(
  { workload, target, since, context: { policy, policies, at } }: Move,
  names: readonly string[],
): Since {
  const against = target.filter(({ host }) => names.includes(host.name))
  const isForbidden = (by: HostingPolicy | null, region: string | null) => {
    const { allowed, countryOf, isAllowed } = locationRules(by, workload)
    const country = countryOf(region)
    return allowed === undefined || country === undefined ? null : !isAllowed(country)
  }
  const told = (each: PlatformDay) => (isTold(each) ? isForbidden(policy, each.region) : null)
  const measured = sinceInRow(against, told, { from: since, at })
  const regions = against.flatMap(({ newest }) => (newest ? [newest.region] : []))
  const ruled = policySince(policies, (each) => regions.some((is) => isForbidden(each, is)))
  return notBefore(measured, ruled)
}

/**
 * Whether the target is where people say. In another cloud the provider differs; anywhere else, or
 * nowhere while the source still runs, it moved by word only. A target that told nothing for too
 * long is silent.
 */
function placeFinding(
  { workload, context: { at, policy }, target, source, days, since: from }: Move,
  seen: Proof | undefined,
  silent: Proof | undefined,
): Omit<Found, 'environment'> | null {
  const declared = workload.provider
  if (seen?.status === 'fail') {
    const against = mismatchedHosts(target, providerOf(policy, declared))
    const elsewhere = against.find(({ newest }) => isCloud(newest.cloud))
    const kind = elsewhere ? 'provider_differs' : 'moved_by_word_only'
    const measured = elsewhere ? measuredOf(elsewhere.newest) : seen.measured
    const meant = providerOf(policy, declared)
    const since = sinceInRow(against, isNot(meant), { from, at })
    return { kind, hosts: seen.hosts, declared, measured, ...since }
  }
  const newest = newestDayOf(target)
  if (newest === null && silent?.status === 'fail') {
    const telling = source.find(({ newest }) => newest !== null)?.newest ?? null
    const measured = measuredOf(telling)
    const since = sinceTelling(source, neededDays, { from, at })
    return { kind: 'moved_by_word_only', hosts: silent.hosts, declared, measured, ...since }
  }
  const isSilent = newest === null ? days >= neededDays : !isFresh(newest, at)
  if (!isSilent) return null
  const since =
    newest === null ? sinceSilent({ from, at }) : { since: newest + dayMs, mayBeEarlier: false }
  return {
    ...{ kind: 'target_silent', hosts: seen?.hosts ?? [], declared: workload.cutOverOn },
    ...{ measured: dayText(newest), ...since },
  }
}

/** Whether a host told that it is somewhere else; null where it did not tell. */
function isNot(provider: ApprovedProvider | null) {
  return (told: PlatformDay): boolean | null => {
    const match = matchOf(provider, told)
    return match === 'unknown' ? null : match === 'no'
  }
}

/** Certainly below what it was before, though the target of the KPI may be met. */
function isBelowBefore({ observation: { before, after }, days }: Move): boolean {
  if (!before || !after || days < neededDays) return false
  return highOf(after) < before.low.ratio
}

/**
 * Of a workload that is said not to be moved yet: its target has been running for as long as a
 * proof needs while its source is silent, or its source itself is at the provider it is to go to.
 */
function undeclaredFindings(
  workload: Workload,
  register: MigrationRegister,
  observation: WorkloadObservation,
  context: MigrationContext,
): Found[] {
  const { policy, at } = context
  const provider = providerOf(policy, workload.provider)
  const window = { from: 0, at }
  const source = hostsOf(workload.source, observation.source, window)
  const target = hostsOf(workload.target, observation.target, window)
  const found = (environment: string, hosts: readonly HostDays[], at: ApprovedProvider) => {
    const days = matchingDays(hosts, at)
    const isMoved = isFresh(days.at(-1), context.at) && mismatchedHosts(hosts, at).length === 0
    if (!isMoved || days.length < neededDays) return []
    const witnesses = hosts.filter(({ host }) => host.status === 'active')
    const isElsewhere = isNot(at)
    const isThere = (told: PlatformDay) => negated(isElsewhere(told))
    const newest = hosts.find(({ newest }) => newest && matchOf(at, newest) === 'yes')?.newest
    return [
      {
        ...{ kind: 'moved_not_declared' as const, environment, hosts: namesOf(hosts) },
        ...{ declared: workload.state, measured: measuredOf(newest ?? null) },
        ...sinceInRow(witnesses, isThere, window),
      },
    ]
  }
  if (workload.source && provider) {
    // Own premises may have the hypervisor of a provider: only a cloud that names itself tells.
    const cloud = { ...provider, virtualisations: [] }
    const moved = found(workload.source.environment, source, cloud)
    if (moved.length > 0) return moved
  }
  if (!workload.target || isShared(workload, register) || !isSourceSilent(source, at)) return []
  const environment = workload.target.environment
  const providers = provider ? [provider] : (policy?.providers ?? [])
  return providers.flatMap((each) => found(environment, target, each)).slice(0, 1)
}

function negated(is: boolean | null): boolean | null {
  return is === null ? null : !is
}

/** Whether others are said to run in the target already, so that its hosts may be theirs. */
function isShared({ id, target }: Workload, { workloads }: MigrationRegister): boolean {
  return workloads.some((other) => {
    const isThere = other.state === 'cut_over' && other.target?.environment === target?.environment
    return other.id !== id && isThere && target?.hosts.length === 0
  })
}

/** Known once, and without facts for as long as a proof needs. */
function isSourceSilent(hosts: readonly HostDays[], at: EpochMs): boolean {
  const newest = newestDayOf(hosts)
  const isKnown = hosts.some(({ host }) => host.status !== 'pending')
  return isKnown && (newest === null || daysSince(newest, at) >= neededDays)
}

/** What to register: environments in scope with facts of now that no workload names. */
export function discoveredIn(
  register: MigrationRegister,
  observed: ObservedInstitution,
  context: MigrationContext,
): Discovered[] {
  return unnamedIn(register, observed, context).map(({ id, hosts, newest }) => {
    const { cloud, region, virtualisation } = newest
    const provider = context.policy?.providers.find((each) => matchOf(each, newest) === 'yes')
    return {
      ...{ environment: id, hosts, cloud, region, virtualisation },
      provider: provider?.id ?? null,
      // A hypervisor alone may be that of own premises.
      as: isCloud(cloud) ? 'target' : 'source',
    }
  })
}

function unnamedIn(
  { workloads }: MigrationRegister,
  { environments }: ObservedInstitution,
  { at }: MigrationContext,
) {
  const named = new Set(
    workloads.flatMap(({ source, target }) => [source?.environment, target?.environment]),
  )
  return environments.flatMap((environment) => {
    if (!environment.isInScope || named.has(environment.id)) return []
    const all = { environment: environment.id, hosts: [] }
    const telling = hostsOf(all, environment, { from: 0, at }).filter(({ host, newest }) => {
      return host.status === 'active' && isFresh(newest?.day, at)
    })
    const facts = telling.flatMap(({ newest }) => newest ?? [])
    const newest = facts.toSorted((a, b) => b.day - a.day)[0]
    if (!newest) return []
    const since = Math.min(...telling.flatMap(({ days }) => days[0]?.day ?? []))
    return [{ id: environment.id, hosts: namesOf(telling), newest, since }]
  })
}

/** A UTC day as it is written, e.g. `2026-04-01`; null without. */
function dayText(day: EpochMs | null): string | null {
  return day === null ? null : new Date(day).toISOString().slice(0, 10)
}
