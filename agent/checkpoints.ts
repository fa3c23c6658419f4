import type { EpochMs } from '../protocol/time.ts'

/** A checkpoint of one of the collector's logs: its size, its root as hexadecimal, the note. */
export type SeenCheckpoint = {
  readonly log: string
  readonly size: number
  readonly root: string
  readonly note: string
}

/** Two signed notes that cannot both be true of a log that only grows. */
export type Contradiction = {
  readonly log: string
  readonly held: string
  readonly got: string
  readonly at: EpochMs
}

/** The newest checkpoint of each log, and what was seen that contradicts it. */
export type KeptCheckpoints = {
  readonly held: readonly SeenCheckpoint[]
  readonly contradictions: readonly Contradiction[]
}

export const noCheckpoints: KeptCheckpoints = { held: [], contradictions: [] }

/** The first ones are kept: they are the evidence. */
const contradictionsMax = 20

/**
 * Keeps a checkpoint that is newer than the one held. One that is smaller, or as large with another
 * root, says that the log was rewritten or rolled back: both notes are kept, the held one stays.
 * The same object comes back when nothing changed.
 */
export function noteCheckpoint(
  kept: KeptCheckpoints,
  seen: SeenCheckpoint,
  at: EpochMs,
): KeptCheckpoints {
  const held = kept.held.find(({ log }) => log === seen.log)
  if (held && held.size === seen.size && held.root === seen.root) return kept
  if (!held || seen.size > held.size) {
    return { ...kept, held: [...kept.held.filter((each) => each !== held), seen] }
  }
  const { contradictions } = kept
  const isKnown = contradictions.some(({ got }) => got === seen.note)
  if (isKnown || contradictions.length >= contradictionsMax) return kept
  const contradiction = { log: seen.log, held: held.note, got: seen.note, at }
  return { ...kept, contradictions: [...contradictions, contradiction] }
}
