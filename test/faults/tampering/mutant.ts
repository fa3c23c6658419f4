import { cpSync, rmSync } from 'node:fs'
import { verifyExport } from '../../../collector/exports/verify-set.ts'
import { type Line, writeLines } from './file.ts'
import type { World } from './world.ts'

/** A file that an operator made of a true one, with what is laid beside it. */
export type Tampered = {
  /** As text where it is to be no JSON Lines. */
  readonly lines: readonly Line[] | string
  readonly receipts?: readonly string[]
  readonly checkpoints?: readonly string[]
}

/**
 * One way to tamper. `file`: the file alone shows it. `outside`: the file is right in itself, and
 * only what others kept shows it.
 */
export type Mutant = {
  readonly name: string
  readonly shownBy: 'file' | 'outside'
  readonly make: (world: World) => Promise<Tampered> | Tampered
}

export type Judged = {
  /** Whether the mutant was caught, by just what should catch it. */
  readonly isKilled: boolean
  /** What verify said, with and without what others kept. */
  readonly said: string
}

/** What a verifier says of an export, beside what others kept. */
export type Verdict = { readonly result: 'ok' | 'broken' | 'incomplete'; readonly said: string }
export type Outside = {
  readonly receipts: string | null
  readonly checkpoints: string | null
  readonly institutions: string | null
}
export type Verifier = (file: string, outside: Outside) => Promise<Verdict>

const nothing: Outside = { receipts: null, checkpoints: null, institutions: null }

/** The verifier within this process. */
export async function verifier(file: string, outside: Outside): Promise<Verdict> {
  const outcome = await verifyExport({ file, ...outside, progress: () => {} })
  const { result } = outcome
  return { result, said: result === 'ok' ? 'ok' : `${result}: ${outcome.why}` }
}

/** Lets a verifier judge a mutant. */
export async function judgeMutant(
  mutant: Mutant,
  world: World,
  verify: Verifier = verifier,
): Promise<Judged> {
  const { lines, receipts, checkpoints } = await mutant.make(world)
  const file = `${world.folder}/mutant.jsonl`
  writeLines(file, lines)
  return judged(mutant.shownBy, file, verify, {
    ...nothing,
    receipts: receipts ? written(`${world.folder}/receipts`, `${receipts.join('\n')}\n`) : null,
    checkpoints: checkpoints
      ? written(`${world.folder}/checkpoints`, checkpoints.join('\n'))
      : null,
  })
}

/** One way to tamper with the folder of an export. */
export type SetMutant = Pick<Mutant, 'name' | 'shownBy'> & {
  readonly of: 'roads' | 'nation'
  readonly change: (folder: string, world: World) => void
}

/** Lets a verifier judge a folder that was tampered with. */
export async function judgeSet(
  { of, shownBy, change }: SetMutant,
  world: World,
  verify: Verifier = verifier,
): Promise<Judged> {
  const copy = `${world.folder}/mutant-set`
  rmSync(copy, { recursive: true, force: true })
  cpSync(world.sets[of], copy, { recursive: true })
  change(copy, world)
  return judged(shownBy, copy, verify, { ...nothing, institutions: world.sets.institutions })
}

async function judged(
  shownBy: Mutant['shownBy'],
  file: string,
  verify: Verifier,
  outside: Outside,
): Promise<Judged> {
  const alone = await verify(file, nothing)
  if (shownBy === 'file') return { isKilled: alone.result !== 'ok', said: alone.said }
  const beside = await verify(file, outside)
  const isKilled = alone.result === 'ok' && beside.result === 'broken'
  return { isKilled, said: `alone ${alone.said}; beside ${beside.said}` }
}

function written(file: string, text: string): string {
  writeLines(file, text)
  return file
}
