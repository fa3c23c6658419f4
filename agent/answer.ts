import type { CursorAnswer } from '../protocol/heartbeat.ts'

/** The collector's own no. `expected`: where it wants to go on. */
export type Refusal = { readonly code: string; readonly expected: CursorAnswer | null }

/** The collector's own refusals are JSON with a code; a page of some proxy is not. */
export function readRefusal(body: string): Refusal | null {
  const { code, expected } = parse(body) ?? {}
  if (typeof code !== 'string' || !/^[a-z_]{1,40}$/.test(code)) return null
  return { code, expected: cursorIn(expected) }
}

/** The answer to a cursor question; null when it is none. */
export function readCursor(body: string): CursorAnswer | null {
  return cursorIn(parse(body))
}

function cursorIn(value: unknown): CursorAnswer | null {
  if (typeof value !== 'object' || value === null) return null
  const { epoch, seq, prev } = value as Record<string, unknown>
  const isCursor = [epoch, seq].every((each) => Number.isSafeInteger(each) && Number(each) > 0)
  if (!isCursor || typeof prev !== 'string' || !/^[0-9a-f]{64}$/.test(prev)) return null
  return { epoch: Number(epoch), seq: Number(seq), prev }
}

function parse(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null
  } catch {
    return null
  }
}
