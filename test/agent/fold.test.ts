import { describe, expect, test } from 'vitest'
import { addPause, isUnsettled, type Look, newFold, observe } from '../../agent/fold.ts'
import { limits } from '../../protocol/limits.ts'
import { minuteMs, secondMs } from '../../protocol/time.ts'
import { fillStrip, foldStrip, showStretches } from '../support/strip.ts'

describe('T2: what holds where a look is missing', () => {
  test.each([
    ['U ? U', 'U U U'],
    ['U ? D', 'U ? D'],
    ['U ? ? U', 'U ? ? U'],
    ['D ? D', 'D D D'],
    ['D ? U', 'D ? U'],
  ])('%s -> %s', (strip, filled) => {
    expect(fillStrip(strip)).toBe(filled)
  })
})

describe('the hold rule, in minutes', () => {
  test.each([
    ['one look decides nothing', 'U', ''],
    ['the last look stays open', 'U U', 'U0-1'],
    ['the same state is one stretch', 'U U U U', 'U0-3'],
    ['one missing look between equals is held', 'U ? U', 'U0-2'],
    ['one missing look before a change is unknown', 'U ? D', '?0-2 D2-2.25'],
    ['two missing looks are unknown', 'U ? ? U U', '?0-3 U3-4'],
    ['a confirmed outage starts at its first failure', 'U U D D U U', 'U0-2 D2-4 U4-5'],
    ['a denied failure counts as nothing', 'U U d U', 'U0-3'],
    ['degraded is a state of its own', 'U G G U U', 'U0-1 G1-3 U3-4'],
    ['what is seen first may be a failure', 'D D', 'D0-1.25'],
  ])('%s: %s', (_name, strip, expected) => {
    expect(showStretches(foldStrip(strip).checks[0]!.stretches)).toBe(expected)
  })

  const intervalMs = 10_001
  test.each([
    [15_001, 'up', 'up'],
    [15_002, 'up', 'up'],
    [25_002, 'up', 'up'],
    [25_003, 'up', 'unknown'],
    [15_001, 'degraded', 'degraded'],
    [15_002, 'degraded', 'unknown'],
  ] as const)('after %i ms, first %s: %s', (gapMs, first, held) => {
    const definition = { check: 'web', kind: 'http', intervalMs } as const
    let fold = newFold('b007-0001', [definition], 0)
    for (const look of [
      { at: 0, state: first },
      { at: 1, state: first },
      { at: 1 + gapMs, state: 'up' },
    ] as const) {
      fold = observe(fold, 'web', look)
    }
    const stretch = fold.checks[0]!.stretches.find(({ from }) => from <= 1 && from >= 0)
    expect(fold.checks[0]!.stretches.at(-1)).toMatchObject({ state: held, to: 1 + gapMs })
    expect(stretch).toBeDefined()
  })
})

