import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import { states } from '../../protocol/check.ts'
import { idPattern } from '../../protocol/schema.ts'
import type { Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { causes } from '../kpi/causes.ts'
import { owners, reliefs } from '../kpi/explain.ts'
import { type WindowName, windowNames } from '../kpi/snapshot.ts'
import type { Sessions } from '../people/accounts.ts'
import { sees } from '../people/permissions.ts'
import { messageKinds } from '../store/logs.ts'
import { everyone } from './access.ts'
import { Problem } from './figures.ts'
import { requireAccount } from './session.ts'
import type { Views } from './views.ts'

/** Stretches in one answer: the most, and where nobody says how many. */
const stretchesMax = 1_000
const stretchesUsual = 100
/** The last instant that a date can name. */
const epochMax = 8_640_000_000_000_000

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: idPattern })
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])
const digits = (description: string, max: number) =>
  Type.String({ pattern: `^[0-9]{1,${max}}$`, description })

const window = {
  window: Type.Optional(
    Type.Enum([...windowNames], {
      description: 'cycle where neither it nor from and to is given.',
    }),
  ),
  from: Type.Optional(digits('Start of any other window, milliseconds since 1970, UTC.', 16)),
  to: Type.Optional(digits('Its end, not included. What lies after asOf is left out.', 16)),
}
const Window = Type.Object(window, closed)
const Page = Type.Object(
  {
    ...window,
    after: Type.Optional(digits('Only stretches that follow this start: next of an answer.', 16)),
    order: Type.Optional(
      Type.Enum(['oldest', 'newest'], { description: 'Which comes first; oldest unless told.' }),
    ),
    limit: Type.Optional(digits('Stretches in the answer: 1 to 1000, 100 unless told.', 4)),
  },
  closed,
)

const Epoch = Type.Integer({ description: 'Milliseconds since 1970, UTC.' })
const Ms = Type.Integer({ description: 'Milliseconds.' })
const Owner = Type.Enum([...owners], {
  description: 'Who must act; provider: who hosts it; carrier: it or the government network.',
})
const CauseOrNone = nullable(Type.Enum([...causes]))

const totals = {
  outages: Type.Object(
    { count: Type.Integer(), longestMs: nullable(Ms), p90Ms: nullable(Ms) },
    { description: 'p90 by nearest rank: place ceil(0.9 n) of the outages by length.' },
  ),
  byCause: Type.Array(
    Type.Object({
      cause: CauseOrNone,
      owner: Owner,
      lostMs: Ms,
      downMs: Ms,
      unknownMs: Ms,
      degradedMs: Ms,
    }),
    { description: 'What counts as lost, net, the most first.' },
  ),
  reliefMs: Type.Object(
    { maintenance: Ms, centre: Ms, dispute: Ms },
    { description: 'Lost time that does not count, by why.' },
  ),
  attestedMs: Type.Object(
    { self: Ms, witnessed: Ms, both: Ms },
    { description: 'Known time by whose word it rests on.' },
  ),
}

const Message = Type.Object(
  {
    kind: Type.Enum([...messageKinds]),
    epoch: Type.Integer(),
    seq: Type.Integer(),
    through: Type.Integer(),
    leaf: Type.Integer({ description: 'Index in the log.' }),
    received: Epoch,
  },
  { description: 'A message of the agent: its place in its stream, and its leaf.' },
)

const Stretch = Type.Object({
  from: Epoch,
  to: Epoch,
  state: Type.Enum([...states]),
  cause: CauseOrNone,
  owner: Owner,
  relief: nullable(
    Type.Enum([...reliefs], { description: 'Why it does not count; null where it counts.' }),
  ),
  standing: Type.Enum(['provisional', 'settled']),
  attested: nullable(Type.Enum(['self', 'witnessed', 'both'])),
  disputed: nullable(Type.Object({ id: Type.String(), was: Type.Enum([...states]) })),
  checks: Type.Array(
    Type.Object({
      check: Type.String(),
      state: Type.Enum([...states]),
      ms: Ms,
      reason: nullable(Type.String()),
    }),
    { description: 'Those that were down or missing, at most 50, and for how long of it.' },
  ),
  moreChecks: Type.Integer(),
  messages: Type.Array(
    Type.Object({
      agent: Type.String(),
      log: Type.String(),
      covering: Type.Array(Message, { description: 'Batches about this time, at most 20.' }),
      more: Type.Integer(),
      before: nullable(Message),
      after: nullable(Message),
      gaps: Type.Array(Message, { description: 'Losses the agent declared, at most 20.' }),
    }),
    {
      description: 'The messages of the agents of those checks and of witnesses, at most 10 each.',
    },
  ),
})

