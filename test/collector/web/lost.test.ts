import { describe, expect, test } from 'vitest'
import { causes } from '../../../collector/kpi/causes.ts'
import { owners, reliefs } from '../../../collector/kpi/explain.ts'
import { causeTexts, ownerTexts, reliefTexts } from '../../../collector/web/texts/lost.ts'
import { nothingLost, sampleLost } from '../../support/sample-lost.ts'
import { environmentOf, environmentText, lostText, reads } from '../../support/sample-pages.ts'

const between = (page: string, from: string, to: string) =>
  page.slice(page.indexOf(from), page.indexOf(to))

/** Read out, without the room that markup leaves before a bracket. */
const said = (page: string) => reads(page).replaceAll(' )', ')')

describe('lost time of an environment', () => {
  const markup = lostText('en')
  const page = said(markup)
  const arabic = said(lostText('ar'))

  test('is linked from its page', () => {
    expect(environmentText('en', 'portal')).toMatch(/href="[^"]+\/environments\/portal\/lost"/)
  })

  test('begins with outages, the longest and p90', () => {
    expect(page).toContain('Outages 4 Longest outage 3 hours')
    expect(page).toContain('90% of outages lasted no longer than 3 hours')
    expect(page).toContain('Down in all 7 hours Unknown in all 1 day, 19 hours')
    expect(arabic).toContain('حالات التوقف 4 أطول توقف 3 ساعات')
  })

  test('says by whose word known time is known', () => {
    const { attested } = environmentOf('portal').continuity.cycle
    expect(page).toContain(`Self-attested ${attested?.self.percent}%`)
    expect(arabic).toContain(`مثبت من نقطة رصد خارجية ${attested?.witnessed.percent}%`)
  })

  test('has the causes by what they took, in words and icons, with who must act', () => {
    const causesPart = between(page, 'Lost time by cause', 'Every stretch of lost time')
    const order = ['Agent', 'Network or power outside', 'Clock', 'Host or its power', 'Service']
    const positions = order.map((words) => causesPart.indexOf(words))
    expect(positions).not.toContain(-1)
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect(causesPart).toContain('To be acted on by: Hosting provider')
    expect(causesPart).toContain('To be acted on by: Carrier or government network')
    expect(markup).toContain('<use href="#server"/>')
  })

  test('bars begin at the side where reading begins', () => {
    const bar = (language: 'ar' | 'en') =>
      /<svg class="loss".*?<rect [^>]*>/s.exec(lostText(language))
    expect(bar('en')?.[0]).toContain('x="0.00%" width="100.00%"')
    const second = (language: 'ar' | 'en') =>
      [
        ...lostText(language).matchAll(
          /<rect class="(?:down|unknown)" x="([\d.]+)%" width="([\d.]+)%"/g,
        ),
      ]
        .map(([, x, width]) => [Number(x), Number(width)] as const)
        .at(-1)!
    const [[x], [xArabic, width]] = [second('en'), second('ar')]
    expect(x).toBe(0)
    expect(xArabic + width).toBeCloseTo(100, 1)
  })

  test('has every stretch with cause, who must act, standing and evidence', () => {
    const table = between(page, 'Every stretch of lost time', 'Lost time that does not count')
    expect(table).toContain('ongoing 1 hour')
    expect(table).toContain(
      'Service Institution Provisional web-1/payment: Down – connection refused',
    )
    expect(table).toContain('Settled')
    expect(table).toContain('batches of this time: 1.11 (leaf 1011), 1.12 (leaf 1012) Not shown: 3')
    expect(table).toContain('messages declared lost: 1.1 to 1.2 (leaf 1001)')
    expect(table).toContain('last batch before: 1.0 (leaf 1000)')
    expect(table).toContain('first batch after: 1.3 (leaf 1003)')
    expect(arabic).toContain('رسائل معلن فقدها: من 1.1 إلى 1.2 (موضعها في السجل 1001)')
  })

  test('keeps apart what does not count, and shows what was disputed as it was', () => {
    const apart = page.slice(page.indexOf('Lost time that does not count'))
    expect(apart).toContain('Down Scheduled maintenance')
    expect(apart).toContain('Unknown Outage of the collector')
    expect(apart).toContain('Down Dispute d-7: observed as Down Dispute upheld')
  })

  test('has each window one click away and says which is shown', () => {
    expect(markup).toMatch(/\/lost\?window=7d">/)
    expect(markup).toMatch(/\/lost\?window=cycle" aria-current="page">/)
  })

  test('is turned by links, without a script', () => {
    expect(markup).not.toContain('after=')
    expect(lostText('en', { ...sampleLost, next: 77 })).toContain(
      'window=cycle&amp;after=77" rel="next"',
    )
    expect(reads(lostText('en', sampleLost, { isFirst: false }))).toContain('Back to the latest')
  })

  test('says so where nothing was lost, and where nothing was in scope', () => {
    const nothing = reads(lostText('en', nothingLost))
    expect(nothing).toContain('Nothing was lost in this period.')
    expect(nothing).toContain('Outages 0 Longest outage –')
    expect(nothing).not.toContain('Every stretch')
    expect(reads(lostText('ar', nothingLost))).toContain('لا وقت ضائع في هذه المدة.')
    const environment = environmentOf('future')
    expect(reads(lostText('en', nothingLost, { environment }))).toContain('so there is no value')
  })
})

test('every cause, owner and relief has words', () => {
  expect(Object.keys(causeTexts).sort()).toEqual([...causes].sort())
  expect(Object.keys(ownerTexts).sort()).toEqual([...owners].sort())
  expect(Object.keys(reliefTexts).sort()).toEqual([...reliefs].sort())
})
