import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import { AppError } from '../error.ts'
import { deliveryStates } from '../hooks/delivery.ts'
import { eventTypes } from '../hooks/event.ts'
import type { Hooks } from '../hooks/hooks.ts'
import { rolesThatMay } from '../people/permissions.ts'
import { Problem } from './figures.ts'

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: idPattern })
const Epoch = Type.Integer({ description: 'Milliseconds since 1970, UTC.' })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])
const Count = Type.Integer()

const Hook = Type.Object({
  id: Type.String(),
  origin: Type.String({ description: 'Where it leads; the rest of the address may be a secret.' }),
  events: Type.Array(Type.Enum([...eventTypes])),
  institutions: orNull(Type.Array(Type.String())),
  language: Type.Enum(['ar', 'en']),
  counts: Type.Object({
    ...{ waiting: Count, delivered: Count, refused: Count, given_up: Count, dropped: Count },
  }),
})
const Delivery = Type.Object({
  number: Type.Integer({ description: 'Grows by one with each.' }),
  hook: Type.String(),
  event: Type.String({ description: 'Id of the event.' }),
  type: Type.String(),
  institution: orNull(Type.String()),
  state: Type.Enum([...deliveryStates]),
  madeAt: Epoch,
  attempts: Count,
  triedAt: orNull(Epoch),
  status: orNull(Type.Integer({ description: 'What the receiver answered last.' })),
  problem: orNull(Type.String({ description: 'Why it was not taken; a code.' })),
  nextAt: Epoch,
})
const Query = Type.Object(
  {
    hook: Type.Optional(Id),
    state: Type.Optional(Type.Enum([...deliveryStates])),
    before: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,15}$', description: 'Only those before this number.' }),
    ),
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9][0-9]{0,2}|1000)$',
        description: 'At most so many, 1 to 1000; default 100.',
      }),
    ),
  },
  closed,
)

const tags = ['web hooks']
const problems = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 503: Problem }
const list = {
  tags,
  summary: 'Who is told by web hooks; never a secret',
  response: { 200: Type.Object({ hooks: Type.Array(Hook) }), ...problems },
}
const deliveries = {
  tags,
  summary: 'What was sent and what waits, the newest first',
  querystring: Query,
  response: { 200: Type.Object({ deliveries: Type.Array(Delivery) }), ...problems },
}
const test = {
  tags,
  summary: 'Send a trial message once, now: what the receiver answered',
  params: Type.Object({ id: Id }),
  body: Type.Object({}, closed),
  response: {
    200: Type.Object({ status: orNull(Type.Integer()), problem: orNull(Type.String()) }),
    ...problems,
  },
}

/** An admin sees what web hooks do, and tries them. */
export function hookRoutes(hooks: Hooks | null): FastifyPluginAsyncTypebox {
  const config = { access: rolesThatMay('hooks.manage') }
  return async (app) => {
    app.get('/api/v1/hooks', { schema: list, config }, async () => {
      const all = hooks?.list() ?? []
      return {
        hooks: all.map(({ events, institutions, ...rest }) => ({
          ...rest,
          events: [...events],
          institutions: institutions && [...institutions],
        })),
      }
    })

    app.get('/api/v1/hooks/deliveries', { schema: deliveries, config }, async (request) => {
      const { hook, state, before, limit = '100' } = request.query
      const asked = { hook, state, limit: Number(limit) }
      const query = before === undefined ? asked : { ...asked, before: Number(before) }
      return { deliveries: hooks?.deliveries(query) ?? [] }
    })

    app.post('/api/v1/hooks/:id/test', { schema: test, config }, async (request) => {
      if (!hooks) throw new AppError('not_found', 'There is no such hook.')
      const { status, problem } = await hooks.test(request.params.id)
      return { status, problem }
    })
  }
}
