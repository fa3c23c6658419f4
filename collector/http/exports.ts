import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../error.ts'
import { askedWindow } from '../evaluate/asked-window.ts'
import type { AskedExport, ExportJobs } from '../exports/export-jobs.ts'
import { ExportRecord, exportIdPattern } from '../exports/export-records.ts'
import { collectorLimits } from '../limits.ts'
import type { Sessions } from '../people/accounts.ts'
import type { Cycles } from '../people/cycles.ts'
import { everyone } from './access.ts'
import { Epoch, nullable, Problem } from './figures.ts'
import { requireAccount } from './session.ts'
import type { Views } from './views.ts'

const closed = { additionalProperties: false } as const
const Instant = Type.String({ maxLength: 40, description: 'ISO 8601, or epoch ms.' })
const Asked = Type.Object(
  {
    institution: Type.Optional(
      Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'Without it the nation.' }),
    ),
    withInstitutions: Type.Optional(
      Type.Boolean({ description: 'With the nation: each institution of the same moment too.' }),
    ),
    cycle: Type.Optional(Type.String({ maxLength: 20, description: 'Such as 2027-04.' })),
    window: Type.Optional(Type.Object({ from: Instant, to: Instant }, closed)),
  },
  closed,
)
const Listed = Type.Object({
  ...ExportRecord.properties,
  done: Type.Integer({ description: 'Leaves that are written, while it is being made.' }),
  all: Type.Integer({ description: 'Leaves there are; 0 before that is known.' }),
  expiresAt: nullable(Epoch),
  own: Type.Boolean({ description: 'Whether this account may remove it.' }),
})

const tags = ['exports']
const problems = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 503: Problem }
const params = Type.Object({ export: Type.String({ pattern: exportIdPattern }) })
const ask = {
  ...{ tags, summary: 'Make an export of an institution or the nation, for `verify`' },
  ...{ body: Asked, response: { 202: Listed, ...problems, 429: Problem } },
}
const list = {
  ...{ tags, summary: 'Exports of the last day, the newest first' },
  response: { 200: Type.Object({ exports: Type.Array(Listed) }), ...problems },
}
const one = { tags, summary: 'One export', params, response: { 200: Listed, ...problems } }
const removed = {
  ...{ tags, summary: 'Give an export up, or remove it', params },
  response: { 204: Type.Null(), ...problems },
}
const archive = {
  ...{ tags, summary: 'The archive of an export, .tar.gz; takes Range', params },
  response: { ...problems, 409: Problem, 416: Problem, 429: Problem },
}

const base = '/api/v1/exports'
/** What of is the jobs' to say: an institution has its own only. */
const access = { config: { access: everyone } }

/** Where an export is downloaded from. */
export function archivePath(id: string): string {
  return `${base}/${id}/archive`
}

/** What is asked for in words, with its window. Throws AppError; its detail names the rule. */
export async function askedExport(
  {
    institution = null,
    withInstitutions = false,
    cycle = null,
    window = null,
  }: {
    readonly institution?: string | null
    readonly withInstitutions?: boolean
    readonly cycle?: string | null
    readonly window?: { readonly from: string; readonly to: string } | null
  },
  { cycles, views }: { readonly cycles: Pick<Cycles, 'get'>; readonly views: Views },
): Promise<AskedExport> {
  const subject = { institution, withInstitutions }
  const asOf = views.snapshot()?.asOf
  if (asOf === undefined) {
    throw new AppError('unavailable', 'The first figures are still being computed.')
  }
  if (cycle !== null && window !== null) {
    const message = 'Say either a cycle or a window.'
    throw new AppError('invalid', message, { detail: { rule: 'either' } })
  }
  if (cycle !== null) {
    const { from, to } = await cycles.get(cycle)
    return { ...subject, cycle, window: { from, to: Math.min(to, asOf) } }
  }
  const span = window && askedWindow(window.from, window.to, asOf)
  return { ...subject, cycle, window: span }
}

/** Exports as jobs: asked for, watched, downloaded. */
export function exportRoutes(
  jobs: ExportJobs,
  sources: { readonly cycles: Pick<Cycles, 'get'>; readonly views: Views },
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(base, { schema: ask, ...access }, async (asked, reply) => {
      const account = await requireAccount(asked, sessions)
      const made = await jobs.ask(account, await askedExport(asked.body, sources))
      return reply.code(202).header('location', `${base}/${made.id}`).send(made)
    })

    app.get(base, { schema: list, ...access }, async (asked) => {
      return { exports: jobs.list(await requireAccount(asked, sessions)) }
    })

    app.get(`${base}/:export`, { schema: one, ...access }, async (asked) => {
      return jobs.get(await requireAccount(asked, sessions), asked.params.export)
    })

    app.delete(`${base}/:export`, { schema: removed, ...access }, async (asked, reply) => {
      jobs.remove(await requireAccount(asked, sessions), asked.params.export)
      return reply.code(204).send(null)
    })

    const options = { schema: archive, ...access, exposeHeadRoute: false }
    app.get(`${base}/:export/archive`, options, async (asked, reply) => {
      const account = await requireAccount(asked, sessions)
      return sendArchive(jobs, account, asked.params.export, asked, reply)
    })
  }
}

/** Sends it whole, or from where a download was cut. */
async function sendArchive(
  jobs: ExportJobs,
  account: Parameters<ExportJobs['download']>[0],
  id: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { archive } = jobs.get(account, id)
  const tag = `"${archive?.sha256}"`
  const part = archive && partOf(request, tag, archive.bytes)
  if (part === 'nowhere') {
    reply.code(416).header('content-range', `bytes */${archive?.bytes}`)
    const message = 'The archive ends before the part that is asked for.'
    return reply.send({ code: 'invalid', message })
  }
  const { name, bytes, stream } = await jobs.download(account, id, part ?? undefined)
  // Whoever takes nothing for so long must not keep the place of others.
  reply.raw.setTimeout(collectorLimits.downloadIdleMs, () => reply.raw.destroy())
  reply.headers({
    ...{ etag: tag, 'accept-ranges': 'bytes', 'cache-control': 'private, no-store' },
    'content-disposition': `attachment; filename="${name}"`,
    'content-length': part ? part.to - part.from + 1 : bytes,
    'x-content-type-options': 'nosniff',
  })
  if (part) reply.code(206).header('content-range', `bytes ${part.from}-${part.to}/${bytes}`)
  return reply.type('application/gzip').send(stream as never) // bytes as they are
}

/** The first and the last byte asked for; null where all of it is. */
function partOf({ headers }: FastifyRequest, tag: string, bytes: number) {
  const [, start, end] = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(headers.range ?? '') ?? []
  const isSame = [undefined, tag].includes(headers['if-range'] as string | undefined)
  if (start === undefined || !isSame) return null
  const [from, to] = [Number(start), Math.min(Number(end ?? bytes), bytes - 1)]
  if (from >= bytes) return 'nowhere' as const
  return from <= to ? { from, to } : null
}
