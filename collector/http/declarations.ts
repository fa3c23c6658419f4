import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { AppError } from '../error.ts'
import type { MetricName } from '../kpi/readiness/metrics.ts'
import type { Sessions } from '../people/accounts.ts'
import type { Declarations, ListedDeclaration } from '../people/declarations.ts'
import { rolesThatMay } from '../people/permissions.ts'
import { type DeclaredAbout, declarationStates } from '../register/declarations.ts'
import { everyone } from './access.ts'
import { closed, decisionFields, Epoch, Id, InstitutionParams, problems } from './act-shapes.ts'
import { Problem } from './figures.ts'
import { Why } from './managers.ts'
import { requireAccount } from './session.ts'

/** Declarations in one answer; the newest are shown. */
const declarationsShownMax = 1_000

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])

const State = Type.Enum([...declarationStates], {
  description: 'expired: also before anybody reviewed it; replaced: by a later one, reviewed.',
})
const Name = Type.String({ maxLength: 100 })
const About = Type.Object(
  {
    kind: Type.Enum(['metric', 'waiver', 'not_applicable']),
    metric: Type.Optional(Name),
    value: Type.Optional(Type.Union([Type.Boolean(), Type.Number()])),
    criterion: Type.Optional(Name),
  },
  {
    ...closed,
    description:
      'metric: with `metric` and `value`; waiver: with `criterion`; not_applicable: with `metric`.',
  },
)
const Sha256 = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 in hex of a file that the institution keeps.',
})
const Environment = Type.Union([Id, Type.Null()], {
  description: 'Null: the institution itself.',
})
const asked = { environment: Environment, about: About, evidenceSha256: Sha256, expiresAt: Epoch }

const Declaration = Type.Object({
  ...asked,
  id: Type.String(),
  institution: Type.String(),
  environment: nullable(Type.String()),
  detail: Type.String(),
  requestedBy: Type.String(),
  requestedRole: Type.String(),
  requestedAt: Epoch,
  decision: nullable(Type.Object(decisionFields)),
  withdrawnAt: nullable(Epoch),
  state: State,
})
const AllDeclarations = Type.Object({ declarations: Type.Array(Declaration) })

const tags = ['declarations']
const Params = Type.Object({ institution: Id, id: Id })
const Reason = Type.Object({ why: Why }, closed)
const querystring = Type.Object({ state: Type.Optional(State) }, closed)

const listAll = {
  ...{ tags, summary: 'Declarations you may see, oldest first; the newest 1,000' },
  ...{ querystring, response: { 200: AllDeclarations, ...problems } },
}
const listOwn = {
  ...{ tags, summary: 'Declarations of an institution, oldest first; the newest 1,000' },
  ...{ params: InstitutionParams, querystring, response: { 200: AllDeclarations, ...problems } },
}
const one = {
  ...{ tags, summary: 'One declaration', params: Params },
  response: { 200: Declaration, ...problems },
}
const request = {
  ...{ tags, summary: 'Declare something; the ministry or the evaluator reviews it' },
  params: InstitutionParams,
  body: Type.Object({ ...asked, detail: Why }, closed),
  response: { 201: Declaration, ...problems, 409: Problem },
}
const change = (summary: string) => {
  const response = { 200: Declaration, ...problems, 409: Problem }
  return { tags, summary, params: Params, body: Reason, response }
}

const base = '/api/v1/institutions/:institution/declarations'

/** Declarations: what an institution says of itself, and another body reviews. */
export function declarationRoutes(
  declarations: Declarations,
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/declarations',
      { schema: listAll, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        return shown(declarations.list(account, request.query))
      },
    )

    app.get(base, { schema: listOwn, config: { access: everyone } }, async (request) => {
      const account = await requireAccount(request, sessions)
      return shown(declarations.list(account, { ...request.params, ...request.query }))
    })

    app.get(`${base}/:id`, { schema: one, config: { access: everyone } }, async (request) => {
      return declarations.get(await requireAccount(request, sessions), request.params)
    })

    app.post(
      base,
      { schema: request, config: { access: rolesThatMay('ask') } },
      async (request, reply) => {
        const account = await requireAccount(request, sessions)
        const { about, ...rest } = request.body
        const full = { ...rest, about: aboutOf(about) }
        const { institution } = request.params
        return reply.code(201).send(await declarations.request(account, institution, full))
      },
    )

    for (const [act, is] of [
      ['verify', 'approved'],
      ['refuse', 'refused'],
    ] as const) {
      const schema = change(`${act === 'verify' ? 'Verify' : 'Refuse'} it, as another body`)
      app.post(
        `${base}/:id/${act}`,
        { schema, config: { access: rolesThatMay('declarations.decide') } },
        async (request) => {
          const account = await requireAccount(request, sessions)
          return declarations.review(account, request.params, is, request.body.why)
        },
      )
    }

    const schema = change('Take a declaration back')
    app.post(
      `${base}/:id/withdraw`,
      { schema, config: { access: rolesThatMay('ask') } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        return declarations.withdraw(account, request.params, request.body.why)
      },
    )
  }
}

const fieldsOf = {
  metric: ['metric', 'value'],
  waiver: ['criterion'],
  not_applicable: ['metric'],
} as const

/** Throws AppError where it has other fields than its kind. */
function aboutOf({ kind, ...fields }: Static<typeof About>): DeclaredAbout {
  const wanted: readonly string[] = fieldsOf[kind]
  const fits =
    Object.keys(fields).length === wanted.length && wanted.every((name) => name in fields)
  if (!fits) {
    const message = `\`about\` of kind ${kind} has ${wanted.join(' and ')}, and nothing else.`
    throw new AppError('invalid', message, { detail: { rule: 'about' } })
  }
  const { metric, value, criterion } = fields
  if (kind === 'waiver') return { kind, criterion: criterion! }
  // Whether there is such a metric is for the rules to say, in words of their own.
  const name = metric as MetricName
  return kind === 'metric' ? { kind, metric: name, value: value! } : { kind, metric: name }
}

function shown(found: readonly ListedDeclaration[]): Static<typeof AllDeclarations> {
  return { declarations: found.slice(-declarationsShownMax) }
}
