import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EpochMs, secondMs } from '../../protocol/time.ts'
import type { Run } from '../child.ts'
import { KernelFile } from './kernel-file.ts'
import type { ProbeContext } from './probe.ts'

/** One line of /proc/self/mountinfo. */
export type Mount = {
  readonly path: string
  /** major:minor of the file system, the same for each mount of it. */
  readonly device: string
  /** The folder of the file system that is mounted: `/`, but for bind mounts and subvolumes. */
  readonly rootInDevice: string
  readonly type: string
  readonly source: string
  /** The file system itself is read-only. A read-only view of it (a systemd sandbox) is not. */
  readonly readOnly: boolean
}

/** The mounts this process sees, in the order they were made. */
export function readMounts(root: string): Mount[] {
  return parseMounts(readFileSync(join(root, mountinfo), 'utf8'))
}

const mountinfo = 'proc/self/mountinfo'

type Table = {
  readonly root: string
  readonly file: KernelFile
  at: EpochMs
  text: string
  mounts: Mount[]
}

/** The last table of each agent, known by its `Run`: the checks of one round share a reading. */
const tables = new WeakMap<Run, Table>()
const sharedMs = secondMs

/** The mounts as of this second: the same array as before while nothing was mounted. */
export function mountsNow({ run, root, now }: Pick<ProbeContext, 'run' | 'root' | 'now'>): Mount[] {
  const at = now()
  const table = tableOf(run, root)
  if (at >= table.at && at - table.at < sharedMs) return table.mounts
  const text = table.file.read()
  table.at = at
  if (table.text !== text) Object.assign(table, { text, mounts: parseMounts(text) })
  return table.mounts
}

function tableOf(run: Run, root: string): Table {
  const last = tables.get(run)
  if (last?.root === root) return last
  last?.file.close()
  const file = new KernelFile(join(root, mountinfo))
  const table = { root, file, at: Number.POSITIVE_INFINITY, text: '', mounts: [] }
  tables.set(run, table)
  return table
}

/** The mounts that a mountinfo file tells of. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => parseMount(line) ?? [])
}

/** The mount that holds a path: the longest that begins it; of mounts on one another, the last. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  let found: Mount | null = null
  for (const mount of mounts) {
    const folder = mount.path === '/' ? '/' : `${mount.path}/`
    if (!`${path}/`.startsWith(folder)) continue
    if (!found || mount.path.length >= found.path.length) found = mount
  }
  return found
}

/** Of each local disk one mount, the one with the shortest path. */
export function disksAmong(mounts: readonly Mount[]): Mount[] {
  const byDevice = new Map<string, Mount>()
  for (const mount of mounts.filter(isDisk)) {
    // All data sets of a ZFS pool share its room, as all mounts of one device do.
    const device = mount.type === 'zfs' ? `zfs ${mount.source.split('/')[0]}` : mount.device
    const other = byDevice.get(device)
    if (!other || mount.path.length < other.path.length) byDevice.set(device, mount)
  }
  return [...byDevice.values()]
}

/** Images are full and read-only by nature; network disks can hang and are for people to add. */
const imageTypes = new Set(['squashfs', 'iso9660', 'udf', 'erofs', 'cramfs'])
const deviceless = new Set(['zfs', 'virtiofs', 'bcachefs'])

/** Whether this is a local disk that programs write to. */
export function isDisk({ path, type, source }: Mount): boolean {
  if (imageTypes.has(type) || source.startsWith('/dev/loop')) return false
  if (path === '/') return true // in a container its file system is `overlay`
  return source.startsWith('/dev/') || deviceless.has(type)
}

/** Source of the format: `man 5 proc_pid_mountinfo`. */
function parseMount(line: string): Mount | null {
  const [left, right] = line.split(' - ')
  const [, , device, rootInDevice, path] = left?.split(' ') ?? []
  const [type, source, options] = right?.split(' ') ?? []
  if (!device || !rootInDevice || !path || !type || !source || !options) return null
  return {
    path: octalText(path),
    device,
    rootInDevice: octalText(rootInDevice),
    type,
    source: octalText(source),
    readOnly: options.split(',').includes('ro'),
  }
}

/** The kernel writes blank, tab, newline and backslash as octal numbers. */
function octalText(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  )
}
