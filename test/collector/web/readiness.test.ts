import { describe, expect, test } from 'vitest'
import { measureStatuses } from '../../../collector/kpi/readiness/inputs.ts'
import type { Model } from '../../../collector/kpi/readiness/model.ts'
import {
  criterionStatuses,
  findingKinds,
  type ReadinessDetail,
} from '../../../collector/kpi/readiness/result.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { html } from '../../../collector/web/html.ts'
import { type Language, languages } from '../../../collector/web/language.ts'
import { institutionPage } from '../../../collector/web/pages/institution.ts'
import { institutionReadinessPage } from '../../../collector/web/pages/institution-readiness.ts'
import { nationPage } from '../../../collector/web/pages/nation.ts'
import { readinessPage } from '../../../collector/web/pages/readiness.ts'
import { conditionWords, metricValue } from '../../../collector/web/parts/measure-value.ts'
import {
  adviceKindTexts,
  criterionTexts,
  findingTexts,
  measureStatusTexts,
} from '../../../collector/web/texts/readiness-words.ts'
import { sampleModel } from '../../support/sample-model.ts'
import { frame, institution, readinessText, reads } from '../../support/sample-pages.ts'
import {
  draftSnapshot,
  emptySnapshot,
  perfectDetail,
  readinessOf,
  readySnapshot,
  sampleDetail,
  settingUpDetail,
} from '../../support/sample-readiness.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'

const automatic = {
  ar: 'قياس آلي – ليس نتيجة قياس الإجادة',
  en: 'Automatic measurement, not the official excellence result',
}
const draft = { ar: 'مسودة نموذج – ليست رسمية', en: 'DRAFT MODEL, not official' }

/** That these words stand on the page in this order. */
function inOrder(page: string, words: readonly string[]): void {
  let from = 0
  for (const word of words) {
    const at = page.indexOf(word, from)
    expect(at, `${word} after ${from}`).toBeGreaterThanOrEqual(0)
    from = at + word.length
  }
}

describe('the readiness of an institution', () => {
  const page = reads(readinessText('en'))

  test('says first what is proven, then the rest, what holds the level back, and what to do', () => {
    inOrder(page, [
      ...['71.65%', 'Proven low', 'Proven: Average', 'Possible: Above average', 'Not met'],
      ...['Target: 85% or more', 'Observed 76.11%', 'High 77.15%', 'Weight measured 91.25%'],
      automatic.en,
      ...['Gates that hold the level', 'OS support left', 'Electronic services portal web-1'],
      ...['Fires when the value is less than 0 days.', 'Holds the level down', 'Average'],
      ...['Age of last good backup', 'more than 3 times the RPO', 'Cannot be ruled out'],
      ...['Cheapest path to the next level', 'Above average', 'the proven low is then 79.15%.'],
      ...['Work list', '26', '+5', '76.65%', '+1.6667', '73.31%', 'The other steps (14 steps)'],
      ...['Dimensions', 'Indicators and their evidence', 'Digitally enabled infrastructure'],
      ...['Declared against measured', 'The five axes', 'The eight objectives'],
      ...['om-infra', '1.0.0', sampleModel.hash],
    ])
  })

  test.each(languages)(
    'shows every status, criterion, step and finding in words: %s',
    (language) => {
      const all = reads(readinessText(language))
      for (const status of measureStatuses)
        expect(all).toContain(measureStatusTexts[status][language])
      for (const status of criterionStatuses)
        expect(all).toContain(criterionTexts[status][language])
      for (const kind of findingKinds) expect(all).toContain(findingTexts[kind][language])
      for (const text of Object.values(adviceKindTexts)) expect(all).toContain(text[language])
      expect(all).toContain(automatic[language])
      expect(all).not.toContain(draft[language])
    },
  )

  test('says what each unit rests on: its value, its points, how and when it was had', () => {
    const rows = page.slice(page.indexOf('Indicators and their evidence'))
    inOrder(rows, [
      ...['OS support left', 'Measured', '9%', '62.50%', 'Evidence: 1 unit'],
      ...['Electronic services portal web-1', '100 days ago', '0 of 100 points'],
      ...['statfs', '/var', '20 Jan 2027'],
      ...['Host firewall on', 'Stale', '100.00%', 'yes', '0 to 100 of 100 points'],
      ...['Clock offset', 'Missing', 'No evidence yet'],
      ...['Cloud migration', 'Missing', '1 of 2', 'a permission is lacking', 'CAP_NET_ADMIN'],
    ])
  })

  test('gives the criteria their instant, and a waiver its end', () => {
    expect(page).toContain('As of 20 Jan 2027, 13:46; every criterion must pass.')
    expect(page).toMatch(/E7 Approved cloud roadmap Waived The waiver ends on 1 Mar 2027/)
    expect(page).toMatch(/E1 Every registered environment reports Pass/)
  })

  test('tells who must act on a finding, since when, the oldest first', () => {
    const findings = page.slice(page.indexOf('Declared against measured'))
    inOrder(findings, [
      ...['A declaration that has expired', 'Staff trained in operations', '15 Jan 2027'],
      ...[
        'A host that is seen but not registered',
        'web-9',
        '1 day ago',
        'The ministry (register)',
      ],
    ])
  })

  test('says that it is being set up and why, never a level', () => {
    const weight = readinessText('en', settingUpDetail)
    expect(reads(weight)).toContain(
      'No level yet: 41.20% of the weight is measured; a level needs at least 66.67%.',
    )
    expect(reads(weight)).toContain('Not in the readiness population')
    expect(reads(weight)).toContain('do not reach the level Below average; the proven low is then')
    const index = weight.slice(weight.indexOf('<h1>'), weight.indexOf('id="gates"'))
    expect(index).not.toMatch(/class="chip (bad|level)"/)
    const { readiness } = settingUpDetail
    const days: ReadinessDetail = {
      ...settingUpDetail,
      readiness: { ...readiness, measured: { ratio: 1, percent: '100.00' } },
    }
    expect(reads(readinessText('ar', days))).toContain('أيام شواهد القياس الأولى لم تكتمل')
  })

  test('of an institution that lacks nothing says so', () => {
    const done = reads(readinessText('en', perfectDetail))
    for (const words of [
      'No gate holds the level down.',
      'The highest level is reached.',
      'Nothing to do: every indicator is proven at its full score.',
      'What is declared and measured agrees.',
    ]) {
      expect(done).toContain(words)
    }
  })

  test('says when there is none yet', () => {
    expect(reads(readinessText('en', null))).toContain('No readiness is computed')
    expect(reads(readinessText('en', null, sampleSnapshot))).toContain('No readiness model is')
  })

  test('cuts every list at its limit and says how much is left out', () => {
    const step = sampleDetail.advice.steps[0]!
    const row = sampleDetail.indicators[0]!
    const unit = row.units[0]!
    const finding = sampleDetail.findings[0]!
    const gate = sampleDetail.readiness.gates[0]!
    const many = <T>(one: T, n: number): T[] => Array.from({ length: n }, () => one)
    const long = reads(
      readinessText('en', {
        indicators: [{ ...row, units: many(unit, 45) }],
        advice: { steps: many(step, 203), next: null },
        findings: many(finding, 107),
        readiness: readinessOf(50, 60, { gates: many(gate, 26) }),
      }),
    )
    expect([...long.matchAll(/Not shown: (\d+)/g)].map(([, n]) => n)).toEqual(['2', '3', '5', '7'])
    expect(long.match(/Upgrade to a supported operating system\./g)).toHaveLength(200)
  })
})

