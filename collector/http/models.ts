import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../error.ts'
import type { Model } from '../kpi/readiness/model.ts'
import type { InstitutionReadiness, SnapshotReadiness } from '../kpi/readiness/result.ts'
import { changeKinds } from '../model/difference.ts'
import { modelLimits } from '../model/schema-parts.ts'
import type { Sessions } from '../people/accounts.ts'
import type { Cycles } from '../people/cycles.ts'
import { Models, type ModelsOptions } from '../people/models.ts'
import { rolesThatMay } from '../people/permissions.ts'
import type { ModelAct } from '../register/models.ts'
import { everyone } from './access.ts'
import { Bound, Epoch, nullable, Problem, Stage } from './figures.ts'
import { Why } from './managers.ts'
import { requireAccount } from './session.ts'
import type { WhatIf } from './views.ts'

const closed = { additionalProperties: false } as const

const Mark = Type.Object({
  id: Type.String(),
  version: Type.String(),
  hash: Type.String({ description: 'SHA-256 of its file as canonical JSON, without status.' }),
  status: Type.Enum(['draft', 'approved'], {
    description: 'draft: what it gives is not official.',
  }),
})
const Decision = Type.Object({
  is: Type.Enum(['approved', 'refused']),
  by: Type.String(),
  role: Type.String(),
  at: Epoch,
  why: Type.String(),
})
const Act = Type.Object({
  mark: Mark,
  from: Epoch,
  to: nullable(Epoch),
  why: Type.String(),
  requestedBy: Type.String(),
  requestedAt: Epoch,
  decision: nullable(Decision),
})
const InForce = Type.Object({
  mark: Mark,
  from: nullable(Epoch),
})
const Content = Type.Unsafe<Model>(
  Type.Object(
    {},
    { additionalProperties: true, description: 'The model as it is computed with, as JSON.' },
  ),
)
const Change = Type.Object({
  path: Type.String(),
  old: nullable(Type.String()),
  new: nullable(Type.String()),
})
const Difference = Type.Object({
  against: Mark,
  kind: Type.Enum([...changeKinds], { description: 'Which part of the version must rise.' }),
  changes: Type.Array(Change),
})
const Level = nullable(Type.Object({ low: Type.String(), high: Type.String() }))
const Row = Type.Object({
  stage: Stage,
  low: Bound,
  high: Bound,
  level: Level,
  enabled: Type.Enum(['enabled', 'not_enabled', 'unknown']),
})
const Nation = Type.Object({
  members: Type.Integer(),
  low: nullable(Bound),
  high: nullable(Bound),
  enabled: Type.Integer({ description: 'Institutions that are digitally enabled.' }),
})
const Side = Type.Object({ mark: Mark, nation: Nation })
const WhatIfAnswer = Type.Object({
  official: Type.Literal(false, { description: 'A trial: nothing of it is stored or published.' }),
  cycle: nullable(Type.String()),
  before: nullable(Side),
  after: Side,
  institutions: Type.Array(
    Type.Object({ id: Type.String(), before: nullable(Row), after: nullable(Row) }),
  ),
})

const tags = ['models']
/** A file is refused with everything that is wrong in it. */
const Refused = Type.Object({
  ...Problem.properties,
  problems: Type.Optional(
    Type.Array(
      Type.Object({
        line: nullable(Type.Integer()),
        path: Type.String(),
        message: Type.String(),
      }),
    ),
  ),
})
const problems = { 400: Refused, 401: Problem, 403: Problem, 404: Problem, 503: Problem }
const Text = Type.String({
  minLength: 1,
  maxLength: modelLimits.bytesMax,
  description: 'The file of the model, YAML: docs/readiness-model.md.',
})
const params = Type.Object({
  id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
  version: Type.String({ pattern: '^\\d{1,4}\\.\\d{1,4}\\.\\d{1,4}$' }),
})
const list = {
  ...{ tags, summary: 'Readiness models: what computes now, and every version proposed' },
  response: { 200: Type.Object({ inForce: InForce, models: Type.Array(Act) }), ...problems },
}
const current = {
  ...{ tags, summary: 'The readiness model that computes now' },
  response: { 200: Type.Object({ ...InForce.properties, model: Content }), ...problems },
}
const one = {
  ...{ tags, summary: 'One version of a readiness model', params },
  response: { 200: Type.Object({ ...Act.properties, model: Content }), ...problems },
}
const propose = {
  ...{ tags, summary: 'Propose a readiness model; a second account must approve' },
  body: Type.Object({ text: Text, why: Why }, closed),
  response: { 200: Act, ...problems, 409: Problem },
}
const decide = {
  ...{ tags, summary: 'Approve or refuse a model that another account proposed', params },
  ...{ body: Type.Object({ why: Why }, closed), response: { 200: Act, ...problems, 409: Problem } },
}
const difference = {
  ...{ tags, summary: 'How a file differs from the model that computes now' },
  body: Type.Object({ text: Text }, closed),
  response: { 200: Difference, ...problems },
}
const whatIf = {
  ...{ tags, summary: 'What would be shown under a file; a trial that is never official' },
  body: Type.Object(
    {
      text: Text,
      cycle: Type.Optional(
        Type.String({ maxLength: 20, description: 'As of its end, such as 2027-04; else now.' }),
      ),
    },
    closed,
  ),
  response: { 200: WhatIfAnswer, ...problems },
}

