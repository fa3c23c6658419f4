import { limits } from './limits.ts'

/** A text that is not the strict JSON this protocol accepts. `code` is what the sender is told. */
export class JsonError extends Error {
  override readonly name = 'JsonError'
  readonly code: 'encoding' | 'syntax' | 'number' | 'duplicate_key' | 'depth'
  constructor(code: JsonError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Parses bytes as JSON without the freedoms parsers disagree on: UTF-8 must be valid, keys unique,
 * strings well-formed, numbers what they say, nesting at most `depthMax`. The caller limits the
 * length first. Throws JsonError.
 */
export function parseJson(bytes: Uint8Array, depthMax: number = limits.jsonDepthMax): unknown {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch (cause) {
    throw new JsonError('encoding', 'The text is not valid UTF-8.', { cause })
  }
  const plain = parsePlain(text, depthMax)
  if (plain) return plain.value
  checkStructure(text, depthMax)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new JsonError('syntax', 'The text is not valid JSON.', { cause })
  }
}

/**
 * Reads a text that is spelled just as JSON.stringify spells it, as agents do: then no key stands
 * twice and no number is rounded, and a look at each character is enough. Null for every other
 * text, whatever is wrong with it.
 */
function parsePlain(text: string, depthMax: number): { readonly value: unknown } | null {
  if (!isShallow(text, depthMax)) return null
  try {
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text ? { value } : null
  } catch {
    return null
  }
}

const code = { quote: 34, backslash: 92, openArray: 91, closeArray: 93, open: 123, close: 125 }

/** Whether a text without escapes nests no deeper than it may. */
function isShallow(text: string, depthMax: number): boolean {
  let depth = 0
  let isString = false
  for (let i = 0; i < text.length; i++) {
    const each = text.charCodeAt(i)
    if (each === code.backslash) return false
    if (each === code.quote) isString = !isString
    else if (isString) continue
    else if (each === code.open || each === code.openArray) {
      if (++depth > depthMax) return false
    } else if (each === code.close || each === code.closeArray) depth--
  }
  return true
}

const stringEnd = /["\\]/g
const colon = /\s*:/y
const number = /-?\d[\d.eE+-]*/y

/**
 * Walks the text once, keeping the keys of each open object; malformed text is left to JSON.parse.
 */
function checkStructure(text: string, depthMax: number): void {
  const open: (Set<string> | null)[] = []
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i)
    if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : null)
      if (open.length > depthMax) {
        throw new JsonError('depth', `JSON may nest at most ${depthMax} deep.`)
      }
    } else if (character === '}' || character === ']') {
      open.pop()
    } else if (character === '"') {
      const end = endOfString(text, i)
      if (end === -1) return
      checkString(text, i, end, open.at(-1) ?? null)
      i = end
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      number.lastIndex = i
      const literal: string = number.exec(text)?.[0] ?? character
      checkNumber(literal)
      i += literal.length - 1
    }
  }
}

/**
 * A number must be one that every reader takes for the same: not too large for a double, no
 * integer that a double rounds, no minus zero.
 */
function checkNumber(literal: string): void {
  const value = Number(literal)
  const isRounded = /^-?\d{16,}$/.test(literal) && String(value) !== literal
  if (Number.isFinite(value) && !isRounded && !Object.is(value, -0)) return
  // What is no number at all is left to JSON.parse.
  if (Number.isNaN(value)) return
  throw new JsonError('number', 'A number is not what a double holds.')
}

/** Index of the quote that closes the string opened at `start`, or -1. */
function endOfString(text: string, start: number): number {
  stringEnd.lastIndex = start + 1
  for (let hit = stringEnd.exec(text); hit; hit = stringEnd.exec(text)) {
    if (hit[0] === '"') return hit.index
    stringEnd.lastIndex = hit.index + 2
  }
  return -1
}

function checkString(text: string, start: number, end: number, keys: Set<string> | null): void {
  let value = text.slice(start + 1, end)
  try {
    if (value.includes('\\')) value = JSON.parse(text.slice(start, end + 1)) as string
  } catch (cause) {
    throw new JsonError('syntax', 'The text is not valid JSON.', { cause })
  }
  if (!value.isWellFormed()) throw new JsonError('encoding', 'A string holds a lone surrogate.')
  colon.lastIndex = end + 1
  if (!keys || !colon.test(text)) return
  if (keys.has(value)) throw new JsonError('duplicate_key', 'An object holds the same key twice.')
  keys.add(value)
}