describe('a draft', () => {
  const pages = (language: Language, snapshot: typeof draftSnapshot) => [
    readinessPage(frame(language), snapshot),
    readinessText(language, sampleDetail, snapshot),
    readinessText(language, null, snapshot),
    nationPage(frame(language), snapshot),
    institutionPage(frame(language), snapshot, institution),
  ]
  test.each(languages)('is marked wherever its figures stand: %s', (language) => {
    for (const page of pages(language, draftSnapshot)) expect(page).toContain(draft[language])
    for (const page of pages(language, readySnapshot)) expect(page).not.toContain(draft[language])
  })
})

describe('the readiness of the nation', () => {
  const page = reads(readinessPage(frame('en'), readySnapshot))

  test('says the index, who is at which level, and the enabled share as counts', () => {
    inOrder(page, [
      ...['Digital readiness index of the public sector', '74.21%', 'Proven low', 'Undetermined'],
      ...['78.67%', '90.02%', 'from 74.21% to 90.02%', 'Institutions measured: 56.'],
      ...['Advanced 9 Above average 21 Average 14 Below average 5 Low 3 Being set up 4'],
      automatic.en,
      ...['Share of infrastructure digitally enabled', '41 to 50 of 56', 'Not met', 'Target: 100%'],
      ...['at 20 Jan 2027, 13:46', '73.21%', '89.29%', 'Enabled 41 Not enabled 6 Undetermined 9'],
      ...['Held by a waiver: 2', '80 to 90 of 94'],
    ])
  })

  test('is undetermined in words, and never 100 % by rounding', () => {
    const { readiness } = readySnapshot
    if (!readiness) throw new Error('The sample has no readiness.')
    const enabled = { ...readiness.nation.enabled, enabled: 55, notEnabled: 1, unknown: 0 }
    const nation = { ...readiness.nation, enabled }
    const text = reads(
      readinessPage(frame('en'), { ...readySnapshot, readiness: { ...readiness, nation } }),
    )
    expect(text).toContain('55 of 56')
  })

  test('orders institutions by proven low, each with its level in a word and an icon', () => {
    const text = readinessPage(frame('en'), readySnapshot)
    const table = text.slice(text.indexOf('id="institutions"'))
    const lows = [...table.matchAll(/<strong><bdi dir="ltr">([\d.]+)%/g)].map(([, low]) =>
      Number(low),
    )
    const rows = lows.slice(0, readySnapshot.institutions.length)
    expect(rows).toEqual(rows.toSorted((a, b) => a - b))
    for (const { icon, color, label } of sampleModel.levels) {
      expect(text).toMatch(
        new RegExp(`fill="${color}"/>\\s*<use href="#${icon}"[\\s\\S]{0,160}>${label.en}</bdi>`),
      )
    }
    expect(reads(table)).toContain('Not in the readiness population')
  })

  test('shows an institution its own row only', () => {
    const account: Account = { id: 'a', role: 'institution', institution: institution.id }
    const own = readinessPage(frame('en', account), readySnapshot)
    expect(own).toContain(`/en/institutions/${institution.id}/readiness`)
    for (const other of readySnapshot.institutions.slice(1))
      expect(own).not.toContain(other.name.en)
  })

  test('stands without a model and without anybody', () => {
    expect(reads(readinessPage(frame('en'), sampleSnapshot))).toContain('No readiness model is in')
    const empty = reads(readinessPage(frame('en'), emptySnapshot))
    expect(empty).toContain('The readiness population holds no institution yet.')
    expect(empty).toContain('There is no core target institution yet.')
  })

  test('does not mistake a name of the language for an institution', () => {
    const odd = { ...institution, id: 'constructor' }
    const snapshot = { ...readySnapshot, institutions: [odd] }
    expect(reads(institutionPage(frame('en'), snapshot, odd))).toContain('No readiness is computed')
    expect(readinessPage(frame('en'), snapshot)).not.toMatch(/undefined|NaN/)
  })
})

