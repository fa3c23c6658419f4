import type { ClaimedState } from '../../collector/kpi/migration/workload.ts'
import type { AskedWorkload } from '../../collector/register/workloads.ts'
import { dayMs, type EpochMs } from '../../protocol/time.ts'
import type { Nation } from './nation.ts'
import type { Move } from './nation-moves.ts'

/** What people say of a workload on a day of the simulation. */
export type Claim = {
  readonly move: Move
  readonly state: ClaimedState
  readonly day: number
}

/** A day of the simulation as people write it. */
export function writtenDay(nation: Nation, day: number): string {
  return new Date(dayStart(nation, day)).toISOString().slice(0, 10)
}

/** When a day of the simulation begins, UTC. */
export function dayStart({ window }: Nation, day: number): EpochMs {
  return window.from + day * dayMs
}

/** The workload of a claim, as an institution registers it. */
export function claimed(nation: Nation, { move, state, day }: Claim): AskedWorkload {
  const { workload, source, target, serviceSince } = move
  const environments = nation.institutions.find(({ id }) => id === move.institution)?.environments
  const like = environments?.find(({ id }) => id === source || id === target)
  if (!like || workload === null) throw new Error('Nobody registered it.')
  const isRetired = target === null
  const isMoved = state === 'cut_over' || state === 'retired'
  const today = writtenDay(nation, day)
  const startedOn = isMoved || state === 'migrating' ? today : null
  return {
    ...{ id: workload, name: like.name, criticality: like.criticality },
    ...{ dataClass: move.dataClass, strategy: isRetired ? 'retire' : 'rehost', wave: null },
    owner: 'Operations',
    source: source === null ? null : { environment: source, hosts: [] },
    target: target === null ? null : { environment: target, hosts: [] },
    provider: isRetired ? null : move.provider,
    serviceSince: serviceSince ?? (isMoved ? today : null),
    ...{ plannedStart: writtenDay(nation, 2), plannedFinish: writtenDay(nation, 120) },
    startedOn,
    cutOverOn: isMoved && !isRetired ? today : null,
    retiredOn: isRetired && isMoved ? today : null,
    ...{ state, blocked: null },
  }
}
