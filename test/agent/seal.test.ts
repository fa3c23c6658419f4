import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { addPause, type Fold, newFold, observe } from '../../agent/fold.ts'
import { signerOf } from '../../agent/identity.ts'
import { type Body, definitionsBytesMax, forgetSealed, seal } from '../../agent/seal.ts'
import { Batch, type CheckDefinition } from '../../protocol/batch.ts'
import { generateKey, messageTypes, noPrevious, privateKey } from '../../protocol/jws.ts'
import { limits } from '../../protocol/limits.ts'
import { hourMs, minuteMs } from '../../protocol/time.ts'
import { readBatches } from '../support/read-batches.ts'

const batch = Compile(Batch)
const names = ['host', 'web', 'disk']
const definitions = names.map((check) => {
  return { check, kind: 'host', intervalMs: minuteMs } as const
})

const at = (minute: number) => ({
  wall: 1_800_000_000_000 + minute * minuteMs,
  boot: minute * minuteMs,
})

/** Looks at all checks at a minute; those named in `failing` are seen down twice. */
function lookAll(fold: Fold, minute: number, failing: readonly string[] = []): Fold {
  return names.reduce((fold, name) => {
    const boot = minute * minuteMs
    if (!failing.includes(name)) return observe(fold, name, { at: boot, state: 'up', value: 0.5 })
    const down = { state: 'down', reason: 'timeout' } as const
    return observe(observe(fold, name, { ...down, at: boot }), name, { ...down, at: boot + 15_000 })
  }, fold)
}

/** A fold that was sealed once, at minute 2: everything up since minute 0. */
function settled(): Fold {
  let fold = newFold('b007-0001', definitions, 0)
  for (const minute of [0, 1, 2]) fold = lookAll(fold, minute)
  return seal(fold, at(2), false).fold
}

function asMessage(body: Body) {
  return { v: 1, agent: 'a-1', epoch: 1, seq: 1, prev: noPrevious, ...body }
}

describe('what a batch says', () => {
  test('the first one spells out definitions and runs', () => {
    let fold = newFold('b007-0001', definitions, 0)
    for (const minute of [0, 1]) fold = lookAll(fold, minute)
    const { bodies } = seal(fold, at(2), false)
    expect(bodies).toHaveLength(1)
    expect(bodies[0]).toMatchObject({
      boot: 'b007-0001',
      sealed: at(2),
      window: { from: 0, to: 2 * minuteMs },
      runs: names.map((check) => ({ check, state: 'up', from: 0, to: minuteMs, count: 1 })),
      steady: { through: [null, null, null], counts: [0, 0, 0] },
      checks: definitions,
    })
    expect(batch.Check(asMessage(bodies[0]!))).toBe(true)
  })

  test('checks without news are steady, in definition order; changed ones are runs', () => {
    let fold = settled()
    fold = lookAll(fold, 3, ['web'])
    fold = lookAll(fold, 4, ['web'])
    const { bodies } = seal(fold, at(5), false)
    expect(bodies[0]).toMatchObject({
      window: { from: 2 * minuteMs, to: 5 * minuteMs },
      runs: [
        { check: 'web', state: 'up', from: 2 * minuteMs, to: 3 * minuteMs, count: 1 },
        { check: 'web', state: 'down', reason: 'timeout', from: 3 * minuteMs, count: 3 },
      ],
      steady: { through: [4 * minuteMs, null, 4 * minuteMs], counts: [2, 0, 2] },
    })
    expect(bodies[0]).not.toHaveProperty('checks')
    expect(batch.Check(asMessage(bodies[0]!))).toBe(true)
  })

  test('a check with nothing newly decided is null and 0', () => {
    const fold = observe(settled(), 'host', { at: 3 * minuteMs, state: 'up' })
    const { steady, runs } = seal(fold, at(3), false).bodies[0]!
    expect(steady).toMatchObject({ through: [3 * minuteMs, null, null], counts: [1, 0, 0] })
    expect(runs).toEqual([])
  })

  test('nothing new is no batch', () => {
    const fold = settled()
    expect(seal(fold, at(3), false)).toEqual({ bodies: [], fold })
  })

  test('a pause travels once, and still explains what begins before it', () => {
    const paused = addPause(settled(), { from: at(3).boot, to: at(9).boot, why: 'suspended' })
    const first = seal(paused, at(9), false)
    expect(first.bodies[0]?.pauses).toEqual([
      { from: at(3).boot, to: at(9).boot, why: 'suspended' },
    ])
    const second = seal(lookAll(lookAll(first.fold, 10), 11), at(11), false)
    expect(second.bodies[0]?.pauses).toEqual([])
    expect(second.bodies[0]?.runs[0]).toMatchObject({ state: 'unknown', reason: 'suspended' })
    expect(second.fold.pauses).toEqual([])
  })

  test('after six hours, and after a loss, everything is spelled out again', () => {
    const quiet = lookAll(settled(), 3)
    const later = { wall: 0, boot: quiet.fullAt! + 6 * hourMs }
    for (const [fold, when] of [
      [quiet, later],
      [forgetSealed(quiet), at(3)],
    ] as const) {
      const body = seal(fold, when, false).bodies[0]!
      expect(body.checks).toEqual(definitions)
      expect(body.runs.map(({ check, from }) => [check, from])).toEqual(
        names.map((name) => [name, 2 * minuteMs]),
      )
      expect(body.steady.through).toEqual([null, null, null])
    }
  })
})

