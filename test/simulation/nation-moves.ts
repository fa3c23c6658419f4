import type {
  MigrationFindingKind,
  WorkloadCompliance,
  WorkloadState,
} from '../../collector/kpi/migration/result.ts'
import type { ClaimedState } from '../../collector/kpi/migration/workload.ts'
import {
  after,
  always,
  before,
  cases,
  cutOverDay,
  type Plan,
  type Platform,
  platforms,
} from './move-cases.ts'
import type { Nation, NationEnvironment, NationInstitution } from './nation.ts'
import { randomOf } from './random.ts'

/** A host of a move. Days count from the start of the simulation; it is there from noon to noon. */
export type MoveHost = {
  readonly environment: string
  readonly name: string
  readonly platform: Platform
  /** Days on which it reports; half-open. */
  readonly reports: readonly { readonly from: number; readonly to: number }[]
  /** Hours of each day on which what it serves is down. */
  readonly downHours: number
}

/** What people say of a workload, and what is so. */
export type Move = {
  readonly institution: string
  /** Also the name of the workload; null where nobody registered one. */
  readonly workload: string | null
  readonly case: MoveCase
  readonly source: string | null
  readonly target: string | null
  readonly provider: string
  readonly dataClass: 'open' | 'restricted'
  /** Claimed on the first day, and from a later day on. */
  readonly claims: readonly { readonly day: number; readonly state: ClaimedState }[]
  readonly serviceSince: string | null
  /** Days of its exemption; half-open. */
  readonly exempt: readonly [from: number, to: number] | null
  readonly hosts: readonly MoveHost[]
  readonly truth: MoveTruth
}

export type MoveTruth = {
  readonly state: WorkloadState
  /** What measurement must find. No other finding is right. */
  readonly findings: readonly MigrationFindingKind[]
  readonly compliance: WorkloadCompliance['status']
  /** Whether people say that it moved and it did not. */
  readonly isOnPremisesByTruth: boolean
}

/** `unregistered`: an environment with hosts of which nobody registered a workload. */
export type MoveCase = keyof typeof cases | 'unregistered'

const byWordOnly: readonly MoveCase[] = [
  'by_word_only',
  'target_on_premises',
  'half_on_premises',
  'moved_back_quietly',
]

/** A nation whose environments move, or are said to: its target environments are added. */
export type MovingNation = { readonly nation: Nation; readonly moves: readonly Move[] }

/** Every case there is. */
const allCases: readonly MoveCase[] = [
  ...(Object.keys(cases) as (keyof typeof cases)[]),
  'unregistered',
]

/** Gives every environment one of these cases, each as often as it is named. Pure. */
export function withMoves(nation: Nation, names: readonly MoveCase[] = allCases): MovingNation {
  const random = randomOf(nation.seed, 'moves')
  const shift = random.whole(0, names.length - 1)
  let index = 0
  const moves: Move[] = []
  const institutions = nation.institutions.map((institution): NationInstitution => {
    const own = institution.environments.map((environment) => {
      return moveOf(institution.id, environment, names[(shift + index++) % names.length]!)
    })
    moves.push(...own)
    const environments = institution.environments.flatMap((environment, i) =>
      placesOf(environment, own[i]!),
    )
    return { ...institution, environments }
  })
  return { nation: { ...nation, institutions, witnesses: [], outages: [] }, moves }
}

function moveOf(institution: string, { id }: NationEnvironment, name: MoveCase): Move {
  const plan: Plan =
    name === 'unregistered'
      ? { claims: 'identified', source: [always], target: [], is: 'identified' }
      : cases[name]
  const { source = [before], target = [['north', after]], downHours = [0, 0] } = plan
  const targetId = `${id}-cloud`
  const old = (source ?? []).map(([from, to]) => ({ from, to }))
  const hosts = [
    ...(source === null ? [] : [hostOf(id, 1, 'own', old, downHours[0])]),
    ...target.map(([place, ...spans], i) => {
      const reports = spans.map(([from, to]) => ({ from, to }))
      return hostOf(targetId, i + 1, place, reports, downHours[1])
    }),
  ]
  const { claims, claimedOn = cutOverDay, undoneOn } = plan
  const isRegistered = name !== 'unregistered'
  const hasTarget = isRegistered && claims !== 'retired'
  return {
    ...{ institution, workload: isRegistered ? id : null, case: name, hosts },
    source: source === null ? null : id,
    target: hasTarget ? targetId : null,
    provider: plan.provider ?? 'cloud-north',
    dataClass: plan.dataClass ?? 'restricted',
    serviceSince: plan.serviceSince ?? (source === null ? null : '2019-03-01'),
    exempt: plan.exempt ?? null,
    claims: [
      ...(isRegistered ? [{ day: 0, state: 'planned' as const }] : []),
      ...(isRegistered && claims !== 'planned' ? [{ day: claimedOn, state: claims }] : []),
      ...(undoneOn === undefined ? [] : [{ day: undoneOn, state: 'planned' as const }]),
    ],
    truth: {
      state: plan.is,
      findings: isRegistered ? (plan.finds ?? []) : ['environment_without_workload'],
      compliance: plan.complies ?? complianceOf(plan.is),
      isOnPremisesByTruth: byWordOnly.includes(name),
    },
  }
}

function complianceOf(state: WorkloadState): MoveTruth['compliance'] {
  if (state === 'exempt') return 'exempt'
  return state === 'validated' || state === 'retired' ? 'compliant' : 'unknown'
}

function hostOf(
  environment: string,
  number: number,
  place: keyof typeof platforms,
  reports: MoveHost['reports'],
  downHours: number,
): MoveHost {
  const name = `${environment}-${number}`
  return { environment, name, platform: platforms[place], reports, downHours }
}

/** The environments of a move with the agents of its hosts. */
function placesOf(environment: NationEnvironment, { source, target, hosts }: Move) {
  const [like] = environment.agents
  const at = (id: string): NationEnvironment => {
    const own = hosts.filter((host) => host.environment === id)
    const agents = own.map(({ name }) => ({ name, checks: like?.checks ?? [] }))
    const provider = id === target ? 'cloud-north' : 'own'
    return { ...environment, id, provider, agents, needs: null }
  }
  return [source, target].flatMap((id) => (id === null ? [] : [at(id)]))
}
