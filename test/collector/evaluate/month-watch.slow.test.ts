import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MonthWatch } from '../../../collector/evaluate/month-watch.ts'
import type { TrendPoint } from '../../../collector/kpi/readiness/trend.ts'
import type { Snapshot } from '../../../collector/kpi/snapshot.ts'
import { applyDeclared, readDeclared } from '../../../collector/register/files.ts'
import { readinessTrend } from '../../../collector/register/readiness-months.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import type { Store } from '../../../collector/store/store.ts'
import { dayMs, type EpochMs, hourMs } from '../../../protocol/time.ts'
import { exampleFiles } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { ReadyNation, usualFacts } from '../../support/ready-nation.ts'
import { sampleDetail, sampleReadiness } from '../../support/sample-readiness.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'

const january = Date.parse('2026-12-31T20:00:00Z')
const february = Date.parse('2027-01-31T20:00:00Z')

let folder: ReturnType<typeof temporaryFolder>
let store: Store
let snapshot: Snapshot | null
/** Instants that readiness was asked for as of. */
let asked: EpochMs[]

const views = {
  snapshot: () => snapshot,
  readiness: async (institution: string) =>
    institution === 'services-authority' ? sampleDetail : null,
  whatIf: async (_model: unknown, cycle: { readonly to: EpochMs } | null) => {
    asked.push(cycle!.to)
    return { before: null, after: sampleReadiness }
  },
}

function watch(): Promise<MonthWatch> {
  return MonthWatch.open({ store, now: () => snapshot!.asOf + hourMs, views })
}

function at(asOf: EpochMs, more: Partial<Snapshot> = {}): void {
  snapshot = { ...sampleSnapshot, asOf, readiness: sampleReadiness, ...more }
}

function nothingYet(): void {
  snapshot = null
}

async function register(from: EpochMs): Promise<void> {
  const declared = readDeclared(exampleFiles.register, exampleFiles.policy, from)
  const applying = { actor: 'amal', role: 'admin', why: 'first', effectiveFrom: from }
  await applyDeclared(store, declared, applying, from)
}

beforeEach(async () => {
  folder = temporaryFolder()
  store = sqliteStore(folder.file('collector.db'))
  asked = []
  await register(january - 10 * dayMs)
})
afterEach(async () => {
  await store.close()
  folder[Symbol.dispose]()
})

async function months(): Promise<string[]> {
  return readinessTrend(await store.entries(), null).map(({ month }) => month)
}

describe('a month', () => {
  test('is closed as of its end, once its end is in the figures, by the collector', async () => {
    const own = await watch()
    at(february - 60_000)
    await own.tick()
    expect(await months()).toEqual(['2026-12'])
    at(february)
    await own.tick()
    await own.tick()
    expect(await months()).toEqual(['2026-12', '2027-01'])
    expect(asked).toEqual([january, february])
    const closings = (await store.entries()).filter(({ what }) => what.startsWith('readiness-'))
    expect(closings.map(({ what }) => what)).toContain('readiness-month/2027-01/services-authority')
    for (const { actor, before } of closings) expect([actor, before]).toEqual(['collector', null])
  })

  test('holds the scores of the nation and of each institution, with the mark of the model', async () => {
    at(february)
    await (await watch()).tick()
    const entries = await store.entries()
    const { index, dimensions } = sampleReadiness.institutions['services-authority']!
    const { id, version, hash, status } = sampleReadiness.model
    const [own] = readinessTrend(entries, 'services-authority')
    expect(own).toMatchObject({
      ...{ end: february, model: { id, version, hash, status } },
      index: { low: index.low.percent, high: index.high.percent },
    })
    expect(Object.keys(own!.dimensions)).toEqual(dimensions.map((each) => each.id))
    expect(own!.indicators).not.toBeNull()
    const [nation] = readinessTrend(entries, null)
    expect(nation?.index?.low).toBe(sampleReadiness.nation.index?.low.percent)
    for (const { what, after } of entries) {
      expect(JSON.stringify(after).length, what).toBeLessThan(20_000)
    }
  })

  test('that is closed late has no indicators: those are told as of now', async () => {
    at(february + dayMs)
    await (await watch()).tick()
    expect(readinessTrend(await store.entries(), 'services-authority')).toMatchObject([
      { month: '2027-01', indicators: null },
    ])
  })

  test('is closed once, whoever starts again', async () => {
    at(february)
    await (await watch()).tick()
    const again = await watch()
    await again.tick()
    expect(await months()).toEqual(['2027-01'])
    expect(again.closings('services-authority')).toHaveLength(1)
  })

  test.each([
    ['before the first figures', () => nothingYet()],
    ['without a model', () => at(february, { readiness: undefined as never })],
    ['that was over before the register began', () => at(january - 5 * dayMs)],
  ])('%s is not closed', async (_name, prepare) => {
    const own = await watch()
    prepare()
    await own.tick()
    expect(await months()).toEqual([])
  })
})

describe('the trend', () => {
  test('ends with how things are now, which no entry holds', async () => {
    at(february)
    const own = await watch()
    await own.tick()
    at(february + 3 * dayMs)
    const [closed, now] = await own.trend('services-authority')
    expect(closed).toMatchObject({ month: '2027-01', isOpen: false })
    expect(now).toMatchObject({ month: '2027-02', isOpen: true, moved: { points: 0 } })
    expect(await months()).toEqual(['2027-01'])
    expect(await own.trend('nobody')).toEqual([])
    expect((await own.trend(null)).map(({ isOpen }) => isOpen)).toEqual([false, true])
  })

  test('is empty before the first figures', async () => {
    snapshot = null
    expect(await (await watch()).trend(null)).toEqual([])
  })
})

describe('a real nation', () => {
  test('closes a month as of its end, and the trend of page and API is what the log holds', async () => {
    await using nation = await new ReadyNation().open()
    const { collector, clock } = nation
    await nation.pass(29)
    clock.at = Date.parse('2026-11-30T20:00:00Z')
    for (const id of ['health', 'roads']) await nation.deliver(id, usualFacts)
    nation.settle()
    await collector.evaluate()
    // Thirty days at once are held back as a jump.
    await collector.ask('/api/v1/publish/confirm', { why: 'a month was passed at once' })
    await collector.closeMonth()
    await collector.closeMonth()
    const answer = await collector.ask('/api/v1/institutions/health/readiness/trend')
    const { points } = answer.json() as { points: TrendPoint[] }
    expect(points.map(({ month, isOpen }) => [month, isOpen])).toEqual([
      ['2026-11', false],
      ['2026-12', true],
    ])
    const [closed] = points
    expect(closed?.index?.low).toMatch(/^\d+\.\d\d$/)
    expect(closed?.model).toMatchObject({ version: '1.0.0', status: 'draft' })
    const shares = Object.values(closed!.indicators!).reduce((sum, each) => sum + each, 0)
    expect(shares).toBeCloseTo(Number(closed!.index!.low), 0)
    const entries = await nation.reader().entries()
    const { isOpen: _isOpen, isComparable: _isComparable, moved: _moved, ...kept } = closed!
    expect(readinessTrend(entries, 'health')[0]).toMatchObject(kept)
    expect(readinessTrend(entries, null)).toHaveLength(1)
  })
})
