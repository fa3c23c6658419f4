import type { LostAnswer } from '../../collector/http/views.ts'
import type { ReadinessDetail } from '../../collector/kpi/readiness/result.ts'
import type { InstitutionDetail, Snapshot } from '../../collector/kpi/snapshot.ts'
import type { Account } from '../../collector/people/accounts.ts'
import { writerOf } from '../../collector/web/format.ts'
import type { Frame } from '../../collector/web/frame.ts'
import type { Language } from '../../collector/web/language.ts'
import { checkPage } from '../../collector/web/pages/check.ts'
import { environmentPage } from '../../collector/web/pages/environment.ts'
import { institutionReadinessPage } from '../../collector/web/pages/institution-readiness.ts'
import { type LostView, lostPage } from '../../collector/web/pages/lost.ts'
import type { MaintenanceView } from '../../collector/web/parts/maintenance.ts'
import { dayMs, hourMs } from '../../protocol/time.ts'
import { noDisputes } from './sample-disputes.ts'
import { asOf } from './sample-figures.ts'
import { sampleLost } from './sample-lost.ts'
import { readySnapshot, sampleDetail } from './sample-readiness.ts'
import { sampleSnapshot } from './sample-snapshot.ts'
import { sampleStrip } from './sample-views.ts'

const ministry: Account = { id: 'ministry-1', role: 'ministry' }

/** What surrounds a page, for somebody of the ministry unless said otherwise. */
export const frame = (language: Language, account: Account | null = ministry): Frame => ({
  ...writerOf(language, 'Asia/Muscat'),
  account,
  path: '/somewhere',
  now: asOf + 12 * hourMs,
  assets: {
    style: '/assets/style.css',
    script: '/assets/script.js',
    icon: '/assets/icon.svg',
    fonts: { ar: '/assets/ar.woff2', latin: '/assets/latin.woff2' },
  },
})

/** Text as it is read out: no markup, no marks of direction, one space. */
export function reads(page: string): string {
  return page
    .replaceAll(/<span class="head".*?<\/span>|<[^>]*>/g, ' ')
    .replaceAll(/[\u2066-\u2069]/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[:.،,;])/g, '')
}

/** What happened to any environment or check of the sample. */
export const strips = {
  day: sampleStrip({ from: asOf - dayMs, to: asOf }),
  cycle: sampleStrip(sampleSnapshot.windows.cycle),
}

/** The institution with every kind of trouble. */
export const [institution] = sampleSnapshot.institutions as [
  InstitutionDetail,
  ...InstitutionDetail[],
]
export const environmentOf = (id: string) => {
  const environment = institution.environments.find((each) => each.id === id)
  if (!environment) throw new Error(`The sample has no environment ${id}.`)
  return environment
}

/** Nothing was ever asked for, and nobody may. */
export const noMaintenance: MaintenanceView = {
  windows: [],
  quota: { usedMs: 0, quotaMs: dayMs, noticeMs: 2 * dayMs },
  ...{ now: asOf, mayAsk: false, mayDecide: () => false, refused: null },
}

/** The page of one of its environments. */
export const environmentText = (language: Language, id: string) =>
  environmentPage(
    frame(language),
    sampleSnapshot,
    { institution, environment: environmentOf(id) },
    strips,
    noMaintenance,
    noDisputes,
  )

/** The page of one of its portal's checks. */
export const checkText = (language: Language, name: string) => {
  const portal = environmentOf('portal')
  const row = portal.checks.find((each) => each.check === name)
  if (!row) throw new Error(`The sample has no check ${name}.`)
  return checkPage(
    frame(language),
    sampleSnapshot,
    { institution, environment: portal, check: row },
    strips,
  )
}

/** Its readiness, or whatever else is given. */
export const readinessText = (
  language: Language,
  detail: ReadinessDetail | null = sampleDetail,
  snapshot: Snapshot = readySnapshot,
) => institutionReadinessPage(frame(language), snapshot, institution, detail)

/** Where the time of its portal went, or whatever else is given. */
export const lostText = (
  language: Language,
  lost: LostAnswer = sampleLost,
  more: Partial<LostView> = {},
) => {
  const view = { institution, environment: environmentOf('portal'), lost, isFirst: true }
  return lostPage(frame(language), sampleSnapshot, { ...view, window: 'cycle', ...more })
}
