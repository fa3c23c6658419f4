import type { Run } from './child.ts'
import type { Clock, Timer } from './clock.ts'

/** What `main.ts` hands to everything else: the only view of the process there is. */
export type Program = {
  /** Arguments after the command. */
  readonly args: readonly string[]
  readonly clock: Clock
  readonly timer: Timer
  readonly random: () => number
  /** Starts this program again; a command and its arguments go behind. */
  readonly self: { readonly executable: string; readonly args: readonly string[] }
  /** The proxy to reach the collector by: HTTPS_PROXY and its like, as the environment has them. */
  readonly proxy: NodeJS.ProcessEnv
  /** Where this installation keeps what `--config` and `--dir` name, unless they say otherwise. */
  readonly places?: Places
  /** Where `/proc` and `/sys` are found. */
  readonly root: string
  readonly run: Run
  /** Resolves when the process is asked to stop. */
  readonly stopped: Promise<void>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** An option of a command, in the form of `node:util` parseArgs, with a line for its help. */
export type Option = {
  readonly type: 'string' | 'boolean'
  readonly default?: string | boolean
  readonly short?: string
  /** What stands for the value in the help. */
  readonly value?: string
  readonly about: string
}

/** Options that several commands share. */
export const sharedOptions = {
  config: { type: 'string', default: 'agent.yaml', value: 'FILE', about: 'What to watch.' },
  dir: { type: 'string', default: 'agent-data', value: 'DIR', about: "The agent's own folder." },
  help: { type: 'boolean', short: 'h', default: false, about: 'Print this.' },
} as const satisfies Record<string, Option>

/** What a package sets for its commands; without it the folder they are called in counts. */
export type Places = { readonly config?: string | undefined; readonly dir?: string | undefined }

/** Options of a command, with this installation's own places as their defaults. */
export function placed<T extends Readonly<Record<string, Option>>>(
  options: T,
  { config, dir }: Places = {},
): T {
  const own = {
    ...(config && options.config?.default && { config: { ...options.config, default: config } }),
    ...(dir && options.dir?.default && { dir: { ...options.dir, default: dir } }),
  }
  return { ...options, ...own }
}
