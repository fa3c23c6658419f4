import { Type } from 'typebox'
import { measureStatuses } from '../kpi/readiness/inputs.ts'
import { axisNames } from '../kpi/readiness/model.ts'
import { criterionStatuses, findingKinds } from '../kpi/readiness/result.ts'
import { Bilingual, Bound, Epoch, nullable, Stage } from './figures.ts'

/** The shapes of readiness in the JSON API. They follow kpi/readiness/result.ts. */

const Verdict = Type.Enum(['met', 'not_met', 'undetermined'])
const EnabledStatus = Type.Enum(['enabled', 'not_enabled', 'unknown'])
const Text = Type.String()
const Place = { environment: nullable(Text), host: nullable(Text) }

const score = {
  low: Bound,
  observed: nullable(Bound),
  high: Bound,
}
const Score = Type.Object(score, {
  description: 'Proven; of what is available alone; possible.',
})
const Index = Type.Object({ ...score, verdict: Verdict })

const Head = {
  engine: Type.String({ description: 'Version of the arithmetic.' }),
  computedAt: Epoch,
  asOf: Epoch,
  simulated: Type.Boolean(),
  title: Type.Object(
    { ar: Text, en: Text },
    { description: 'What every level and index is: no official result.' },
  ),
}

/** Labels and rules of the model in force, as they are computed with. */
const Model = Type.Object(
  {
    id: Text,
    version: Text,
    hash: Type.String({ description: 'SHA-256 of the model.' }),
    status: Type.Enum(['draft', 'approved']),
    label: Bilingual,
    targetRatio: Type.Number(),
    missing: Type.Unknown(),
    levels: Type.Array(Type.Unknown()),
    dimensions: Type.Array(Type.Unknown()),
    enabled: Type.Array(Type.Unknown()),
  },
  { description: 'Only an approved model gives official figures.' },
)

const Level = nullable(
  Type.Object(
    { low: Text, high: Text },
    { description: 'Ids of levels, gates applied; null while being set up.' },
  ),
)

const readiness = {
  stage: Stage,
  isMember: Type.Boolean(),
  isEnabledMember: Type.Boolean(),
  index: Index,
  measured: Bound,
  level: Level,
  gates: Type.Array(
    Type.Object({
      indicator: Text,
      ...Place,
      is: Type.Enum(['fired', 'not_ruled_out']),
      capLevel: Text,
    }),
  ),
  dimensions: Type.Array(
    Type.Object({ id: Text, ...score, available: Bound, isValid: Type.Boolean() }),
  ),
  axes: Type.Array(Type.Object({ id: Type.Enum([...axisNames]), ...score })),
  objectives: Type.Array(Type.Object({ number: Type.Integer(), ...score })),
  equalWeights: Score,
  enabled: Type.Object({
    status: EnabledStatus,
    criteria: Type.Array(
      Type.Object({
        id: Text,
        status: Type.Enum([...criterionStatuses]),
        expiresAt: nullable(Epoch),
      }),
    ),
    environments: Type.Array(Type.Object({ id: Text, status: EnabledStatus })),
  }),
}

const Share = Type.Object({
  members: Type.Integer(),
  enabled: Type.Integer(),
  notEnabled: Type.Integer(),
  unknown: Type.Integer(),
  waived: Type.Integer(),
  low: nullable(Bound),
  high: nullable(Bound),
  verdict: nullable(Verdict),
})

/** GET /api/v1/readiness */
export const ReadinessAnswer = Type.Object({
  ...Head,
  model: Model,
  nation: Type.Object({
    members: Type.Integer(),
    index: nullable(Index),
    levels: Type.Array(Type.Object({ level: nullable(Text), members: Type.Integer() })),
    byKind: Type.Object({ institution: nullable(Index), governorate: nullable(Index) }),
    dimensions: Type.Array(Type.Object({ id: Text, ...score })),
    enabled: Share,
    enabledEnvironments: Share,
  }),
  institutions: Type.Array(Type.Object({ id: Text, ...readiness })),
})

const Unit = Type.Object({
  ...Place,
  measure: Type.Object({
    status: Type.Enum([...measureStatuses]),
    value: nullable(Type.Union([Type.Number(), Type.Boolean()])),
    at: nullable(Epoch),
    reason: nullable(Text),
    method: nullable(Text),
    detail: nullable(Text),
  }),
  low: Type.Number(),
  observed: nullable(Type.Number()),
  high: Type.Number(),
})

const Step = Type.Object({
  indicator: Text,
  ...Place,
  kind: Type.Enum(['fix', 'measure', 'declare', 'review']),
  gainPoints: Type.Number({ description: 'Percentage points of the proven index.' }),
  lowAfter: Bound,
  liftsGate: Type.Boolean(),
})

/** GET /api/v1/institutions/{institution}/readiness */
export const InstitutionReadinessAnswer = Type.Object({
  ...Head,
  model: Model,
  readiness: Type.Object(readiness),
  indicators: Type.Array(
    Type.Object({
      id: Text,
      dimension: Text,
      metric: Text,
      weight: Type.Number({ description: 'Share of the whole index, 0 to 1.' }),
      ...score,
      status: Type.Enum([...measureStatuses]),
      units: Type.Array(Unit),
    }),
  ),
  advice: Type.Object({
    steps: Type.Array(Step),
    next: nullable(
      Type.Object({
        level: Text,
        steps: Type.Array(Step),
        lowAfter: Bound,
        isReachable: Type.Boolean(),
      }),
    ),
  }),
  findings: Type.Array(
    Type.Object({
      kind: Type.Enum([...findingKinds]),
      environment: nullable(Text),
      subject: nullable(Text),
      since: nullable(Epoch),
      mayBeEarlier: Type.Boolean({
        description: 'At least since then: no evidence from before is kept.',
      }),
      detail: nullable(Text),
    }),
  ),
})
