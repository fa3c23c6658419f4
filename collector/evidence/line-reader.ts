import { closeSync, openSync, readSync } from 'node:fs'
import { lineBytesMax } from './export-format.ts'

const chunkBytes = 1024 * 1024
const newline = 0x0a

/** A file that ends in the middle of a line, or has a line without end. */
export class CutShort extends Error {
  override readonly name = 'CutShort'
}

/** The lines of a file as bytes, with little memory. Throws CutShort, or the system's error. */
export function* linesOf(file: string): Generator<Buffer> {
  const descriptor = openSync(file, 'r')
  try {
    let rest: Buffer = Buffer.alloc(0)
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes)
      const count = readSync(descriptor, chunk)
      if (count === 0) break
      const bytes = Buffer.concat([rest, chunk.subarray(0, count)])
      let start = 0
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        yield bytes.subarray(start, end)
        start = end + 1
      }
      rest = bytes.subarray(start)
      if (rest.length > lineBytesMax) throw new CutShort(`${file} has a line without end.`)
    }
    if (rest.length > 0) throw new CutShort(`${file} ends in the middle of a line.`)
  } finally {
    closeSync(descriptor)
  }
}
