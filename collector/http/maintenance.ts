import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import type { Sessions } from '../people/accounts.ts'
import type { ListedWindow, Maintenance } from '../people/maintenance.ts'
import { rolesThatMay } from '../people/permissions.ts'
import { maintenanceStates } from '../register/maintenance.ts'
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
import { Problem } from './figures.ts'
import { Why } from './managers.ts'
import { requireAccount } from './session.ts'

/** Windows in one answer; those that end last are shown. */
const windowsShownMax = 1_000

const State = Type.Enum([...maintenanceStates], {
  description: 'lapsed: it began before anybody approved it.',
})

const Window = Type.Object({
  ...askedFields,
  decision: Type.Union([Type.Object(decisionFields), Type.Null()]),
  state: State,
})
const Windows = Type.Object({ windows: Type.Array(Window) })

const tags = ['maintenance']
const Reason = Type.Object({ why: Why }, closed)
const changed = { 200: Window, ...problems, 409: Problem }

const listAll = {
  tags,
  summary: 'Maintenance windows you may see, by start, at most 1,000',
  querystring: Type.Object({ state: Type.Optional(State) }, closed),
  response: { 200: Windows, ...problems },
}
const listOwn = {
  tags,
  summary: 'Maintenance windows of an institution, by start, at most 1,000',
  params: InstitutionParams,
  querystring: Type.Object({ environment: Type.Optional(Id), state: Type.Optional(State) }, closed),
  response: { 200: Windows, ...problems },
}
const one = {
  tags,
  summary: 'One maintenance window',
  params: ActParams,
  response: { 200: Window, ...problems },
}
const request = {
  tags,
  summary: 'Ask for maintenance; a second person must approve it before it starts',
  params: EnvironmentParams,
  body: Type.Object({ from: Epoch, to: Epoch, why: Why }, closed),
  response: { 201: Window, ...problems, 409: Problem },
}
const approve = {
  ...{ tags, summary: 'Approve maintenance that another account asked for' },
  ...{ params: ActParams, body: Reason, response: changed },
}
const refuse = {
  ...{ tags, summary: 'Refuse maintenance that another account asked for' },
  ...{ params: ActParams, body: Reason, response: changed },
}
const shorten = {
  ...{ tags, summary: 'Let maintenance end earlier; it is never extended' },
  ...{ params: ActParams, body: Type.Object({ to: Epoch, why: Why }, closed), response: changed },
}
const withdraw = {
  ...{ tags, summary: 'Give maintenance up before it starts' },
  ...{ params: ActParams, body: Reason, response: changed },
}

const base = '/api/v1/institutions/:institution'
const windows = `${base}/environments/:environment/maintenance`

/** Maintenance windows: an institution asks for its own, a second person decides. */
export function maintenanceRoutes(
  maintenance: Maintenance,
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/maintenance',
      { schema: listAll, config: { access: everyone } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        return shown(maintenance.list(account, asked.query))
      },
    )

    app.get(
      `${base}/maintenance`,
      { schema: listOwn, config: { access: everyone } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        return shown(maintenance.list(account, { ...asked.params, ...asked.query }))
      },
    )

    app.get(`${windows}/:id`, { schema: one, config: { access: everyone } }, async (asked) => {
      return maintenance.get(await requireAccount(asked, sessions), asked.params)
    })

    app.post(
      windows,
      { schema: request, config: { access: rolesThatMay('ask') } },
      async (asked, reply) => {
        const account = await requireAccount(asked, sessions)
        const made = await maintenance.request(account, asked.params, asked.body)
        return reply.code(201).send(made)
      },
    )

    for (const [path, schema, is] of [
      ['approve', approve, 'approved'],
      ['refuse', refuse, 'refused'],
    ] as const) {
      app.post(
        `${windows}/:id/${path}`,
        { schema, config: { access: rolesThatMay('maintenance.decide') } },
        async (asked) => {
          const account = await requireAccount(asked, sessions)
          return maintenance.decide(account, asked.params, is, asked.body.why)
        },
      )
    }

    app.post(
      `${windows}/:id/shorten`,
      { schema: shorten, config: { access: rolesThatMay('ask') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        const { to, why } = asked.body
        return maintenance.shorten(account, asked.params, to, why)
      },
    )

    app.post(
      `${windows}/:id/withdraw`,
      { schema: withdraw, config: { access: rolesThatMay('ask') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        return maintenance.withdraw(account, asked.params, asked.body.why)
      },
    )
  }
}

function shown(found: readonly ListedWindow[]): Static<typeof Windows> {
  return { windows: found.slice(-windowsShownMax) }
}
