import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import { AppError } from '../error.ts'
import type { InstitutionDetail, InstitutionRow, Snapshot } from '../kpi/snapshot.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import { InstitutionAnswer, InstitutionsAnswer, KpisAnswer, Problem } from './figures.ts'
import { requireAccount } from './session.ts'
import type { Views } from './views.ts'

const tags = ['figures']
const problems = { 401: Problem, 404: Problem, 503: Problem }

/** The figures as JSON: the same snapshot that the board and Prometheus show. */
export function kpiRoutes(views: Views, sessions: Sessions): FastifyPluginAsync {
  return async (app) => {
    const kpis = { tags, summary: 'National figures', response: { 200: KpisAnswer, ...problems } }
    app.get('/api/v1/kpis', { schema: kpis }, async (request) => {
      await requireAccount(request, sessions)
      return newest(views)
    })

    const list = {
      tags,
      summary: 'All institutions you may see',
      response: { 200: InstitutionsAnswer, ...problems },
    }
    app.get('/api/v1/institutions', { schema: list }, async (request) => {
      const account = await requireAccount(request, sessions)
      const snapshot = newest(views)
      return { ...snapshot, institutions: snapshot.institutions.filter(visibleTo(account)) }
    })

    const one = {
      tags,
      summary: 'One institution with its environments, checks and agents',
      params: Type.Object({ institution: Type.String({ pattern: idPattern }) }),
      response: { 200: InstitutionAnswer, ...problems },
    }
    app.get<{ Params: { institution: string } }>(
      '/api/v1/institutions/:institution',
      { schema: one },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const { institution: id } = request.params
        find(newest(views), account, id)
        const { snapshot, checks } = await views.checks(id)
        const row = find(snapshot, account, id)
        const environments = row.environments.map((environment) => {
          return { ...environment, checks: checks.get(environment.id) ?? [] }
        })
        const institution: InstitutionDetail = { ...row, environments }
        return { ...snapshot, institution }
      },
    )
  }
}

function newest(views: Views): Snapshot {
  const snapshot = views.snapshot()
  if (!snapshot) throw new AppError('unavailable', 'The first figures are being computed.')
  return snapshot
}

/** Throws AppError `not_found` for a foreign institution as for one that does not exist. */
function find(snapshot: Snapshot, account: Account, institution: string): InstitutionRow {
  const row = snapshot.institutions.filter(visibleTo(account)).find(({ id }) => id === institution)
  if (!row) throw new AppError('not_found', 'There is no such institution.')
  return row
}

function visibleTo({ role, institution }: Account): (row: InstitutionRow) => boolean {
  return ({ id }) => role !== 'institution' || id === institution
}
