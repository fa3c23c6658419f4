import { hostname, networkInterfaces } from 'node:os'
import type { EpochMs } from '../../protocol/time.ts'
import type { Run } from '../child.ts'
import type { ProbeContext } from '../probes/probe.ts'
import type { Program } from '../program.ts'

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
  /** How many times as long as usual whoever should answer is waited for; 1 without. */
  readonly patience?: number
  readonly now: () => EpochMs
  readonly run: Run
}

type ThisProgram = Pick<Program, 'root' | 'clock' | 'run'>

/** The machine this process runs on. */
export function thisSystem({ root, clock, run }: ThisProgram): System {
  const cards = Object.values(networkInterfaces()).flatMap((card) => card ?? [])
  return {
    platform: process.platform,
    root,
    hostName: hostname(),
    addresses: cards.map(({ address }) => address),
    now: clock.wall,
    run,
  }
}

/** What a probe needs for one look at the machine that ends after `timeoutMs`. */
export function lookAt(system: System, timeoutMs: number): ProbeContext {
  const { now, root, run } = system
  return { signal: limitFor(system, timeoutMs), now, root, run, kept: new Map() }
}

/** Aborts when somebody was waited for so long, by the patience of the system. */
export function limitFor({ patience = 1 }: System, timeoutMs: number): AbortSignal {
  return AbortSignal.timeout(timeoutMs * patience)
}
