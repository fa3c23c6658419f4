import { describe, expect, test } from 'vitest'
import { type KeptReader, standingOf } from '../../../collector/evaluate/history/kept.ts'
import {
  frozenValues,
  migrationValues,
  readinessValues,
} from '../../../collector/evaluate/history/kept-values.ts'
import { Selector } from '../../../collector/evaluate/history/selector.ts'
import type { FrozenFigures } from '../../../collector/kpi/cycle-figures.ts'
import type { MonthClosing } from '../../../collector/kpi/readiness/trend.ts'
import { sha256 } from '../../../protocol/jws.ts'
import { dayMs, type EpochMs } from '../../../protocol/time.ts'

const zone = 'Asia/Muscat'
/** The first instant of a month there. */
const start = (month: number, year = 2027): EpochMs => Date.UTC(year, month - 1, 1, -4)

function closing(month: string, end: EpochMs, low: string): MonthClosing {
  const score = { low, observed: null, high: '99.99' }
  return {
    ...{ month, end, stage: 'measured', index: score, level: null, indicators: null },
    model: { id: 'm', version: '1.0.0', hash: 'h', status: 'draft' },
    dimensions: { security: { weight: 100, ...score } },
  }
}

describe('the closing of a month', () => {
  // March was never closed.
  const closings = [
    closing('2027-01', start(2), '33.34'),
    closing('2027-02', start(3), '57.01'),
    closing('2027-04', start(5), '61.00'),
  ]

  test('stands until the next month is over, and no longer', () => {
    const low = [...readinessValues(closings, 'health', zone)].filter(({ labels }) => {
      return labels.__name__ === 'istimrar_readiness_ratio' && labels.bound === 'low'
    })
    expect(low.map(({ span, value }) => [span.from, span.to, value])).toEqual([
      [start(2), start(3), 0.3334],
      [start(3), start(4), 0.5701],
      [start(5), start(6), 0.61],
    ])
    expect(low[0]!.labels).toMatchObject({ scope: 'institution', institution: 'health' })
  })

  test('has NaN where it has no value, and dimensions by their bounds', () => {
    const [first] = closings
    const values = [...readinessValues([{ ...first!, index: null }], 'national', zone)]
    expect(values.map(({ labels, value }) => [labels.dimension, labels.bound, value])).toEqual([
      [undefined, 'low', Number.NaN],
      [undefined, 'observed', Number.NaN],
      [undefined, 'high', Number.NaN],
      ['security', 'low', 0.3334],
      ['security', 'high', 0.9999],
    ])
    expect(values.every(({ labels }) => labels.scope === 'nation')).toBe(true)
  })

  test('of the migration stands from when its figures are of', () => {
    const at = start(2) + 3 * dayMs
    const shares = { done: '12.50', earned: '20.10', planned: null, earnedMonths: null }
    const values = [
      ...migrationValues([{ month: '2027-01', end: start(2), at, ...shares }], 'health', zone),
    ]
    expect(values.map(({ labels, value }) => [labels.__name__, value])).toEqual([
      ['istimrar_migration_done_ratio', 0.125],
      ['istimrar_migration_earned_ratio', 0.201],
      ['istimrar_migration_planned_ratio', Number.NaN],
    ])
    for (const { span } of values) expect(span).toEqual({ from: at, to: start(3) })
  })
})

describe('a frozen cycle', () => {
  const cycle = { id: '2027-04', name: 'april', from: start(10, 2026), to: start(4) } as const
  const share = (ratio: number) => ({ ratio, percent: '' })
  const enabled = { low: share(0.25), high: share(0.75) }
  const health = { index: { low: share(0.5) }, enabled: { status: 'not_enabled' } }
  // As much of it as is read.
  const figures = {
    ...{ cycle, timezone: zone },
    readiness: { nation: { index: null, enabled }, institutions: { health } },
    migration: { nation: { done: share(0.1) }, institutions: { health: { done: null } } },
  } as unknown as FrozenFigures
  const frozenAt = start(5)
  const months = { april: 4, october: 10 }

  const selector = (name: string) =>
    new Selector([
      { kind: '=', name: 'history', value: 'evidence' },
      { kind: '=~', name: '__name__', value: name },
    ])

  test('gives each revision from when it was frozen until the next', async () => {
    const texts = [0.25, 0.3].map((ratio) => JSON.stringify({ ...figures, ratio }))
    const rows = texts.map((text, revision) => ({
      ...{ cycle: cycle.id, revision, at: frozenAt + revision * 40 * dayMs, length: 0, sizes: {} },
      ...{ register: '', policy: '', model: null, engine: '1', sha256: sha256(Buffer.from(text)) },
    }))
    const read: number[] = []
    const reader: KeptReader = {
      entries: async () => [],
      frozenCycles: async () => rows,
      frozenBytes: async (_cycle, revision) => {
        read.push(revision)
        return Buffer.from(texts[revision]!)
      },
    }
    const standing = async (name: string, ...days: number[]) => {
      read.length = 0
      const instants = days.map((day) => frozenAt + day * dayMs)
      await standingOf(selector(name), reader, instants)
      return read.join()
    }
    expect(await standing('istimrar_frozen_.*', -1)).toBe('')
    expect(await standing('istimrar_frozen_.*', 0, 39)).toBe('0')
    expect(await standing('istimrar_continuity_ratio', 40)).toBe('1')
    expect(await standing('istimrar_enabled', 39, 400)).toBe('0,1')
    // Nothing is read for what no cycle says.
    expect(await standing('istimrar_readiness_ratio', 39, 400)).toBe('')
  })

  test('says what was digitally enabled until the cycle after it is over', () => {
    const span = { from: frozenAt, to: Number.POSITIVE_INFINITY }
    const values = [...frozenValues({ ...span, figures }, months)]
    const of = (name: string) =>
      values.filter(({ labels }) => labels.__name__ === `istimrar_${name}`)
    expect(of('enabled_ratio').map(({ value, span }) => [value, span.to])).toEqual([
      [0.25, start(10)],
      [0.75, start(10)],
    ])
    const own = of('enabled').map(({ labels, value }) => [labels.status, value])
    expect(own).toEqual([
      ['enabled', 0],
      ['not_enabled', 1],
      ['unknown', 0],
    ])
    const frozen = [...of('frozen_enabled_ratio'), ...of('frozen_migration_done_ratio')]
    expect(frozen.map(({ labels, value }) => [labels.window, value])).toEqual([
      ['2027-04', 0.25],
      ['2027-04', 0.75],
      ['2027-04', 0.1],
      ['2027-04', Number.NaN],
    ])
    for (const { span } of frozen) expect(span.to).toBe(Number.POSITIVE_INFINITY)
  })
})
