import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import { AppError } from '../error.ts'
import type { SnapshotReadiness } from '../kpi/readiness/result.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import type { Sessions } from '../people/accounts.ts'
import { readinessTexts } from '../web/texts/readiness.ts'
import { everyone } from './access.ts'
import { Problem } from './figures.ts'
import { find, newest, visibleTo } from './kpis.ts'
import { InstitutionReadinessAnswer, ReadinessAnswer } from './readiness-shapes.ts'
import { requireAccount } from './session.ts'
import type { Views } from './views.ts'

const tags = ['readiness']
const problems = { 401: Problem, 404: Problem, 503: Problem }

/** What every index and level is told under. */
const title = readinessTexts.automatic

/** Readiness and the enabled share as JSON, from the snapshot that the board shows. */
export function readinessRoutes(views: Views, sessions: Sessions): FastifyPluginAsync {
  return async (app) => {
    const all = {
      tags,
      summary: 'Readiness and enabled share of the nation and of all institutions you may see',
      response: { 200: ReadinessAnswer, ...problems },
    }
    app.get('/api/v1/readiness', { schema: all, config: { access: everyone } }, async (request) => {
      const account = await requireAccount(request, sessions)
      const snapshot = newest(views)
      const { model, nation, institutions } = required(snapshot)
      const rows = snapshot.institutions.filter(visibleTo(account)).flatMap(({ id }) => {
        const own = institutions[id]
        return own ? [{ id, ...own }] : []
      })
      return { ...snapshot, title, model, nation, institutions: rows }
    })

    const one = {
      tags,
      summary: 'Readiness of one institution: indicators with what they rest on, advice, findings',
      params: Type.Object({ institution: Type.String({ pattern: idPattern }) }),
      response: { 200: InstitutionReadinessAnswer, ...problems },
    }
    app.get<{ Params: { institution: string } }>(
      '/api/v1/institutions/:institution/readiness',
      { schema: one, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const { institution } = request.params
        const snapshot = newest(views)
        find(snapshot, account, institution)
        const { model } = required(snapshot)
        const detail = await views.readiness(institution)
        if (!detail) throw new AppError('not_found', 'Nothing is known of its readiness yet.')
        return { ...snapshot, title, model, ...detail }
      },
    )
  }
}

/** Throws AppError `not_found`. */
function required({ readiness }: Snapshot): SnapshotReadiness {
  if (!readiness) throw new AppError('not_found', 'There is no readiness model yet.')
  return readiness
}
