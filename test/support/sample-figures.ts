import { noFigure } from '../../collector/kpi/continuity.ts'
import type { ByWindow, Figure, WindowName } from '../../collector/kpi/snapshot.ts'
import { dayMs, hourMs, minuteMs, type Span } from '../../protocol/time.ts'

/** Figures of a made-up nation in the middle of a cycle. */

export const asOf = Date.UTC(2027, 0, 20, 9, 46)
export const cycle = {
  id: '2027-04',
  name: 'april',
  from: Date.UTC(2026, 8, 30, 20),
  to: Date.UTC(2027, 2, 31, 20),
} as const
export const windows: ByWindow<Span> = {
  cycle: { from: cycle.from, to: asOf },
  '30d': { from: asOf - 30 * dayMs, to: asOf },
  '7d': { from: asOf - 7 * dayMs, to: asOf },
  '24h': { from: asOf - dayMs, to: asOf },
}
export const target = { ratio: 0.95, percent: '95.00' }

const floor = (ratio: number) => ({
  ratio,
  percent: (Math.floor(ratio * 10_000 + 1e-6) / 100).toFixed(2),
})
const ceil = (ratio: number) => ({
  ratio,
  percent: (Math.ceil(ratio * 10_000 - 1e-6) / 100).toFixed(2),
})

/** A figure whose time was down and unknown for these shares. */
export function figure(
  window: WindowName,
  down: number,
  unknown: number,
  maintenanceMs = 0,
): Figure {
  const eligibleMs = windows[window].to - windows[window].from - maintenanceMs
  const low = 1 - down - unknown
  const verdict = low >= 0.95 ? 'met' : 1 - down < 0.95 ? 'not_met' : 'undetermined'
  return {
    low: floor(low),
    observed: unknown === 1 ? null : floor(low / (1 - unknown)),
    high: ceil(1 - down),
    coverage: floor(1 - unknown),
    verdict,
    gross: { low: floor(low - 0.002), high: ceil(1 - down) },
    sums: {
      eligibleMs,
      upMs: low * eligibleMs * 0.98,
      degradedMs: low * eligibleMs * 0.02,
      downMs: down * eligibleMs,
      unknownMs: unknown * eligibleMs,
      maintenanceMs,
      centreMs: window === 'cycle' ? 42 * minuteMs : 0,
      downExternalMs: (down * eligibleMs) / 4,
      unknownExternalMs: 0,
    },
    ownFault: { low: floor(low + down / 4), high: ceil(1 - (down * 3) / 4) },
    attested:
      unknown === 1 ? null : { self: floor(0.612), witnessed: floor(0.018), both: floor(0.37) },
    flags: down === 0.0712 && window === 'cycle' ? ['net_above_gross'] : [],
  }
}

export function byWindow(down: number, unknown: number): ByWindow<Figure> {
  return {
    cycle: figure('cycle', down, unknown, 10 * hourMs),
    '30d': figure('30d', down / 2, unknown, 2 * hourMs),
    '7d': figure('7d', down / 4, unknown / 2),
    '24h': figure('24h', 0, unknown / 3),
  }
}

export const nothing = { cycle: noFigure, '30d': noFigure, '7d': noFigure, '24h': noFigure }
