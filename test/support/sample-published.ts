import { readFileSync } from 'node:fs'
import type { Published, TrendView } from '../../collector/http/trend-view.ts'
import { type MonthClosing, trendOf } from '../../collector/kpi/readiness/trend.ts'
import { beside } from '../../collector/official/beside.ts'
import type { OfficialRow } from '../../collector/official/official-log.ts'
import { readProgramme } from '../../collector/official/read-programme.ts'
import { localAdmin } from '../../collector/people/accounts.ts'
import { Official } from '../../collector/people/official.ts'
import type { Act } from '../../collector/store/store.ts'
import { logSource } from './log-source.ts'
import { asOf } from './sample-figures.ts'
import { sampleModel } from './sample-model.ts'

/** Made-up trend and official results of the sample nation, and the example of the programme. */

const score = (low: number, high: number) => ({
  ...{ low: low.toFixed(2), observed: (low + 2).toFixed(2), high: high.toFixed(2) },
})

/** What a month closed with: each dimension is `low` away from what the one before is. */
export function closingAt(month: string, low: number, more: Partial<MonthClosing> = {}) {
  const { dimensions, ...model } = sampleModel
  const { id, version, hash, status } = model
  const lows = dimensions.map((each, i) => ({ ...each, low: low + (i % 2 === 0 ? i : -i) / 2 }))
  const total = lows.reduce((sum, { weight, low }) => sum + (weight * low) / 100, 0)
  const [year = 0, n = 0] = month.split('-').map(Number)
  return {
    ...{ month, end: Date.UTC(year, n, 1) - 4 * 3_600_000, stage: 'measured' },
    model: { id, version, hash, status },
    ...{ index: score(total, total + 6), level: { low: 'average', high: 'above' } },
    dimensions: Object.fromEntries(
      lows.map(({ id, weight, low }) => [id, { weight, ...score(low, low + 6) }]),
    ),
    indicators: Object.fromEntries(
      lows.flatMap(({ weight, low, indicators }) =>
        indicators.map((each) => [each.id, (weight * low * each.weight) / 10_000] as const),
      ),
    ),
    ...more,
  } as MonthClosing
}

const { id, status } = sampleModel
const older = { model: { id, status, version: '0.9.0', hash: 'b'.repeat(64) } }
const closings = [
  closingAt('2026-05', 51, older),
  closingAt('2026-06', 53.5, older),
  closingAt('2026-07', 62),
  closingAt('2026-08', 64.25),
  closingAt('2026-09', 63.1),
  closingAt('2026-11', 68.4, { indicators: null }),
  closingAt('2026-12', 70),
]

const result = (cycle: string, more: Partial<OfficialRow> = {}): OfficialRow => ({
  ...{ cycle, institution: 'national', indexPercent: 81, level: 'above', axesPercent: {} },
  ...{ source: 'Annual report 2026, page 12', date: '2026-11-02', fileSha256: 'c'.repeat(64) },
  ...more,
})
const axesPercent = { user_experience: 84.5, digital_enablement: 79.25 }
const official = [
  result('2024-04', { indexPercent: 72, date: '2024-06-30', source: 'التقرير السنوي 2023' }),
  result('2026-10', { axesPercent }),
]
const cycles = [
  { id: '2027-04', to: Date.parse('2027-03-31T20:00:00Z'), frozen: null, revisions: [] },
  { id: '2026-10', to: Date.parse('2026-09-30T20:00:00Z'), frozen: null, revisions: [] },
]

/** The trend of the nation in the sample: another model, a month without a point, and now. */
export const sampleTrend: TrendView = {
  points: trendOf(closings, closingAt('2027-01', 71.65)),
  cycles: beside(official, closings, cycles, 'Asia/Muscat'),
}

/** No month has closed, and nothing is imported. */
export const emptyTrend: TrendView = { points: [], cycles: [] }

const programmeText = readFileSync(
  new URL('../../deploy/examples/programme.yaml', import.meta.url),
  'utf8',
)

/** The programme's figures of the example file. */
export const sampleProgramme = readProgramme(programmeText, 'programme.yaml', asOf)

/** All of it as the board reads it. */
export async function samplePublished(): Promise<Published> {
  const acts: Act[] = []
  const store = {
    entries: async () => acts.map(({ entry }) => entry),
    ...logSource(() => acts.map(({ entry }) => entry)),
    applyActs: async (rows: readonly Act[]) => void acts.push(...rows),
  }
  const book = await Official.open({ store, now: () => asOf })
  await book.importProgramme(localAdmin, programmeText, 'programme.yaml', {
    ...{ apply: true, why: 'sample' },
  })
  return {
    official: Object.assign(book, { seriesOf: () => official }),
    months: {
      tick: async () => {},
      trend: async () => sampleTrend.points,
      closings: () => closings,
    },
    cycles: { list: async () => cycles as never, frozen: async () => null }, // ids and ends are read
  }
}
