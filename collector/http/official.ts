import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../error.ts'
import { MigrationWatch } from '../evaluate/migration-watch.ts'
import { MonthWatch, type MonthWatchOptions } from '../evaluate/month-watch.ts'
import { axisNames } from '../kpi/readiness/model.ts'
import { officialLevels } from '../official/official-log.ts'
import { programmeKinds } from '../official/programme-schema.ts'
import { officialFormats } from '../official/read-official.ts'
import type { Sessions } from '../people/accounts.ts'
import { type Asked, Official, type OfficialOptions, refusedFile } from '../people/official.ts'
import { rolesThatMay, sees } from '../people/permissions.ts'
import { everyone } from './access.ts'
import { closed, Id, problems } from './act-shapes.ts'
import { nullable, Problem } from './figures.ts'
import { Why } from './managers.ts'
import { checkedFigures } from './programme-view.ts'
import { requireAccount } from './session.ts'
import { trendSchemas } from './trend-shapes.ts'
import { type Published, trendView } from './trend-view.ts'

const Axes = Object.fromEntries(axisNames.map((axis) => [axis, Type.Optional(Type.Number())]))
const resultFields = {
  indexPercent: Type.Number({ description: 'As published; 0 to 100.' }),
  level: nullable(Type.Enum([...officialLevels])),
  axesPercent: Type.Object(Axes),
  source: Type.String(),
  date: Type.String(),
  fileSha256: Type.String(),
}
const Result = Type.Object(resultFields)
const Row = Type.Object({
  ...{ cycle: Type.String(), institution: Type.String({ description: 'national: the nation.' }) },
  ...resultFields,
})
const Content = Type.String({ maxLength: 200_000, description: 'The file, as text.' })
const askedFields = {
  content: Content,
  apply: Type.Boolean({ description: 'False: only tell what the file would change.' }),
  why: Type.Optional(Why),
}
const countFields = { isApplied: Type.Boolean(), same: Type.Integer() }
const Imported = Type.Object({
  ...countFields,
  changes: Type.Array(
    Type.Object({ what: Type.String(), before: nullable(Result), after: nullable(Result) }),
  ),
})
/** A figure of the programme is answered as it was imported. */
const Figure = Type.Object({ id: Type.String() }, { additionalProperties: true })
const ImportedProgramme = Type.Object({
  ...countFields,
  changes: Type.Array(
    Type.Object({ what: Type.String(), before: nullable(Figure), after: nullable(Figure) }),
  ),
})
const Programme = Type.Object({
  figures: Type.Array(
    Type.Object({
      ...{ id: Type.String(), label: Type.Object({ ar: Type.String(), en: Type.String() }) },
      values: Type.Array(
        Type.Object(
          {
            kind: Type.Enum([...programmeKinds]),
            checks: Type.Array(Type.Object({ is: Type.String() }, { additionalProperties: true }), {
              description: 'What follows by arithmetic; it corrects nothing.',
            }),
          },
          { additionalProperties: true },
        ),
      ),
    }),
  ),
})

