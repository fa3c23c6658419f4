import { describe, expect, test } from 'vitest'
import { type KeptFold, observe } from '../../agent/fold.ts'
import { resumeFold } from '../../agent/resume.ts'
import { seal } from '../../agent/seal.ts'
import type { CheckDefinition } from '../../protocol/batch.ts'
import { minuteMs } from '../../protocol/time.ts'
import { readBatches } from '../support/read-batches.ts'
import { foldStrip, showStretches } from '../support/strip.ts'

const web: CheckDefinition = { check: 'web', kind: 'http', intervalMs: minuteMs }
const disk: CheckDefinition = { check: 'disk', kind: 'disk', intervalMs: minuteMs }
const wallMs = 1_800_000_000_000

/** What was on disk when the agent ended: up for three minutes, the first one sealed. */
function kept(): KeptFold {
  const at = (minute: number) => ({ wall: wallMs + minute * minuteMs, boot: minute * minuteMs })
  const sealed = seal(foldStrip('U U'), at(1), false)
  const later = [2, 3].reduce(
    (fold, minute) => observe(fold, 'web', { state: 'up', at: minute * minuteMs }),
    sealed.fold,
  )
  return { fold: later, at: at(3) }
}

const now = (minute: number, bootId = 'b007-0001') => {
  return { bootId, wall: wallMs + minute * minuteMs, boot: minute * minuteMs }
}

test('without anything kept the fold is new', () => {
  const { bodies, fold } = resumeFold(null, [web], now(5))
  expect(bodies).toEqual([])
  expect(fold).toMatchObject({ boot: 'b007-0001', from: 5 * minuteMs, pauses: [] })
})

describe('within the same boot', () => {
  test('the fold goes on where it was, and the time since is a pause', () => {
    const { bodies, fold } = resumeFold(kept(), [web], now(9))
    expect(bodies).toEqual([])
    expect(fold.pauses).toEqual([{ from: 3 * minuteMs, to: 9 * minuteMs, why: 'agent_stopped' }])
    const after = observe(fold, 'web', { state: 'up', at: 9 * minuteMs })
    expect(showStretches(after.checks[0]!.stretches)).toBe('U1-3 ?3-9')
    expect(after.checks[0]!.stretches.at(-1)?.reason).toBe('agent_stopped')
  })

  test('a quick restart leaves no hole at all', () => {
    const { fold } = resumeFold(kept(), [web], now(4))
    const after = observe(fold, 'web', { state: 'up', at: 4 * minuteMs })
    expect(showStretches(after.checks[0]!.stretches)).toBe('U1-4')
  })

  test('other checks: what was decided is closed first, a check that stays goes on', () => {
    const before = seal(foldStrip('U U'), { wall: wallMs, boot: minuteMs }, false)
    const { bodies, fold } = resumeFold(kept(), [disk, { ...web, label: 'Portal' }], now(4))
    expect(bodies).toHaveLength(1)
    expect(bodies[0]?.steady.through).toEqual([3 * minuteMs])
    const after = [4, 5].reduce(
      (fold, minute) => observe(fold, 'web', { state: 'up', at: minute * minuteMs }),
      fold,
    )
    const sealed = seal(after, { wall: wallMs, boot: 5 * minuteMs }, false)
    expect(sealed.bodies[0]?.checks?.map(({ check }) => check)).toEqual(['disk', 'web'])
    const runs = readBatches([...before.bodies, ...bodies, ...sealed.bodies]).get('web')
    expect(runs).toMatchObject([{ state: 'up', from: 0, to: 5 * minuteMs }])
  })
})

test('another boot: what the old one decided is closed under its own id and time', () => {
  const { bodies, fold } = resumeFold(kept(), [web], now(1, 'b007-0002'))
  expect(bodies).toHaveLength(1)
  expect(bodies[0]).toMatchObject({
    ...{ boot: 'b007-0001', sealed: { wall: wallMs + 3 * minuteMs, boot: 3 * minuteMs } },
    steady: { through: [3 * minuteMs] },
  })
  expect(fold).toMatchObject({ boot: 'b007-0002', pauses: [], checks: [{ last: null }] })
})

test('an uptime that went back is another boot, whatever its name', () => {
  const { bodies, fold } = resumeFold(kept(), [web], now(2))
  expect(bodies).toHaveLength(1)
  expect(fold).toMatchObject({ from: 2 * minuteMs, checks: [{ last: null }] })
})

test('nothing undelivered, nothing closed', () => {
  const { fold, at } = kept()
  const sealed = seal(fold, at, true)
  expect(resumeFold({ fold: sealed.fold, at }, [web], now(1, 'b007-0002')).bodies).toEqual([])
})
