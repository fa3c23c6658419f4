import {
  type EnvironmentDetail,
  type EnvironmentRow,
  type InstitutionRow,
  type Snapshot,
  windowNames,
} from '../kpi/snapshot.ts'
import type { Account, Role } from '../people/accounts.ts'
import { type ListedDeclaration, reviews } from '../people/declarations.ts'
import { decidesDisputes } from '../people/disputes.ts'
import { asksFor } from '../people/environment-acts.ts'
import { decides } from '../people/maintenance.ts'
import { isSecondPerson } from '../people/two-person.ts'
import { registersFor } from '../people/workloads.ts'
import { type Frame, visibleTo } from '../web/frame.ts'
import { checkPage } from '../web/pages/check.ts'
import { cyclesPage } from '../web/pages/cycles.ts'
import { declaredPage, reviewPage } from '../web/pages/declarations.ts'
import { environmentPage } from '../web/pages/environment.ts'
import { institutionPage } from '../web/pages/institution.ts'
import { institutionMigrationPage } from '../web/pages/institution-migration.ts'
import { institutionReadinessPage } from '../web/pages/institution-readiness.ts'
import { lostPage, stretchesShownMax } from '../web/pages/lost.ts'
import { migrationPage } from '../web/pages/migration.ts'
import { nationPage } from '../web/pages/nation.ts'
import { programmePage } from '../web/pages/programme.ts'
import { readinessPage } from '../web/pages/readiness.ts'
import { trendPage } from '../web/pages/trend.ts'
import { everyone } from './access.ts'
import { cyclesView } from './cycle-form.ts'
import {
  importPath,
  roadmapPath,
  showImport,
  showRoadmap,
  showWorkloads,
  workloadsPath,
} from './migration-acts.ts'
import { nationMigrationView } from './migration-view.ts'
import type { PageRoute, Place, Sources } from './page-route.ts'
import { checkedFigures } from './programme-view.ts'
import { trendView } from './trend-view.ts'
import type { Views } from './views.ts'

const institutionPath = '/institutions/:institution'
/** Also where the forms of the page go. */
export const environmentPath = `${institutionPath}/environments/:environment`

/** The page of cycles, and where its forms go. */
export const cyclesPath = '/cycles'

/** The reviewers' queue, and what one institution declares; also where their forms go. */
export const reviewPath = '/declarations'
export const declaredPath = `${institutionPath}${reviewPath}`

/** Who may open each page, and send its form. */
export const pageAccess: Readonly<Record<string, readonly Role[]>> = {
  '': everyone,
  [institutionPath]: everyone,
  '/readiness': everyone,
  [`${institutionPath}/readiness`]: everyone,
  '/migration': everyone,
  [`${institutionPath}/migration`]: everyone,
  [environmentPath]: everyone,
  [`${environmentPath}/lost`]: everyone,
  [`${environmentPath}/checks/:agent/:check`]: everyone,
  [cyclesPath]: everyone,
  '/programme': everyone,
  '/readiness/trend': everyone,
  [`${institutionPath}/readiness/trend`]: everyone,
  [reviewPath]: everyone,
  [declaredPath]: everyone,
  [workloadsPath]: everyone,
  [importPath]: everyone,
  [roadmapPath]: everyone,
  '/*': everyone,
}

