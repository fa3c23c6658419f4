import { dayMs, dayOf, type EpochMs } from '../../../protocol/time.ts'
import type { ApprovedProvider, HostingPolicy } from './hosting-policy.ts'
import type { ObservedEnvironment, ObservedHost, PlatformDay } from './observation.ts'
import type { WorkloadPlace } from './workload.ts'

/** Facts older than so many whole days say nothing of now. */
export const freshDays = 7

/** What agents say of a guest when they cannot tell what is beneath it. */
const vagueGuests = ['container', 'unknown hypervisor']

export type Match = 'yes' | 'no' | 'unknown'

/**
 * Whether a host looked like one of the provider's. A cloud that names itself decides; where none
 * does, the hypervisor has to be one of the provider's.
 */
export function matchOf(provider: ApprovedProvider | null, told: PlatformDay): Match {
  if (!provider) return 'unknown'
  const { clouds, virtualisations } = provider
  const { cloud, virtualisation } = told
  if (isCloud(cloud)) return clouds.includes(cloud) ? 'yes' : 'no'
  if (virtualisation !== null && virtualisations.includes(virtualisation)) return 'yes'
  const isVague = virtualisation === null || vagueGuests.includes(virtualisation)
  if (isVague && virtualisations.length > 0) return 'unknown'
  return cloud === null && (clouds.length > 0 || isVague) ? 'unknown' : 'no'
}

/** The same for all approved providers: `no` only where it is certainly none of theirs. */
export function approvedMatchOf(policy: HostingPolicy, told: PlatformDay): Match {
  const matches = policy.providers.map((provider) => matchOf(provider, told))
  if (matches.includes('yes')) return 'yes'
  return matches.includes('unknown') || !isTold(told) ? 'unknown' : 'no'
}

/** Whether a cloud named itself. */
export function isCloud(cloud: string | null): cloud is string {
  return cloud !== null && cloud !== 'none'
}

/** Whether an agent told anything of where its host runs. */
export function isTold({ cloud, virtualisation }: PlatformDay): boolean {
  return cloud !== null || virtualisation !== null
}

/** What was measured, in the words of the agent; null where it did not tell. */
export function measuredOf(told: PlatformDay | null): string | null {
  if (!told) return null
  return isCloud(told.cloud) ? told.cloud : (told.virtualisation ?? told.cloud)
}

/** The approved provider of this id; null where there is none or no policy. */
export function providerOf(policy: HostingPolicy | null, id: string | null) {
  return policy?.providers.find((each) => each.id === id) ?? null
}

/** A host, and what it told on UTC days that began at `from` or later and had ended by `at`. */
export type HostDays = {
  readonly host: ObservedHost
  readonly days: readonly PlatformDay[]
  /** The last of them on which it told anything of where it runs. */
  readonly newest: PlatformDay | null
}

/** The hosts of a place, all of its environment where it names none. */
export function hostsOf(
  place: WorkloadPlace | null,
  environment: ObservedEnvironment | null,
  { from, at }: { readonly from: EpochMs; readonly at: EpochMs },
): HostDays[] {
  if (!place || !environment) return []
  const isNamed = ({ name }: ObservedHost) => place.hosts.length === 0 || place.hosts.includes(name)
  return environment.hosts.filter(isNamed).map((host) => {
    const days = host.days.filter(({ day }) => day >= from && day + dayMs <= at)
    return { host, days, newest: days.findLast(isTold) ?? null }
  })
}

/** The newest UTC day of which there are facts of any kind; null without. */
export function newestDayOf(hosts: readonly HostDays[]): EpochMs | null {
  const newest = hosts.flatMap(({ days }) => days.at(-1)?.day ?? [])
  return newest.length === 0 ? null : Math.max(...newest)
}

/** UTC days that passed without facts since this one, up to the last that had ended. */
export function daysSince(day: EpochMs, at: EpochMs): number {
  return (dayOf(at) - day) / dayMs - 1
}

/** Whether facts of this UTC day still say something of now. */
export function isFresh(day: EpochMs | undefined, at: EpochMs): boolean {
  return day !== undefined && daysSince(day, at) <= freshDays
}

/** Names of the hosts of a place that tell nothing of where they run: also those never seen. */
export function silentNames(
  place: WorkloadPlace | null,
  hosts: readonly HostDays[],
  at: EpochMs,
): string[] {
  const telling = namesOf(hosts.filter(({ newest }) => isFresh(newest?.day, at)))
  const all = place && place.hosts.length > 0 ? place.hosts.toSorted() : namesOf(hosts)
  return all.filter((name) => !telling.includes(name))
}

/** Names, each once, in their order. */
export function namesOf(hosts: readonly { readonly host: ObservedHost }[]): string[] {
  return [...new Set(hosts.map(({ host }) => host.name))].sort()
}
