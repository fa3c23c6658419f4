import { describe, expect, test } from 'vitest'
import type { Figure } from '../../../collector/kpi/snapshot.ts'
import { environmentPage } from '../../../collector/web/pages/environment.ts'
import { dayMs } from '../../../protocol/time.ts'
import { noDisputes } from '../../support/sample-disputes.ts'
import { asOf } from '../../support/sample-figures.ts'
import {
  checkText,
  environmentOf,
  environmentText,
  frame,
  institution,
  noMaintenance,
  reads,
} from '../../support/sample-pages.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'

describe('an environment', () => {
  const page = reads(environmentText('en', 'portal'))

  test('says how much time is unknown', () => {
    expect(page).toContain('Undetermined: 3 days, 20 hours are unknown')
  })

  test('says beside the headline what is its own fault, and what known time rests on', () => {
    expect(page).toMatch(/by own fault only, without faults outside of the hosting: \d+\.\d\d% to/)
    expect(page).toContain('Known time: self-attested 61.20%, witnessed 1.80%, both 37.00%.')
    const arabic = reads(environmentText('ar', 'portal'))
    expect(arabic).toContain('قياس ذاتي 61.20%، مثبت من نقطة رصد خارجية 1.80%، كلاهما 37.00%')
    const future = reads(environmentText('en', 'future'))
    expect(future).not.toContain('by own fault')
    expect(future).not.toContain('Known time')
  })

  test('shows every value in the unit of its kind', () => {
    for (const value of ['41 ms', '2.1 ms', '11 days left', '7% free', '61% used']) {
      expect(page).toContain(value)
    }
    const arabic = reads(environmentText('ar', 'portal'))
    for (const value of ['41 ملي ثانية', 'المتبقي 11 يومًا', 'المتاح 7%', 'المستخدم 61%']) {
      expect(arabic).toContain(value)
    }
  })

  test('says what a state rests on, why it is so, and what is no longer declared', () => {
    expect(page).toContain('States as last sealed, agent alive unless said otherwise.')
    expect(page).toContain('Unknown not observed as last sealed, agent silent')
    expect(page).toContain('connection refused')
    expect(page).toContain('no longer in agent.yaml')
    expect(page).toContain('Quarantined')
  })

  test('has every window with its minutes', () => {
    expect(page).toMatch(
      /Cycle April 2027 from 1 Oct 2026, 00:00 Undetermined 94.65%.*5,522 600 42/,
    )
    for (const window of ['Last 30 days', 'Last 7 days', 'Last 24 hours']) {
      expect(page).toContain(window)
    }
  })

  test('below its minimum profile says what is missing', () => {
    expect(reads(environmentText('en', 'ministry-link'))).toContain(
      'Missing: Link, Network echo (ICMP) or Network port (TCP).',
    )
  })

  test('without time in scope has no value, never 100', () => {
    const future = environmentOf('future')
    expect(future.continuity.cycle).toMatchObject<Partial<Figure>>({ low: null, sums: null })
    expect(reads(environmentText('en', 'future'))).toContain('so there is no value')
    expect(reads(environmentText('en', 'future'))).not.toContain('100.00%')
  })
})

describe('timelines', () => {
  const page = environmentText('en', 'portal')

  test('are drawn with a summary in words', () => {
    const labels = [...page.matchAll(/<svg class="strip" role="img" aria-label="([^"]+)"/g)]
    expect(labels.map(([, label]) => reads(label ?? ''))).toEqual([
      expect.stringMatching(/^Last 24 hours: Up 16 hours.*Down 23 minutes, 12 seconds$/),
      expect.stringMatching(/^Cycle April 2027: Up .*days/),
    ])
  })

  test('show a minute of outage at full height, unknown hatched, and what is still to come', () => {
    expect(page).toMatch(/<rect class="down" x="16.667%" y="0" width="0.208%" height="40"\/>/)
    expect(page).toMatch(/<rect class="unknown" [^>]*fill="url\(#hatch-unknown\)"/)
    expect(page).toContain('class="to-come"')
    expect(reads(page)).toContain('Time runs from left to right')
  })

  test('stay small however often the state changes', () => {
    const flips = Array.from({ length: 20_000 }, (_, i) => ({
      from: asOf - dayMs + i * 4_000,
      to: asOf - dayMs + (i + 1) * 4_000,
      state: i % 2 === 0 ? ('up' as const) : ('down' as const),
    }))
    const busy = environmentPage(
      frame('en'),
      sampleSnapshot,
      { institution, environment: environmentOf('portal') },
      { day: flips, cycle: flips },
      noMaintenance,
      noDisputes,
    )
    expect(busy.length).toBeLessThan(120_000)
    expect(busy.match(/<th role="rowheader"/g)?.length).toBeLessThan(80)
  })
})

test('a check says what it found, and that it is as last sealed', () => {
  const page = reads(checkText('en', 'web-1/payment'))
  expect(page).toContain('Down as last sealed, agent alive')
  expect(page).toContain('Reason connection refused')
  expect(page).toContain('Evidence until 20 Jan 2027, 13:46')
  expect(page).toContain(
    '20 Jan 2027, 13:23 ongoing 22 minutes, 12 seconds Down connection refused',
  )
  expect(reads(checkText('en', 'web-2/memory'))).toContain('Unknown as last sealed, agent silent')
})
