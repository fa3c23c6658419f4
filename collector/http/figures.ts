import { Type } from 'typebox'
import { causes } from '../kpi/causes.ts'
import { auditFlags, type WindowName, windowNames } from '../kpi/snapshot.ts'

/** The shapes of the JSON API, as its page documents them. They follow kpi/snapshot.ts. */

export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])

/** A share of time as published. */
export const Bound = Type.Object({
  ratio: Type.Number({ description: 'Share of time, 0 to 1.' }),
  percent: Type.String({ description: 'As published: two decimals, floor (high: ceil).' }),
})

const sum = () => Type.Number({ description: 'Milliseconds, weighted where environments pool.' })

export const Figure = Type.Object({
  low: nullable(Bound),
  observed: nullable(Bound),
  high: nullable(Bound),
  coverage: nullable(Bound),
  verdict: nullable(Type.Enum(['met', 'not_met', 'undetermined'])),
  gross: Type.Object({ low: nullable(Bound), high: nullable(Bound) }),
  sums: nullable(
    Type.Object({
      eligibleMs: sum(),
      upMs: sum(),
      degradedMs: sum(),
      downMs: sum(),
      unknownMs: sum(),
      maintenanceMs: sum(),
      centreMs: sum(),
      downExternalMs: sum(),
      unknownExternalMs: sum(),
    }),
  ),
  ownFault: nullable(
    Type.Object(
      { low: Bound, high: Bound },
      { description: 'Down time with an external cause counts as good: what is its own fault.' },
    ),
  ),
  attested: nullable(
    Type.Object(
      { self: Bound, witnessed: Bound, both: Bound },
      { description: 'Shares of known time: own agents alone, witnesses alone, both.' },
    ),
  ),
  flags: Type.Array(Type.Enum([...auditFlags]), {
    description:
      'What an auditor should look at: net_above_gross, much time was excluded; centre_share, ' +
      'the collector itself lost much of it.',
  }),
})

function byWindow<T extends Parameters<typeof Type.Array>[0]>(type: T) {
  const properties = Object.fromEntries(windowNames.map((name) => [name, type]))
  // The keys are exactly the names of the windows.
  return Type.Object(properties as Record<WindowName, T>)
}

export const Epoch = Type.Integer({ description: 'Milliseconds since 1970, UTC.' })
export const Bilingual = Type.Object({ ar: Type.String(), en: Type.String() })
export const Span = Type.Object({ from: Epoch, to: Epoch })
export const Stage = Type.Enum(['being_set_up', 'measured'])
export const Kind = Type.Enum(['institution', 'governorate'])

const Head = {
  engine: Type.String({ description: 'Version of the arithmetic.' }),
  computedAt: Epoch,
  asOf: Epoch,
  simulated: Type.Boolean(),
}

export const PopulationFigures = Type.Object({
  pooled: Figure,
  mean: Figure,
  reporting: Figure,
  withEvidence: Type.Integer(),
  targets: Type.Integer(),
  verdicts: Type.Object({
    met: Type.Integer(),
    not_met: Type.Integer(),
    undetermined: Type.Integer(),
    being_set_up: Type.Integer(),
    no_value: Type.Integer(),
  }),
})

const StagedFigure = Type.Object({ stage: Stage, figure: Figure })

export const CycleOf = Type.Object({
  id: Type.String(),
  name: Type.String(),
  from: Epoch,
  to: Epoch,
})

const OfKind = Type.Object({ targets: Type.Integer(), continuity: byWindow(Figure) })

/** GET /api/v1/kpis */
export const KpisAnswer = Type.Object({
  ...Head,
  timezone: Type.String(),
  target: Bound,
  cycle: CycleOf,
  previous: Type.Optional(
    Type.Object(
      { cycle: CycleOf, revision: nullable(Type.Integer()), nation: StagedFigure },
      { description: 'The cycle before; revision null: not frozen yet.' },
    ),
  ),
  held: Type.Optional(
    Type.Object(
      {
        since: Epoch,
        jumps: Type.Array(
          Type.Object({ what: Type.String(), before: Type.Number(), after: Type.Number() }),
        ),
      },
      { description: 'Newer figures are held back until a person confirms them.' },
    ),
  ),
  windows: byWindow(Span),
  nation: Type.Object({
    reporting: Type.Integer(),
    targets: Type.Integer(),
    stage: Stage,
    headline: Type.Enum(['pooled', 'mean']),
    continuity: byWindow(PopulationFigures),
    byKind: Type.Object({ institution: OfKind, governorate: OfKind }),
    byProvider: Type.Array(
      Type.Object({
        provider: Type.String({ description: 'Id of the register; own: an own data centre.' }),
        environments: Type.Integer(),
        institutions: Type.Integer(),
        continuity: byWindow(Figure),
      }),
      { description: 'Environments of the target institutions, pooled by who hosts them.' },
    ),
  }),
})

