import type { CheckDefinition } from './batch.ts'
import { sha256 } from './jws.ts'

/** Names a set of check definitions: SHA-256 over them in order. Both sides compute it. */
export function definitionsHash(definitions: readonly CheckDefinition[]): string {
  const rows = definitions.map(({ check, kind, intervalMs, label }) => [
    check,
    kind,
    intervalMs,
    label ?? null,
  ])
  return sha256(JSON.stringify(rows))
}
