import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { causes } from '../kpi/causes.ts'
import type { Sessions } from '../people/accounts.ts'
import type { Disputes, ListedDispute } from '../people/disputes.ts'
import { rolesThatMay } from '../people/permissions.ts'
import { claimedStates, disputeStates } from '../register/disputes.ts'
import { everyone } from './access.ts'
import {
  ActParams,
  askedFields,
  closed,
  decisionFields,
  EnvironmentParams,
  Epoch,
  Id,
  InstitutionParams,
  problems,
} from './act-shapes.ts'
import { Bound, Problem } from './figures.ts'
import { Why } from './managers.ts'
import { requireAccount } from './session.ts'

/** Disputes in one answer; those of the latest time are shown. */
const disputesShownMax = 1_000

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])

const State = Type.Enum([...disputeStates], {
  description: 'lapsed: its cycle was frozen before anybody decided.',
})
const claimFields = {
  state: Type.Enum([...claimedStates]),
  cause: nullable(
    Type.Enum([...causes], {
      description: 'Of time that was down; null for up; null for unknown leaves it.',
    }),
  ),
}
const Claim = Type.Object(claimFields, closed)
const Granted = Type.Object({ from: Epoch, to: Epoch, ...claimFields }, closed)
const Sha256 = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 in hex of a file that the institution keeps.',
})
const LowHigh = Type.Object({ low: nullable(Bound), high: nullable(Bound) })
const Figures = Type.Object(
  { cycle: Type.String(), asOf: Epoch, environment: LowHigh, institution: LowHigh },
  { description: 'Of the cycle so far; null where another cycle is shown.' },
)

const Dispute = Type.Object({
  ...askedFields,
  claim: Claim,
  evidenceSha256: nullable(Sha256),
  decision: nullable(
    Type.Object({ ...decisionFields, granted: nullable(Granted), before: nullable(Figures) }),
  ),
  state: State,
  now: nullable(Figures),
})
const AllDisputes = Type.Object({ disputes: Type.Array(Dispute) })

const tags = ['disputes']
const Reason = Type.Object({ why: Why }, closed)
const changed = { 200: Dispute, ...problems, 409: Problem }

const listAll = {
  tags,
  summary: 'Disputes you may see, by the time they are about, at most 1,000',
  querystring: Type.Object({ state: Type.Optional(State) }, closed),
  response: { 200: AllDisputes, ...problems },
}
const listOwn = {
  tags,
  summary: 'Disputes of an institution, by the time they are about, at most 1,000',
  params: InstitutionParams,
  querystring: Type.Object({ environment: Type.Optional(Id), state: Type.Optional(State) }, closed),
  response: { 200: AllDisputes, ...problems },
}
const one = {
  ...{ tags, summary: 'One dispute, with the figures before the decision and now' },
  ...{ params: ActParams, response: { 200: Dispute, ...problems } },
}
const request = {
  tags,
  summary: 'Contest what was measured of a time; the evaluator decides',
  params: EnvironmentParams,
  body: Type.Object(
    { from: Epoch, to: Epoch, claim: Claim, evidenceSha256: nullable(Sha256), why: Why },
    closed,
  ),
  response: { 201: Dispute, ...problems, 409: Problem },
}
const grant = {
  ...{ tags, summary: 'Grant a dispute, or with `granted` a part of it, as the evaluator' },
  ...{ params: ActParams, response: changed },
  body: Type.Object({ granted: Type.Optional(Granted), why: Why }, closed),
}
const refuse = {
  ...{ tags, summary: 'Refuse a dispute, as the evaluator' },
  ...{ params: ActParams, body: Reason, response: changed },
}
const withdraw = {
  ...{ tags, summary: 'Give a dispute up that nobody has decided' },
  ...{ params: ActParams, body: Reason, response: changed },
}

const base = '/api/v1/institutions/:institution'
const path = `${base}/environments/:environment/disputes`

/** Disputes: an institution contests what was measured of it, the evaluator decides. */
export function disputeRoutes(disputes: Disputes, sessions: Sessions): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/disputes',
      { schema: listAll, config: { access: everyone } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        return shown(disputes.list(account, asked.query))
      },
    )

    app.get(
      `${base}/disputes`,
      { schema: listOwn, config: { access: everyone } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        return shown(disputes.list(account, { ...asked.params, ...asked.query }))
      },
    )

    app.get(`${path}/:id`, { schema: one, config: { access: everyone } }, async (asked) => {
      return disputes.get(await requireAccount(asked, sessions), asked.params)
    })

    app.post(
      path,
      { schema: request, config: { access: rolesThatMay('ask') } },
      async (asked, reply) => {
        const account = await requireAccount(asked, sessions)
        return reply.code(201).send(await disputes.request(account, asked.params, asked.body))
      },
    )

    app.post(
      `${path}/:id/grant`,
      { schema: grant, config: { access: rolesThatMay('disputes.decide') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        const { granted = null, why } = asked.body
        return disputes.grant(account, asked.params, granted, why)
      },
    )

    app.post(
      `${path}/:id/refuse`,
      { schema: refuse, config: { access: rolesThatMay('disputes.decide') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        return disputes.refuse(account, asked.params, asked.body.why)
      },
    )

    app.post(
      `${path}/:id/withdraw`,
      { schema: withdraw, config: { access: rolesThatMay('ask') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        return disputes.withdraw(account, asked.params, asked.body.why)
      },
    )
  }
}

function shown(found: readonly ListedDispute[]): Static<typeof AllDisputes> {
  return { disputes: found.slice(-disputesShownMax) }
}
