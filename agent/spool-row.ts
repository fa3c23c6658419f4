import { sha256 } from '../protocol/jws.ts'
import type { BootMs, EpochMs } from '../protocol/time.ts'

/** A sealed message as the spool keeps it. */
export type SpooledMessage = {
  readonly epoch: number
  readonly seq: number
  /** Equal to `seq`, but for a gap that stands in the place of several messages. */
  readonly through: number
  readonly type: 'batch' | 'gap' | 'rotation'
  /** Of a gap: why the messages are missing. */
  readonly why: string | null
  readonly boot: string
  readonly windowFrom: BootMs
  readonly windowTo: BootMs
  readonly sealedWall: EpochMs
  readonly sealedBoot: BootMs
  readonly prev: string
  /** What the next message's `prev` must be. */
  readonly after: string
  readonly jws: string
}

/** A spooled message without its content. */
export type Row = Omit<SpooledMessage, 'jws'> & { readonly bytes: number }

/** A message without a receipt. `attempted`: it may have arrived, its bytes are final. */
export type SpooledRow = Row & { readonly attempted: 0 | 1 }

/** A place in the stream. */
export type Place = { readonly epoch: number; readonly seq: number }

/** Stored bytes are not what was written: what the spool held is lost and has to be declared. */
export class SpoolCorrupt extends Error {
  override readonly name = 'SpoolCorrupt'
}

/** The columns of a `Row`, which the tables `message` and `sent` share. */
export const rowColumns = `epoch, seq, through, type, why, boot, windowFrom, windowTo, sealedWall,
  sealedBoot, prev, after, bytes`

export const inOrder = 'ORDER BY epoch, seq'
export const here = 'WHERE epoch = ? AND seq = ?'

export function placeOf({ epoch, seq }: Place): [number, number] {
  return [epoch, seq]
}

/** The values of `rowColumns`, and the content. */
export function valuesOf(message: SpooledMessage): (string | number | null)[] {
  const { epoch, seq, through, type, why, boot, windowFrom, windowTo, sealedWall } = message
  const { sealedBoot, prev, after, jws } = message
  return [
    ...[epoch, seq, through, type, why, boot, windowFrom, windowTo, sealedWall, sealedBoot],
    ...[prev, after, jws.length, jws],
  ]
}

/** Over all that is stored of a message, so that damage to its place shows as well. */
export function digest(message: SpooledMessage): string {
  return sha256(JSON.stringify(valuesOf(message)))
}

/** A row with its content as it was written. Throws SpoolCorrupt. */
export function checked<R extends Row>(row: Record<string, unknown>): SpooledMessage & R {
  const message = row as unknown as SpooledMessage & R // the columns are the type's fields
  if (digest(message) !== row.sha256) throw new SpoolCorrupt('A spooled message is damaged.')
  return message
}
