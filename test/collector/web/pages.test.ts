import { describe, expect, test } from 'vitest'
import type { InstitutionDetail, Snapshot } from '../../../collector/kpi/snapshot.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import type { ListedDispute } from '../../../collector/people/disputes.ts'
import type { ListedWindow } from '../../../collector/people/maintenance.ts'
import { type Language, languages } from '../../../collector/web/language.ts'
import { checkPage } from '../../../collector/web/pages/check.ts'
import { declaredPage, reviewPage } from '../../../collector/web/pages/declarations.ts'
import { environmentPage } from '../../../collector/web/pages/environment.ts'
import { institutionPage } from '../../../collector/web/pages/institution.ts'
import { messagePage, waitingPage } from '../../../collector/web/pages/message.ts'
import { nationPage } from '../../../collector/web/pages/nation.ts'
import { readinessPage } from '../../../collector/web/pages/readiness.ts'
import { hourMs } from '../../../protocol/time.ts'
import { accountPages, signInPages } from '../../support/sample-accounts.ts'
import { declarationsViewOf } from '../../support/sample-declarations.ts'
import { noDisputes } from '../../support/sample-disputes.ts'
import { asOf } from '../../support/sample-figures.ts'
import { nothingLost } from '../../support/sample-lost.ts'
import {
  checkText,
  environmentText,
  frame,
  institution,
  lostText,
  noMaintenance,
  readinessText,
  reads,
  strips,
} from '../../support/sample-pages.ts'
import {
  draftSnapshot,
  emptySnapshot,
  perfectDetail,
  readySnapshot,
  settingUpDetail,
} from '../../support/sample-readiness.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'

const declarationsView = await declarationsViewOf()

const all = (language: Language): [string, string][] => [
  ['nation', nationPage(frame(language), sampleSnapshot)],
  ['institution', institutionPage(frame(language), sampleSnapshot, institution)],
  ['environment', environmentText(language, 'portal')],
  ['not assessed', environmentText(language, 'ministry-link')],
  ['no value', environmentText(language, 'future')],
  ['lost time', lostText(language)],
  ['no lost time', lostText(language, nothingLost)],
  ['check', checkText(language, 'web-1/payment')],
  ['nation with readiness', nationPage(frame(language), readySnapshot)],
  ['institution with a draft', institutionPage(frame(language), draftSnapshot, institution)],
  ['readiness', readinessPage(frame(language), readySnapshot)],
  ['readiness of nobody', readinessPage(frame(language), emptySnapshot)],
  ['readiness without a model', readinessPage(frame(language), sampleSnapshot)],
  ['readiness of one', readinessText(language)],
  ['readiness being set up', readinessText(language, settingUpDetail, draftSnapshot)],
  ['nothing to do', readinessText(language, perfectDetail)],
  ['no readiness yet', readinessText(language, null)],
  ['declared', declaredPage(frame(language), sampleSnapshot, institution, declarationsView)],
  ['review', reviewPage(frame(language), sampleSnapshot, declarationsView)],
  ...Object.entries(signInPages(language)),
  ...Object.entries(accountPages(language)),
  ['waiting', waitingPage(frame(language))],
  ['not found', messagePage(frame(language), 'not_found')],
]

describe.each(languages)('every page in %s', (language) => {
  test.each(all(language))('%s is a sound document', (_name, page) => {
    const direction = language === 'ar' ? 'rtl' : 'ltr'
    expect(page).toContain(`<html lang="${language}" dir="${direction}">`)
    expect(page.match(/<h1>/g)).toHaveLength(1)
    expect(page.match(/<main /g)).toHaveLength(1)
    expect(page).not.toMatch(/undefined|NaN|\[object|Infinity/)
    expect(page).not.toMatch(/\sstyle=|\son\w+=|javascript:|https?:/)
    expect(page.replace(/<script type="module" src="[^"]+"><\/script>/, '')).not.toContain(
      '<script',
    )
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, id] of page.matchAll(/aria-labelledby="([^"]+)"/g)) expect(ids).toContain(id)
    expect(page.match(/&lt;(bdi|span|small|a) /)).toBeNull()
  })

  test.each(all(language))('%s keeps its place when the language is changed', (_name, page) => {
    const other = language === 'ar' ? 'en' : 'ar'
    expect(page).toContain(`href="/${other}/somewhere"`)
  })
})