const Agent = Type.Object({
  agent: Type.String(),
  name: Type.String(),
  version: nullable(Type.String()),
  lastReportAt: nullable(Epoch),
  lastBatchAt: nullable(Epoch),
  silent: Type.Boolean(),
  status: Type.Enum(['pending', 'active', 'quarantined', 'revoked']),
  spooledMessages: Type.Integer(),
})

const Check = Type.Object({
  check: Type.String(),
  agent: Type.String(),
  kind: Type.String(),
  label: nullable(Type.String()),
  intervalMs: Type.Integer(),
  state: Type.String(),
  reason: nullable(Type.String()),
  since: nullable(Epoch),
  through: nullable(Epoch),
  value: nullable(Type.Number()),
  needed: Type.Boolean(),
  declared: Type.Boolean(),
})

const LostTime = Type.Object({ downMs: Type.Integer(), unknownMs: Type.Integer() })

const Environment = Type.Object({
  id: Type.String(),
  name: Bilingual,
  class: Type.String(),
  criticality: Type.String(),
  site: nullable(Type.String()),
  provider: nullable(Type.String()),
  state: Type.String(),
  since: nullable(Epoch),
  stage: Stage,
  assessed: Type.Boolean(),
  missing: Type.Array(Type.String()),
  inScopeFrom: Epoch,
  maintenance: Type.Object(
    { usedMs: Type.Integer(), quotaMs: Type.Integer(), noticeMs: Type.Integer() },
    {
      description:
        'Approved maintenance of the cycle within the quota, also what is to come; the quota; ' +
        'how long before it starts maintenance must be asked for.',
    },
  ),
  continuity: byWindow(Figure),
  lost: Type.Object(Object.fromEntries(causes.map((cause) => [cause, Type.Optional(LostTime)])), {
    description: 'Time lost in the cycle so far, by cause; what left the denominator is out.',
  }),
  checks: Type.Array(Check),
  agents: Type.Array(Agent),
})

export const Joiner = Type.Object(
  {
    rule: Type.Enum(['in_scope']),
    joinedAt: Epoch,
    whole: Type.Object({ low: nullable(Bound), high: nullable(Bound) }),
  },
  {
    description:
      'Joined within the cycle: figures are over its time in scope; beside it the reading over ' +
      'the whole window, with the time before joining unknown.',
  },
)

const institution = {
  id: Type.String(),
  kind: Kind,
  name: Bilingual,
  sector: nullable(Type.String()),
  target: Type.Boolean(),
  reporting: Type.Boolean(),
  lastReportAt: nullable(Epoch),
  stage: Stage,
  continuity: byWindow(Figure),
  joiner: Type.Optional(Joiner),
  worstCritical: nullable(Type.String()),
  worst: nullable(Type.String()),
}

/** GET /api/v1/institutions: without environments. */
export const InstitutionsAnswer = Type.Object({
  ...Head,
  institutions: Type.Array(Type.Object(institution)),
})

/** GET /api/v1/institutions/{institution} */
export const InstitutionAnswer = Type.Object({
  ...Head,
  institution: Type.Object({ ...institution, environments: Type.Array(Environment) }),
})

const Instant = Type.String({
  pattern: '^\\d{1,15}$',
  description: 'Milliseconds since 1970, UTC.',
})

/** The window of GET .../checks/sums */
export const CheckSumsQuery = Type.Object(
  { from: Instant, to: Instant },
  { additionalProperties: false },
)

/** GET .../checks/sums: `from` and `to` are of the part of the window before `asOf`. */
export const CheckSumsAnswer = Type.Object({
  ...{ from: Epoch, to: Epoch },
  environments: Type.Array(
    Type.Object({
      environment: Type.String(),
      checks: Type.Array(
        Type.Object({
          check: Type.String(),
          upMs: Type.Integer(),
          degradedMs: Type.Integer(),
          downMs: Type.Integer(),
          unknownMs: Type.Integer({ description: 'The rest since the check was first seen.' }),
        }),
      ),
    }),
  ),
})

/** What every refusal looks like. */
export const Problem = Type.Object({
  code: Type.String(),
  message: Type.String(),
  rule: Type.Optional(Type.String({ description: 'Which rule was broken, where there are many.' })),
})
