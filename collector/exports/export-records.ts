import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { JsonError, parseJson } from '../../protocol/json.ts'
import { Count, Id, Milliseconds, Sha256, SpanSchema } from '../../protocol/schema.ts'
import { toDisk } from '../operations/data-files.ts'
import { roles } from '../people/accounts.ts'

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])

/** An export: made up by the collector, never by a client. */
export const exportIdPattern = '^[0-9a-f]{32}$'

export const exportStates = ['waiting', 'running', 'done', 'failed'] as const
export const exportFailures = [
  'disk_full',
  'not_found',
  'interrupted',
  'too_long',
  'failed',
] as const

/** An export that somebody asked for, as it is kept beside its archive. */
export const ExportRecord = Type.Object(
  {
    id: Type.String({ pattern: exportIdPattern }),
    /** `national`: the nation. */
    institution: Id,
    /** Each institution of the same moment beside the nation; records of before have no word. */
    withInstitutions: Type.Optional(Type.Boolean()),
    /** The cycle that was asked for by name. */
    cycle: nullable(Type.String({ maxLength: 20 })),
    /** What was asked for; null: the cycle so far. */
    window: nullable(SpanSchema),
    askedBy: Id,
    askedRole: Type.Enum([...roles]),
    /** The institution of whoever asked; null for the roles that see all. */
    askedFor: nullable(Id),
    askedAt: Milliseconds,
    state: Type.Enum([...exportStates]),
    failure: nullable(Type.Enum([...exportFailures])),
    endedAt: nullable(Milliseconds),
    archive: nullable(
      Type.Object(
        { bytes: Count, sha256: Sha256, leaves: Count, window: SpanSchema, at: Milliseconds },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
export type ExportRecord = Static<typeof ExportRecord>

const checker = Compile(ExportRecord)

/** The records of a folder; the files of what has none are removed, with all that is half-done. */
export function readRecords(folder: string): ExportRecord[] {
  const names = readdirSync(folder).filter((name) => /^[0-9a-f]{32}\./.test(name))
  const records = names
    .filter((name) => name.endsWith('.json'))
    .map((name) => readRecord(folder, name))
    .filter((record) => record !== null)
  const kept = new Set(
    records.flatMap(({ id, state }) => [
      `${id}.json`,
      ...(state === 'done' ? [`${id}.tar.gz`] : []),
    ]),
  )
  for (const name of names) {
    if (!kept.has(name)) rmSync(join(folder, name), { recursive: true, force: true })
  }
  const isWhole = ({ id, state }: ExportRecord) =>
    state !== 'done' || names.includes(`${id}.tar.gz`)
  return records.filter(isWhole)
}

/** Null where it is none that this version wrote. */
function readRecord(folder: string, name: string): ExportRecord | null {
  try {
    const value = parseJson(readFileSync(join(folder, name)))
    const isOne = checker.Check(value) && `${(value as ExportRecord).id}.json` === name
    return isOne ? (value as ExportRecord) : null
  } catch (error) {
    if (error instanceof JsonError) return null
    throw error
  }
}

/** Keeps a record: whole or as it was before. Throws what the disk says. */
export function writeRecord(folder: string, record: ExportRecord): void {
  const file = join(folder, `${record.id}.json`)
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
  toDisk(folder)
}

/** Removes all that is there of an export. */
export function removeFiles(folder: string, id: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${id}.`)) rmSync(join(folder, name), { recursive: true, force: true })
  }
}
