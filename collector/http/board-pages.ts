import type {
  EnvironmentDetail,
  EnvironmentRow,
  InstitutionRow,
  Snapshot,
} from '../kpi/snapshot.ts'
import { type Frame, visibleTo } from '../web/frame.ts'
import { checkPage } from '../web/pages/check.ts'
import { environmentPage } from '../web/pages/environment.ts'
import { institutionPage } from '../web/pages/institution.ts'
import { nationPage } from '../web/pages/nation.ts'
import type { Views } from './views.ts'

type Place = { institution: string; environment: string; agent: string; check: string }

/** Makes a page; null when there is nothing at the address, or nothing this account may see. */
type PageRoute = (
  frame: Frame,
  snapshot: Snapshot,
  views: Views,
  place: Place,
) => Promise<string | null>

const institutionPath = '/institutions/:institution'
const environmentPath = `${institutionPath}/environments/:environment`

/** The pages of the board by their path behind the language. */
export const pages: Readonly<Record<string, PageRoute>> = {
  '': async (frame, snapshot) => nationPage(frame, snapshot),

  [institutionPath]: async (frame, snapshot, _views, place) => {
    const institution = institutionOf(frame, snapshot, place)
    return institution ? institutionPage(frame, snapshot, institution) : null
  },

  [environmentPath]: async (frame, shown, views, place) => {
    const found = await detailOf(frame, shown, views, place)
    if (!found) return null
    const { snapshot } = found
    const [day, cycle] = await Promise.all(
      [snapshot.windows['24h'], snapshot.windows.cycle].map((window) =>
        views.environmentStrip(found.institution.id, found.environment.id, window),
      ),
    )
    return environmentPage(frame, snapshot, found, { day: day ?? [], cycle: cycle ?? [] })
  },

  [`${environmentPath}/checks/:agent/:check`]: async (frame, shown, views, place) => {
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

  '/*': async () => null,
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
