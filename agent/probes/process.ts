import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Observation } from '../../protocol/check.ts'
import { type EpochMs, secondMs } from '../../protocol/time.ts'
import type { Run } from '../child.ts'
import { KernelFile } from './kernel-file.ts'
import { codeOf } from './network-error.ts'
import type { Probe, ProbeContext } from './probe.ts'
import type { SettingsOf } from './settings.ts'

export const settings = {
  type: 'object',
  properties: {
    program: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: '^[^/\\\\"*?<>|\\x00-\\x1f]+$',
      patternErrorMessage: 'must be the name of a program, without folder or wildcards',
      description: 'Name of the program, as `ps -e -o comm` or the Task Manager shows it.',
    },
    countMin: {
      type: 'integer',
      minimum: 1,
      maximum: 100_000,
      default: 1,
      description: 'Down when fewer run: not_running when none does, else too_few.',
    },
    countMax: {
      type: 'integer',
      minimum: 1,
      maximum: 100_000,
      default: 100_000,
      description: 'Degraded (too_many) when more run.',
    },
  },
  required: ['program'],
  additionalProperties: false,
} as const
type ProcessSettings = SettingsOf<typeof settings>

/** Whether a program runs, by its name. Arguments and owners are not looked at. */
export const processProbe: Probe<ProcessSettings> = (settings, context) => {
  if (process.platform === 'win32') return lookOnWindows(settings, context)
  return judge(countOnLinux(settings, context), settings)
}

async function lookOnWindows(settings: ProcessSettings, context: ProbeContext) {
  const { windowsProcess } = await import('./windows-process.ts')
  return judge(await windowsProcess(settings.program, context), settings)
}

function judge(count: number, counts: Omit<ProcessSettings, 'program'>): Observation {
  if (count === 0) return { state: 'down', reason: 'not_running' }
  if (count < counts.countMin) return { state: 'down', reason: 'too_few' }
  return count > counts.countMax ? { state: 'degraded', reason: 'too_many' } : { state: 'up' }
}

/** A name as the kernel keeps it. */
function keptName(program: string, encoding: 'latin1' | 'utf8'): string {
  return Buffer.from(program).toString(encoding, 0, nameBytesMax)
}

/** TASK_COMM_LEN of the kernel, without the zero at the end: of longer names this is the start. */
const nameBytesMax = 15

/**
 * Where the processes of the last walk are enough and no count is too many, they are only asked
 * whether they are still there: to walk among all processes costs more than all else of a look.
 */
function countOnLinux({ program, countMin, countMax }: ProcessSettings, context: ProbeContext) {
  const { root, kept } = context
  const last = kept.get(keptAs) as Watched | undefined // set below
  const shown = last?.shown ?? keptName(program, 'utf8')
  const isThere = (file: KernelFile) => isAlive(file, shown)
  if (last?.files.length === countMin && last.files.every(isThere)) return countMin
  for (const file of last?.files ?? []) file.close()
  const folder = join(root, 'proc')
  const ids = walkOnce(context).get(keptName(program, 'latin1')) ?? []
  const found = ids.map((id) => new KernelFile(`${folder}/${id}/stat`))
  const alive = aliveAmong(found, isThere)
  const isAnyEnough = countMax === settings.properties.countMax.maximum
  const files = isAnyEnough ? alive.slice(0, countMin) : []
  const watched = new Set(files)
  for (const file of found) if (!watched.has(file)) file.close()
  kept.set(keptAs, { shown, files } satisfies Watched)
  return alive.length
}

function aliveAmong(files: readonly KernelFile[], isThere: (file: KernelFile) => boolean) {
  try {
    return files.filter(isThere)
  } catch (error) {
    for (const file of files) file.close()
    throw error
  }
}

/** Processes that were enough at the last look, and their name as a file of the kernel shows it. */
type Watched = { readonly shown: string; readonly files: readonly KernelFile[] }
const keptAs = 'processes'

/** Ids of processes by name, a byte a character. */
type Walk = ReadonlyMap<string, readonly string[]>

/**
 * The last walk of each agent, known by its `Run`: the checks of one round are made within some
 * milliseconds of each other and share it.
 */
const walks = new WeakMap<
  Run,
  { readonly root: string; readonly at: EpochMs; readonly walk: Walk }
>()
const sharedMs = secondMs

function walkOnce({ run, root, now }: ProbeContext): Walk {
  const at = now()
  const last = walks.get(run)
  if (last?.root === root && at >= last.at && at - last.at < sharedMs) return last.walk
  const walk = walkProcesses(root)
  walks.set(run, { root, at, walk })
  return walk
}

/**
 * Read at one go: these files answer from memory, and to ask for each in the background would cost
 * fourteen times the processor time. `cmdline` and `exe` are not read: they can hang or be hidden.
 */
function walkProcesses(root: string): Walk {
  const folder = join(root, 'proc')
  const buffer = Buffer.alloc(64)
  const found = new Map<string, string[]>()
  let seesAll = false
  for (const id of readdirSync(folder)) {
    if (!/^\d+$/.test(id)) continue
    const name = readName(`${folder}/${id}/comm`, buffer)
    if (name === null) continue
    if (id === '1') seesAll = true
    const ids = found.get(name)
    if (ids) ids.push(id)
    else found.set(name, [id])
  }
  // Where hidepid or ProtectProc hides the first process, it hides others too.
  if (!seesAll) throw new Error('This user may not see the processes of others.')
  return found
}

/** What a process answers that has ended or must not be seen; other errors are of this one. */
const hidden = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM']

/** Null when the process has ended meanwhile or must not be seen. */
function readName(file: string, buffer: Buffer): string | null {
  let handle: number | undefined
  try {
    handle = openSync(file, 'r')
    const bytes = readSync(handle, buffer, 0, buffer.length, 0)
    return buffer.toString('latin1', 0, bytes).replace(/\n$/, '')
  } catch (error) {
    if (hidden.includes(codeOf(error))) return null
    throw error
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

/**
 * Whether it has this name and does more than wait until its parent takes note of its end (states Z
 * and X). An id may be another process's by now.
 */
function isAlive(file: KernelFile, name: string): boolean {
  try {
    // The half character that a name may end with becomes the same sign in both texts.
    const text = file.read()
    const end = text.lastIndexOf(')')
    if (text.slice(text.indexOf('(') + 1, end) !== name) return false
    return !'ZXx'.includes(text.charAt(end + 2))
  } catch (error) {
    if (!hidden.includes(codeOf(error))) throw error
    return false
  }
}
