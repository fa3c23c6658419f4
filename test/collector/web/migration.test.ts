import { describe, expect, test } from 'vitest'
import { nationMigrationView } from '../../../collector/http/migration-view.ts'
import {
  type Forecast,
  type MigrationDetail,
  migrationFindingKinds,
  proofNames,
  type Schedule,
  workloadStates,
} from '../../../collector/kpi/migration/result.ts'
import { strategies } from '../../../collector/kpi/migration/workload.ts'
import type { Snapshot } from '../../../collector/kpi/snapshot.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { html } from '../../../collector/web/html.ts'
import { type Language, languages } from '../../../collector/web/language.ts'
import { institutionPage } from '../../../collector/web/pages/institution.ts'
import { institutionMigrationPage } from '../../../collector/web/pages/institution-migration.ts'
import { migrationPage } from '../../../collector/web/pages/migration.ts'
import { nationPage } from '../../../collector/web/pages/nation.ts'
import { curveCard } from '../../../collector/web/parts/migration-curve.ts'
import { told } from '../../../collector/web/parts/migration-lists.ts'
import { planCard, planChip } from '../../../collector/web/parts/migration-progress.ts'
import {
  complianceReasonTexts,
  complianceTexts,
  migrationFindingTexts,
  moveReadinessTexts,
  proofStatusTexts,
  proofTexts,
  strategyTexts,
  waveStatusTexts,
  workloadStateTexts,
} from '../../../collector/web/texts/migration-words.ts'
import {
  migrationAt,
  migrationFigures,
  movingSnapshot,
  nationMigrationDetail,
  sampleMigrationDetail,
} from '../../support/sample-migration.ts'
import { frame, institution, reads } from '../../support/sample-pages.ts'
import { readySnapshot } from '../../support/sample-readiness.ts'
import { sampleViews } from '../../support/sample-views.ts'

const own = (
  language: Language,
  detail: MigrationDetail | null = sampleMigrationDetail,
  snapshot: Snapshot = movingSnapshot,
  mayRegister = false,
) => institutionMigrationPage(frame(language), snapshot, institution, { detail, mayRegister })

const rows = sampleMigrationDetail.rows.map((row) => ({ institution, row }))
const nation = (language: Language, snapshot: Snapshot = movingSnapshot) =>
  migrationPage(frame(language), snapshot, { ...nationMigrationDetail, rows })

/** That these words stand on the page in this order. */
function inOrder(page: string, words: readonly string[]): void {
  let from = 0
  for (const word of words) {
    const at = page.indexOf(word, from)
    expect(at, `${word} after ${from}`).toBeGreaterThanOrEqual(0)
    from = at + word.length
  }
}

