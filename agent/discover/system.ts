import { hostname, networkInterfaces } from 'node:os'
import type { EpochMs } from '../../protocol/time.ts'
import type { ProbeContext } from '../probes/probe.ts'

/** The machine to look at: this one, or what a test makes up. */
export type System = {
  readonly platform: NodeJS.Platform
  /** Where `/proc` is found. */
  readonly root: string
  readonly hostName: string
  /** The machine's own addresses. */
  readonly addresses: readonly string[]
  /** Name server to ask; the system's own without. */
  readonly resolver?: string
  readonly now: () => EpochMs
}

/** The machine this process runs on. */
export function thisSystem(root: string, now: () => EpochMs): System {
  const cards = Object.values(networkInterfaces()).flatMap((card) => card ?? [])
  return {
    platform: process.platform,
    root,
    hostName: hostname(),
    addresses: cards.map(({ address }) => address),
    now,
  }
}

/** What a probe needs for one look at the machine that ends after `timeoutMs`. */
export function lookAt(system: System, timeoutMs: number): ProbeContext {
  return { signal: AbortSignal.timeout(timeoutMs), now: system.now, root: system.root }
}
