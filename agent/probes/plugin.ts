import type { Stats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ObservedState, Reason } from '../../protocol/check.ts'
import { perfdataValue } from './perfdata.ts'
import type { Probe } from './probe.ts'
import type { SettingsOf } from './settings.ts'

export const settings = {
  type: 'object',
  properties: {
    command: {
      type: 'string',
      minLength: 1,
      maxLength: 1_000,
      pattern: '^(/|[A-Za-z]:[\\\\/])[^\\u0000]*$',
      patternErrorMessage: 'must be an absolute path',
      isFreeText: true,
      description: 'Absolute path of a check that keeps to the rules of Nagios plugins.',
    },
    arguments: {
      type: 'array',
      maxItems: 50,
      items: { type: 'string', maxLength: 1_000, pattern: '^[^\\u0000]*$' },
      default: [],
      description: 'Its arguments, each as it is: no shell reads them. Other users see them.',
    },
    value: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      isFreeText: true,
      description: 'Label in its performance data whose number becomes the value.',
    },
  },
  required: ['command'],
  additionalProperties: false,
} as const

type Verdict = { readonly state: ObservedState; readonly reason?: Reason }
const verdicts: readonly Verdict[] = [
  { state: 'up' },
  { state: 'degraded', reason: 'exit_warning' },
  { state: 'down', reason: 'exit_critical' },
]

/**
 * What a check command of the institution's own says by its exit status: 0 up, 1 degraded, 2 down.
 * Throws for any other end, as 3 (unknown) or the timeout; nothing of what it prints is told but
 * the number asked for. Value: that number, in base units (seconds, ratio, bytes, count).
 */
export const plugin: Probe<SettingsOf<typeof settings>> = async (settings, { signal, run }) => {
  const file = await trusted(settings.command)
  const { status, stdout, aborted } = await run({ file, args: settings.arguments }, signal)
  if (aborted) throw new Error('The command did not end in time.')
  const verdict = verdicts[status ?? -1]
  if (!verdict) throw new Error(`The command ended with status ${status ?? 'none, by a signal'}.`)
  const value = settings.value === undefined ? null : perfdataValue(stdout, settings.value)
  return { ...verdict, ...(value !== null && { value }) }
}

const bits = { othersMayWrite: 0o002, groupMayWrite: 0o020, sticky: 0o1000 }

/**
 * The file itself, links followed. Throws unless it is one that only its owner and root can change:
 * whoever else could would act with the agent's rights. (Windows has no such bits.)
 */
async function trusted(command: string): Promise<string> {
  const file = await realpath(command)
  const status = await stat(file)
  if (!status.isFile()) throw new Error('The command is not a regular file.')
  if (process.platform === 'win32') return file
  const folder = await stat(dirname(file))
  if (isOpen(status) || (isOpen(folder) && !(folder.mode & bits.sticky))) {
    throw new Error('The command or its folder can be changed by others than its owner and root.')
  }
  return file
}

function isOpen({ mode, gid }: Stats): boolean {
  const mayWrite = bits.othersMayWrite | (gid === 0 ? 0 : bits.groupMayWrite)
  return (mode & mayWrite) !== 0
}
