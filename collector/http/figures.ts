import { Type } from 'typebox'
import { auditFlags, type WindowName, windowNames } from '../kpi/snapshot.ts'

/** The shapes of the JSON API, as its page documents them. They follow kpi/snapshot.ts. */

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])

const Bound = Type.Object({
  ratio: Type.Number({ description: 'Share of time, 0 to 1.' }),
  percent: Type.String({ description: 'As published: two decimals, floor (high: ceil).' }),
})

const sum = () => Type.Number({ description: 'Milliseconds, weighted where environments pool.' })

const Figure = Type.Object({
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
    }),
  ),
  flags: Type.Array(Type.Enum([...auditFlags]), {
    description: 'What an auditor should look at: net_above_gross, much time was excluded.',
  }),
})

function byWindow<T extends Parameters<typeof Type.Array>[0]>(type: T) {
  const properties = Object.fromEntries(windowNames.map((name) => [name, type]))
  // The keys are exactly the names of the windows.
  return Type.Object(properties as Record<WindowName, T>)
}

const Epoch = Type.Integer({ description: 'Milliseconds since 1970, UTC.' })
const Bilingual = Type.Object({ ar: Type.String(), en: Type.String() })
const Span = Type.Object({ from: Epoch, to: Epoch })
const Stage = Type.Enum(['being_set_up', 'measured'])
const Kind = Type.Enum(['institution', 'governorate'])

const Head = {
  engine: Type.String({ description: 'Version of the arithmetic.' }),
  computedAt: Epoch,
  asOf: Epoch,
  simulated: Type.Boolean(),
}

const PopulationFigures = Type.Object({
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

const OfKind = Type.Object({ targets: Type.Integer(), continuity: byWindow(Figure) })

/** GET /api/v1/kpis */
export const KpisAnswer = Type.Object({
  ...Head,
  timezone: Type.String(),
  target: Bound,
  cycle: Type.Object({ id: Type.String(), name: Type.String(), from: Epoch, to: Epoch }),
  windows: byWindow(Span),
  nation: Type.Object({
    reporting: Type.Integer(),
    targets: Type.Integer(),
    stage: Stage,
    headline: Type.Enum(['pooled', 'mean']),
    continuity: byWindow(PopulationFigures),
    byKind: Type.Object({ institution: OfKind, governorate: OfKind }),
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
  checks: Type.Array(Check),
  agents: Type.Array(Agent),
})

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
