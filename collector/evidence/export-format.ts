import { type Static, Type } from 'typebox'
import { checkpointCharactersMax } from '../../protocol/checkpoint.ts'
import { limits } from '../../protocol/limits.ts'
import { Count, Id, Milliseconds, PublicKey, Sha256, SpanSchema } from '../../protocol/schema.ts'

/** An export is JSON Lines: a header, leaves and checkpoints in the order of writing, an end. */

export const exportFormat = 'istimrar-evidence/1'

const closed = { additionalProperties: false } as const

/** A leaf's entry; larger ones cannot be in a log. */
const entryCharactersMax = 256 * 1024

export const Header = Type.Object(
  {
    format: Type.Literal(exportFormat),
    institution: Id,
    exportedAt: Milliseconds,
    engine: Type.String({ maxLength: 100 }),
    simulated: Type.Boolean(),
    window: SpanSchema,
    /** The first log key there was; each later one is a leaf that the one before signed. */
    logKey: PublicKey,
    sizes: Type.Record(Id, Count),
    figures: Type.Object({}, { additionalProperties: true }),
  },
  closed,
)
export type Header = Static<typeof Header>

/** How far an institution's log went into the figures of the nation: `figures.logs`. */
export const NationLog = Type.Object({ log: Id, size: Count, root: Sha256 }, closed)
export type NationLog = Static<typeof NationLog>

/** A leaf with its entry, and with the message that it stands for where it does. */
export const LeafLine = Type.Object(
  {
    log: Id,
    index: Count,
    entry: Type.String({ maxLength: entryCharactersMax }),
    jws: Type.Optional(Type.String({ maxLength: limits.messageBytesMax })),
    /** Of a witness that the institution does not name: it counts in the tree, for nothing else. */
    aside: Type.Optional(Type.Literal(true)),
  },
  closed,
)
export type LeafLine = Static<typeof LeafLine>

/** A leaf of the national log that no figure of the institution rests on: its hash alone. */
export const HashLine = Type.Object({ log: Id, index: Count, hash: Sha256 }, closed)
export type HashLine = Static<typeof HashLine>

/** A checkpoint of a log as far as the leaves before it go. */
export const CheckpointLine = Type.Object(
  { checkpoint: Type.String({ maxLength: checkpointCharactersMax }) },
  closed,
)
export type CheckpointLine = Static<typeof CheckpointLine>

/** The last line. Without it the file was cut short. */
export const EndLine = Type.Object({ end: Type.Object({ lines: Count }, closed) }, closed)
export type EndLine = Static<typeof EndLine>

/** No line is longer. */
export const lineBytesMax = 8 * 1024 * 1024
