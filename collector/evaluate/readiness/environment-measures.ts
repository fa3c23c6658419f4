import { checkKinds } from '../../../protocol/check.ts'
import { type EpochMs, hourMs } from '../../../protocol/time.ts'
import { checksOf, combine } from '../../kpi/compose.ts'
import type { Measure } from '../../kpi/readiness/inputs.ts'
import { agentNameOf } from '../../register/names.ts'
import type { Environment } from '../../register/register.ts'
import type { CheckRecord, FactRow } from '../../store/store.ts'
import type { HostFacts } from './host-measures.ts'
import { derived, known, missing } from './measure.ts'

/** The hosts of an environment with what each told. */
export type HostsTold = readonly { readonly name: string; readonly facts: HostFacts }[]

/** What the hosts of an environment tell of its backups, and whether it can lose one of them. */
export function hostedMeasures(
  environment: Environment,
  hosts: HostsTold,
  records: readonly CheckRecord[],
  staleBefore: EpochMs,
) {
  return {
    'backup.age_over_rpo_ratio': backupAge(environment, hosts, staleBefore),
    'backup.restore_age_days': oldest(hosts, 'backup.restore_age_days', staleBefore),
    'redundancy.survivable_ratio': survivable(environment, hosts, records),
  }
}

function backupAge({ recovery }: Environment, hosts: HostsTold, staleBefore: EpochMs): Measure {
  const rpoHours = recovery?.rpoHours
  if (rpoHours === undefined) return missing('no_rpo')
  const age = oldest(hosts, 'backup.age_seconds', staleBefore)
  if (typeof age.value !== 'number') return age
  const detail = [age.detail, `RPO ${rpoHours} h`].filter((each) => each !== null).join('; ')
  return { ...age, value: (age.value * 1_000) / (rpoHours * hourMs), detail }
}

/** Hosts that were never told of a backup, or of a test of one, leave that to the others. */
const leftToOthers = ['no_backup_declared', 'no_check']

/**
 * The largest of what hosts tell. One that has something to tell and cannot leaves it unknown,
 * because that may be the worst.
 */
function oldest(hosts: HostsTold, indicator: string, staleBefore: EpochMs): Measure {
  if (hosts.length === 0) return missing('no_agent')
  const told = hosts.flatMap(({ facts }) => facts.get(indicator) ?? [])
  const [first] = told
  if (!first) return missing('no_evidence')
  const gap = told.find((fact) => typeof fact.value !== 'number' && !isLeft(fact))
  if (gap) return missing(gap.missing ?? 'unreadable', gap.detail)
  const values = told.filter((fact) => typeof fact.value === 'number')
  if (values.length === 0) return missing(first.missing ?? 'unreadable', first.detail)
  const worst = values.reduce((a, b) => (Number(b.value) > Number(a.value) ? b : a))
  const at = Math.min(...values.map((fact) => fact.at))
  const basis = { at, method: 'derived', detail: worst.detail }
  return known(Number(worst.value), basis, at < staleBefore)
}

function isLeft({ value, missing: why }: FactRow): boolean {
  return value === null && why !== null && leftToOthers.includes(why)
}

/** Of the hosts whose checks it needs: the share that it can lose, one at a time. */
function survivable(
  { needs }: Environment,
  hosts: HostsTold,
  records: readonly CheckRecord[],
): Measure {
  if (hosts.length === 0) return missing('no_agent')
  const seen = new Set(records.filter(({ since }) => since !== null).map(({ name }) => name))
  const canBeDown = records.filter(({ kind }) => checkKinds[kind] === 'down')
  const all = canBeDown.flatMap(({ name }) => (seen.has(name) ? [name] : []))
  const expression = needs ?? { all }
  const names = new Set([...checksOf(expression)].map(agentNameOf))
  const needed = hosts.filter(({ name }) => names.has(name))
  if (needed.length === 0) return missing('no_check')
  const survives = needed.filter(({ name: lost }) => {
    const state = combine(expression, (check) => {
      if (agentNameOf(check) === lost) return 'down'
      return seen.has(check) ? 'up' : 'unknown'
    })
    return state === 'up' || state === 'degraded'
  })
  return derived(
    survives.length / needed.length,
    null,
    `${survives.length} of ${needed.length} hosts`,
  )
}
