import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import type { CheckDefinition, Run } from '../../protocol/batch.ts'
import type { BootMs } from '../../protocol/time.ts'

/** What a seed makes, the same each time: simulation and oracle compute it apart. */

/** An Ed25519 key that anybody can make again: for simulations only. */
export function keyOfSeed(seed: number): KeyObject {
  const secret = createHash('sha256').update(`simulated agent ${seed}`).digest()
  // PKCS 8 of an Ed25519 key is this prefix and the 32 secret bytes (RFC 8410 §7).
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

/**
 * A change that anybody can compute again: one check, chosen by seed and `turn`, is down for the
 * second tenth of `[from, to)` and up before and after. Only kinds that can be down are chosen.
 */
export function plannedOutage(
  definitions: readonly CheckDefinition[],
  seed: number,
  turn: number,
  from: BootMs,
  to: BootMs,
): Run[] {
  const candidates = definitions.filter(({ kind }) => kind === 'http' || kind === 'tcp')
  const bytes = createHash('sha256').update(`outage ${seed} ${turn}`).digest()
  const chosen = candidates[bytes.readUInt32BE(0) % candidates.length]
  if (!chosen) return []
  const { check, intervalMs } = chosen
  const tenth = Math.floor((to - from) / 10)
  const [start, stop] = [from + tenth, from + 2 * tenth]
  const count = (a: BootMs, b: BootMs) => looks(a, b, intervalMs)
  return [
    { check, state: 'up', from, to: start, count: count(from, start) },
    { check, state: 'down', from: start, to: stop, count: count(start, stop), reason: 'timeout' },
    { check, state: 'up', from: stop, to, count: count(stop, to) },
  ]
}

/** How often a check of this interval is looked at in `[from, to)`. */
export function looks(from: BootMs, to: BootMs, intervalMs: number): number {
  return Math.max(0, Math.floor(to / intervalMs) - Math.floor(from / intervalMs))
}

/** Where the last of a check's runs ends. */
export function endOf(runs: readonly Run[], check: string): BootMs {
  return Math.max(...runs.filter((run) => run.check === check).map(({ to }) => to))
}