const base = '/api/v1/models'

/** Opens the models and adds all routes about them. */
export async function addModels(
  app: FastifyInstance,
  options: ModelsOptions & { readonly cycles: Cycles; readonly sessions: Sessions },
): Promise<Models> {
  const models = await Models.open(options)
  await app.register(modelRoutes(models, options.cycles, options.sessions))
  return models
}

/** Readiness models: what computes, what is proposed, and what would be under another one. */
function modelRoutes(
  models: Models,
  cycles: Pick<Cycles, 'get'>,
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  const config = { access: everyone }
  return async (app) => {
    app.get(base, { schema: list, config }, async () => {
      const { model, from } = models.current()
      return { inForce: { mark: markOf(model), from }, models: models.list().map(actOf) }
    })

    app.get(`${base}/current`, { schema: current, config }, async () => {
      const { model, from } = models.current()
      return { mark: markOf(model), from, model }
    })

    app.get(`${base}/:id/:version`, { schema: one, config }, async (asked) => {
      const act = models.get(keyOf(asked.params))
      return { ...actOf(act), model: act.model }
    })

    app.post(
      base,
      { schema: propose, config: { access: rolesThatMay('models.propose') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        return actOf(await models.propose(account, asked.body.text, asked.body.why))
      },
    )

    for (const [path, is] of [
      ['approve', 'approved'],
      ['refuse', 'refused'],
    ] as const) {
      app.post(
        `${base}/:id/:version/${path}`,
        { schema: decide, config: { access: rolesThatMay('models.decide') } },
        async (asked) => {
          const account = await requireAccount(asked, sessions)
          return actOf(await models.decide(account, keyOf(asked.params), is, asked.body.why))
        },
      )
    }

    app.post(
      `${base}/difference`,
      { schema: difference, config: { access: rolesThatMay('read.all') } },
      async (asked) => {
        const { before, difference } = models.compare(models.read(asked.body.text))
        const { kind, changes } = difference
        return { against: markOf(before), kind, changes: [...changes] }
      },
    )

    app.post(
      `${base}/what-if`,
      { schema: whatIf, config: { access: rolesThatMay('read.all') } },
      async (asked) => {
        const { text, cycle } = asked.body
        const over = cycle === undefined ? null : await cycles.get(cycle)
        const window = over && { id: over.id, name: over.name, from: over.from, to: over.to }
        const answer = await models.trial(models.read(text), window)
        if (!answer) throw new AppError('unavailable', 'There are no figures yet.')
        return trialOf(answer, over?.id ?? null)
      },
    )
  }
}

function keyOf({ id, version }: { readonly id: string; readonly version: string }): string {
  return `${id}/${version}`
}

function markOf({ id, version, hash, status }: Model) {
  return { id, version, hash, status }
}

function actOf({ model, ...act }: ModelAct) {
  return { mark: markOf(model), ...act }
}

/** A trial without what is behind its figures. */
function trialOf({ before, after }: WhatIf, cycle: string | null) {
  const ids = new Set([before, after].flatMap((side) => Object.keys(side?.institutions ?? {})))
  return {
    official: false as const,
    cycle,
    before: before && sideOf(before),
    after: sideOf(after),
    institutions: [...ids].sort().map((id) => ({
      id,
      before: rowOf(before?.institutions[id]),
      after: rowOf(after.institutions[id]),
    })),
  }
}

function sideOf({ model, nation: { members, index, enabled } }: SnapshotReadiness) {
  const [low, high] = [index?.low ?? null, index?.high ?? null]
  return { mark: markOf(model), nation: { members, low, high, enabled: enabled.enabled } }
}

function rowOf(row: InstitutionReadiness | undefined) {
  if (!row) return null
  const { stage, index, level, enabled } = row
  return { stage, low: index.low, high: index.high, level, enabled: enabled.status }
}
