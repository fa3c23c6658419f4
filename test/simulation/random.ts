/** A small seeded generator: equal seeds and labels give equal numbers, on every machine. */
export type Random = {
  /** A number in [0, 1). */
  next(): number
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number
  chance(probability: number): boolean
  /** One of the items. Throws when there is none. */
  pick<T>(items: readonly T[]): T
}

/**
 * A generator for one purpose. Each `label` has a stream of its own, so that drawing more for one
 * purpose changes nothing for another. Source: sfc32 of PractRand by Chris Doty-Humphrey.
 */
export function randomOf(seed: number, label: string): Random {
  let [a, b, c, counter] = [seed >>> 0, hashOf(label), Math.floor(seed / 2 ** 32) >>> 0, 1]
  const next = () => {
    const sum = (((a + b) >>> 0) + counter) >>> 0
    counter = (counter + 1) >>> 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) >>> 0
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0
    return sum / 2 ** 32
  }
  for (let i = 0; i < 15; i++) next()
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    whole,
    chance: (probability) => next() < probability,
    pick: (items) => {
      if (items.length === 0) throw new Error('There is nothing to pick from.')
      return items[whole(0, items.length - 1)]! // within the bounds just checked
    },
  }
}

/** Random bytes for keys and ids of the simulation. Never for anything real. */
export function bytesOf(seed: number, label: string, count: number): Uint8Array {
  const { whole } = randomOf(seed, label)
  return Uint8Array.from({ length: count }, () => whole(0, 255))
}

/** FNV-1a over UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return hash >>> 0
}
