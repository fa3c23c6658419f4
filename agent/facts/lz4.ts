/** What an unpacked file may take: a list of packages is a tenth of it. */
const bytesMax = 256 * 1024 * 1024
const magic = 0x184d2204

/**
 * Unpacks an LZ4 frame (lz4_Frame_format.md 1.6), in which apt keeps its lists on small systems.
 * Checksums are not checked: apt did. Throws an Error on what is no such frame.
 */
export function unpackLz4(packed: Buffer): Buffer {
  if (packed.length < 7 || packed.readUInt32LE(0) !== magic)
    throw new Error('This is no LZ4 frame.')
  const flags = packed[4]!
  const hasSize = (flags & 0x08) !== 0
  const hasBlockSums = (flags & 0x10) !== 0
  let at = 7 + (hasSize ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0)
  let out = Buffer.allocUnsafe(Math.min(bytesMax, packed.length * 6))
  let length = 0
  const room = (bytes: number) => {
    if (length + bytes > bytesMax) throw new Error('The file is too large unpacked.')
    if (length + bytes <= out.length) return
    const larger = Buffer.allocUnsafe(Math.min(bytesMax, Math.max(out.length * 2, length + bytes)))
    out.copy(larger, 0, 0, length)
    out = larger
  }
  while (true) {
    const head = packed.readUInt32LE(at)
    at += 4
    if (head === 0) return out.subarray(0, length)
    const end = at + (head & 0x7fffffff)
    if (end > packed.length) throw new Error('The LZ4 frame is cut off.')
    if (head >>> 31) {
      room(end - at)
      packed.copy(out, length, at, end)
      length += end - at
    } else {
      while (at < end) {
        const token = packed[at++]!
        let literals = token >>> 4
        if (literals === 15)
          for (let more = 255; more === 255; literals += more) more = packed[at++]!
        room(literals)
        packed.copy(out, length, at, at + literals)
        at += literals
        length += literals
        if (at >= end) break
        const from = length - packed.readUInt16LE(at)
        at += 2
        let matched = (token & 15) + 4
        if (matched === 19) for (let more = 255; more === 255; matched += more) more = packed[at++]!
        if (from < 0 || from === length) throw new Error('The LZ4 frame is damaged.')
        room(matched)
        // Byte by byte: a match may reach into what it writes itself.
        for (let i = 0; i < matched; i++) out[length + i] = out[from + i]!
        length += matched
      }
    }
    if (at !== end && !(head >>> 31)) throw new Error('The LZ4 frame is damaged.')
    at = end + (hasBlockSums ? 4 : 0)
  }
}
