import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../error.ts'
import { collectorLimits } from '../limits.ts'
import { proposedWorkloads, workloadsCsv } from '../migration/discovery.ts'
import { workloadFormats } from '../migration/read-workloads.ts'
import { csvLimits } from '../official/csv.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import { refusedFile } from '../people/official.ts'
import { rolesThatMay } from '../people/permissions.ts'
import { type ImportedWorkloads, importWorkloads } from '../people/workload-import.ts'
import type { Workloads } from '../people/workloads.ts'
import type { AskedWorkload } from '../register/workloads.ts'
import { everyone } from './access.ts'
import { closed, InstitutionParams, problems } from './act-shapes.ts'
import { nullable, Problem } from './figures.ts'
import { Why } from './managers.ts'
import { requireAccount } from './session.ts'
import type { Views } from './views.ts'
import { WorkloadShape } from './workloads.ts'

const Difference = Type.Object({
  isApplied: Type.Boolean(),
  added: Type.Unsafe<ImportedWorkloads['added']>(Type.Array(WorkloadShape)),
  changed: Type.Unsafe<ImportedWorkloads['changed']>(
    Type.Array(
      Type.Object({
        id: Type.String(),
        fields: Type.Array(
          Type.Object({ field: Type.String(), before: Type.Unknown(), after: Type.Unknown() }),
        ),
      }),
    ),
  ),
  unchanged: Type.Unsafe<ImportedWorkloads['unchanged']>(Type.Array(Type.String())),
  absent: Type.Unsafe<ImportedWorkloads['absent']>(
    Type.Array(Type.String(), { description: 'Not in the file: they stay as they are.' }),
  ),
})
/** A refused file, with everything that is wrong in it. */
const Refused = Type.Object({
  ...Problem.properties,
  problems: Type.Optional(
    Type.Array(
      Type.Object({
        line: nullable(Type.Integer({ description: 'From 1; null where no line can be named.' })),
        path: Type.String({ description: 'Column or setting; empty for the file as a whole.' }),
        message: Type.String(),
      }),
    ),
  ),
})
const tags = ['migration']
const importing = {
  ...{ tags, summary: 'Import workloads from a file, or tell what that would change' },
  params: InstitutionParams,
  querystring: Type.Object(
    { dryRun: Type.Optional(Type.Enum(['true', 'false'], { description: 'true unless said.' })) },
    closed,
  ),
  body: Type.Object(
    {
      format: Type.Enum([...workloadFormats]),
      content: Type.String({ maxLength: csvLimits.charactersMax, description: 'As text.' }),
      why: Type.Optional(Why),
    },
    closed,
  ),
  response: { 200: Difference, ...problems, 400: Refused, 409: Problem },
}
const discovering = {
  ...{ tags, summary: 'Environments measured that no workload names, as a file to complete' },
  params: InstitutionParams,
  response: {
    200: Type.Object({ workloads: Type.Integer(), content: Type.String() }),
    ...problems,
  },
}
const download = (summary: string) => ({
  ...{ tags, summary, params: InstitutionParams },
  response: { 200: Type.String(), ...problems },
})

const base = '/api/v1/institutions/:institution/workloads'

/** Workloads as files: what is registered, what is discovered, and the way in. */
export function workloadImportRoutes(
  workloads: Workloads,
  views: Pick<Views, 'snapshot' | 'migration'>,
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  const discovered = async (account: Account, institution: string): Promise<AskedWorkload[]> => {
    const known = workloads.list(account, institution)
    const owner = views.snapshot()?.institutions.find(({ id }) => id === institution)
    if (!owner) throw new AppError('not_found', 'There is no such institution.')
    const detail = await views.migration(institution)
    return proposedWorkloads(detail?.discovered ?? [], owner.environments, known)
  }
  type Asking = FastifyRequest<{ Params: { institution: string } }>
  return async (app) => {
    const { importBytesMax: bodyLimit } = collectorLimits
    app.post(
      `${base}/import`,
      { schema: importing, bodyLimit, config: { access: rolesThatMay('workloads.register') } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const { why, ...file } = request.body
        const apply = request.query.dryRun === 'false'
        if (apply && why === undefined) {
          const message = 'Say why it is imported: the reason stands in the log.'
          throw new AppError('invalid', message, { detail: { rule: 'why' } })
        }
        const { institution } = request.params
        const asked = apply ? { apply, why: why! } : ({ apply: false } as const)
        const named = { name: 'file', ...file }
        return importWorkloads(workloads, account, institution, named, asked).catch(refuse)
      },
    )

    app.get(
      `${base}/discovered`,
      { schema: discovering, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const found = await discovered(account, request.params.institution)
        return { workloads: found.length, content: workloadsCsv(found) }
      },
    )

    const files = {
      '/discovered.csv': ['Environments that no workload names, as CSV', discovered],
      '.csv': [
        'Workloads as registered, as CSV',
        (account: Account, institution: string) => workloads.list(account, institution),
      ],
    } as const
    for (const [ending, [summary, find]] of Object.entries(files)) {
      app.get(
        `${base}${ending}`,
        { schema: download(summary), config: { access: everyone } },
        async (request: Asking, reply) => {
          const account = await requireAccount(request, sessions)
          const found = await find(account, request.params.institution)
          reply.header('content-disposition', 'attachment; filename="workloads.csv"')
          return reply.type('text/csv; charset=utf-8').send(workloadsCsv(found))
        },
      )
    }
  }
}

function refuse(error: unknown): never {
  throw error instanceof AppError ? error : refusedFile(error)
}
