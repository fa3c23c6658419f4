import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, type TSchema, Type } from 'typebox'
import { claimedStates, strategies } from '../kpi/migration/workload.ts'
import type { Sessions } from '../people/accounts.ts'
import { rolesThatMay } from '../people/permissions.ts'
import type { Workloads } from '../people/workloads.ts'
import { workloadCriticalities, workloadLimits } from '../register/workload-fields.ts'
import type { AskedWorkload } from '../register/workloads.ts'
import { everyone } from './access.ts'
import { closed, Id, InstitutionParams, problems } from './act-shapes.ts'
import { Problem } from './figures.ts'
import { Why } from './managers.ts'
import { requireAccount } from './session.ts'

const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()])

const Day = Type.String({ description: 'A day such as 2027-03-31, of the policy’s time zone.' })
const Place = Type.Object({
  environment: Type.String(),
  hosts: Type.Unsafe<readonly string[]>(
    Type.Array(Type.String(), { description: 'Names of agents; empty: all of it.' }),
  ),
})

/** A workload as people registered it. */
export const WorkloadShape = Type.Object({
  id: Type.String(),
  name: Type.Object({ ar: Type.String(), en: Type.String() }),
  criticality: Type.Enum([...workloadCriticalities]),
  weight: Type.Integer({ description: `1 to ${workloadLimits.weightMax}.` }),
  dataClass: nullable(Type.String()),
  strategy: nullable(Type.Enum([...strategies])),
  wave: nullable(Type.String()),
  owner: nullable(Type.String()),
  source: nullable(Place),
  target: nullable(Place),
  provider: nullable(Type.String()),
  serviceSince: nullable(Day),
  plannedStart: nullable(Day),
  plannedFinish: nullable(Day),
  startedOn: nullable(Day),
  cutOverOn: nullable(Day),
  retiredOn: nullable(Day),
  state: Type.Enum([...claimedStates], {
    description: 'As people say; what measurement makes of it is in the migration’s figures.',
  }),
  isRolledBack: Type.Boolean({ description: 'A move that failed or was undone.' }),
  blocked: nullable(Type.Object({ reason: Type.String(), since: Day })),
})

/** Longer texts are no field of a workload: the rules say the limit of each in their own words. */
const Text = Type.String({ maxLength: 1_000 })
const Word = Type.Optional(nullable(Text))
const AskedPlace = Type.Object(
  {
    environment: Text,
    hosts: Type.Optional(Type.Array(Text, { maxItems: workloadLimits.hostsMax })),
  },
  closed,
)
/** Values are judged by the rules, which name all problems at once; what is left out is empty. */
const asked = {
  name: Type.Object({ ar: Text, en: Text }, closed),
  criticality: Text,
  weight: Type.Optional(Type.Number({ description: 'Absent: that of the criticality.' })),
  ...{ dataClass: Word, strategy: Word, wave: Word, owner: Word, provider: Word },
  source: Type.Optional(nullable(AskedPlace)),
  target: Type.Optional(nullable(AskedPlace)),
  ...{ serviceSince: Word, plannedStart: Word, plannedFinish: Word },
  ...{ startedOn: Word, cutOverOn: Word, retiredOn: Word },
  state: Text,
  blocked: Type.Optional(nullable(Type.Object({ reason: Text, since: Text }, closed))),
}
const Body = Type.Object({ ...asked, why: Why }, closed)

const Refusal = Type.Object({
  ...Problem.properties,
  problems: Type.Optional(
    Type.Array(
      Type.Object({ index: Type.Integer(), field: Type.String(), message: Type.String() }),
      { description: 'All that is wrong, by the number of the workload in the list, from 0.' },
    ),
  ),
})

const tags = ['migration']
const Params = Type.Object({ institution: Id, workload: Id })
const listOwn = {
  ...{ tags, summary: 'Workloads of an institution as people registered them' },
  params: InstitutionParams,
  response: { 200: Type.Object({ workloads: Type.Array(WorkloadShape) }), ...problems },
}
const one = {
  ...{ tags, summary: 'One workload as people registered it', params: Params },
  response: { 200: WorkloadShape, ...problems },
}
const put = {
  ...{ tags, summary: 'Register a workload, or say anew all that is known of it' },
  ...{ params: Params, body: Body },
  response: { 200: WorkloadShape, ...problems, 400: Refusal },
}
const remove = {
  ...{ tags, summary: 'Take out a workload that was never planned; its id is not used again' },
  ...{ params: Params, body: Type.Object({ why: Why }, closed) },
  response: { 204: Type.Null(), ...problems, 409: Problem },
}

const base = '/api/v1/institutions/:institution/workloads'

/** Workloads: what institutions have to move, as they and the ministry register it. */
export function workloadRoutes(
  workloads: Workloads,
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(base, { schema: listOwn, config: { access: everyone } }, async (request) => {
      const account = await requireAccount(request, sessions)
      return { workloads: [...workloads.list(account, request.params.institution)] }
    })

    app.get(`${base}/:workload`, { schema: one, config: { access: everyone } }, async (request) => {
      const { institution, workload } = request.params
      return workloads.get(await requireAccount(request, sessions), institution, workload)
    })

    app.put(
      `${base}/:workload`,
      { schema: put, config: { access: rolesThatMay('workloads.register') } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const { institution, workload } = request.params
        const { why, ...rest } = request.body
        return workloads.put(account, institution, askedOf(workload, rest), why)
      },
    )

    app.delete(
      `${base}/:workload`,
      { schema: remove, config: { access: rolesThatMay('workloads.register') } },
      async (request, reply) => {
        const account = await requireAccount(request, sessions)
        const { institution, workload } = request.params
        await workloads.remove(account, institution, workload, request.body.why)
        return reply.code(204).send(null)
      },
    )
  }
}

type Fields = Omit<Static<typeof Body>, 'why'>

/** All fields, empty where they were left out. */
function askedOf(id: string, fields: Fields): AskedWorkload {
  const placeOf = (place: Fields['source']) => place && { hosts: [], ...place }
  const empty = {
    ...{ dataClass: null, strategy: null, wave: null, owner: null, provider: null },
    ...{ serviceSince: null, plannedStart: null, plannedFinish: null },
    ...{ startedOn: null, cutOverOn: null, retiredOn: null, blocked: null },
  }
  const places = { source: placeOf(fields.source) ?? null, target: placeOf(fields.target) ?? null }
  // The rules look at every value, and say what it may be.
  return { ...empty, ...fields, ...places, id } as AskedWorkload
}
