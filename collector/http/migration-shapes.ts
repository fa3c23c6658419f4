import { type TSchema, Type } from 'typebox'
import {
  complianceReasons,
  migrationFindingKinds,
  proofNames,
  workloadStates,
} from '../kpi/migration/result.ts'
import { claimedStates, strategies } from '../kpi/migration/workload.ts'
import { Bilingual, Bound, Epoch, nullable } from './figures.ts'

/** The shapes of migration in the JSON API. They follow kpi/migration/result.ts. */

const Text = Type.String()
const Count = Type.Integer({ minimum: 0 })
const Day = Type.String({ description: 'Such as 2026-04-01, in the time zone of the policy.' })
const Share = nullable(Bound)

function byName<const Name extends string, Type extends TSchema>(
  names: readonly Name[],
  type: Type,
) {
  // The keys are exactly the names.
  return Object.fromEntries(names.map((name) => [name, type])) as Record<Name, Type>
}

const Schedule = Type.Object({
  startAt: Epoch,
  plannedFinishAt: Epoch,
  planned: Bound,
  rebaselined: Share,
  earnedMonths: Type.Number({ description: 'Months of the plan that are earned by what is done.' }),
  actualMonths: Type.Number({ description: 'Months that have passed since its start.' }),
  performance: nullable(Type.Number({ description: 'Done by planned; below 1 is behind.' })),
  timePerformance: nullable(Type.Number({ description: 'Earned months by months passed.' })),
  forecast: Type.Object({
    status: Type.Enum(['finished', 'forecast', 'not_started', 'no_progress']),
    finishAt: nullable(Epoch),
    earliestAt: nullable(Epoch),
    latestAt: nullable(Epoch),
  }),
})

const figures = {
  workloads: Count,
  weight: Count,
  states: Type.Object(byName(workloadStates, Type.Object({ workloads: Count, weight: Count }))),
  done: Share,
  earned: Share,
  schedule: nullable(Schedule),
  compliance: Type.Object({
    compliant: Count,
    breach: Count,
    unknown: Count,
    exempt: Count,
    low: Share,
    high: Share,
  }),
  late: Count,
  blocked: Count,
  findings: Type.Object(byName(migrationFindingKinds, Type.Optional(Count)), {
    description: 'By kind; kinds without any are left out.',
  }),
}

const CurvePoint = Type.Object({
  at: Epoch,
  ...byName(
    ['planned', 'rebaselined', 'done', 'earned', 'forecast'],
    nullable(Type.Number({ minimum: 0, maximum: 1 })),
  ),
})

const Head = {
  engine: Type.String({ description: 'Version of the arithmetic.' }),
  computedAt: Epoch,
  asOf: Epoch,
  simulated: Type.Boolean(),
}
const Reference = Type.Integer({
  description: 'The midnight that the figures are of. Milliseconds since 1970, UTC.',
})

/** GET /api/v1/migration */
export const MigrationAnswer = Type.Object({
  ...Head,
  at: Reference,
  nation: Type.Object({
    ...figures,
    institutions: Count,
    withoutWorkloads: Count,
    withoutBaseline: Count,
  }),
  curve: Type.Array(CurvePoint),
  institutions: Type.Array(Type.Object({ id: Text, ...figures })),
})

const Place = nullable(Type.Object({ environment: Text, hosts: Type.Array(Text) }))

const Workload = Type.Object({
  id: Text,
  name: Bilingual,
  criticality: Type.Enum(['critical', 'important', 'supporting']),
  weight: Count,
  dataClass: nullable(Text),
  strategy: nullable(Type.Enum([...strategies])),
  wave: nullable(Text),
  owner: nullable(Text),
  source: Place,
  target: Place,
  provider: nullable(Text),
  serviceSince: nullable(Day),
  plannedStart: nullable(Day),
  plannedFinish: nullable(Day),
  startedOn: nullable(Day),
  cutOverOn: nullable(Day),
  retiredOn: nullable(Day),
  state: Type.Enum([...claimedStates], { description: 'As people say.' }),
  isRolledBack: Type.Boolean(),
  blocked: nullable(Type.Object({ reason: Text, since: Day })),
})

const Proof = Type.Object({
  id: Type.Enum([...proofNames]),
  status: Type.Enum(['pass', 'fail', 'unknown']),
  days: nullable(Type.Object({ have: Count, need: Count })),
  hosts: Type.Array(Text),
  measured: nullable(Text),
})

const Row = Type.Object({
  workload: Workload,
  state: Type.Enum([...workloadStates], { description: 'As it counts.' }),
  proofs: Type.Array(Proof),
  readiness: Type.Object({
    rating: Type.Enum(['ready', 'conditional', 'not_ready', 'unknown', 'not_rated']),
    known: Count,
    all: Count,
    against: Type.Array(Type.Object({ id: Text, host: Text })),
  }),
  compliance: Type.Object({
    status: Type.Enum(['compliant', 'breach', 'unknown', 'exempt']),
    reason: Type.Enum([...complianceReasons]),
  }),
  exemptUntil: nullable(Epoch),
  baselineFinish: nullable(Day),
  isLate: Type.Boolean(),
})

/** GET /api/v1/institutions/{institution}/migration */
export const InstitutionMigrationAnswer = Type.Object({
  ...Head,
  at: Type.Union([Reference, Type.Null()], { description: 'Null while nobody has a workload.' }),
  figures: Type.Object(figures),
  rows: Type.Array(Row),
  findings: Type.Array(
    Type.Object({
      kind: Type.Enum([...migrationFindingKinds]),
      workload: nullable(Text),
      environment: nullable(Text),
      hosts: Type.Array(Text),
      since: nullable(Epoch),
      mayBeEarlier: Type.Boolean({
        description: 'At least since then: no evidence from before is kept.',
      }),
      declared: nullable(Text),
      measured: nullable(Text),
    }),
  ),
  discovered: Type.Array(
    Type.Object({
      environment: Text,
      hosts: Type.Array(Text),
      cloud: nullable(Text),
      region: nullable(Text),
      virtualisation: nullable(Text),
      provider: nullable(Text),
      as: Type.Enum(['source', 'target']),
    }),
  ),
  waves: Type.Array(
    Type.Object({
      name: nullable(Text),
      startOn: nullable(Day),
      finishOn: nullable(Day),
      workloads: Count,
      done: Bound,
      status: Type.Enum(['finished', 'on_time', 'late', 'blocked', 'not_planned']),
    }),
  ),
  curve: Type.Array(CurvePoint),
})
