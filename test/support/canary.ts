import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text that stands nowhere by chance; also good as a label of a DNS name or a file's name. */
export function canary(): string {
  return `canary${randomBytes(8).toString('hex')}`
}

/** The ways a text may be hidden in other bytes; each as it is found there. */
const spellings: Readonly<Record<string, (mark: string) => readonly Buffer[]>> = {
  raw: (mark) => [mark, mark.toUpperCase()].map((each) => Buffer.from(each)),
  base64: (mark) => inBase64(mark, 'base64'),
  base64url: (mark) => inBase64(mark, 'base64url'),
  hexadecimal: (mark) => {
    const hex = Buffer.from(mark).toString('hex')
    return [Buffer.from(hex), Buffer.from(hex.toUpperCase())]
  },
  'escaped in JSON': (mark) => {
    const code = (each: string) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`
    return [Buffer.from([...mark].map(code).join(''))]
  },
  'UTF-16': (mark) => {
    const little = Buffer.from(mark, 'utf16le')
    return [little, Buffer.from(little).swap16()]
  },
}

export const spellingNames = Object.keys(spellings)

/** One of the ways to write a mark, in the middle of other text. */
export function spelt(mark: string, spelling: string): Buffer {
  const text = `{"a":"before ${mark} behind"}`
  if (spelling === 'base64' || spelling === 'base64url') {
    return Buffer.from(Buffer.from(text).toString(spelling))
  }
  const [written = Buffer.alloc(0)] = spellings[spelling]?.(mark) ?? []
  return Buffer.concat([Buffer.from('before'), written, Buffer.from('behind')])
}

/** The spellings in which a mark stands in these bytes. */
export function findMark(bytes: Buffer, mark: string): string[] {
  return spellingNames.filter((name) =>
    spellings[name]?.(mark).some((written) => bytes.includes(written)),
  )
}

/** Every file below a folder, as its path and bytes. */
export function filesBelow(folder: string): [string, Buffer][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file, readFileSync(file)])
}

/** Base64 writes three bytes as four letters: a mark looks different at each of three places. */
function inBase64(mark: string, encoding: 'base64' | 'base64url'): Buffer[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(mark)]).toString(encoding)
    // Letters at either end also hold bits of the neighbours.
    const from = Math.ceil((before * 4) / 3)
    const through = Math.floor(((before + mark.length) * 8) / 6)
    return Buffer.from(text.slice(from, through))
  })
}
