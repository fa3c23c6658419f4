import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import type { Baseline as FrozenBaseline } from '../kpi/migration/workload.ts'
import type { Sessions } from '../people/accounts.ts'
import { rolesThatMay } from '../people/permissions.ts'
import type { BaselineDraft, Roadmap } from '../people/roadmap.ts'
import { baselineStates } from '../register/baselines.ts'
import { exemptionStates } from '../register/exemptions.ts'
import { everyone } from './access.ts'
import { closed, decisionFields, Epoch, Id, InstitutionParams, problems } from './act-shapes.ts'
import { nullable, Problem } from './figures.ts'
import { Why } from './managers.ts'
import { requireAccount } from './session.ts'

/** Exemptions in one answer; the newest are shown. */
const exemptionsShownMax = 1_000

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Such as 2027-01-01.' })
const proposalFields = {
  ...{ id: Type.String(), institution: Type.String(), requestedBy: Type.String() },
  ...{ requestedRole: Type.String(), requestedAt: Epoch, withdrawnAt: nullable(Epoch) },
  decision: nullable(Type.Object(decisionFields)),
}
const Exemption = Type.Object({
  ...{ ...proposalFields, workload: Type.String(), reason: Type.String(), expiresAt: Epoch },
  state: Type.Enum([...exemptionStates], {
    description: 'lapsed: never decided; expired: it held and is a breach now.',
  }),
})
const Exemptions = Type.Object({ exemptions: Type.Array(Exemption) })
// The type is said because what is promised is never changed.
const Promised = Type.Unsafe<FrozenBaseline['workloads']>(
  Type.Array(Type.Object({ id: Type.String(), weight: Type.Integer(), finishOn: Type.String() })),
)
const Baseline = Type.Object({
  ...{ ...proposalFields, startOn: Type.String(), workloads: Promised },
  state: Type.Enum([...baselineStates], { description: 'Number 1 is the baseline for ever.' }),
})
const Baselines = Type.Object({ baselines: Type.Array(Baseline) })
const Draft = Type.Object({
  workloads: Promised,
  problems: Type.Unsafe<BaselineDraft['problems']>(
    Type.Array(Type.Object({ field: Type.String(), message: Type.String() })),
  ),
})

const tags = ['roadmap']
const Params = Type.Object({ institution: Id, id: Id })
const Reason = Type.Object({ why: Why }, closed)
const exemptionQuery = Type.Object(
  { state: Type.Optional(Type.Enum([...exemptionStates])) },
  closed,
)
const baselineQuery = Type.Object({ state: Type.Optional(Type.Enum([...baselineStates])) }, closed)
const Refused = Type.Object({
  ...Problem.properties,
  problems: Type.Optional(
    Type.Array(Type.Object({ field: Type.String(), message: Type.String() }), {
      description: 'Everything that stands against a baseline.',
    }),
  ),
})
const conflicts = { ...problems, 400: Refused, 409: Problem }

const schemas = {
  allExemptions: {
    ...{ tags, summary: 'Exemptions you may see, oldest first; the newest 1,000' },
    ...{ querystring: exemptionQuery, response: { 200: Exemptions, ...problems } },
  },
  exemptions: {
    ...{ tags, summary: 'Exemptions of an institution, oldest first; the newest 1,000' },
    ...{ params: InstitutionParams, querystring: exemptionQuery },
    response: { 200: Exemptions, ...problems },
  },
  ask: {
    ...{ tags, summary: 'Ask that a workload may stay where it is for now, at most 24 months' },
    params: InstitutionParams,
    body: Type.Object({ workload: Id, reason: Why, expiresAt: Epoch }, closed),
    response: { 201: Exemption, ...conflicts },
  },
  allBaselines: {
    ...{ tags, summary: 'Baselines you may see, by institution and number' },
    ...{ querystring: baselineQuery, response: { 200: Baselines, ...problems } },
  },
  baselines: {
    ...{ tags, summary: 'Baselines of an institution, by number' },
    ...{ params: InstitutionParams, querystring: baselineQuery },
    response: { 200: Baselines, ...problems },
  },
  draft: {
    ...{ tags, summary: 'What a baseline would promise if it were proposed now' },
    ...{ params: InstitutionParams, querystring: Type.Object({ startOn: Day }, closed) },
    response: { 200: Draft, ...problems },
  },
  propose: {
    ...{ tags, summary: 'Propose the planned finishes as they stand as the roadmap' },
    ...{ params: InstitutionParams, body: Type.Object({ startOn: Day, why: Why }, closed) },
    response: { 201: Baseline, ...conflicts },
  },
}
const change = <T extends typeof Exemption | typeof Baseline>(shape: T, summary: string) => ({
  ...{ tags, summary, params: Params, body: Reason },
  response: { 200: shape, ...conflicts },
})

