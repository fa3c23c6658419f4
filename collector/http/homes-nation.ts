import type { ExportJobs } from '../exports/export-jobs.ts'
import {
  auditorHome,
  evaluatorHome,
  type HomeView,
  ministryHome,
} from '../web/pages/home-nation.ts'
import type { PageRoute } from './page-route.ts'
import type { Home, Homes } from './pages-home.ts'

/** Cycles on a home; the page of cycles has the rest. */
const cyclesShownMax = 4

/** The homes of those who see the whole nation. */
export function nationHomes(jobs: Pick<ExportJobs, 'list'>): Homes {
  const of = (
    page: (
      frame: Parameters<PageRoute>[0],
      snapshot: Parameters<PageRoute>[1],
      view: HomeView,
    ) => string,
  ): Home => ({
    page: async (frame, snapshot, { inbox, cycles, disputes }) => {
      const { account } = frame
      const [waiting, all] = await Promise.all([inbox.waiting(account), cycles?.list() ?? []])
      return page(frame, snapshot, {
        waiting,
        cycles: all.slice(0, cyclesShownMax),
        disputes: disputes.list(account, { state: 'open' }),
        exports: jobs.list(account),
      })
    },
  })
  const ministry = of(ministryHome)
  return { admin: ministry, ministry, evaluator: of(evaluatorHome), auditor: of(auditorHome) }
}