describe('in short', () => {
  test('the nation and the institution say it and lead to the pages', () => {
    const nation = nationPage(frame('en'), readySnapshot)
    expect(nation).toContain('href="/en/readiness"')
    expect(reads(nation)).toContain('Digitally enabled infrastructure: 41 to 50 of 56')
    const own = institutionPage(frame('en'), readySnapshot, institution)
    expect(own).toContain(`href="/en/institutions/${institution.id}/readiness"`)
    inOrder(reads(own), ['71.65%', 'Proven: Average', 'Gates: 1', automatic.en])
  })

  test('without a model nothing is said', () => {
    expect(nationPage(frame('en'), sampleSnapshot)).not.toContain('id="readiness"')
    expect(institutionPage(frame('en'), sampleSnapshot, institution)).not.toContain(
      'id="readiness"',
    )
  })
})

test('what people wrote is text and nothing else', () => {
  const hostile = '"><img src=x onerror=alert(1)>\u202e'
  const both = { ar: hostile, en: hostile }
  const model: Model = {
    ...sampleModel,
    ...{ id: hostile, version: hostile, hash: hostile, label: both },
    levels: sampleModel.levels.map((each) => ({ ...each, label: both })),
    dimensions: sampleModel.dimensions.map((each) => ({
      ...each,
      label: both,
      indicators: each.indicators.map((rule) => ({ ...rule, label: both, advice: both })),
    })),
    enabled: sampleModel.enabled.map((each) => ({ ...each, label: both, advice: both })),
  }
  const { readiness } = readySnapshot
  if (!readiness) throw new Error('The sample has no readiness.')
  const snapshot = { ...readySnapshot, readiness: { ...readiness, model } }
  const detail: ReadinessDetail = {
    ...sampleDetail,
    indicators: sampleDetail.indicators.map((row) => ({
      ...row,
      units: row.units.map((unit) => ({
        ...unit,
        ...{ environment: hostile, host: hostile },
        measure: { ...unit.measure, reason: hostile, method: hostile, detail: hostile },
      })),
    })),
    findings: sampleDetail.findings.map((each) => ({
      ...{ ...each, environment: hostile, subject: hostile, detail: hostile },
    })),
  }
  for (const page of [
    readinessPage(frame('ar'), snapshot),
    institutionReadinessPage(frame('en'), snapshot, institution, detail),
    nationPage(frame('en'), snapshot),
    institutionPage(frame('ar'), snapshot, institution),
  ]) {
    expect(page).not.toContain('<img')
    expect(page).toContain('&lt;img')
  }
})

describe('values', () => {
  test.each([
    ['disk.free_ratio', 0.0712, '7.12%'],
    ['backup.age_over_rpo_ratio', 1.4, '1.4 times the RPO'],
    ['outage.p90_over_rto_ratio', 2, '2 times the RTO'],
    ['os.support_left_days', 1, '1 day'],
    ['os.support_left_days', -100, '100 days ago'],
    ['platform.age_years', 6.54, '6.5 years'],
    ['ups.runtime_minutes', 12, '12 minutes'],
    ['clock.offset_seconds', 0.0123, '0.012 s'],
    ['host.unplanned_reboots', 3, '3'],
    ['firewall.on', false, 'no'],
  ] as const)('%s %s reads %s', (metric, value, words) => {
    expect(reads(html`${metricValue('en', metric, value)}`.text).trim()).toBe(words)
  })

  test.each([
    ['<', 'less than 0 days'],
    ['<=', '0 days or less'],
    ['>', 'more than 0 days'],
    ['>=', '0 days or more'],
    ['=', '0 days'],
  ] as const)('a condition %s reads %s', (op, words) => {
    const { text } = conditionWords('en', 'os.support_left_days', { op, value: 0 })
    expect(reads(text).trim()).toBe(words)
  })
})
