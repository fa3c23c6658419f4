import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** In the environment of all that a run starts: the id of its process. */
const markName = 'FAULTS_RUN'
const namespaces = '/run/netns'
const endMsMax = 60_000

/** An empty folder. Its name tells of which process it is, so that a later run can tidy up. */
export function makeFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `faults-${process.pid}-${name.toLowerCase()}-`))
}

/** Environment of a run's children: says of which run they are, to whoever tidies up after it. */
export function runMark(): Record<string, string> {
  return { [markName]: process.env[markName] ?? String(process.pid) }
}

/** Processes of a run, by their mark; those of one that was killed outright have no parent left. */
export function processesOf(run: number): number[] {
  return marked()
    .filter((each) => each.run === run)
    .map(({ pid }) => pid)
}

/** Ends all that this process started and takes away what they hold: for a run that is ended. */
export function tidyOwn(): void {
  const started = descendants(process.pid)
  endAll(started)
  takeAway([process.pid, ...started])
}

/** The same for a run that is no more, by another process. */
export function tidyRun(run: number): void {
  endAll(processesOf(run))
  takeAway([run])
}

/**
 * Takes away processes, mounts, loop devices and networks of runs that are no more; folders may be
 * kept.
 */
export function tidyStale(): void {
  endAll(marked().flatMap(({ pid, run }) => (isAlive(run) ? [] : [pid])))
  tidy((pid) => !isAlive(pid))
}

/** Kills, and waits until they have let go of what they hold; waiting asks no event loop. */
function endAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended meanwhile.
    }
  }
  const endAt = performance.now() + endMsMax
  const pause = new Int32Array(new SharedArrayBuffer(4))
  while (pids.some(isAtWork) && performance.now() < endAt) Atomics.wait(pause, 0, 0, 20)
}

function takeAway(pids: readonly number[]): void {
  tidy((pid) => pids.includes(pid))
  for (const folder of globSync(pids.map((pid) => join(tmpdir(), `faults-${pid}-*`)))) {
    rmSync(folder, { recursive: true, force: true })
  }
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

/** All other processes that a run started and that still work. */
function marked(): { readonly pid: number; readonly run: number }[] {
  return allProcesses().flatMap((pid) => {
    const mark = new RegExp(`(?:^|\0)${markName}=(\\d+)(?:\0|$)`).exec(read(`/proc/${pid}/environ`))
    return mark && pid !== process.pid && isAtWork(pid) ? [{ pid, run: Number(mark[1]) }] : []
  })
}

function allProcesses(): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
}

/** All processes below one, as they are now. */
function descendants(root: number): number[] {
  const parents = allProcesses().map((pid) => {
    return {
      pid,
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
