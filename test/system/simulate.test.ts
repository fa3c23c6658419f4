import { expect, test } from 'vitest'
import { simulate } from '../simulation/simulate.ts'

test('tells of each run, and the same seed draws the same ones', async () => {
  const told: [number, boolean][] = []
  const onRun = (done: number, broken: boolean) => void told.push([done, broken])
  const { runs, counts, failure } = await simulate(7, 2, { onRun })
  expect(failure).toBeNull()
  expect(runs).toBe(2)
  expect(told).toEqual([
    [1, false],
    [2, false],
  ])
  expect((await simulate(7, 2)).counts).toEqual(counts)
})