const base = '/api/v1/institutions/:institution'
const decisions = [
  ['approve', 'approved'],
  ['refuse', 'refused'],
] as const

/** Exemptions and baselines: one person asks, another body decides. */
export function roadmapRoutes(roadmap: Roadmap, sessions: Sessions): FastifyPluginAsyncTypebox {
  return async (app) => {
    await app.register(exemptionRoutes(roadmap, sessions))
    await app.register(baselineRoutes(roadmap, sessions))
  }
}

function exemptionRoutes(roadmap: Roadmap, sessions: Sessions): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/exemptions',
      { schema: schemas.allExemptions, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        return shown(await roadmap.exemptions(account, request.query))
      },
    )

    app.get(
      `${base}/exemptions`,
      { schema: schemas.exemptions, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        return shown(await roadmap.exemptions(account, { ...request.params, ...request.query }))
      },
    )

    app.post(
      `${base}/exemptions`,
      { schema: schemas.ask, config: { access: rolesThatMay('roadmap.ask') } },
      async (request, reply) => {
        const account = await requireAccount(request, sessions)
        const { institution } = request.params
        return reply.code(201).send(await roadmap.askExemption(account, institution, request.body))
      },
    )

    for (const [act, is] of decisions) {
      const schema = change(Exemption, `Have it ${is}, as another body`)
      app.post(
        `${base}/exemptions/:id/${act}`,
        { schema, config: { access: rolesThatMay('roadmap.decide') } },
        async (request) => {
          const account = await requireAccount(request, sessions)
          return roadmap.decideExemption(account, request.params, is, request.body.why)
        },
      )
    }

    const schema = change(Exemption, 'Take an exemption back')
    app.post(
      `${base}/exemptions/:id/withdraw`,
      { schema, config: { access: rolesThatMay('roadmap.ask') } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        return roadmap.withdrawExemption(account, request.params, request.body.why)
      },
    )
  }
}

function baselineRoutes(roadmap: Roadmap, sessions: Sessions): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/baselines',
      { schema: schemas.allBaselines, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        return { baselines: await roadmap.baselines(account, request.query) }
      },
    )

    app.get(
      `${base}/baselines`,
      { schema: schemas.baselines, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const where = { ...request.params, ...request.query }
        return { baselines: await roadmap.baselines(account, where) }
      },
    )

    app.get(
      `${base}/baselines/draft`,
      { schema: schemas.draft, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        return roadmap.draft(account, request.params.institution, request.query.startOn)
      },
    )

    app.post(
      `${base}/baselines`,
      { schema: schemas.propose, config: { access: rolesThatMay('roadmap.ask') } },
      async (request, reply) => {
        const account = await requireAccount(request, sessions)
        const { startOn, why } = request.body
        const { institution } = request.params
        return reply.code(201).send(await roadmap.propose(account, institution, startOn, why))
      },
    )

    for (const [act, is] of decisions) {
      const schema = change(Baseline, `Have it ${is}, as another body`)
      app.post(
        `${base}/baselines/:id/${act}`,
        { schema, config: { access: rolesThatMay('roadmap.decide') } },
        async (request) => {
          const account = await requireAccount(request, sessions)
          return roadmap.decideBaseline(account, request.params, is, request.body.why)
        },
      )
    }

    const schema = change(Baseline, 'Take a baseline back that waits')
    app.post(
      `${base}/baselines/:id/withdraw`,
      { schema, config: { access: rolesThatMay('roadmap.ask') } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        return roadmap.withdrawBaseline(account, request.params, request.body.why)
      },
    )
  }
}

function shown(found: Static<typeof Exemptions>['exemptions']): Static<typeof Exemptions> {
  return { exemptions: found.slice(-exemptionsShownMax) }
}
