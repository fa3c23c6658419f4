import { createHash, type KeyObject, sign, verify } from 'node:crypto'
import { publicKey } from './jws.ts'

/**
 * A log's size and root at some moment, signed: C2SP tlog-checkpoint in a C2SP signed note, so that
 * independent tools read it. https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note
 */
export type Checkpoint = { readonly log: string; readonly size: number; readonly root: Buffer }

/** A text that is no checkpoint, or one that the key did not sign. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError'
}

/** The longest checkpoint, characters. */
export const checkpointCharactersMax = 1_000

/** Signs a checkpoint with the collector's log key, given with its public half, base64url. */
export function signCheckpoint(
  { log, size, root }: Checkpoint,
  key: KeyObject,
  publicText: string,
): string {
  const body = `${originOf(log)}\n${size}\n${root.toString('base64')}\n`
  const signature = sign(null, Buffer.from(body), key)
  const blob = Buffer.concat([noteKeyId(originOf(log), publicText), signature]).toString('base64')
  return `${body}\n— ${originOf(log)} ${blob}\n`
}

/** Reads a checkpoint without believing it. Throws CheckpointError. */
export function parseCheckpoint(note: string): Checkpoint {
  const [origin = '', size = '', root = ''] = note.split('\n')
  const log = origin.startsWith(originPrefix) ? origin.slice(originPrefix.length) : ''
  const bytes = Buffer.from(root, 'base64')
  const whole = /^(0|[1-9]\d{0,15})$/.test(size) && Number.isSafeInteger(Number(size))
  const right = log !== '' && whole && bytes.length === 32 && bytes.toString('base64') === root
  if (!right || note.length > checkpointCharactersMax) {
    throw new CheckpointError('The text is not a checkpoint of a log.')
  }
  return { log, size: Number(size), root: bytes }
}

/**
 * Reads a checkpoint that one of the keys (base64url) signed. Throws CheckpointError when none did.
 */
export function openCheckpoint(note: string, keys: readonly string[]): Checkpoint {
  const checkpoint = parseCheckpoint(note)
  const origin = originOf(checkpoint.log)
  // As in the specification: the last empty line divides what is signed from the signatures.
  const end = note.lastIndexOf('\n\n') + 1
  const body = Buffer.from(note.slice(0, end))
  for (const line of end === 0 ? [] : note.slice(end + 1).split('\n')) {
    const [dash, name, blob = ''] = line.split(' ')
    if (dash !== '—' || name !== origin) continue
    const bytes = Buffer.from(blob, 'base64')
    const key = keys.find((each) => noteKeyId(origin, each).equals(bytes.subarray(0, 4)))
    if (key && verify(null, body, publicKey(key), bytes.subarray(4))) return checkpoint
  }
  throw new CheckpointError('The checkpoint is not signed by the log.')
}

const originPrefix = 'istimrar/'

function originOf(log: string): string {
  return originPrefix + log
}

/**
 * What a signed note calls an Ed25519 key (base64url) of this name: the first four bytes of SHA-256
 * over name, newline, 0x01 and the key.
 */
export function noteKeyId(name: string, key: string): Buffer {
  const bytes = Buffer.concat([Buffer.from(`${name}\n\x01`), Buffer.from(key, 'base64url')])
  return createHash('sha256').update(bytes).digest().subarray(0, 4)
}
