import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyScenario } from '../simulation/faults.ts'
import { regressions } from '../simulation/regressions.ts'
import { runWorld } from '../simulation/world.ts'

/** A few worlds as `npm run simulate` draws them by the hundred. */

test('the same scenario twice is the same to the last event', async () => {
  const [scenario] = fc.sample(anyScenario(), { seed: 4, numRuns: 1 })
  const first = await runWorld(scenario!)
  const second = await runWorld(scenario!)
  expect(second.events).toEqual(first.events)
  expect(second.trace).toBe(first.trace)
})

test.each(
  fc.sample(anyScenario(), { seed: 20, numRuns: 8 }).map((scenario, i) => [i, scenario] as const),
)('every rule holds in drawn scenario %i', async (_i, scenario) => {
  expect((await runWorld(scenario)).violations).toEqual([])
})

test.each(regressions)('never again: $was', async ({ scenario }) => {
  expect((await runWorld(scenario)).violations).toEqual([])
})
