import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import type { Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { askedWindow } from '../evaluate/asked-window.ts'
import type { WindowFigures } from '../kpi/cycle-figures.ts'
import type { Sessions } from '../people/accounts.ts'
import type { Cycles } from '../people/cycles.ts'
import { sees } from '../people/permissions.ts'
import { everyone } from './access.ts'
import {
  Bilingual,
  Bound,
  Epoch,
  Figure,
  Joiner,
  Kind,
  nullable,
  PopulationFigures,
  Problem,
  Span as SpanSchema,
  Stage,
} from './figures.ts'
import { requireAccount } from './session.ts'
import type { Views } from './views.ts'

/** Where figures of other windows than those of the snapshot come from. */
export type WindowSource = Pick<Views, 'snapshot'> & {
  /** Readiness takes long: only where it is asked for. */
  window(window: Span, withReadiness?: boolean): Promise<WindowFigures | null>
}

const tags = ['figures']
const problems = { 400: Problem, 401: Problem, 404: Problem, 503: Problem }
const Query = Type.Object(
  {
    from: Type.Optional(
      Type.String({ maxLength: 40, description: 'Start: ISO 8601 or epoch ms.' }),
    ),
    to: Type.Optional(
      Type.String({ maxLength: 40, description: 'End; at most 1,100 days later.' }),
    ),
    cycle: Type.Optional(Type.String({ maxLength: 20, description: 'Instead: such as 2027-04.' })),
  },
  { additionalProperties: false },
)
type Query = Static<typeof Query>

const Head = {
  engine: Type.String(),
  simulated: Type.Boolean(),
  timezone: Type.String(),
  target: Bound,
  window: SpanSchema,
  revision: nullable(
    Type.Integer({ description: 'Of a frozen cycle: which revision. Null: computed now.' }),
  ),
}
const OfKind = Type.Object({ targets: Type.Integer(), continuity: Figure })
const NationAnswer = Type.Object({
  ...Head,
  nation: Type.Object({
    targets: Type.Integer(),
    stage: Stage,
    headline: Type.Enum(['pooled', 'mean']),
    continuity: PopulationFigures,
    byKind: Type.Object({ institution: OfKind, governorate: OfKind }),
  }),
})
const InstitutionFigures = Type.Object({
  ...Head,
  institution: Type.Object({
    id: Type.String(),
    kind: Kind,
    name: Bilingual,
    sector: nullable(Type.String()),
    target: Type.Boolean(),
    stage: Stage,
    joiner: Type.Optional(Joiner),
    worst: nullable(Type.String()),
    worstCritical: nullable(Type.String()),
    continuity: Figure,
    environments: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Bilingual,
        class: Type.String(),
        criticality: Type.String(),
        provider: nullable(Type.String()),
        stage: Stage,
        assessed: Type.Boolean(),
        missing: Type.Array(Type.String()),
        inScopeFrom: Epoch,
        continuity: Figure,
      }),
    ),
  }),
})

const nation = {
  tags,
  summary: 'National figures of any window, or of a cycle',
  querystring: Query,
  response: { 200: NationAnswer, ...problems },
}
const one = {
  tags,
  summary: 'Figures of an institution and its environments over any window, or of a cycle',
  params: Type.Object({ institution: Type.String({ pattern: idPattern }) }),
  querystring: Query,
  response: { 200: InstitutionFigures, ...problems },
}

/** Figures over windows that somebody asks for; those of a frozen cycle are its frozen bytes. */
export function windowRoutes(
  source: WindowSource,
  cycles: Cycles,
  sessions: Sessions,
): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Querystring: Query }>(
      '/api/v1/figures',
      { schema: nation, config: { access: everyone } },
      async (request) => {
        await requireAccount(request, sessions)
        return figuresFor(request.query, source, cycles)
      },
    )

    app.get<{ Querystring: Query; Params: { institution: string } }>(
      '/api/v1/institutions/:institution/figures',
      { schema: one, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const { institution: id } = request.params
        const { institutions, ...head } = await figuresFor(request.query, source, cycles)
        const institution = institutions.find((each) => each.id === id && sees(account, id))
        if (!institution) throw new AppError('not_found', 'There is no such institution.')
        return { ...head, institution }
      },
    )
  }
}

/** Figures with the revision they are of; null: computed now. */
type Answered = WindowFigures & { readonly revision: number | null }

async function figuresFor(
  { from, to, cycle }: Query,
  source: WindowSource,
  cycles: Cycles,
): Promise<Answered> {
  const snapshot = source.snapshot()
  if (!snapshot) throw new AppError('unavailable', 'The first figures are still being computed.')
  if (cycle !== undefined && from === undefined && to === undefined) {
    const { from, to } = await cycles.get(cycle)
    const frozen = await cycles.frozen(cycle)
    return frozen ?? live(source, { from, to: Math.min(to, snapshot.asOf) })
  }
  if (cycle !== undefined || from === undefined || to === undefined) {
    const message = 'Give from and to, or cycle.'
    throw new AppError('invalid', message, { detail: { rule: 'window' } })
  }
  return live(source, askedWindow(from, to, snapshot.asOf))
}

/** Computed now. Throws AppError. */
async function live(source: WindowSource, window: Span): Promise<Answered> {
  const figures = await source.window(window)
  if (!figures) throw new AppError('unavailable', 'No register has been applied yet.')
  return { ...figures, revision: null }
}
