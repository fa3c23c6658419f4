import type { Observation } from '../../protocol/check.ts'
import type { Indicator, indicators, MissingReason } from '../../protocol/indicators.ts'
import type { EpochMs } from '../../protocol/time.ts'
import type { Command } from '../child.ts'
import type { FrozenCheck, FrozenConfig } from '../frozen.ts'
import type { History } from './history.ts'
import type { WindowsReport } from './windows.ts'

/** What a command said; null where it is not there, may not be run or did not end in time. */
export type Said = { readonly status: number; readonly stdout: string } | null

/**
 * The host as facts see it. All that is slow or needs a child goes through here, is asked once,
 * and is what a test makes up from recorded answers.
 */
export type FactHost = {
  readonly platform: 'linux' | 'win32' | 'darwin'
  readonly now: EpochMs
  /** Milliseconds since this boot. */
  readonly uptimeMs: number
  /** The text of a file below `/`, null when it is not there. Throws `no_permission` as Missing. */
  read(path: string): string | null
  /** Names in a folder, none when it is not there. */
  list(path: string): readonly string[]
  /** Whether anything is at a path. */
  has(path: string): boolean
  /** The last bytes of a file below `/`, null when it is not there. Throws like `read`. */
  tail(path: string, bytesMax: number): Buffer | null
  /** When the thing at a path was last changed, null when it is not there. */
  modified(path: string): EpochMs | null
  /** Bytes of the volume at a mount point, null when they cannot be told. */
  space(path: string): Promise<Space | null>
  /** Looks at a check now, as the resident does, but within the time a fact has. */
  look(check: FrozenCheck): Promise<Observation>
  /** Runs a program (by name, from the system's folders) for at most some seconds. */
  ask(command: Command): Promise<Said>
  /** What PowerShell told in one go; throws Missing elsewhere than on Windows. */
  windows(): Promise<WindowsReport>
  /** Whether systeminformation takes it for a virtual machine: where we have no way of our own. */
  isGuest(): Promise<boolean>
  /** What the agent remembers of the last 30 days: usage, and space of each volume. */
  readonly history: History
  /** Plain JSON that earlier runs left for this one, by name; what is set is there in the next. */
  readonly kept: Map<string, unknown>
  readonly config: Pick<FrozenConfig, 'checks' | 'facts'>
}

/** A volume's room; `bytesFree` is what an ordinary user may still write. */
export type Space = {
  readonly bytes: number
  readonly bytesUsed: number
  readonly bytesFree: number
}

type Units = typeof indicators
type ValueOf<U> = U extends 'boolean' ? boolean : U extends 'text' ? string : number

/** One indicator's answer: a value and how it was had, or why there is none. */
export type Reading<I extends Indicator = Indicator> = {
  readonly indicator: I
  /** null where `missing` says why. */
  readonly value: ValueOf<Units[I]> | null
  /** Such as `os-release` or `powershell`: `[a-z0-9+_.-]`, at most 60 characters. */
  readonly method: string
  readonly missing?: MissingReason
  /** Names, versions and dates the value rests on; no names of people, paths or addresses. */
  readonly detail?: string
  /**
   * The single permission that would let it be measured, such as `CAP_SYS_RAWIO`; stays on the host
   * (`agent facts`, `agent doctor`).
   */
  readonly permission?: string
}

/** Measures one indicator, or one family that comes of the same answer. */
export type FactProbe = {
  /** What it answers for: each has exactly one reading, also when `measure` throws. */
  readonly indicators: readonly Indicator[]
  /** Throws Missing where nothing can be said of any of them. */
  measure(host: FactHost): Promise<readonly Reading[]>
}

/** Why a whole fact cannot be had: its indicators get this reason. */
export class Missing extends Error {
  override readonly name = 'Missing'
  readonly reason: MissingReason
  readonly method: string
  readonly permission: string | undefined
  constructor(reason: MissingReason, method: string, permission?: string) {
    super(`${method}: ${reason}`)
    this.reason = reason
    this.method = method
    this.permission = permission
  }
}