describe('the nation', () => {
  const page = reads(nationPage(frame('en'), sampleSnapshot))

  test('says who reports before any figure, and the proven low before the rest', () => {
    const order = ['49 of 55', '94.64%', 'Proven low', 'Target: 95% or more', '98.02%', '98.09%']
    const positions = order.map((words) => page.indexOf(words))
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect(positions).not.toContain(-1)
  })

  test('says why the verdict is undetermined', () => {
    expect(page).toContain('Undetermined: coverage is 96.55%')
    expect(page).toContain('the share may be anywhere from 94.64% to 98.09%.')
    expect(page).toContain('No evidence in this period from 6 institutions.')
    expect(reads(nationPage(frame('ar'), sampleSnapshot))).toContain(
      'لا شواهد قياس في هذه المدة من 6 مؤسسات.',
    )
  })

  test('says how old it is and in which zone', () => {
    expect(page).toContain('Figures as of 20 Jan 2027, 13:46')
    expect(page).toContain('Gulf Standard Time (GMT+4)')
    expect(page).toContain('Updated 01:46:00')
  })

  test('lists who is late, longest first, each once', () => {
    const late = page.slice(
      page.indexOf('Institutions not reporting'),
      page.indexOf('Silent agents'),
    )
    expect(late).toMatch(
      /Department of Ports Never heard.*Harbour Governorate 18 Jan, 11:46 2 days/,
    )
    const silent = page.slice(page.indexOf('Silent agents'), page.indexOf('Lowest proven share'))
    expect(silent).toContain('web-2 20 Jan, 12:16 1 hour ago')
    expect(silent).not.toContain('Ports')
  })

  test('is marked when its data is simulated, and not else', () => {
    expect(page).toContain('SIMULATED')
    expect(reads(nationPage(frame('en'), { ...sampleSnapshot, simulated: false }))).not.toContain(
      'SIMULATED',
    )
  })

  test('orders institutions by proven low and says what keeps one from a verdict', () => {
    const table = page.slice(page.indexOf('Lowest proven share first'))
    const lows = ['0.00%', '91.80%', '92.68%', '94.65%', '98.30%', '99.70%']
    const positions = lows.map((low) => table.indexOf(low))
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect(table).toContain('Not a target institution')
  })

  test('says what each hosting provider reaches, lowest first, and who has none named', () => {
    const table = page.slice(page.indexOf('Continuity by hosting provider'))
    expect(table).toMatch(/Own data centre 33 21 92.73%.*data-park 61 40 96.94%/)
    expect(table).toMatch(/Environments whose provider the register does not name: \d+/)
    const none = { ...sampleSnapshot, nation: { ...sampleSnapshot.nation, byProvider: [] } }
    expect(reads(nationPage(frame('en'), none))).not.toContain('Continuity by hosting provider')
  })

  test('shows an institution only its own row and its own agents', () => {
    const account: Account = { id: 'a', role: 'institution', institution: institution.id }
    const own = nationPage(frame('en', account), sampleSnapshot)
    expect(own).toContain(`/en/institutions/${institution.id}"`)
    expect(own).toContain('web-2')
    for (const other of sampleSnapshot.institutions.slice(1)) {
      expect(own).not.toContain(other.name.en)
      expect(own).not.toContain(`/${other.id}"`)
    }
  })

  test('stands without any institution', () => {
    const none: Snapshot = { ...sampleSnapshot, institutions: [] }
    expect(reads(nationPage(frame('en'), none))).toContain('The register holds no institution yet.')
    expect(reads(nationPage(frame('en'), none))).toContain('No agent is enrolled yet.')
  })
})

