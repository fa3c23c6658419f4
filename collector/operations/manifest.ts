import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../error.ts'
import type { LogHead } from '../store/logs.ts'

export const manifestFile = 'manifest.json'
export const copyFile = 'collector.db'

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** What a backup says of itself. Written last: a folder without it is no backup. */
export const Manifest = Type.Object(
  {
    format: Type.Literal(1),
    /** When the copy was begun, EpochMs. */
    at: Type.Integer({ minimum: 0 }),
    /** The collector's version that made it. */
    version: Type.String(),
    /** Bytes and SHA-256 of `collector.db`. */
    bytes: Type.Integer({ minimum: 0 }),
    sha256: Sha256,
    /** The log key that signs for this evidence; it is not in the backup. */
    kid: Type.String(),
    heads: Type.Array(
      Type.Object({ log: Type.String(), size: Type.Integer({ minimum: 0 }), root: Sha256 }),
    ),
  },
  { additionalProperties: false },
)
export type Manifest = Static<typeof Manifest>

const manifest = Compile(Manifest)

/** Heads of logs as a manifest and an entry of a log have them. */
export function headsAsText(heads: readonly LogHead[]): Manifest['heads'] {
  return heads.map(({ log, size, root }) => ({ log, size, root: root.toString('hex') }))
}

/** A backup's manifest; null where the folder is no finished backup. */
export function findManifest(folder: string): Manifest | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, manifestFile), 'utf8'))
    return manifest.Check(value) ? value : null
  } catch {
    // No file, or not what we write: both are no backup.
    return null
  }
}

/** Reads a backup's manifest. Throws AppError `configuration` when the folder is no backup. */
export function readManifest(folder: string): Manifest {
  const found = findManifest(folder)
  if (found) return found
  const message = `${folder} is no backup of a collector, or one that was not finished.`
  throw new AppError('configuration', message)
}

/** SHA-256 of a file, hexadecimal. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
