import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Sessions } from '../people/accounts.ts'
import { rolesThatMay } from '../people/permissions.ts'
import { type ListedPolicyChange, type PolicyChanges, policyStates } from '../people/policy.ts'
import type { SettingChange } from '../register/policy-changes.ts'
import { everyone } from './access.ts'
import { closed, decisionFields, Epoch, problems } from './act-shapes.ts'
import { Problem } from './figures.ts'
import { Why } from './managers.ts'
import { requireAccount } from './session.ts'

/** The longest policy file; a request holds at most 64 KiB. */
export const policyCharactersMax = 60_000

/** Proposals in one answer: the newest. */
const proposalsShownMax = 500

const Value = Type.Unsafe<unknown>({
  description: 'The setting as policy.yaml has it; null: none.',
})
const Change = Type.Object({ name: Type.String(), before: Value, after: Value })
const Proposal = Type.Object({
  id: Type.String(),
  state: Type.Enum([...policyStates], {
    description: 'outdated: a setting became another one since; propose it anew.',
  }),
  changes: Type.Array(Change),
  effectiveFrom: Epoch,
  hash: Type.String({ description: 'SHA-256 of the content: the same content has the same.' }),
  why: Type.String(),
  requestedBy: Type.String({ description: '`collector`: the file that it started with.' }),
  requestedAt: Epoch,
  withdrawnAt: Type.Union([Epoch, Type.Null()]),
  decision: Type.Union([Type.Object(decisionFields), Type.Null()]),
})
/** A file is refused with everything that is wrong in it. */
const Refused = Type.Object({
  ...Problem.properties,
  problems: Type.Optional(
    Type.Array(
      Type.Object({
        line: Type.Union([Type.Integer(), Type.Null()]),
        path: Type.String(),
        message: Type.String(),
      }),
    ),
  ),
})

const Text = Type.String({
  minLength: 1,
  maxLength: policyCharactersMax,
  description: 'A whole policy.yaml: docs/register.md.',
})
const tags = ['policy']
const refusals = { ...problems, 400: Refused }
const params = Type.Object({ id: Type.String({ pattern: '^p-[0-9a-f]{12}$' }) })
const said = { tags, params, body: Type.Object({ why: Why }, closed) }
const changed = { 200: Proposal, ...problems, 409: Problem }

const list = {
  ...{ tags, summary: 'Changes of the policy that were proposed, the newest first' },
  querystring: Type.Object({ state: Type.Optional(Type.Enum([...policyStates])) }, closed),
  response: { 200: Type.Object({ proposals: Type.Array(Proposal) }), ...problems },
}
const propose = {
  ...{ tags, summary: 'Propose another policy; a second account must approve' },
  body: Type.Object({ text: Text, why: Why, effectiveFrom: Type.Optional(Epoch) }, closed),
  response: { 201: Proposal, ...refusals, 409: Problem },
}
const difference = {
  ...{ tags, summary: 'How a policy.yaml differs from the policy in force' },
  body: Type.Object({ text: Text }, closed),
  response: { 200: Type.Object({ changes: Type.Array(Change) }), ...refusals },
}
const approve = {
  ...{ ...said, response: changed },
  summary: 'Approve a change that another account proposed: it holds from now on or later',
}
const refuse = {
  ...{ ...said, summary: 'Refuse a change that another account proposed', response: changed },
}
const withdraw = { ...said, summary: 'Take back a change that you proposed', response: changed }

const base = '/api/v1/policy'

/** Changes of the policy: one person proposes, another one decides. */
export function policyRoutes(
  changes: PolicyChanges,
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  const byProposers = { access: rolesThatMay('policy.propose') }
  const byDeciders = { access: rolesThatMay('policy.decide') }
  return async (app) => {
    const proposals = `${base}/proposals`
    app.get(proposals, { schema: list, config: { access: everyone } }, async ({ query }) => {
      const all = await changes.list()
      const found = all.filter(({ state }) => state === (query.state ?? state))
      return { proposals: found.slice(0, proposalsShownMax).map(viewOf) }
    })

    app.post(proposals, { schema: propose, config: byProposers }, async (request, reply) => {
      const account = await requireAccount(request, sessions)
      const { text, why, effectiveFrom } = request.body
      const made = await changes.propose(account, text, why, effectiveFrom)
      return reply.code(201).send(viewOf(made))
    })

    for (const [path, schema, is] of [
      ['approve', approve, 'approved'],
      ['refuse', refuse, 'refused'],
    ] as const) {
      app.post(`${proposals}/:id/${path}`, { schema, config: byDeciders }, async (request) => {
        const account = await requireAccount(request, sessions)
        const { params, body } = request
        return viewOf(await changes.decide(account, params.id, is, body.why))
      })
    }

    const withdrawing = { schema: withdraw, config: byProposers }
    app.post(`${proposals}/:id/withdraw`, withdrawing, async (request) => {
      const account = await requireAccount(request, sessions)
      return viewOf(await changes.withdraw(account, request.params.id, request.body.why))
    })

    app.post(
      `${base}/difference`,
      { schema: difference, config: { access: rolesThatMay('read.all') } },
      async ({ body }) => ({ changes: viewsOf(await changes.difference(body.text)) }),
    )
  }
}

function viewOf({ changes, ...rest }: ListedPolicyChange) {
  return { ...rest, changes: viewsOf(changes) }
}

function viewsOf(changes: readonly SettingChange[]) {
  return changes.map(({ name, before, after }) => ({ name, before, after }))
}
