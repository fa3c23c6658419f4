import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import { AppError } from '../error.ts'
import type { SnapshotMigration } from '../kpi/migration/result.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import type { Sessions } from '../people/accounts.ts'
import { everyone } from './access.ts'
import { Problem } from './figures.ts'
import { find, newest, visibleTo } from './kpis.ts'
import { InstitutionMigrationAnswer, MigrationAnswer } from './migration-shapes.ts'
import { requireAccount } from './session.ts'
import type { Views } from './views.ts'

const tags = ['migration']
const problems = { 401: Problem, 404: Problem, 503: Problem }

/** Cloud migration as JSON, from the snapshot that the board shows. */
export function migrationRoutes(views: Views, sessions: Sessions): FastifyPluginAsync {
  return async (app) => {
    const all = {
      tags,
      summary: 'Cloud migration of the nation and of all institutions you may see',
      response: { 200: MigrationAnswer, ...problems },
    }
    app.get('/api/v1/migration', { schema: all, config: { access: everyone } }, async (request) => {
      const account = await requireAccount(request, sessions)
      const snapshot = newest(views)
      const { at, nation, institutions } = required(snapshot)
      const rows = snapshot.institutions.filter(visibleTo(account)).flatMap(({ id }) => {
        const own = institutions[id]
        return own ? [{ id, ...own }] : []
      })
      const { curve = [] } = (await views.migration(null)) ?? {}
      return { ...snapshot, at, nation, curve, institutions: rows }
    })

    const one = {
      tags,
      summary: 'Cloud migration of one institution: workloads with their proofs, findings, waves',
      params: Type.Object({ institution: Type.String({ pattern: idPattern }) }),
      response: { 200: InstitutionMigrationAnswer, ...problems },
    }
    app.get<{ Params: { institution: string } }>(
      '/api/v1/institutions/:institution/migration',
      { schema: one, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const { institution } = request.params
        const snapshot = newest(views)
        find(snapshot, account, institution)
        // What discovery proposes is there before anybody registers anything.
        const detail = await views.migration(institution)
        if (!detail) throw new AppError('not_found', 'Nothing is known of its migration yet.')
        return { ...snapshot, at: snapshot.migration?.at ?? null, ...detail }
      },
    )
  }
}

/** Throws AppError `not_found`. */
function required({ migration }: Snapshot): SnapshotMigration {
  if (!migration) throw new AppError('not_found', 'No workload is registered yet.')
  return migration
}