describe('the migration of an institution', () => {
  const page = reads(own('en'))

  test('says first what is done, then the plan, what does not agree, and every workload', () => {
    inOrder(page, [
      ...['22.22%', 'Done, proven', 'Behind the plan', 'Planned by now', '62.50%'],
      ...['Earned by stages', '43.59%', '48.21%', 'Evidence up to the start of 20 Jan 2027.'],
      ...['Roadmap and forecast', 'Expected to finish: 12 Sept 2030', 'Not before 1 Aug 2028'],
      ...['Plan begins', '1 Jan 2026', 'Planned finish', '1 Jul 2027', '4.0 of 12.6', '0.31'],
      ...['Hosting-policy compliance', '42.85%', 'possible 78.58%', 'Compliant 6', 'Breach 3'],
      ...['Registered against measured 10', 'Late workloads 2', 'Blocked workloads 1'],
      ...['Plan, actual and forecast', 'Workloads by state', 'Workloads 11', 'Waves'],
      ...['Measured, not registered yet', 'Baselines of the roadmap'],
    ])
  })

  test.each(languages)('has words for all that can be said of a workload: %s', (language) => {
    const all = reads(own(language))
    const known = [
      ...workloadStates.map((state) => workloadStateTexts[state]),
      ...strategies.map((strategy) => strategyTexts[strategy]),
      ...migrationFindingKinds.map((kind) => migrationFindingTexts[kind]),
      ...proofNames.map((name) => proofTexts[name].name),
      ...[proofStatusTexts, complianceTexts, complianceReasonTexts].flatMap(Object.values),
      ...[moveReadinessTexts, waveStatusTexts].flatMap(Object.values),
    ]
    for (const text of known) expect(all).toContain(text[language])
  })

  test('says of each proof what is missing, how many days, and on which hosts', () => {
    const table = page.slice(page.indexOf('Workloads 11'))
    inOrder(table, [
      ...['Web site', 'no owner registered', 'Cut over', 'Late', 'planned: 31 Dec 2026'],
      ...['roadmap: 30 Nov 2026', 'cut over: 28 Dec 2026', '1 of 5 proven', 'Seen in the target'],
      ...['Not proven yet', 'Days: 12 of 30.', 'Old host silent', 'Fails'],
      ...['Measured: aws / eu-central-1.', 'Hosts: web-2, records-1.', 'Continuity kept'],
      ...['Electronic services portal', 'Validated by measurement', '5 of 5 proven'],
      ...['Fax server', 'Retired', '1 of 1 proven', 'Station control', 'exempt until 20 Apr 2027'],
    ])
    expect(table).toContain('known data: 4 of 5 operating system out of support ( records-1 )')
  })

  test('puts who waits first: the longest first, with why and who answers for it', () => {
    inOrder(page.slice(page.indexOf('Late workloads')), [
      ...['Records system', 'owner: دائرة تقنية المعلومات', 'due 30 Sept 2026'],
      ...['Web site', 'no owner registered', 'due 30 Nov 2026'],
      ...['Blocked workloads', 'since 11 Oct 2026', 'لم يُوقَّع عقد الاستضافة بعد'],
    ])
  })

  test('names both sides of a finding, a state by its word, the oldest first', () => {
    const table = page.slice(page.indexOf('Registered against measured'))
    inOrder(table, [
      ...['A hosting environment that no workload names', 'Records system', 'national', 'aws'],
      ...['31 Oct 2026', '81 days ago', 'Continuity fell after the move', 'gone-environment'],
      ...['Registered as moved, measured where it was', 'Mail', 'Cut over', 'vmware'],
    ])
  })

  test('leads to the forms those who may use them, and to the roadmap everybody', () => {
    const forms = ['workloads', 'import']
    const at = (act: string) => `href="/en/institutions/${institution.id}/migration/${act}"`
    for (const act of forms) expect(own('en')).not.toContain(at(act))
    expect(own('en')).toContain(at('roadmap'))
    const owner = own('en', sampleMigrationDetail, movingSnapshot, true)
    for (const act of [...forms, 'roadmap']) expect(owner).toContain(at(act))
    const form = `href="/en/institutions/${institution.id}/migration/workloads`
    expect(owner).toContain(`${form}?workload=permits#workload"`)
    expect(owner).toContain(`${form}?environment=archive#workload"`)
    expect(own('en')).not.toContain(form)
  })

  test.each(languages)('without a workload says how to begin: %s', (language) => {
    const words = {
      ar: ['لم تُسجل المؤسسة نظامًا للنقل بعد', 'تُعتمد خارطة الطريق', 'خارطة الطريق والإعفاءات'],
      en: ['has registered no workload yet', 'The roadmap is approved', 'Roadmap and exemptions'],
    }
    inOrder(reads(own(language, null, readySnapshot)), words[language])
  })

  test('without a workload shows what was discovered', () => {
    const detail = { ...sampleMigrationDetail, rows: [] }
    const text = reads(own('en', detail, readySnapshot, true))
    inOrder(text, ['How to begin', 'Measured, not registered yet', 'aws / me-south-1 / kvm'])
    expect(text).toContain('On own premises: to be moved')
  })

  test('says so when the figures are there and the details are not', () => {
    expect(reads(own('en', null))).toContain('The details are not computed yet')
  })

  test('cuts every list at its limit and says how much is left out', () => {
    const many = <T>(one: T | undefined, n: number): T[] => Array.from({ length: n }, () => one!)
    const { rows, findings, discovered, waves } = sampleMigrationDetail
    const late = rows.find(({ isLate }) => isLate)
    const detail = {
      ...sampleMigrationDetail,
      ...{ rows: many(late, 207), findings: many(findings[0], 103) },
      ...{ discovered: many(discovered[0], 102), waves: many(waves[0], 201) },
    }
    const text = reads(own('en', detail))
    const cut = [...text.matchAll(/Not shown: (\d+)/g)].map(([, n]) => n)
    expect(cut).toEqual(['3', '195', '7', '1', '2'])
  })
})

