/**
 * Uncompresses a block of snappy of at most so many bytes. Throws RangeError for anything else, in
 * time that grows with the block and the limit only: snappyjs 0.7.0 goes back in a block whose
 * literal says a length of more than 31 bits, which takes it minutes.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export function uncompress(block: Uint8Array, bytesMax: number): Uint8Array {
  const reader = new Reader(block)
  const bytes = new Uint8Array(reader.length(bytesMax))
  let written = 0
  while (!reader.isAtEnd) {
    const tag = reader.number(1)
    const room = bytes.length - written
    if ((tag & 3) === 0) {
      const literal = reader.bytes(literalLength(tag >>> 2, reader), room)
      bytes.set(literal, written)
      written += literal.length
      continue
    }
    const { length, offset } = copyOf(tag, reader)
    if (length > room || offset === 0 || offset > written) throw malformed()
    // Byte by byte: a copy may begin in what it writes.
    for (const end = written + length; written < end; written++) {
      bytes[written] = bytes[written - offset]!
    }
  }
  if (written !== bytes.length) throw malformed()
  return bytes
}

/** The length of a literal: in the tag, or in up to four bytes behind it. */
function literalLength(inTag: number, reader: Reader): number {
  return (inTag < 60 ? inTag : reader.number(inTag - 59)) + 1
}

function copyOf(tag: number, reader: Reader): { readonly length: number; readonly offset: number } {
  if ((tag & 3) === 1) {
    return { length: 4 + ((tag >>> 2) & 7), offset: (tag >>> 5) * 256 + reader.number(1) }
  }
  return { length: (tag >>> 2) + 1, offset: reader.number((tag & 3) === 2 ? 2 : 4) }
}

class Reader {
  readonly #block: Uint8Array
  #at = 0

  constructor(block: Uint8Array) {
    this.#block = block
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#block.length
  }

  /** The length that stands in front, in groups of seven bits. */
  length(most: number): number {
    let length = 0
    for (let factor = 1; factor < 2 ** 35; factor *= 128) {
      const byte = this.number(1)
      length += (byte & 127) * factor
      if (length > most) throw malformed()
      if (byte < 128) return length
    }
    throw malformed()
  }

  /** A whole number of so many bytes, the lowest first. */
  number(size: number): number {
    return this.bytes(size, size).reduceRight((sum, byte) => sum * 256 + byte, 0)
  }

  bytes(length: number, most: number): Uint8Array {
    const end = this.#at + length
    if (length > most || end > this.#block.length) throw malformed()
    const found = this.#block.subarray(this.#at, end)
    this.#at = end
    return found
  }
}

function malformed(): RangeError {
  return new RangeError('This is no block of snappy, or a larger one.')
}
