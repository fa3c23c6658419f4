import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verify } from '../../../collector/evidence/verify.ts'
import { mutants } from '../../faults/tampering/all.ts'
import { edited, type Line, writeLines } from '../../faults/tampering/file.ts'
import { judgeMutant, judgeSet, verifier } from '../../faults/tampering/mutant.ts'
import { setMutants } from '../../faults/tampering/set-edits.ts'
import { makeWorld, notesIn, type World } from '../../faults/tampering/world.ts'
import { temporaryFolder } from '../../support/folder.ts'

let folder: ReturnType<typeof temporaryFolder>
let world: World

beforeAll(async () => {
  folder = temporaryFolder()
  world = await makeWorld(folder.path)
})

afterAll(() => folder[Symbol.dispose]())

describe('an export that nobody touched', () => {
  test.each(['health', 'roads', 'ports'] as const)(
    'of %s holds, alone and beside all that was kept',
    async (id) => {
      const file = folder.file('true.jsonl')
      writeLines(file, world.exports[id])
      const receipts = folder.file('true-receipts')
      writeFileSync(receipts, `${world.receipts[id].join('\n')}\n`)
      const checkpoints = folder.file('true-checkpoints')
      writeFileSync(checkpoints, notesIn(world.receipts[id]).join('\n'))
      const options = { file, receipts, checkpoints, progress: () => {} }
      const outcome = await verify(options)
      expect(outcome).toMatchObject({
        result: 'ok',
        outside: { receipts: world.receipts[id].length },
      })
    },
  )
})

test('of figures that another version computed nothing is said, not that they are wrong', async () => {
  const file = folder.file('other.jsonl')
  const other = edited(world.exports.health, ([header]) => {
    Object.assign(header!, { engine: '9.9.9' })
    Object.assign(header!.figures as Line, { engine: '9.9.9' })
  })
  writeLines(file, other)
  const outcome = await verify({ file, receipts: null, checkpoints: null, progress: () => {} })
  expect(outcome).toMatchObject({
    result: 'incomplete',
    why: expect.stringContaining('take the verifier of version 9.9.9'),
  })
})

describe('tampering by the operator', () => {
  test('there are enough ways to try', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(40)
    expect(new Set(mutants.map(({ name, shownBy }) => `${name} ${shownBy}`)).size).toBe(
      mutants.length,
    )
  })

  test.each(mutants.map((mutant) => [mutant.shownBy, mutant.name, mutant] as const))(
    'shown by the %s: %s',
    async (_shownBy, _name, mutant) => {
      const { isKilled, said } = await judgeMutant(mutant, world)
      expect(isKilled, said).toBe(true)
    },
  )
})

describe('an export with its tables', () => {
  test('holds as it was made; the nation holds beside all institutions', async () => {
    const { roads, nation, institutions } = world.sets
    const outside = { receipts: null, checkpoints: null, institutions: null }
    expect(await verifier(roads, outside)).toEqual({ result: 'ok', said: 'ok' })
    expect(await verifier(nation, outside)).toEqual({ result: 'ok', said: 'ok' })
    const beside = await verifier(nation, { ...outside, institutions })
    expect(beside).toEqual({ result: 'ok', said: 'ok' })
  })

  test.each(setMutants.map((mutant) => [mutant.shownBy, mutant.name, mutant] as const))(
    'tampered with, shown by the %s: %s',
    async (_shownBy, _name, mutant) => {
      const { isKilled, said } = await judgeSet(mutant, world)
      expect(isKilled, said).toBe(true)
    },
  )
})
