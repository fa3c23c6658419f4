import { type Stats, statSync } from 'node:fs'

/** A database and what SQLite keeps beside it. */
export const databaseSuffixes = ['', '-wal', '-shm'] as const

/**
 * Whether there is a file with something in it. One without a byte is what a first start that was
 * cut short leaves. Throws when that cannot be known.
 */
export function isThere(file: string): boolean {
  return (statOf(file)?.size ?? 0) > 0
}

function statOf(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false })
}