/** The pages of the board by their path behind the language. */
export const pages: Readonly<Record<string, PageRoute>> = {
  '': async (frame, snapshot, { inbox }) =>
    nationPage(frame, snapshot, await inbox.waiting(frame.account)),

  [institutionPath]: async (frame, snapshot, _sources, place) => {
    const institution = institutionOf(frame, snapshot, place)
    return institution ? institutionPage(frame, snapshot, institution) : null
  },

  '/readiness': async (frame, snapshot) => readinessPage(frame, snapshot),

  [`${institutionPath}/readiness`]: async (frame, snapshot, { views }, place) => {
    const institution = institutionOf(frame, snapshot, place)
    if (!institution) return null
    const detail = snapshot.readiness ? await views.readiness(institution.id) : null
    return institutionReadinessPage(frame, snapshot, institution, detail)
  },

  '/migration': async (frame, snapshot, { views }) =>
    migrationPage(frame, snapshot, await nationMigrationView(frame, snapshot, views)),

  [`${institutionPath}/migration`]: async (frame, snapshot, { views }, place) => {
    const institution = institutionOf(frame, snapshot, place)
    if (!institution) return null
    const detail = await views.migration(institution.id)
    const mayRegister = registersFor(frame.account, institution.id)
    return institutionMigrationPage(frame, snapshot, institution, { detail, mayRegister })
  },

  [environmentPath]: async (frame, shown, sources, place) => {
    const { views, maintenance, disputes, refused } = sources
    const found = await detailOf(frame, shown, views, place)
    if (!found) return null
    const { snapshot } = found
    const [day, cycle] = await Promise.all(
      [snapshot.windows['24h'], snapshot.windows.cycle].map((window) =>
        views.environmentStrip(found.institution.id, found.environment.id, window),
      ),
    )
    const { account, now } = frame
    const { institution, environment } = place
    return environmentPage(
      frame,
      snapshot,
      found,
      { day: day ?? [], cycle: cycle ?? [] },
      {
        windows: maintenance.list(account, { institution, environment }),
        quota: found.environment.maintenance,
        now,
        mayAsk: asksFor(account, institution),
        mayDecide: (by) => decides(account) && isSecondPerson(account, by),
        refused: refused.maintenance,
      },
      {
        disputes: disputes.list(account, { institution, environment }),
        mayAsk: asksFor(account, institution),
        mayDecide: (by) => decidesDisputes(account) && isSecondPerson(account, by),
        refused: refused.disputes,
      },
    )
  },

  [`${environmentPath}/lost`]: async (frame, shown, { views }, place, query) => {
    const found = environmentOf(frame, shown, place)
    if (!found) return null
    const window = windowNames.find((name) => name === query.window) ?? 'cycle'
    const after = instantOf(query.after)
    const lost = await views.lost(place.institution, place.environment, {
      ...{ window, order: 'newest', after, limit: stretchesShownMax },
    })
    const isFirst = after === null
    return lost && lostPage(frame, shown, { ...found, window, lost, isFirst })
  },

  [`${environmentPath}/checks/:agent/:check`]: async (frame, shown, { views }, place) => {
    const found = await detailOf(frame, shown, views, place)
    const name = `${place.agent}/${place.check}`
    const check = found?.environment.checks.find((each) => each.check === name)
    if (!found || !check) return null
    const { snapshot } = found
    const [day, cycle] = await Promise.all(
      [snapshot.windows['24h'], snapshot.windows.cycle].map((window) =>
        views.checkStrip(found.institution.id, found.environment.id, name, window),
      ),
    )
    return checkPage(frame, snapshot, { ...found, check }, { day: day ?? [], cycle: cycle ?? [] })
  },

  [cyclesPath]: async (frame, snapshot, { cycles, refusedCycle }) => {
    if (!cycles) return null
    return cyclesPage(frame, snapshot, await cyclesView(cycles, frame.account, refusedCycle))
  },

  '/programme': async (frame, snapshot, { published }) =>
    published && programmePage(frame, snapshot, checkedFigures(published.official.programme())),

  '/readiness/trend': async (frame, snapshot, { published }) =>
    published &&
    trendPage(frame, snapshot, null, await trendView(published, null, snapshot.timezone)),

  [`${institutionPath}/readiness/trend`]: async (frame, snapshot, { published }, place) => {
    const institution = institutionOf(frame, snapshot, place)
    if (!published || !institution) return null
    return trendPage(
      frame,
      snapshot,
      institution,
      await trendView(published, institution.id, snapshot.timezone),
    )
  },

  [reviewPath]: async (frame, snapshot, sources) => {
    return reviewPage(frame, snapshot, declarationsView(frame.account, sources, null))
  },

  [declaredPath]: async (frame, snapshot, sources, place) => {
    const owner = institutionOf(frame, snapshot, place)
    if (!owner) return null
    return declaredPage(frame, snapshot, owner, declarationsView(frame.account, sources, owner.id))
  },

  [workloadsPath]: async (frame, snapshot, sources, place, query) => {
    const owner = institutionOf(frame, snapshot, place)
    return owner ? showWorkloads(frame, snapshot, sources, owner, query) : null
  },

  [importPath]: async (frame, snapshot, sources, place) => {
    const owner = institutionOf(frame, snapshot, place)
    return owner ? showImport(frame, snapshot, sources, owner) : null
  },

  [roadmapPath]: async (frame, snapshot, sources, place, query) => {
    const owner = institutionOf(frame, snapshot, place)
    return owner ? showRoadmap(frame, snapshot, sources, owner, query) : null
  },

  '/*': async () => null,
}

/** What an account sees of one institution's declarations, or of all. */
function declarationsView(
  account: Account,
  { declarations, refusedDeclaration: refused }: Sources,
  institution: string | null,
) {
  return {
    declarations: declarations.list(account, institution === null ? {} : { institution }),
    offered: declarations.offered(),
    mayAsk: institution !== null && asksFor(account, institution),
    mayReview: (each: ListedDeclaration) => reviews(account, each),
    ...{ account, refused },
  }
}

/** An instant as the links of a page write it; null for anything else. */
function instantOf(text: unknown): number | null {
  return typeof text === 'string' && /^[0-9]{1,16}$/.test(text) ? Number(text) : null
}

function institutionOf(frame: Frame, snapshot: Snapshot, place: Place) {
  return visibleTo(frame.account, snapshot).find(({ id }) => id === place.institution)
}

function environmentOf(
  frame: Frame,
  snapshot: Snapshot,
  place: Place,
): { institution: InstitutionRow; environment: EnvironmentRow } | null {
  const institution = institutionOf(frame, snapshot, place)
  const environment = institution?.environments.find(({ id }) => id === place.environment)
  return institution && environment ? { institution, environment } : null
}

/** An environment with its checks, by the snapshot they belong to: the one shown or a newer one. */
async function detailOf(
  frame: Frame,
  shown: Snapshot,
  views: Views,
  place: Place,
): Promise<{
  snapshot: Snapshot
  institution: InstitutionRow
  environment: EnvironmentDetail
} | null> {
  if (!environmentOf(frame, shown, place)) return null
  const { snapshot, checks } = await views.checks(place.institution, place.environment)
  const found = environmentOf(frame, snapshot, place)
  if (!found) return null
  const { institution, environment } = found
  const own = checks.get(environment.id) ?? []
  return { snapshot, institution, environment: { ...environment, checks: own } }
}
