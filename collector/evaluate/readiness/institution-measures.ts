import { dayMs, type EpochMs, type Span } from '../../../protocol/time.ts'
import type { MigrationFigures } from '../../kpi/migration/result.ts'
import type { Measure, Measures, Waiver } from '../../kpi/readiness/inputs.ts'
import {
  declarableMetrics,
  type MetricName,
  type MetricScope,
  metricOf,
} from '../../kpi/readiness/metrics.ts'
import type { MissingRules } from '../../kpi/readiness/model.ts'
import type { DeclaredValue } from '../../register/declarations-log.ts'
import type { Roles } from '../../register/register.ts'
import { addTime, type SeenTime, shareOf } from './environment-window.ts'
import { derived, missing, notApplicable } from './measure.ts'

/** What an institution's own metrics are derived from, environment by environment. */
export type EnvironmentSummary = {
  readonly id: string
  readonly isReporting: boolean
  /** Whether a link of it works; null where that is not known, undefined without one. */
  readonly link: boolean | null | undefined
  /** Time of the checks that play a role, by `<agent name>/<check>`. */
  readonly roles: ReadonlyMap<string, SeenTime>
}

/** The metrics of an institution itself that nobody declares. */
export function institutionMeasures(
  roles: Roles,
  environments: readonly EnvironmentSummary[],
  knownMin: number,
  window: Span,
): Measures {
  const roleShare = (checks: readonly string[] | undefined) => {
    if (!checks) return missing('no_role_in_register')
    const times = checks.flatMap((name) => {
      const slash = name.indexOf('/')
      const environment = environments.find(({ id }) => id === name.slice(0, slash))
      return environment?.roles.get(name.slice(slash + 1)) ?? []
    })
    // One that nobody makes would be hidden by those that are made.
    return times.length < checks.length
      ? missing('no_check')
      : shareOf(addTime(times), knownMin, window)
  }
  return {
    'remote_access.success_ratio': roleShare(roles.remoteAccess),
    'integration.success_ratio': roleShare(roles.integrationPlatform),
    'link.measured': linkMeasured(environments),
    'register.match_ratio': matched(environments),
  }
}

/**
 * What the migration of an institution scores by: the share whose move measurement confirmed, and
 * whether its roadmap is frozen. `figures` is undefined where it has no workload.
 */
export function migrationMeasures(
  figures: Pick<MigrationFigures, 'done' | 'schedule'> | undefined,
  at: EpochMs | null,
): Measures {
  const done = figures?.done
  return {
    'migration.validated_ratio': done ? derived(done.ratio, at) : missing('no_workloads'),
    'cloud.roadmap_approved': derived(Boolean(figures?.schedule), at),
  }
}

function linkMeasured(environments: readonly EnvironmentSummary[]): Measure {
  const links = environments.map(({ link }) => link).filter((link) => link !== undefined)
  if (links.length === 0) return missing('no_check')
  if (links.includes(true)) return derived(true, null)
  return links.includes(false) ? derived(false, null) : missing('no_evidence')
}

function matched(environments: readonly EnvironmentSummary[]): Measure {
  if (environments.length === 0) return missing('no_agent')
  const heard = environments.filter(({ isReporting }) => isReporting).length
  return derived(heard / environments.length, null, `${heard} of ${environments.length}`)
}

/** What an institution declared, and others reviewed. */
export class DeclaredMeasures {
  readonly #values: readonly DeclaredValue[]
  readonly #staleBefore: EpochMs

  /** `reference` is the instant at which ages are looked at. */
  constructor(
    values: readonly DeclaredValue[],
    { staleDeclaredDays }: Pick<MissingRules, 'staleDeclaredDays'>,
    reference: EpochMs,
  ) {
    this.#values = values
    this.#staleBefore = reference - staleDeclaredDays * dayMs
  }

  /**
   * Declared metrics of a scope as they stand: of an environment, or of the institution (null).
   * What was measured stands, whatever was declared.
   */
  over(scope: MetricScope, environment: string | null, measured: Measures): Measures {
    const measures: Partial<Record<MetricName, Measure>> = { ...measured }
    for (const metric of declarableMetrics) {
      if (metricOf(metric).scope !== scope) continue
      const own = measures[metric]
      if (own && own.status !== 'missing') continue
      measures[metric] = this.#declared(metric, environment) ?? own ?? missing('not_declared')
    }
    for (const [metric, measure] of Object.entries(measures) as [MetricName, Measure][]) {
      const { status, reason } = measure
      if (status !== 'missing' || reason === null) continue
      if (this.agrees(metric, environment, reason)) measures[metric] = notApplicable(reason)
    }
    return measures
  }

  /** Whether another body agreed that a metric of an environment does not apply. */
  agrees(metric: MetricName, environment: string | null, reason: string): boolean {
    if (!approvableReasons.has(reason)) return false
    return this.#values.some(
      ({ about, isVerified, environment: of }) =>
        isVerified &&
        about.kind === 'not_applicable' &&
        about.metric === metric &&
        (of === null || of === environment),
    )
  }

  /** What was agreed on not to apply, as one text: facts read again say the same while it stays. */
  get agreed(): string {
    return this.#values
      .flatMap(({ about, isVerified, environment }) =>
        isVerified && about.kind === 'not_applicable' ? [`${about.metric} ${environment}`] : [],
      )
      .sort()
      .join()
  }

  /** Waivers in force, by criterion. */
  get waivers(): Waiver[] {
    return this.#values
      .flatMap(({ about, isVerified, expiresAt }) =>
        isVerified && about.kind === 'waiver' ? [{ criterion: about.criterion, expiresAt }] : [],
      )
      .sort((a, b) => (a.criterion < b.criterion ? -1 : 1))
  }

  #declared(metric: MetricName, environment: string | null): Measure | null {
    const found = this.#values.find(
      ({ about, environment: of }) =>
        about.kind === 'metric' && about.metric === metric && of === environment,
    )
    if (found?.about.kind !== 'metric') return null
    const { about, at, detail, isVerified } = found
    const verified = isVerified ? 'declared_verified' : 'declared_unverified'
    const status = at < this.#staleBefore ? 'stale' : verified
    return { status, value: about.value, at, reason: null, method: 'declared', detail }
  }
}

/**
 * Reasons with which nothing is there to measure. What was only forbidden, broken or not installed
 * is missing, whoever agrees.
 */
const approvableReasons: ReadonlySet<string> = new Set([
  'virtual_machine',
  'in_cloud',
  'no_such_hardware',
  'no_public_service',
  'no_backup_declared',
  'no_check',
])
