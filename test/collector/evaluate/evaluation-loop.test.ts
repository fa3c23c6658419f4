import { expect, test } from 'vitest'
import { EvaluationLoop } from '../../../collector/evaluate/evaluation-loop.ts'
import type { Told } from '../../../collector/evaluate/thread.ts'
import { hourMs, minuteMs, secondMs } from '../../../protocol/time.ts'
import { FakeTime } from '../../support/fake-time.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'

/** A loop whose evaluations take as long as the test says, and end when it says. */
function loopOf(tookMs: number, checksAt = sampleSnapshot.computedAt) {
  const time = new FakeTime()
  const running: (() => void)[] = []
  const began: number[] = []
  const loop = new EvaluationLoop({
    thread: {
      evaluate: async (now): Promise<Told> => {
        began.push(now)
        await new Promise<void>((resolve) => running.push(resolve))
        return { snapshot: sampleSnapshot, days: [], cleared: [], held: [] }
      },
      window: async () => null,
      freeze: async () => expect.unreachable('nobody freezes'),
      checks: async () => ({ computedAt: checksAt, checks: new Map() }),
      checkSums: async () => [],
      kpiPage: async () => [],
      environmentStrip: async () => [],
      checkStrip: async () => [],
      lost: async () => null,
      lostSummary: async () => null,
      readiness: async () => null,
      migration: async () => null,
      whatIf: async () => null,
    },
    store: { saveDays: async () => {} },
    now: time.clock.wall,
    timer: time.timer,
    onEvaluated: () => {},
    onError: (error) => expect.unreachable(String(error)),
  })
  const finish = (evaluation: Promise<void>) => {
    time.pass(tookMs)
    running.shift()!()
    return evaluation
  }
  return { time, loop, began, finish }
}

test('evidence that comes in a burst is evaluated together', async () => {
  const { time, loop, began } = loopOf(0)
  for (let i = 0; i < 1_000; i++) loop.request()
  expect(await time.jump()).toBe(300)
  expect(began).toHaveLength(1)
})

test('the next waits until forty times what the last one took has passed since it began', async () => {
  const { time, loop, began, finish } = loopOf(2 * secondMs)
  const first = loop.evaluate()
  loop.request()
  await finish(first)
  expect(await time.jump()).toBe(78 * secondMs)
  expect(began.map((at) => at - began[0]!)).toEqual([0, 80 * secondMs])
})

test('a clock that was set forward leaves no figure old for long', async () => {
  const { time, loop, finish } = loopOf(hourMs)
  await finish(loop.evaluate())
  loop.request()
  expect(await time.untilNext()).toBe(5 * minuteMs)
})

test('who must have it now does not wait, and gets what came while one ran', async () => {
  const { loop, began, finish } = loopOf(secondMs)
  const first = loop.evaluate()
  const second = loop.evaluate()
  expect(loop.evaluate()).toBe(second)
  await finish(first)
  await finish(second)
  expect(began).toHaveLength(2)
  expect(loop.snapshot()).toBe(sampleSnapshot)
})

test('after the end nothing asked for is evaluated', async () => {
  const { time, loop, began } = loopOf(0)
  loop.request()
  await loop.stop()
  loop.request()
  time.timer(hourMs, () => {})
  expect(await time.jump()).toBe(hourMs)
  expect(began).toEqual([])
})

test('checks are shown with the snapshot that they belong to, and with no other', async () => {
  const { loop, finish } = loopOf(0)
  await expect(loop.checks('health')).rejects.toThrow('no checks of the snapshot shown')
  await finish(loop.evaluate())
  expect((await loop.checks('health')).snapshot).toBe(sampleSnapshot)
  const { loop: other, finish: end } = loopOf(0, sampleSnapshot.computedAt - 1)
  await end(other.evaluate())
  await expect(other.checks('health')).rejects.toThrow('no checks of the snapshot shown')
})
