/**
 * What the agent remembers for facts that need more than one look: plain JSON, kept by the resident
 * in its spool and handed to the facts child.
 */
export type History = {
  /** Per local day number (days since 1970, UTC): 101 counts each of looks at 0 %, 1 %, … 100 %. */
  readonly usage: Readonly<Record<'cpu' | 'memory', Readonly<Record<string, readonly number[]>>>>
  /** Per volume, by its mount point: days since 1970 and bytes used then, one a day, 30 at most. */
  readonly volumes: Readonly<Record<string, readonly (readonly [day: number, bytes: number])[]>>
}

/** Nothing remembered. */
export const noHistory: History = { usage: { cpu: {}, memory: {} }, volumes: {} }
