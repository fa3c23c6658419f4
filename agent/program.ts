import type { Run } from './child.ts'
import { optionTexts } from './cli/texts/options.ts'
import type { Clock, Timer } from './clock.ts'
import type { Language, Text } from './language.ts'

/** What `main.ts` hands to everything else: the only view of the process there is. */
export type Program = {
  /** Arguments after the command. */
  readonly args: readonly string[]
  /** Of whoever reads what is printed; logs are English. */
  readonly language: Language
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
  /** Asks the person at the terminal; an empty answer where nobody is there. */
  readonly ask: (question: string) => Promise<string>
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
  readonly about: Text
}

/** Options that several commands share. */
export const sharedOptions = {
  config: { type: 'string', default: 'agent.yaml', value: 'FILE', about: optionTexts.config },
  dir: { type: 'string', default: 'agent-data', value: 'DIR', about: optionTexts.dir },
  help: { type: 'boolean', short: 'h', default: false, about: optionTexts.help },
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
