import { type Fold, type Look, newFold, observe, type Stretch } from '../../agent/fold.ts'
import { minuteMs, secondMs } from '../../protocol/time.ts'

/**
 * A check as a strip: one letter a minute. U up, G degraded, D down, each confirmed by its second
 * look; d a failure that the second look denies; ? no look at all.
 */
export function foldStrip(strip: string): Fold {
  const definition = { check: 'web', kind: 'http', intervalMs: minuteMs } as const
  let fold = newFold('b007-0001', [definition], 0)
  for (const [index, letter] of [...strip.replaceAll(' ', '')].entries()) {
    const looks = looksOf[letter]
    if (!looks) throw new Error(`A strip has no letter "${letter}".`)
    for (const [second, look] of looks) {
      fold = observe(fold, 'web', { ...look, at: index * minuteMs + second * secondMs })
    }
  }
  return fold
}

const up = { state: 'up' } as const
const degraded = { state: 'degraded', reason: 'space_low' } as const
const down = { state: 'down', reason: 'timeout' } as const
const looksOf: Readonly<Record<string, readonly [number, Omit<Look, 'at'>][]>> = {
  U: [[0, up]],
  G: [
    [0, degraded],
    [15, degraded],
  ],
  D: [
    [0, down],
    [15, down],
  ],
  d: [
    [0, down],
    [15, up],
  ],
  '?': [],
}

const letterOf = { up: 'U', degraded: 'G', down: 'D', unknown: '?' } as const

/** What was decided: letter, then where it begins and ends in minutes. */
export function showStretches(stretches: readonly Stretch[]): string {
  return stretches
    .map(({ state, from, to }) => `${letterOf[state]}${from / minuteMs}-${to / minuteMs}`)
    .join(' ')
}

/** The strip filled in: a look shows what it saw, a missing one what was decided there. */
export function fillStrip(strip: string): string {
  const { stretches } = foldStrip(strip).checks[0]!
  return [...strip.replaceAll(' ', '')]
    .map((letter, index) => {
      const at = index * minuteMs
      const stretch = stretches.find(({ from, to }) => from <= at && at < to)
      return letter === '?' ? letterOf[stretch?.state ?? 'unknown'] : letter
    })
    .join(' ')
}
