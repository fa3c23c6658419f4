import { isDeepStrictEqual } from 'node:util'
import type {
  Measures,
  ReadinessEnvironment,
  ReadinessHost,
  ReadinessInputs,
} from '../../kpi/readiness/inputs.ts'
import type { MetricName } from '../../kpi/readiness/metrics.ts'
import { scoresSame } from './measure.ts'

/** Whether two sets of measures give the same scores. */
function alike(a: Measures, b: Measures): boolean {
  if (a === b) return true
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<MetricName>
  for (const name of names) if (!scoresSame(a[name], b[name])) return false
  return true
}

/** The hosts, each the same object as before where its scores are. */
export function keptHosts(
  hosts: readonly ReadinessHost[],
  before: readonly ReadinessHost[],
): readonly ReadinessHost[] {
  const kept = hosts.map((host, i) => {
    const last = before[i]
    if (last?.agent !== host.agent || last.name !== host.name) return host
    return alike(last.measures, host.measures) ? last : host
  })
  const isSame = kept.length === before.length && kept.every((each, i) => each === before[i])
  return isSame ? before : kept
}

/** The environment, the same object as before where its scores are. */
export function keptEnvironment(
  environment: ReadinessEnvironment,
  before: ReadinessEnvironment | null,
): ReadinessEnvironment {
  const isSame =
    before !== null &&
    before.hosts === environment.hosts &&
    before.weight === environment.weight &&
    before.isCritical === environment.isCritical &&
    isDeepStrictEqual(before.name, environment.name) &&
    alike(before.measures, environment.measures)
  return isSame ? before : environment
}

/** The inputs, the same object as before where their scores are. */
export function keptInputs(
  inputs: ReadinessInputs,
  before: ReadinessInputs | null,
): ReadinessInputs {
  const isSame =
    before !== null &&
    before.isSetUp === inputs.isSetUp &&
    before.environments.length === inputs.environments.length &&
    before.environments.every((each, i) => each === inputs.environments[i]) &&
    isDeepStrictEqual(before.waivers, inputs.waivers) &&
    alike(before.measures, inputs.measures)
  return isSame ? before : inputs
}