describe('values', () => {
  test('travel each hour, and with every seal while the agent is young', () => {
    const fold = lookAll(settled(), 3)
    expect(seal(fold, at(4), false).bodies[0]?.facts).toEqual([])
    const hour = { wall: 0, boot: hourMs }
    const expected = names.map((name) => ({
      indicator: `check.${name}`,
      value: { n: 4, min: 0.5, max: 0.5, last: 0.5, buckets: [[-4, 4]] },
    }))
    expect(seal(fold, at(4), true).bodies[0]?.facts).toMatchObject(expected)
    const hourly = seal(fold, hour, false)
    expect(hourly.bodies[0]?.facts).toMatchObject(expected)
    expect(hourly.fold.checks.map(({ values }) => values)).toEqual([null, null, null])
  })
})

describe('a message keeps within its limit', () => {
  const { privatePem } = generateKey()
  const signer = signerOf(privateKey(privatePem))
  const longest = (index: number) => `${String(index).padStart(3, '0')}-${'x'.repeat(59)}`

  test('with as many checks, values and changes as there can be', () => {
    const labelCharacters = Math.floor(definitionsBytesMax / limits.checksMax - 130) / 2
    const many = Array.from({ length: limits.checksMax }, (_, index): CheckDefinition => {
      const label = 'ع'.repeat(labelCharacters)
      return { check: longest(index), kind: 'http', intervalMs: limits.intervalMsMin, label }
    })
    let fold = newFold('b007-0001', many, 0)
    for (const { check } of many) {
      for (let i = 0; i < 40; i++) {
        const state = i % 4 < 2 ? 'up' : 'degraded'
        const look = { at: i * 5_000, state, value: 1.234567 ** (i * 3) } as const
        fold = observe(fold, check, look)
      }
    }
    const { bodies } = seal(fold, { wall: 0, boot: 1_000_000 }, true)
    expect(bodies.length).toBeGreaterThan(3)
    for (const body of bodies) {
      expect([...batch.Errors(asMessage(body))]).toEqual([])
      const jws = signer.sign(messageTypes.batch, asMessage(body))
      expect(Buffer.byteLength(jws)).toBeLessThanOrEqual(limits.messageBytesMax)
    }
    const timelines = readBatches(bodies)
    expect(timelines.size).toBe(limits.checksMax)
    const facts = bodies.flatMap((body) => body.facts.map(({ indicator }) => indicator))
    expect(new Set(facts).size).toBe(limits.checksMax)
  })
})
