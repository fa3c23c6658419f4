import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { JsonError, parseJson } from '../../protocol/json.ts'
import {
  JwsError,
  messageTypes,
  parseJws,
  publicKey,
  sha256,
  signJws,
  thumbprint,
  verifyJws,
} from '../../protocol/jws.ts'
import { ManifestStatement } from '../../protocol/manifest.ts'
import { Count, Id, Milliseconds, Sha256, SpanSchema } from '../../protocol/schema.ts'
import { Broken } from '../evidence/claims.ts'
import type { LogKey } from '../evidence/log-key.ts'

export const manifestFormat = 'istimrar-export/1'

/** In one export of the nation with all institutions: the folders of its sets. */
export const wholeFolders = { nation: 'nation', institutions: 'institutions' } as const

/** The files of a set that are no views. */
export const setFiles = {
  evidence: 'evidence.jsonl',
  manifest: 'manifest.json',
  signature: 'manifest.jws',
} as const

/** Neither file is longer. */
export const manifestBytesMax = 64 * 1024

const closed = { additionalProperties: false } as const

const Manifest = Type.Object(
  {
    format: Type.Literal(manifestFormat),
    /** `national`: the nation. */
    institution: Id,
    exportedAt: Milliseconds,
    engine: Type.String({ maxLength: 100 }),
    simulated: Type.Boolean(),
    window: SpanSchema,
    /** Leaves of each log in the evidence. */
    sizes: Type.Record(Id, Count),
    files: Type.Array(
      Type.Object(
        { name: Type.String({ pattern: '^[a-z][a-z.-]{0,60}$' }), bytes: Count, sha256: Sha256 },
        closed,
      ),
      { maxItems: 100 },
    ),
  },
  closed,
)
/** What a set consists of: `manifest.json`. */
export type Manifest = Static<typeof Manifest>

const schemas = { manifest: Compile(Manifest), statement: Compile(ManifestStatement) }

/** A manifest as it is written: people may want to read it. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/** The log key's word for exactly these bytes, as compact JWS with a newline. */
export function signManifest(text: string, { key, kid }: LogKey): string {
  const statement: ManifestStatement = { v: 1, sha256: sha256(text) }
  return `${signJws(messageTypes.manifest, statement, key, kid)}\n`
}

/** Reads a manifest without believing it. Throws Broken. */
export function readManifest(bytes: Buffer): Manifest {
  const value = parsed(bytes, setFiles.manifest)
  if (schemas.manifest.Check(value)) return value as Manifest
  throw new Broken(`${setFiles.manifest}: it is not what an export has`)
}

/** Throws Broken unless this log key, base64url, signed exactly these bytes. */
export function requireManifestSigned(bytes: Buffer, signature: string, key: string): void {
  const file = setFiles.signature
  try {
    const jws = parseJws(signature.trimEnd())
    const isOurs = jws.typ === messageTypes.manifest && jws.kid === thumbprint(key)
    if (!isOurs || !verifyJws(jws, publicKey(key))) {
      throw new Broken(`${file}: the log key in use at the export did not sign it`)
    }
    const content = parsed(Buffer.from(jws.payload), file)
    if (schemas.statement.Check(content) && content.sha256 === sha256(bytes)) return
  } catch (cause) {
    if (!(cause instanceof JwsError || cause instanceof JsonError)) throw cause
    throw new Broken(`${file}: it is no signature`, { cause })
  }
  throw new Broken(`${file}: it signs another ${setFiles.manifest}`)
}

function parsed(bytes: Buffer, file: string): unknown {
  try {
    return parseJson(bytes)
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause
    throw new Broken(`${file}: ${cause.message}`, { cause })
  }
}
