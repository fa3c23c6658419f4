import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const namespaces = '/run/netns'
const endMsMax = 5_000

/** An empty folder. Its name tells of which process it is, so that a later run can tidy up. */
export function makeFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `faults-${process.pid}-${name.toLowerCase()}-`))
}

/** Ends all that this process started and takes away what they hold: for a run that is killed. */
export function tidyOwn(): void {
  const ended = [process.pid, ...descendants(process.pid)]
  for (const pid of ended.slice(1)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended meanwhile.
    }
  }
  // What they hold is let go of when they have ended; waiting for it asks no event loop.
  const endAt = performance.now() + endMsMax
  const pause = new Int32Array(new SharedArrayBuffer(4))
  while (ended.slice(1).some(isAtWork) && performance.now() < endAt) Atomics.wait(pause, 0, 0, 20)
  tidy((pid) => ended.includes(pid))
  for (const folder of globSync(ended.map((pid) => join(tmpdir(), `faults-${pid}-*`)))) {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Takes away mounts, loop devices and networks of runs that are no more; folders may be kept. */
export function tidyStale(): void {
  tidy((pid) => !isAlive(pid))
}

function tidy(isGone: (pid: number) => boolean): void {
  if (process.platform !== 'linux') return
  const ownerOf = (path: string) => {
    const inside = path.startsWith(`${tmpdir()}/`) ? path.slice(tmpdir().length + 1) : ''
    return Number(/^faults-(\d+)-/.exec(inside)?.[1] ?? 0)
  }
  const isLeft = (path: string) => ownerOf(path) > 0 && isGone(ownerOf(path))
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
  for (const path of mounts.filter(isLeft).reverse()) attempt('umount', '-l', path)
  for (const { device, file } of loopDevices()) if (isLeft(file)) attempt('losetup', '-d', device)
  for (const name of globSync(`${namespaces}/faults-*`).map((path) => basename(path))) {
    if (isGone(Number(/\d+$/.exec(name)?.[0] ?? 0))) attempt('ip', 'netns', 'del', name)
  }
}

/** Every loop device with the file that it shows. */
export function loopDevices(): { readonly device: string; readonly file: string }[] {
  const names = readdirSync('/sys/block').filter((name) => name.startsWith('loop'))
  const all = names.map((name) => {
    return { device: `/dev/${name}`, file: read(`/sys/block/${name}/loop/backing_file`) }
  })
  return all.filter(({ file }) => file !== '')
}

/** All processes below one, as they are now. */
function descendants(root: number): number[] {
  if (process.platform !== 'linux') return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const parents = pids.map((pid) => {
    return {
      pid: Number(pid),
      parent: Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]),
    }
  })
  const below = (above: number): number[] =>
    parents.filter(({ parent }) => parent === above).flatMap(({ pid }) => [pid, ...below(pid)])
  return below(root)
}

/** Whether it has not ended: a zombie holds nothing any more. */
function isAtWork(pid: number): boolean {
  return /^State:\s+[^ZX\s]/m.test(read(`/proc/${pid}/status`))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

/** What may be gone at any moment reads as nothing. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

/** Somebody else may have tidied it already: then there is nothing left to do. */
function attempt(program: string, ...args: readonly string[]): void {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
  } catch {
    // Seen again at the next start.
  }
}
