import { verify } from '../../../collector/evidence/verify.ts'
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

/** Lets the verifier judge a mutant. */
export async function judgeMutant(mutant: Mutant, world: World): Promise<Judged> {
  const { lines, receipts, checkpoints } = await mutant.make(world)
  const file = `${world.folder}/mutant.jsonl`
  writeLines(file, lines)
  const progress = () => {}
  const alone = await verify({ file, receipts: null, checkpoints: null, progress })
  const said = alone.result === 'ok' ? 'ok' : `${alone.result}: ${alone.why}`
  if (mutant.shownBy === 'file') return { isKilled: alone.result !== 'ok', said }
  const outside = {
    receipts: receipts ? written(`${world.folder}/receipts`, `${receipts.join('\n')}\n`) : null,
    checkpoints: checkpoints
      ? written(`${world.folder}/checkpoints`, checkpoints.join('\n'))
      : null,
  }
  const beside = await verify({ file, ...outside, progress })
  const whole = `alone ${said}; beside ${beside.result === 'ok' ? 'ok' : beside.why}`
  return { isKilled: alone.result === 'ok' && beside.result === 'broken', said: whole }
}

function written(file: string, text: string): string {
  writeLines(file, text)
  return file
}