describe('the migration of the nation', () => {
  const page = reads(nation('en'))

  test('says what is done, planned and expected, and of whom nothing is known', () => {
    inOrder(page, [
      ...['Cloud migration', '31.40%', 'Behind the plan', '62.50%', '20 workloads, weight 40'],
      ...['Without any workload: 18 of 56 institutions; without a roadmap: 7.'],
      ...['Expected to finish: 12 Sept 2030', 'Between 1 Aug 2028 and 1 Sept 2032'],
      ...['Late workloads 2', 'Authority for Municipal Services: Records system'],
      ...['Blocked workloads 1', 'Registered against measured 14'],
      ...[
        'Registered as moved, measured where it was: 1',
        'Waves',
        'Wave 2',
        'Institutions and governorates 56',
      ],
    ])
  })

  test('orders institutions by what is done; those without a workload come last', () => {
    const table = nation('en').slice(nation('en').indexOf('id="institutions"'))
    const shares = [...table.matchAll(/<strong><bdi dir="ltr">([\d.]+)%/g)].map(([, n]) =>
      Number(n),
    )
    expect(shares).toHaveLength(38)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    const words = reads(table)
    expect(words.match(/No workload registered/g)).toHaveLength(18)
    expect(words.indexOf('No workload registered')).toBeGreaterThan(words.lastIndexOf('100.00%'))
  })

  test.each(languages)('with nothing registered anywhere says how to begin: %s', (language) => {
    const begin = { ar: 'كيف يبدأ العمل', en: 'How to begin' }
    expect(reads(nation(language, readySnapshot))).toContain(begin[language])
  })

  test('shows an institution its own rows only, and leads it to its page', async () => {
    const account: Account = { id: 'a', role: 'institution', institution: institution.id }
    const theirs = frame('en', account)
    const view = await nationMigrationView(theirs, movingSnapshot, sampleViews(movingSnapshot))
    const text = migrationPage(theirs, movingSnapshot, view)
    for (const other of movingSnapshot.institutions.slice(1)) {
      expect(text).not.toContain(other.name.en)
    }
    expect(reads(text)).toContain('Late workloads 2')
    expect(migrationPage(theirs, readySnapshot, view)).toContain(
      `href="/en/institutions/${institution.id}/migration"`,
    )
  })

  test('asks for the workloads of those alone that have late or blocked ones', async () => {
    const asked: (string | null)[] = []
    const { migration } = sampleViews(movingSnapshot)
    const views = {
      migration: (of: string | null) => {
        asked.push(of)
        return migration(of)
      },
    }
    const view = await nationMigrationView(frame('en'), movingSnapshot, views)
    expect(asked).toEqual([null, institution.id])
    expect(view.rows.map(({ row }) => row.workload.id)).toEqual(['website', 'records'])
    expect(await nationMigrationView(frame('en'), readySnapshot, views)).toEqual({
      ...{ curve: [], waves: [], rows: [] },
    })
  })
})

test.each([
  ['en', '2026-12-28', '28 Dec 2026'],
  ['en', '97.12', '97.12%'],
  ['en', 'cut_over', 'Cut over'],
  ['ar', 'OM', 'عُمان'],
  ['en', 'none', 'outside of every known cloud'],
  ['en', 'QX', 'QX'],
  ['en', 'aws / eu-central-1', 'aws / eu-central-1'],
  ['en', 'constructor', 'constructor'],
] as const)('in %s %s is told as %s', (language, value, expected) => {
  expect(reads(told(frame(language), value).text).trim()).toBe(expected)
})

