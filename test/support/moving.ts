import type { HostingPolicy } from '../../collector/kpi/migration/hosting-policy.ts'
import type {
  MigrationContext,
  ObservedContinuity,
  ObservedEnvironment,
  ObservedHost,
  ObservedInstitution,
  PlatformDay,
  WorkloadObservation,
} from '../../collector/kpi/migration/observation.ts'
import type {
  Baseline,
  MigrationRegister,
  Workload,
} from '../../collector/kpi/migration/workload.ts'
import { instantAt } from '../../collector/kpi/zone.ts'
import { dayMs, type EpochMs } from '../../protocol/time.ts'

/** Workloads and what is measured of them, for the judging of cloud migration. */

export const timezone = 'Asia/Muscat'

const bilingual = { ar: 'نص', en: 'Text' }

/** Two approved providers: one whose cloud names itself, one known by its hypervisor alone. */
export const hostingPolicy: HostingPolicy = {
  circularDate: '2025-06-01',
  dataClasses: [
    { id: 'public', label: bilingual, countries: 'any' },
    { id: 'restricted', label: bilingual, countries: ['OM'] },
  ],
  providers: [
    {
      ...{ id: 'sky', name: bilingual, clouds: ['openstack'], virtualisations: [] },
      regions: [
        { id: 'muscat-1', country: 'OM' },
        { id: 'far-1', country: 'DE' },
      ],
    },
    {
      ...{ id: 'house', name: bilingual, clouds: [], virtualisations: ['vmware'] },
      regions: [{ id: '*', country: 'OM' }],
    },
  ],
}

/** Midnight of Muscat at which a day began. */
export function midnight(day: string): EpochMs {
  return instantAt(Date.parse(`${day}T00:00:00Z`), timezone)
}

/** By what is judged, at the midnight before a day. */
export function judgedOn(day: string, change: Partial<MigrationContext> = {}): MigrationContext {
  const policy = hostingPolicy
  const policies = [{ from: 0, to: Number.POSITIVE_INFINITY, policy }]
  const rules = { timezone, policy, policies, continuityTargetRatio: 0.95 }
  return { at: midnight(day), ...rules, ...change }
}

/** A workload cut over on 2026-03-01, all fields given. */
export function workload(change: Partial<Workload> = {}): Workload {
  return {
    ...{ id: 'payroll', name: bilingual, criticality: 'critical', weight: 4 },
    ...{ dataClass: 'restricted', strategy: 'rehost', wave: null, owner: 'Operations' },
    source: { environment: 'own', hosts: [] },
    target: { environment: 'cloud', hosts: [] },
    ...{ provider: 'sky', serviceSince: '2019-01-01' },
    ...{ plannedStart: '2026-01-01', plannedFinish: '2026-12-31' },
    ...{ startedOn: '2026-02-01', cutOverOn: '2026-03-01', retiredOn: null },
    ...{ state: 'cut_over', isRolledBack: false, blocked: null },
    ...change,
  }
}

export type Told = Omit<PlatformDay, 'day'>

/** What agents tell in the cloud that is approved, in a hall of one's own, and nothing at all. */
export const inSky: Told = { cloud: 'openstack', region: 'muscat-1', virtualisation: 'kvm' }
export const inHall: Told = { cloud: 'none', region: 'none', virtualisation: 'kvm' }
export const untold: Told = { cloud: null, region: null, virtualisation: null }

/** A host that told the same on each UTC day from the first to the last of two. */
export function host(
  name: string,
  told: Told,
  [first, last]: readonly [string, string],
  change: Partial<ObservedHost> = {},
): ObservedHost {
  const days: PlatformDay[] = []
  for (let day = Date.parse(first); day <= Date.parse(last); day += dayMs) {
    days.push({ day, ...told })
  }
  return { agent: `agent-${name}`, name, status: 'active', days, ...change }
}

export function environment(
  id: string,
  hosts: readonly ObservedHost[],
  change: Partial<ObservedEnvironment> = {},
): ObservedEnvironment {
  return { id, isInScope: true, outOfScopeSince: null, hosts, ...change }
}

/** A continuity, with all or part of its time known. */
export function continuity(low: number, coverage = 1): ObservedContinuity {
  const bound = (ratio: number) => ({ ratio, percent: (ratio * 100).toFixed(2) })
  return { low: bound(low), coverage: bound(coverage) }
}

/** Truly moved: the old host told until the day of the cut over, the new one ever since. */
export function movedObservation(change: Partial<WorkloadObservation> = {}): WorkloadObservation {
  return {
    source: environment('own', [host('old', inHall, ['2026-01-01', '2026-03-01'])]),
    target: environment('cloud', [host('new', inSky, ['2026-03-02', '2026-03-31'])]),
    ...{ before: continuity(0.99), after: continuity(0.995), points: [], ...change },
  }
}

/** The register of one institution. */
export function registered(
  workloads: readonly Workload[],
  change: Partial<MigrationRegister> = {},
): MigrationRegister {
  return { institution: 'ministry', workloads, exemptions: [], baselines: [], ...change }
}

/** What was measured, by id of the workload; environments are those of the workloads and others. */
export function observedOf(
  workloads: Readonly<Record<string, WorkloadObservation>>,
  others: readonly ObservedEnvironment[] = [],
): ObservedInstitution {
  const own = Object.values(workloads).flatMap(({ source, target }) => [source, target])
  const known = own.filter((each) => each !== null)
  return { environments: [...known, ...others], workloads: new Map(Object.entries(workloads)) }
}

/** A baseline of weight 1 each, by the finishes it promises. */
export function baseline(
  startOn: string,
  finishes: Readonly<Record<string, string>>,
  change: Partial<Baseline> = {},
): Baseline {
  const workloads = Object.entries(finishes).map(([id, finishOn]) => ({ id, weight: 1, finishOn }))
  return { number: 1, startOn, approvedAt: midnight(startOn), workloads, ...change }
}