const shown = { asOf: Epoch, window: Type.Object({ from: Epoch, to: Epoch }), ...totals }
const LostAnswer = Type.Object({
  ...shown,
  outageList: Type.Array(
    Type.Object({
      ...{ from: Epoch, to: Epoch, downMs: Ms },
      atStart: Type.Boolean({ description: 'It may have begun before the window.' }),
      atEnd: Type.Boolean({ description: 'It may go on after it.' }),
    }),
    { description: 'The newest 1,000.' },
  ),
  stretches: Type.Array(Stretch, { description: 'In the order asked for.' }),
  next: nullable(Epoch),
})
const SummaryAnswer = Type.Object({
  ...shown,
  environments: Type.Array(Type.Object({ id: Type.String(), ...totals })),
})

type SummaryRoute = { Params: { institution: string }; Querystring: Static<typeof Window> }
type OneRoute = {
  Params: { institution: string; environment: string }
  Querystring: Static<typeof Page>
}

const base = '/api/v1/institutions/:institution'
const tags = ['figures']
const problems = { 400: Problem, 401: Problem, 404: Problem, 503: Problem }

/** Where lost time went: with causes, who must act, and the evidence. */
export function explainRoutes(views: Views, sessions: Sessions): FastifyPluginAsync {
  return async (app) => {
    const summary = {
      tags,
      summary: 'Lost time of an institution by cause, with its outages',
      params: Type.Object({ institution: Id }),
      querystring: Window,
      response: { 200: SummaryAnswer, ...problems },
    }
    app.get<SummaryRoute>(
      `${base}/lost`,
      { schema: summary, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const { institution } = request.params
        const asked = windowOf(request.query)
        const found = sees(account, institution) && (await views.lostSummary(institution, asked))
        return found || absent(views, 'institution')
      },
    )

    const one = {
      tags,
      summary: 'Every stretch of time that an environment lost, with cause and evidence',
      params: Type.Object({ institution: Id, environment: Id }),
      querystring: Page,
      response: { 200: LostAnswer, ...problems },
    }
    app.get<OneRoute>(
      `${base}/environments/:environment/lost`,
      { schema: one, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const { institution, environment } = request.params
        const { after, order = 'oldest', limit = String(stretchesUsual) } = request.query
        const asked = {
          window: windowOf(request.query),
          order,
          after: after === undefined ? null : instant(after, 'after'),
          limit: limitOf(limit),
        }
        const found =
          sees(account, institution) && (await views.lost(institution, environment, asked))
        return found || absent(views, 'environment')
      },
    )
  }
}

/** Foreign ids answer like those that do not exist. */
function absent(views: Views, what: 'institution' | 'environment'): never {
  if (!views.snapshot()) {
    throw new AppError('unavailable', 'The first figures are being computed.')
  }
  throw new AppError('not_found', `There is no such ${what}.`)
}

/** Throws AppError `invalid` for what is no window. */
function windowOf({ window: name, from, to }: Static<typeof Window>): WindowName | Span {
  if (from === undefined && to === undefined) return name ?? 'cycle'
  if (name !== undefined) {
    throw new AppError('invalid', 'Give either window, or from and to.')
  }
  if (from === undefined || to === undefined) {
    throw new AppError('invalid', 'Give both from and to, or neither.')
  }
  const span = { from: instant(from, 'from'), to: instant(to, 'to') }
  if (span.from >= span.to) throw new AppError('invalid', 'The window must end after it starts.')
  return span
}

function instant(text: string, name: string): number {
  const at = Number(text)
  if (at > epochMax) throw new AppError('invalid', `No date is as late as ${name} says.`)
  return at
}

function limitOf(text: string): number {
  const limit = Number(text)
  if (limit < 1 || limit > stretchesMax) {
    throw new AppError('invalid', `limit must be 1 to ${stretchesMax}.`)
  }
  return limit
}
