/** The longest input: one fragment of the format, so that each copy fits a two-byte offset. */
const bytesMax = 65_536
const hashBits = 14

/**
 * Compresses up to 64 KiB to a snappy block, greedily like the reference encoder:
 * https://github.com/google/snappy/blob/main/format_description.txt. Throws RangeError.
 */
export function snappyBlock(input: Uint8Array): Buffer {
  if (input.length > bytesMax) throw new RangeError(`At most ${bytesMax} bytes fit one block.`)
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length)
  const output = Buffer.allocUnsafe(32 + bytes.length + Math.ceil(bytes.length / 6))
  const seen = new Uint16Array(1 << hashBits)
  let size = writeVarint(output, 0, bytes.length)
  let literalFrom = 0
  for (let at = 0; at + 4 <= bytes.length; ) {
    const word = bytes.readUInt32LE(at)
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - hashBits)
    const from = seen[slot]!
    seen[slot] = at
    if (from >= at || bytes.readUInt32LE(from) !== word) {
      at++
      continue
    }
    let length = 4
    while (at + length < bytes.length && bytes[from + length] === bytes[at + length]) length++
    size = writeLiteral(output, size, bytes.subarray(literalFrom, at))
    size = writeCopies(output, size, at - from, length)
    at += length
    literalFrom = at
  }
  return output.subarray(0, writeLiteral(output, size, bytes.subarray(literalFrom)))
}

/** Writes an unsigned number in groups of seven bits and returns where it ends. */
export function writeVarint(output: Buffer, at: number, value: number): number {
  let rest = value
  let end = at
  for (; rest > 127; rest = Math.floor(rest / 128)) output[end++] = (rest % 128) | 128
  output[end++] = rest
  return end
}

function writeLiteral(output: Buffer, at: number, bytes: Buffer): number {
  if (bytes.length === 0) return at
  const last = bytes.length - 1
  let end = at
  if (last < 60) output[end++] = last << 2
  else if (last < 256) end = output.writeUInt8(last, output.writeUInt8(60 << 2, end))
  else end = output.writeUInt16LE(last, output.writeUInt8(61 << 2, end))
  return end + bytes.copy(output, end)
}

/** Copies of at most 64 bytes each, with an offset of two bytes. */
function writeCopies(output: Buffer, at: number, offset: number, length: number): number {
  let end = at
  for (let rest = length; rest > 0; rest -= 64) {
    end = output.writeUInt8(((Math.min(rest, 64) - 1) << 2) | 2, end)
    end = output.writeUInt16LE(offset, end)
  }
  return end
}
