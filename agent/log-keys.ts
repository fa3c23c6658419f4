import { parseJson } from '../protocol/json.ts'
import { messageTypes, parseJws, publicKey, thumbprint, verifyJws } from '../protocol/jws.ts'
import type { LogKeyChange } from '../protocol/log-key.ts'

/** More changes of a log's key than this are not followed. */
const changesMax = 100

/**
 * The keys that lead from a pinned key to the one named `wanted`, which comes last; null when the
 * collector's statements do not lead there. Each was signed by the key before.
 */
export function followLogKeys(body: string, pinned: string, wanted: string): string[] | null {
  const chain: string[] = []
  try {
    let key = pinned
    for (const text of statementsIn(body)) {
      const jws = parseJws(text)
      const isNext = jws.kid === thumbprint(key) && jws.typ === messageTypes.logKey
      if (!isNext || !verifyJws(jws, publicKey(key))) continue
      key = newKeyIn(parseJson(jws.payload))
      chain.push(key)
      if (thumbprint(key) === wanted) return chain
    }
  } catch {
    // A statement that cannot be read leads nowhere.
  }
  return null
}

function statementsIn(body: string): readonly string[] {
  const { keys } = JSON.parse(body) as { keys?: unknown }
  const isList = Array.isArray(keys) && keys.every((each) => typeof each === 'string')
  return isList && keys.length <= changesMax ? keys : []
}

/** The schema by hand, as for receipts. Throws when the statement does not fit. */
function newKeyIn(payload: unknown): string {
  const { v, publicKey: key, at, ...rest } = payload as LogKeyChange
  const fits =
    v === 1 && Number.isSafeInteger(at) && at >= 0 && Object.keys(rest).length === 0 && isKey(key)
  if (!fits) throw new Error('The statement is not a change of the log key.')
  return key
}

function isKey(key: unknown): boolean {
  return typeof key === 'string' && /^[A-Za-z0-9_-]{43}$/.test(key)
}
