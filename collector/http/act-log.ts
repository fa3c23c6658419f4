import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../error.ts'
import type { AccessLog } from '../people/access-log.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import { actDifference } from '../people/act-difference.ts'
import { actKindOf, actKinds } from '../people/act-kinds.ts'
import type { ActFilter, ActLog } from '../people/act-log.ts'
import { may } from '../people/permissions.ts'
import type { ActRow } from '../store/acts.ts'
import { logPage } from '../web/pages/log.ts'
import { everyone } from './access.ts'
import { type ActFormat, actFormats } from './act-files.ts'
import { filterRules, readActFilter, requireActFilter } from './act-filter.ts'
import { Problem } from './figures.ts'
import type { BoardPart } from './page-route.ts'
import { requireAccount } from './session.ts'
import type { Views } from './views.ts'

const Epoch = Type.Integer({ description: 'Milliseconds since 1970, UTC.' })
const Field = (description: string) => Type.Optional(Type.String({ maxLength: 400, description }))

const filters = {
  log: Field(filterRules.log),
  actor: Field(filterRules.actor),
  role: Field(filterRules.role),
  kind: Field(filterRules.kind),
  from: Field(filterRules.from),
  to: Field(filterRules.to),
  text: Field(`part of the subject or of the reason: ${filterRules.text}`),
}
const closed = { additionalProperties: false } as const
const Query = Type.Object(
  { ...filters, before: Field(filterRules.before), limit: Field(filterRules.limit) },
  closed,
)

const Act = Type.Object({
  log: Type.String({ description: 'An institution, or national.' }),
  leaf: Type.Integer({ description: 'Its number in that log, from 0.' }),
  hash: Type.String({ description: 'RFC 6962 hash of the leaf, in hex.' }),
  at: Epoch,
  actor: Type.String(),
  role: Type.String(),
  kind: Type.Enum([...actKinds]),
  what: Type.String(),
  why: Type.String(),
  before: Type.Unknown(),
  after: Type.Unknown(),
  effectiveFrom: Epoch,
})

const tags = ['people']
const problems = { 400: Problem, 401: Problem, 404: Problem, 503: Problem }
const list = {
  tags,
  summary: 'Acts of people and of the collector, the newest first; an institution sees its own log',
  querystring: Query,
  response: {
    200: Type.Object({
      acts: Type.Array(Act),
      next: Type.Union([
        Type.Integer({ description: 'The "before" of the next answer, also where this is empty.' }),
        Type.Null(),
      ]),
    }),
    ...problems,
  },
}
const file = (format: string) => ({
  tags,
  summary: `The same acts as a file (${format}); taking it is an act itself`,
  querystring: Type.Object(filters, closed),
  response: { ...problems, 429: Problem },
})

/** What the log is read with. */
export type ActLogOptions = {
  readonly acts: ActLog
  readonly access: AccessLog
  readonly sessions: Sessions
  readonly views: Pick<Views, 'snapshot'>
}

/** Files of acts that are written at once; who asks for more comes back later. */
const filesAtOnceMax = 2

/** The acts of people for those who may see them, and the same as files. */
export function actLogRoutes(options: ActLogOptions): FastifyPluginAsyncTypebox {
  const { acts, access, sessions, views } = options
  const zone = () => views.snapshot()?.timezone ?? 'UTC'
  let writing = 0

  /** Sends what was asked for while it is read; who takes it slowly is read for slowly. */
  async function send(request: FastifyRequest, reply: FastifyReply, format: ActFormat) {
    const account = await requireAccount(request, sessions)
    const { filter } = requireActFilter(request.query as Record<string, unknown>, zone())
    const rows = acts.each(account, filter)
    // The first is read before anything is noted: a foreign log answers 404.
    const first = await rows.next()
    if (writing >= filesAtOnceMax) {
      throw new AppError('too_many', 'Two files are being written. Ask again in a minute.')
    }
    writing++
    const { institution = null } = account
    const detail = { what: 'acts', format: format.name, institution: filter.log ?? institution }
    await access.noteAccess(account, 'export', detail).catch((error) => {
      writing--
      throw error
    })
    const body = Readable.from(format.lines(all(first, rows)))
    body.once('close', () => writing--)
    reply.header('content-disposition', `attachment; filename="acts.${format.name}"`)
    return reply.type(format.type).send(body)
  }

  return async (app) => {
    app.get('/api/v1/acts', { schema: list, config: { access: everyone } }, async (request) => {
      const account = await requireAccount(request, sessions)
      const { filter, before, limit } = requireActFilter(request.query, zone())
      const { acts: rows, next } = await acts.page(account, filter, before, limit)
      return { acts: rows.map(viewOf), next }
    })

    for (const format of actFormats) {
      app.get(
        `/api/v1/acts.${format.name}`,
        { schema: file(format.name), config: { access: everyone } },
        (request, reply) => send(request, reply, format),
      )
    }
  }
}

/** The same as a page. */
export function actLogPart({ acts }: Pick<ActLogOptions, 'acts'>): BoardPart {
  return {
    access: { '/log': everyone },
    pages: {
      '/log': async (frame, snapshot, _sources, _place, query) => {
        const { account } = frame
        const { filter, before, problems } = readActFilter(query, frame.timezone)
        if (isForeign(account, filter)) return null
        const { acts: found, next } = await acts.page(account, filter, before, actsShown)
        const shown = found.map((act) => ({
          ...act,
          kind: actKindOf(act.entry.what),
          difference: actDifference(act.entry.before, act.entry.after),
        }))
        const isFirst = before === null
        return logPage(frame, snapshot, { acts: shown, next, query, problems, isFirst })
      },
    },
  }
}

/** Acts on one page of the board. */
const actsShown = 50

function isForeign(account: Account, { log }: ActFilter): boolean {
  return log !== undefined && !may(account, 'read', log)
}

function viewOf({ log, index: leaf, hash, at, entry }: ActRow) {
  const { actor, role, what, why, before, after, effectiveFrom } = entry
  const kind = actKindOf(what)
  return {
    ...{ log, leaf, hash: hash.toString('hex'), at, actor, role, kind, what, why },
    ...{ before, after, effectiveFrom },
  }
}

async function* all(first: IteratorResult<ActRow, void>, rest: AsyncGenerator<ActRow, void>) {
  if (first.value) yield first.value
  yield* rest
}
