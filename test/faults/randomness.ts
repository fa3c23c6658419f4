import { createHash } from 'node:crypto'

/** Uniform numbers in [0, 1) from a text: the same text, the same numbers. */
export function randomOf(seed: string): () => number {
  let turn = 0
  return () => {
    const digest = createHash('sha256').update(`${seed}/${turn++}`).digest()
    return digest.readUIntBE(0, 6) / 2 ** 48
  }
}

/** A whole number in [from, to]. */
export function between(random: () => number, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1))
}