const tags = ['official']
const params = Type.Object({
  cycle: Type.String({ maxLength: 20, description: 'Such as 2027-04.' }),
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
const changed = { ...problems, 400: Refused, 409: Problem }
const list = {
  ...{ tags, summary: 'Official results by cycle, beside what is measured and never instead' },
  querystring: Type.Object({ cycle: Type.Optional(params.properties.cycle) }, closed),
  response: { 200: Type.Object({ results: Type.Array(Row) }), ...problems },
}
const importing = {
  ...{ tags, summary: 'Import the official results of a cycle, or tell what that would change' },
  ...{ params, response: { 200: Imported, ...changed } },
  body: Type.Object({ format: Type.Enum([...officialFormats]), ...askedFields }, closed),
}
const withdrawing = {
  ...{ tags, summary: 'Take one official result back', params },
  body: Type.Object({ institution: Id, why: Why }, closed),
  response: { 200: Type.Object({ isApplied: Type.Boolean() }), ...changed },
}
const programme = {
  ...{ tags, summary: 'The published figures of the programme, and what follows from them' },
  response: { 200: Programme, ...problems },
}
const importingProgramme = {
  ...{ tags, summary: 'Import the figures of the programme, or tell what that would change' },
  ...{ body: Type.Object(askedFields, closed), response: { 200: ImportedProgramme, ...changed } },
}

/** What published figures are put together from. */
export type OfficialWiring = MonthWatchOptions &
  OfficialOptions & {
    readonly sessions: Sessions
    readonly cycles: Published['cycles']
  }

/** Opens what others published and the trend beside it, and adds all routes about both. */
export async function addOfficial(
  app: FastifyInstance,
  { sessions, cycles, ...options }: OfficialWiring,
): Promise<Published & { readonly closeMonths: () => Promise<void> }> {
  const official = await Official.open(options)
  const published = { official, cycles, months: await MonthWatch.open(options) }
  await app.register(officialRoutes(official, sessions))
  await app.register(programmeRoutes(official, sessions))
  await app.register(trendRoutes(published, options.views, sessions))
  const migration = await MigrationWatch.open(options)
  return {
    ...published,
    // Each is tried, whatever becomes of the other.
    closeMonths: async () => void (await Promise.all([published.months.tick(), migration.tick()])),
  }
}

const base = '/api/v1/official'

function officialRoutes(official: Official, sessions: Sessions): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(base, { schema: list, config: { access: everyone } }, async (asked) => {
      const account = await requireAccount(asked, sessions)
      return { results: official.results(account, asked.query.cycle) }
    })

    app.post(
      `${base}/:cycle/import`,
      { schema: importing, config: { access: rolesThatMay('official.import') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        const { format, content, ...rest } = asked.body
        const file = { name: 'file', format, content }
        const { cycle } = asked.params
        return official.importResults(account, cycle, file, askedOf(rest)).catch(refuse)
      },
    )

    app.post(
      `${base}/:cycle/withdraw`,
      { schema: withdrawing, config: { access: rolesThatMay('official.import') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        const { institution, why } = asked.body
        await official.withdraw(account, { cycle: asked.params.cycle, institution }, why)
        return { isApplied: true }
      },
    )
  }
}

function programmeRoutes(official: Official, sessions: Sessions): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/programme',
      { schema: programme, config: { access: everyone } },
      async (asked) => {
        await requireAccount(asked, sessions)
        return { figures: checkedFigures(official.programme()) }
      },
    )

    app.post(
      '/api/v1/programme/import',
      { schema: importingProgramme, config: { access: rolesThatMay('official.import') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        const { content, ...rest } = asked.body
        return official.importProgramme(account, content, 'file', askedOf(rest)).catch(refuse)
      },
    )
  }
}

function trendRoutes(
  published: Published,
  views: MonthWatchOptions['views'],
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/readiness/trend',
      { schema: trendSchemas.nation, config: { access: everyone } },
      async (asked) => {
        await requireAccount(asked, sessions)
        return trendView(published, null, zoneOf(views))
      },
    )

    const own = '/api/v1/institutions/:institution/readiness/trend'
    app.get(
      own,
      { schema: trendSchemas.institution, config: { access: everyone } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        const { institution } = asked.params
        const isKnown = views.snapshot()?.institutions.some(({ id }) => id === institution)
        if (!isKnown || !sees(account, institution)) {
          throw new AppError('not_found', 'There is no such institution.')
        }
        return trendView(published, institution, zoneOf(views))
      },
    )
  }
}

/** Throws AppError before the first figures. */
function zoneOf(views: MonthWatchOptions['views']): string {
  const snapshot = views.snapshot()
  if (snapshot) return snapshot.timezone
  throw new AppError('unavailable', 'The first figures are still being computed.')
}

function askedOf({ apply, why }: { apply: boolean; why?: string }): Asked {
  if (!apply) return { apply }
  if (why !== undefined) return { apply, why }
  const message = 'Say why it is imported: the reason stands in the log.'
  throw new AppError('invalid', message, { detail: { rule: 'why' } })
}

function refuse(error: unknown): never {
  throw error instanceof AppError ? error : refusedFile(error)
}
