import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'

const chunkCharacters = 256 * 1024
const chunkBytes = 1024 * 1024

/** A file's length and hash, as a manifest names them. */
export type Measured = { readonly bytes: number; readonly sha256: string }

/**
 * Writes lines as they come, with little memory however many there are: the next are not asked for
 * before these are on their way to the disk.
 */
export function writeLinesTo(file: string, lines: Iterable<string>): Measured {
  const hash = createHash('sha256')
  const descriptor = openSync(file, 'wx', 0o600)
  let bytes = 0
  let waiting: string[] = []
  let characters = 0
  const flush = () => {
    const chunk = Buffer.from(waiting.join(''))
    for (let done = 0; done < chunk.length; ) done += writeSync(descriptor, chunk, done)
    hash.update(chunk)
    bytes += chunk.length
    waiting = []
    characters = 0
  }
  try {
    for (const line of lines) {
      waiting.push(line)
      characters += line.length
      if (characters >= chunkCharacters) flush()
    }
    flush()
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** The bytes of a file, piece by piece. */
export function* piecesOf(file: string): Generator<Buffer, void> {
  const descriptor = openSync(file, 'r')
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes)
    for (let count = 1; count > 0; ) {
      count = readSync(descriptor, chunk)
      if (count > 0) yield chunk.subarray(0, count)
    }
  } finally {
    closeSync(descriptor)
  }
}

/** The length and the hash of a file that is there. */
export function measure(file: string): Measured {
  const hash = createHash('sha256')
  let bytes = 0
  for (const piece of piecesOf(file)) {
    hash.update(piece)
    bytes += piece.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

/**
 * The number of the first line that is not in the file as it should be; null when all are, and
 * nothing else. `lines` come each with its end.
 */
export function firstDifference(file: string, lines: Iterable<string>): number | null {
  const pieces = piecesOf(file)
  try {
    let rest: Buffer = Buffer.alloc(0)
    let number = 0
    for (const line of lines) {
      number++
      const wanted = Buffer.from(line)
      while (rest.length < wanted.length) {
        const { value } = pieces.next()
        if (!value) return number
        rest = Buffer.concat([rest, value])
      }
      if (!rest.subarray(0, wanted.length).equals(wanted)) return number
      rest = rest.subarray(wanted.length)
    }
    return rest.length === 0 && pieces.next().done ? null : number + 1
  } finally {
    pieces.return()
  }
}
