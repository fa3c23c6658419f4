import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import type { Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { InstitutionDetail, InstitutionRow, Snapshot } from '../kpi/snapshot.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import { sees } from '../people/permissions.ts'
import { everyone } from './access.ts'
import {
  CheckSumsAnswer,
  CheckSumsQuery,
  InstitutionAnswer,
  InstitutionsAnswer,
  KpisAnswer,
  Problem,
} from './figures.ts'
import { requireAccount } from './session.ts'
import type { Views } from './views.ts'

const tags = ['figures']
const problems = { 401: Problem, 404: Problem, 503: Problem }

/** The figures as JSON: the same snapshot that the board and Prometheus show. */
export function kpiRoutes(views: Views, sessions: Sessions): FastifyPluginAsync {
  return async (app) => {
    const kpis = { tags, summary: 'National figures', response: { 200: KpisAnswer, ...problems } }
    app.get('/api/v1/kpis', { schema: kpis, config: { access: everyone } }, async (request) => {
      await requireAccount(request, sessions)
      return newest(views)
    })

    const list = {
      tags,
      summary: 'All institutions you may see',
      response: { 200: InstitutionsAnswer, ...problems },
    }
    app.get(
      '/api/v1/institutions',
      { schema: list, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const snapshot = newest(views)
        return { ...snapshot, institutions: snapshot.institutions.filter(visibleTo(account)) }
      },
    )

    const one = {
      tags,
      summary: 'One institution with its environments, checks and agents',
      params: Type.Object({ institution: Type.String({ pattern: idPattern }) }),
      response: { 200: InstitutionAnswer, ...problems },
    }
    app.get<{ Params: { institution: string } }>(
      '/api/v1/institutions/:institution',
      { schema: one, config: { access: everyone } },
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
    checkSumRoutes(app, views, sessions)
  }
}

type Place = { institution: string; environment?: string }

/** Time of checks inside any window. */
function checkSumRoutes(app: FastifyInstance, views: Views, sessions: Sessions): void {
  const institution = Type.String({ pattern: idPattern })
  const paths = {
    '': { institution },
    '/environments/:environment': { institution, environment: institution },
  }
  for (const [path, params] of Object.entries(paths)) {
    const schema = {
      tags,
      summary: 'Time by state of every check inside a window',
      params: Type.Object(params),
      querystring: CheckSumsQuery,
      response: { 200: CheckSumsAnswer, 400: Problem, ...problems },
    }
    app.get<{ Params: Place; Querystring: { from: string; to: string } }>(
      `/api/v1/institutions/:institution${path}/checks/sums`,
      { schema, config: { access: everyone } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const { institution: id, environment } = request.params
        const snapshot = newest(views)
        const { environments } = find(snapshot, account, id)
        if (environment !== undefined && !environments.some((each) => each.id === environment)) {
          throw new AppError('not_found', 'There is no such environment.')
        }
        const { from, to } = request.query
        const window = windowOf({ from: Number(from), to: Number(to) }, snapshot)
        const sums = await views.checkSums(id, environment ?? null, window)
        return { ...window, environments: sums }
      },
    )
  }
}

/** The part of a window that evidence can have come from. Throws AppError `invalid`. */
function windowOf({ from, to }: Span, { asOf }: Snapshot): Span {
  const window = { from, to: Math.min(to, asOf) }
  if (from >= to) throw new AppError('invalid', 'The window must begin before it ends.')
  if (from >= asOf) throw new AppError('invalid', 'The window must begin before the figures end.')
  return window
}

/** The newest snapshot. Throws AppError `unavailable` before the first. */
export function newest(views: Views): Snapshot {
  const snapshot = views.snapshot()
  if (!snapshot) throw new AppError('unavailable', 'The first figures are being computed.')
  return snapshot
}

/** Throws AppError `not_found` for a foreign institution as for one that does not exist. */
export function find(snapshot: Snapshot, account: Account, institution: string): InstitutionRow {
  const row = snapshot.institutions.filter(visibleTo(account)).find(({ id }) => id === institution)
  if (!row) throw new AppError('not_found', 'There is no such institution.')
  return row
}

/** Whether an account may see an institution: one of an institution sees its own. */
export function visibleTo(account: Account): (row: InstitutionRow) => boolean {
  return ({ id }) => sees(account, id)
}
