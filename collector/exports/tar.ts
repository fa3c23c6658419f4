import type { EpochMs } from '../../protocol/time.ts'

/** A file of an archive: its bytes are asked for when it is its turn. */
export type TarFile = {
  readonly name: string
  readonly bytes: number
  readonly pieces: () => Iterable<Buffer>
}

/** What a number of twelve octal digits can say. Unit: bytes. */
export const tarBytesMax = 8 ** 11 - 1

const block = 512
const printable = /^[\x21-\x7e]+$/

/**
 * The files of one folder in an archive of the format ustar of POSIX.1-1988 (IEEE Std 1003.1):
 * every system has a program that reads it. Other folders may follow, and `tarEnd`. Throws
 * RangeError for what the format has no room for, and when a file is not as long as it was said.
 */
export function* tarFolder(
  folder: string,
  files: Iterable<TarFile>,
  at: EpochMs,
): Generator<Buffer> {
  for (const file of files) {
    yield headerOf(folder, file, at)
    let bytes = 0
    for (const piece of file.pieces()) {
      bytes += piece.length
      yield piece
    }
    if (bytes !== file.bytes) throw new RangeError(`${file.name} changed while it was read.`)
    yield Buffer.alloc((block - (bytes % block)) % block)
  }
}

/** What an archive ends with: two empty blocks. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * block)
}

function headerOf(folder: string, { name, bytes }: TarFile, at: EpochMs): Buffer {
  const fits = printable.test(folder) && folder.length <= 155 && name.length <= 100
  if (!fits || !printable.test(name) || name.includes('/')) {
    throw new RangeError('A name does not fit into an archive.')
  }
  if (bytes > tarBytesMax) throw new RangeError('A file does not fit into an archive.')
  const header = Buffer.alloc(block)
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0')
  const fields: readonly (readonly [offset: number, text: string])[] = [
    [0, name],
    [100, octal(0o600, 7)],
    [108, octal(0, 7)],
    [116, octal(0, 7)],
    [124, octal(bytes, 11)],
    [136, octal(Math.floor(at / 1_000), 11)],
    // The checksum is counted with spaces in its own place.
    [148, ' '.repeat(8)],
    [156, '0'],
    [257, 'ustar\0' + '00'],
    [345, folder],
  ]
  for (const [offset, text] of fields) header.write(text, offset, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${octal(sum, 6)}\0 `, 148, 'latin1')
  return header
}