describe('being set up', () => {
  const notMet = sampleSnapshot.institutions.find(
    ({ continuity }) => continuity.cycle.verdict === 'not_met',
  ) as InstitutionDetail
  const own = { ...notMet, stage: 'being_set_up', environments: [] } as const

  test('stands in place of a red verdict', () => {
    const page = institutionPage(frame('ar'), sampleSnapshot, own)
    expect(page).toContain('قيد التهيئة')
    expect(page).not.toContain('class="chip bad"')
    expect(institutionPage(frame('ar'), sampleSnapshot, { ...own, stage: 'measured' })).toContain(
      'class="chip bad"',
    )
  })

  test('is counted as such, never as not met', () => {
    const { nation } = sampleSnapshot
    const verdicts = { met: 0, not_met: 0, undetermined: 0, being_set_up: 1, no_value: 0 }
    const cycle = { ...nation.continuity.cycle, verdicts }
    const alone = { ...nation, continuity: { ...nation.continuity, cycle } }
    const page = reads(nationPage(frame('en'), { ...sampleSnapshot, nation: alone }))
    expect(page).toContain('Met 0 Not met 0 Being set up 1')
  })
})

test('names are text and nothing else', () => {
  const hostile = '"><img src=x onerror=alert(1)>\u202e'
  const names = { ar: hostile, en: hostile }
  const row: InstitutionDetail = {
    ...institution,
    name: names,
    sector: hostile,
    reporting: false,
    environments: institution.environments.map((each) => ({
      ...each,
      name: names,
      site: hostile,
      provider: hostile,
      missing: [hostile],
      assessed: false,
      checks: each.checks.map((every) => ({ ...every, label: hostile })),
      agents: each.agents.map((every) => ({ ...every, name: hostile, version: hostile })),
    })),
  }
  const snapshot: Snapshot = { ...sampleSnapshot, institutions: [row], engine: hostile }
  const portal = row.environments[0]
  const payment = portal?.checks[0]
  if (!portal || !payment) throw new Error('The sample has no portal.')
  const pages = [
    nationPage(frame('en', { id: hostile, role: 'ministry' }), snapshot),
    institutionPage(frame('ar'), snapshot, row),
    environmentPage(
      frame('ar'),
      snapshot,
      { institution: row, environment: portal },
      strips,
      { ...noMaintenance, windows: [hostileWindow(hostile)] },
      { ...noDisputes, mayDecide: () => true, disputes: [hostileDispute(hostile)] },
    ),
    checkPage(
      frame('en'),
      snapshot,
      { institution: row, environment: portal, check: payment },
      strips,
    ),
  ]
  for (const page of pages) {
    expect(page).not.toContain('<img')
    expect(page).toContain('&lt;img')
  }
})

/** A dispute whose every text is somebody's. */
function hostileDispute(text: string): ListedDispute {
  const window = hostileWindow(text)
  return {
    ...window,
    ...{ claim: { state: 'up', cause: null }, evidenceSha256: text, state: 'open', now: null },
    decision: { ...window.decision!, granted: null, before: null },
  }
}

/** A window whose every text is somebody's. */
function hostileWindow(text: string): ListedWindow {
  const decision = { is: 'approved', by: text, role: 'ministry', at: asOf, why: text } as const
  return {
    ...{ id: 'm-1', institution: text, environment: text, from: asOf, to: asOf + hourMs },
    ...{ why: text, requestedBy: text, requestedAt: asOf, decision, withdrawnAt: null },
    state: 'under_way',
  }
}

test('the page before the first figures loads itself again', () => {
  expect(waitingPage(frame('ar'))).toContain('<meta http-equiv="refresh" content="3">')
  expect(waitingPage(frame('ar'))).toContain('الأرقام الأولى بعد لحظات')
})
