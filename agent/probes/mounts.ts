import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

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
export async function readMounts(root: string, signal?: AbortSignal): Promise<Mount[]> {
  const options = { encoding: 'utf8', ...(signal && { signal }) } as const
  const text = await readFile(join(root, 'proc/self/mountinfo'), options)
  return text.split('\n').flatMap((line) => parseMount(line) ?? [])
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
