import { lstatSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from './network-error.ts'
import type { ProbeContext } from './probe.ts'
import { exists, readUnit, type Unit, unlessMissing } from './systemd-unit.ts'

/**
 * Whether a service of systemd runs, told without systemd's bus and without a child:
 *
 * - It runs when a process is in its control group. systemd removes the group of a service that is
 *   inactive or failed, and one that crashes time and again has no process in between.
 * - systemd keeps a link in /run/systemd/units for each service that is not inactive. It is there
 *   for journald and no promise, so it decides only where the group cannot: for a service that
 *   remains active without a process, for a group whose place cannot be told from the unit's files,
 *   and for processes that a service which ended has left behind.
 *
 * Throws where nothing can be said: systemd is not in charge, knows no such unit, or the service is
 * at rest by design, so that its not running says nothing.
 */
export async function unitRuns(
  name: string,
  { root, kept }: Pick<ProbeContext, 'root' | 'kept'>,
): Promise<boolean> {
  const last = kept.get(keptAs) as Found | undefined // set below
  if (last && (await hasProcesses(root, last.place))) return !(await hasEnded(root, last.name))
  if (!(await exists(join(root, 'run/systemd/system')))) {
    throw new Error('systemd does not manage the services of this machine.')
  }
  const groups = await groupsOf(root)
  const unit = await readUnit(root, name)
  for (const place of groups.map((group) => join(group, placeOf(unit)))) {
    if (!(await hasProcesses(root, place))) continue
    kept.set(keptAs, { name: unit.name, place })
    return !(await hasEnded(root, unit.name))
  }
  if (unit.remains || !unit.isPlaceKnown) {
    const ended = await hasEnded(root, unit.name)
    if (ended === null) throw new Error('Without a process, systemd does not show its state.')
    if (!ended) return true
  }
  if (!unit.isKnown) throw new Error('systemd knows no such service.')
  if (unit.rests) throw new Error(`Its not running says nothing: ${unit.rests}.`)
  return false
}

/** Services in the slice of the system, and in slices of it, that have a process. */
export async function runningUnits(root: string): Promise<string[]> {
  const found = new Set<string>()
  for (const group of await groupsOf(root)) {
    const folders = [join(group, 'system.slice')]
    for (const folder of folders) {
      for (const name of await unlessMissing(readdir(join(root, folder)), [])) {
        const place = join(folder, name)
        if (name.endsWith('.slice')) folders.push(place)
        else if (name.endsWith('.service') && (await hasProcesses(root, place))) found.add(name)
      }
    }
  }
  return [...found]
}

type Found = { readonly name: string; readonly place: string }
const keptAs = 'unit'

/**
 * Where systemd's control groups may be: of version 2, of version 2 beside version 1 (hybrid), and
 * of version 1.
 */
const hierarchies = ['sys/fs/cgroup', 'sys/fs/cgroup/unified', 'sys/fs/cgroup/systemd']

async function groupsOf(root: string): Promise<string[]> {
  const found: string[] = []
  for (const folder of hierarchies) {
    if (await exists(join(root, folder, 'system.slice'))) found.push(folder)
  }
  if (found.length === 0) throw new Error('The control groups of systemd are not to be seen.')
  return found
}

/** The folder of a unit's group: slices lie in each other, `a-b.slice` in `a.slice`. */
function placeOf({ name, slice = defaultSlice(name) }: Unit): string {
  const words = slice === '-.slice' ? [] : slice.replace(/\.slice$/, '').split('-')
  const folders = words.map((_, index) => `${words.slice(0, index + 1).join('-')}.slice`)
  return join(...folders, name)
}

/** Instances of a template have a slice of their own, named for the template. */
function defaultSlice(name: string): string {
  const at = name.indexOf('@')
  return at === -1 ? 'system.slice' : `system-${name.slice(0, at).replaceAll('-', '\\x2d')}.slice`
}

/** Groups of version 1 that are looked at below a unit's own; containers make many. */
const groupsMax = 100

/** Whether a process is in a group or below it. */
async function hasProcesses(root: string, place: string): Promise<boolean> {
  const events = textOf(join(root, place, 'cgroup.events'))
  if (events !== null) return /^populated 1$/m.test(events)
  const folders = [join(root, place)]
  for (let index = 0; index < Math.min(folders.length, groupsMax); index++) {
    const folder = folders[index] ?? ''
    if (textOf(join(folder, 'cgroup.procs'))) return true
    const entries = await unlessMissing(readdir(folder, { withFileTypes: true }), [])
    for (const entry of entries) if (entry.isDirectory()) folders.push(join(folder, entry.name))
  }
  return false
}

/** The kernel answers from memory: to read in the background would cost several times as much. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    // A group may go away between being found and being read.
    if (['ENOENT', 'ENODEV', 'ENOTDIR'].includes(codeOf(error))) return null
    throw error
  }
}

const linkFolder = 'run/systemd/units'
const linkPrefix = 'invocation:'

/**
 * Whether systemd calls a service inactive or failed, also when processes of it are left behind
 * (`KillMode=process`, as cron's jobs). Null where it keeps no links: before version 236.
 */
async function hasEnded(root: string, name: string): Promise<boolean | null> {
  const folder = join(root, linkFolder)
  if (lstatSync(join(folder, linkPrefix + name), { throwIfNoEntry: false })) return false
  const names = await unlessMissing(readdir(folder), [])
  return names.some((each) => each.startsWith(linkPrefix)) ? true : null
}