describe('plan and forecast', () => {
  const { schedule } = migrationFigures(50)
  if (!schedule) throw new Error('The sample has no schedule.')
  const none = { ratio: 0, percent: '0.00' }
  const words = (change: Partial<Schedule>, forecast: Partial<Forecast> = {}) => {
    const changed = { ...schedule, ...change, forecast: { ...schedule.forecast, ...forecast } }
    const card = planCard(frame('en'), migrationFigures(50, { schedule: changed }), null)
    const figures = {
      schedule: changed,
      done: changed.planned.ratio === 0 ? changed.planned : null,
    }
    return reads(html`${planChip('en', figures)} ${card}`.text).trim()
  }

  test.each([
    ['finished', {}, { status: 'finished' }, 'The migration is finished', 'Expected'],
    ['not begun', { timePerformance: null }, { status: 'not_started' }, 'has not begun', 'Between'],
    ['no progress', {}, { status: 'no_progress', finishAt: null }, 'nothing is proven', 'Between'],
    ['exactly on plan', { timePerformance: 1 }, {}, 'On plan or ahead', 'Behind'],
    ['nothing promised yet', { planned: none }, {}, 'Nothing is due yet', 'On plan'],
    ['a hair behind', { timePerformance: 0.9999 }, {}, 'Behind the plan', '1.00'],
    ['two quarters missing', {}, { earliestAt: null }, 'once two quarters', 'Between'],
    ['a quarter without progress', {}, { latestAt: null }, 'would never finish', 'Between'],
  ] as const)('%s', (_name, change, forecast, says, not) => {
    expect(words(change, forecast)).toContain(says)
    expect(words(change, forecast)).not.toContain(not)
  })

  test('without a baseline nothing is planned and nothing expected', () => {
    const none = planCard(frame('en'), migrationFigures(50, { schedule: null }), null)
    expect(reads(none.text)).toContain('No roadmap is approved yet')
    expect(planChip('en', { schedule: null, done: null })).toBeNull()
  })
})

describe('the curve', () => {
  const at = (n: number) => migrationAt + n * 30 * 86_400_000
  const point = (n: number, planned: number | null, done: number | null) => ({
    ...{ at: at(n), planned, done, rebaselined: null, earned: null, forecast: null },
  })
  const card = (points: Parameters<typeof curveCard>[1], now = at(1)) =>
    curveCard(frame('en'), points, now).text

  test('draws each line from left to right over the months it has, and no line without any', () => {
    const text = card([point(0, 0, 0), point(1, 0.5, 0.25), point(2, 1, null)])
    expect(text).toContain('<polyline class="planned" points="0.0,200.0 500.0,100.0 1000.0,0.0"/>')
    expect(text).toContain('<polyline class="done" points="0.0,200.0 500.0,150.0"/>')
    expect(text).not.toMatch(/class="(line )?(forecast|earned|rebaselined)"/)
    expect(text).toContain('class="now" x1="50.00%"')
  })

  test('marks the newest value of what is done, also where it is the only one', () => {
    expect(card([point(0, 0, null), point(1, 0.5, 0.25), point(2, 1, null)])).toContain(
      '<circle class="dot" cx="50.00%" cy="158" r="5"/>',
    )
    expect(card([point(0, 0, null), point(1, 1, null)])).not.toContain('<circle')
  })

  test('never rounds up what is not reached, in the table and in the words of the drawing', () => {
    const text = card([point(0, 0, 0), point(1, 0.999, 0.9999)], at(1))
    expect(text).toContain('done \u206899%\u2069, planned \u206899%\u2069')
    expect(reads(text)).not.toMatch(/100% 100%/)
    expect(reads(text.slice(text.indexOf('<table')))).toMatch(/99% 99%/)
  })

  test('is not drawn of nothing or of a single instant', () => {
    for (const points of [[], [point(0, 0, 0)]]) {
      expect(card(points)).not.toContain('<svg')
      expect(reads(card(points))).toContain('once a roadmap is approved')
    }
  })

  test('keeps the first of many months in its table, and labels that have room', () => {
    const text = reads(card(Array.from({ length: 63 }, (_, n) => point(n, n / 63, null))))
    expect(text).toContain('Not shown: 3')
    const month = (n: number) => ({ ...point(0, 0, 0), at: Date.UTC(2026, n, 1) - 4 * 3_600_000 })
    const labels = (points: Parameters<typeof card>[0]) =>
      [...card(points).matchAll(/y="228"[^>]*>([^<]*)</g)].map(([, label]) => label)
    const inside = { ...point(0, 0, 0), at: month(1).at + 9 * 86_400_000 }
    expect(labels([month(0), month(1), inside, month(2)])).toEqual([
      '2026-01',
      '2026-02',
      '2026-03',
    ])
    expect(labels(Array.from({ length: 25 }, (_, n) => month(n)))).toEqual([
      ...['2026-01', '2026-10', '2027-05', '2027-11'],
    ])
  })
})

