import { randomUUID } from 'node:crypto'
import { bootIdOf, kernelBootId } from './clock.ts'
import type { KeptFold } from './fold.ts'
import type { Moment } from './gap.ts'
import type { Program } from './program.ts'

/** This moment, and the boot it is in: what the kernel calls it, else what was remembered. */
export function momentOf(
  { clock, root }: Pick<Program, 'clock' | 'root'>,
  kept: KeptFold | null,
): Moment {
  const reading = { wall: clock.wall(), boot: clock.boot() }
  const before = kept && { id: kept.fold.boot, ...kept.at }
  return { bootId: bootIdOf(kernelBootId(root), before, reading, randomUUID), ...reading }
}
