import type { FactRow } from '../../collector/store/store.ts'
import type { EpochMs } from '../../protocol/time.ts'

type Value = number | boolean | string
type Full = Partial<Pick<FactRow, 'value' | 'method' | 'missing' | 'detail'>> & {
  readonly ageMs?: number
}

/** What an agent told, by indicator: a value, or more of it; `missing` is why there is none. */
export type Told = Readonly<Record<string, Value | Full>>

/** Facts as they are stored, told at an instant. */
export function factRows(told: Told, at: EpochMs): Map<string, FactRow> {
  const rows = Object.entries(told).map(([indicator, each]): [string, FactRow] => {
    const { ageMs = 0, ...more } = typeof each === 'object' ? each : { value: each }
    const row = { indicator, value: null, method: null, missing: null, detail: null, ...more }
    return [indicator, { ...row, at: at - ageMs }]
  })
  return new Map(rows)
}