describe('in short', () => {
  test('the nation and the institution say it and lead to the pages', () => {
    const front = nationPage(frame('en'), movingSnapshot)
    expect(front).toContain('href="/en/migration"')
    inOrder(reads(front), ['31.40%', 'Behind the plan', 'Late workloads: 31', 'Findings: 10'])
    const text = institutionPage(frame('en'), movingSnapshot, institution)
    expect(text).toContain(`href="/en/institutions/${institution.id}/migration"`)
    inOrder(reads(text), ['22.22%', 'Behind the plan', 'Expected to finish: 12 Sept 2030'])
  })

  test('with nothing registered they lead to how to begin', () => {
    expect(reads(nationPage(frame('en'), readySnapshot))).toContain('How to begin')
    const ar = reads(institutionPage(frame('ar'), readySnapshot, institution))
    expect(ar).toContain('لم تُسجل المؤسسة نظامًا للنقل بعد')
  })

  test('a name of the language is no institution', () => {
    const odd = { ...institution, id: 'constructor' }
    const snapshot = { ...movingSnapshot, institutions: [odd] }
    expect(reads(institutionPage(frame('en'), snapshot, odd))).toContain('How to begin')
    expect(nation('en', snapshot)).not.toMatch(/undefined|NaN/)
  })
})

test('what people wrote is text and nothing else', () => {
  const hostile = '"><img src=x onerror=alert(1)>\u202e'
  const both = { ar: hostile, en: hostile }
  const detail: MigrationDetail = {
    ...sampleMigrationDetail,
    rows: sampleMigrationDetail.rows.map((row) => ({
      ...row,
      workload: {
        ...{ ...row.workload, name: both, id: hostile, owner: hostile, wave: hostile },
        ...{ provider: hostile, source: { environment: hostile, hosts: [hostile] } },
        blocked: { reason: hostile, since: '2026-10-11' },
      },
      proofs: row.proofs.map((proof) => ({ ...proof, hosts: [hostile], measured: hostile })),
      readiness: { ...row.readiness, against: [{ id: hostile, host: hostile }] },
    })),
    findings: sampleMigrationDetail.findings.map((finding) => ({
      ...{ ...finding, workload: hostile, environment: hostile, hosts: [hostile] },
      ...{ declared: hostile, measured: hostile },
    })),
    discovered: [
      {
        ...{ environment: hostile, hosts: [hostile], cloud: hostile, region: hostile },
        ...{ virtualisation: hostile, provider: hostile, as: 'source' },
      },
    ],
    waves: sampleMigrationDetail.waves.map((wave) => ({ ...wave, name: hostile })),
  }
  const hostileRows = detail.rows.map((row) => ({ institution, row }))
  for (const page of [
    own('ar', detail),
    migrationPage(frame('en'), movingSnapshot, { ...detail, rows: hostileRows }),
  ]) {
    expect(page).not.toContain('<img')
    expect(page).toContain('&lt;img')
  }
})
