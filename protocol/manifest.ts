import { type Static, Type } from 'typebox'
import { Sha256 } from './schema.ts'

/** What the log key signs of an export: the hash of `manifest.json`, which names all its files. */
export const ManifestStatement = Type.Object(
  { v: Type.Literal(1), sha256: Sha256 },
  { additionalProperties: false },
)
export type ManifestStatement = Static<typeof ManifestStatement>
