import { join } from 'node:path'
import { readIfThere, writeWhole } from '../durable.ts'

/** What runs of the facts leave for later ones; more than that is thrown away. */
const stateBytesMax = 64 * 1024
const fileName = 'facts-state.json'

/** What earlier runs left; nothing where there is no such file or it is damaged. */
export function readKept(dir: string): Map<string, unknown> {
  try {
    const kept: unknown = JSON.parse(readIfThere(join(dir, fileName)) ?? '{}')
    return new Map(Object.entries(typeof kept === 'object' && kept ? kept : {}))
  } catch {
    return new Map()
  }
}

/** Leaves it for later runs. */
export function writeKept(dir: string, kept: ReadonlyMap<string, unknown>): void {
  const text = JSON.stringify(Object.fromEntries(kept))
  if (Buffer.byteLength(text) <= stateBytesMax) writeWhole(join(dir, fileName), text, 0o600)
}
