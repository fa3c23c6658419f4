import type { Indicator } from '../../../protocol/indicators.ts'
import { type FactHost, type FactProbe, Missing, type Reading } from '../fact.ts'
import type { WindowsReport } from '../windows.ts'

/** What a family says of a report: a pure function, tried on recorded answers. */
export type OnWindows = (
  report: WindowsReport,
  host: Pick<FactHost, 'now' | 'history' | 'config'>,
) => Reading[]

/** A family that rests on the script's report alone. */
export function onWindows(indicators: readonly Indicator[], read: OnWindows): FactProbe {
  return { indicators, measure: async (host) => read(await host.windows(), host) }
}

/** One indicator by itself: where it has no value, the others of its family still may. */
export function attempt(indicator: Indicator, look: () => Reading): Reading {
  try {
    return look()
  } catch (error) {
    if (!(error instanceof Missing)) throw error
    const { reason, method, permission } = error
    return { indicator, value: null, missing: reason, method, ...(permission && { permission }) }
  }
}