describe('a failure and its second look', () => {
  const start = foldStrip('U U')
  const see = (...looks: [number, Omit<Look, 'at'>][]) =>
    looks.reduce(
      (fold, [second, look]) =>
        observe(fold, 'web', { ...look, at: 2 * minuteMs + second * secondMs }),
      start,
    ).checks[0]!

  const refused = { state: 'down', reason: 'refused' } as const
  const timeout = { state: 'down', reason: 'timeout' } as const
  const slow = { state: 'degraded', reason: 'certificate_expiring' } as const

  test('decides nothing until it is confirmed', () => {
    const check = see([0, timeout])
    expect(showStretches(check.stretches)).toBe('U0-1')
    expect(isUnsettled(check)).toBe(true)
  })

  test('keeps its own reason when it is confirmed', () => {
    const { stretches } = see([0, refused], [15, timeout])
    expect(stretches.at(-1)).toEqual({
      ...{ state: 'down', reason: 'refused', count: 1 },
      ...{ from: 2 * minuteMs, to: 2 * minuteMs + 15 * secondMs },
    })
  })

  test('down and then degraded: only degraded was seen twice', () => {
    const check = see([0, timeout], [15, slow])
    expect(check.stretches.at(-1)).toMatchObject({ state: 'degraded', from: 2 * minuteMs })
    expect(check.doubt).toBeNull()
  })

  test('degraded and then down: degraded is confirmed, down is a new doubt', () => {
    const check = see([0, slow], [15, timeout])
    expect(check.last).toMatchObject({ state: 'degraded', at: 2 * minuteMs })
    expect(check.doubt).toMatchObject({ state: 'down', at: 2 * minuteMs + 15 * secondMs })
  })

  test('after a long hole a failure has to be confirmed anew, and may be denied', () => {
    const later = (minute: number, look: Omit<Look, 'at'>) => ({ ...look, at: minute * minuteMs })
    const before = foldStrip('U D D')
    const failed = observe(before, 'web', later(20, timeout))
    expect(failed.checks[0]?.doubt).toMatchObject({ at: 20 * minuteMs })
    const { checks } = observe(failed, 'web', later(20.25, { state: 'up' }))
    expect(showStretches(checks[0]!.stretches)).toBe('U0-1 D1-2.25 ?2.25-20.25')
  })

  test('the first look of all, and a recovery, are looked at again soon', () => {
    expect(isUnsettled(foldStrip('U').checks[0]!)).toBe(true)
    expect(isUnsettled(foldStrip('U U').checks[0]!)).toBe(false)
    expect(isUnsettled(foldStrip('U D D U').checks[0]!)).toBe(true)
    expect(isUnsettled(foldStrip('U D D U U').checks[0]!)).toBe(false)
  })
})

describe('time in which the agent did not look', () => {
  test.each(['agent_stopped', 'suspended'] as const)('%s explains the unknown', (why) => {
    const paused = addPause(foldStrip('U U'), { from: 70_000, to: 600_000, why })
    const fold = observe(paused, 'web', { state: 'up', at: 600_000 })
    expect(fold.checks[0]!.stretches.at(-1)).toMatchObject({ state: 'unknown', reason: why })
  })

  test('without a pause the look was simply missing', () => {
    const fold = observe(foldStrip('U U'), 'web', { state: 'up', at: 600_000 })
    expect(fold.checks[0]!.stretches.at(-1)).toMatchObject({ reason: 'not_observed', count: 0 })
  })

  test('a short pause changes nothing', () => {
    const paused = addPause(foldStrip('U U'), { from: 70_000, to: 80_000, why: 'agent_stopped' })
    const fold = observe(paused, 'web', { state: 'up', at: 90_000 })
    expect(showStretches(fold.checks[0]!.stretches)).toBe('U0-1.5')
  })

  test('pauses of an agent that keeps restarting are bounded', () => {
    let fold = foldStrip('U')
    for (let i = 0; i < 3 * limits.pausesMax; i++) {
      fold = addPause(fold, { from: i * 10, to: i * 10 + 5, why: 'agent_stopped' })
    }
    expect(fold.pauses).toHaveLength(limits.pausesMax)
    expect(fold.pauses.at(-1)?.to).toBe((3 * limits.pausesMax - 1) * 10 + 5)
  })
})

test('a look that is not later than the last one is ignored', () => {
  const fold = foldStrip('U U')
  expect(observe(fold, 'web', { state: 'down', reason: 'timeout', at: minuteMs })).toEqual(fold)
})

test('what cannot be sealed for very long keeps its bounds, and what is given up is unknown', () => {
  let fold = foldStrip('')
  for (let i = 0; i < 2 * limits.runsMax; i++) {
    const state = i % 2 ? 'degraded' : 'up'
    fold = observe(fold, 'web', { state, at: 2 * i * secondMs })
    fold = observe(fold, 'web', { state, at: (2 * i + 1) * secondMs })
  }
  const { stretches } = fold.checks[0]!
  expect(stretches).toHaveLength(limits.runsMax)
  expect(stretches[0]).toMatchObject({ state: 'unknown', from: 0 })
})
