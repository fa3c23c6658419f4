import { lstatSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { Reason } from '../../protocol/check.ts'
import { type EpochMs, hourMs } from '../../protocol/time.ts'
import type { Run } from '../child.ts'
import { type Mount, mountOf, mountsNow } from './mounts.ts'
import { codeOf } from './network-error.ts'
import type { ProbeContext } from './probe.ts'

/** What a missing or broken file system answers; other errors are about this process. */
const faults: ReadonlyMap<string, Reason> = new Map([
  ['EIO', 'unreachable'],
  ['ENXIO', 'unreachable'],
  ['ESTALE', 'unreachable'],
  ['ENOTCONN', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
])
const missing = ['ENOENT', 'ENOTDIR']

/** What was asked for, or why the storage did not tell. */
export type FromStorage<T> = { readonly answer: T } | { readonly fault: Reason | 'missing' }

/**
 * Asks a file system that may be broken or hang. A hung network disk never gives its thread back,
 * and Node has four for all files and names: asking again each minute would soon stop every probe,
 * and the way to the collector. So it is not asked again by this check, under this name, before it
 * has answered, and one thread stays free whatever hangs. Throws when others hang so long that it
 * could not ask at all.
 */
export async function askStorage<T>(
  name: string,
  { kept, signal, run }: Pick<ProbeContext, 'kept' | 'signal' | 'run'>,
  ask: () => Promise<T>,
): Promise<FromStorage<T>> {
  if (isUnanswered(name, { kept }) || signal.aborted) return { fault: 'timeout' }
  const asked = askedBy(run)
  while (asked.open >= openMax) await untilAnswered(asked, signal)
  const unanswered = unansweredAs(name)
  kept.set(unanswered, true)
  asked.open += 1
  const answer = ask().finally(() => {
    kept.delete(unanswered)
    asked.open -= 1
    asked.waiting.shift()?.()
  })
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    return { answer: await Promise.race([answer, aborted]) }
  } catch (error) {
    if (signal.aborted) return { fault: 'timeout' }
    const fault = faultOf(error)
    if (!fault) throw error
    return { fault }
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Questions open at a time: of Node's four threads, where it has no more, one stays free. */
const openMax = 3

/** What an agent, known by its `Run`, asks of all storage. */
type Asked = { open: number; readonly waiting: (() => void)[] }
const questions = new WeakMap<Run, Asked>()

function askedBy(run: Run): Asked {
  const asked = questions.get(run) ?? { open: 0, waiting: [] }
  questions.set(run, asked)
  return asked
}

async function untilAnswered({ waiting }: Asked, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abort = () => {
    waiting.splice(waiting.indexOf(resolve), 1)
    reject(new Error('Other storage does not answer: this one was not asked.'))
  }
  waiting.push(resolve)
  signal.addEventListener('abort', abort, { once: true })
  await promise
  signal.removeEventListener('abort', abort)
}

/** What an error tells of the storage; null where it is about this process. */
export function faultOf(error: unknown): Reason | 'missing' | null {
  const code = codeOf(error)
  return missing.includes(code) ? 'missing' : (faults.get(code) ?? null)
}

/** Whether a question of this name is still open. */
function isUnanswered(name: string, { kept }: Pick<ProbeContext, 'kept'>): boolean {
  return kept.has(unansweredAs(name))
}

function unansweredAs(name: string): string {
  return `unanswered ${name}`
}

/** File systems of local disks that count their room in memory. A ZFS pool may be suspended. */
const localTypes = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'vfat',
  'exfat',
  'f2fs',
  'tmpfs',
])

/**
 * Whether a path without links can be asked with no risk to wait: it lies on the disk of the
 * system, without which nothing here would run at all, or a local disk is mounted at it. Folders
 * further down would have to be read from that disk, which may be broken; network disks and what a
 * program serves can hang. The same holds for each mount on the way.
 */
export function answersFromMemory(path: string, mounts: readonly Mount[]): boolean {
  const mount = mountOf(path, mounts)
  if (!mount) return false
  if (mount.path === '/') return localTypes.has(mount.type) || mount.type === 'overlay'
  return (
    mount.path === path && localTypes.has(mount.type) && answersFromMemory(dirname(path), mounts)
  )
}

/** Where a path led to when its links were last followed. */
export type Route = {
  /** The place that was asked (`placeOf`). */
  readonly asked: string
  /** Where it led to, under no root. */
  readonly real: string
  readonly mounts: readonly Mount[]
  readonly at: EpochMs
  /** Nothing on the way there can hang. */
  readonly isLocal: boolean
}

/** Not all that changes leaves a trace in mounts, size and links: a way is gone anew at times. */
const routeMs = hourMs

/** Follows the links of a place (`placeOf`). Linux only: elsewhere nobody tells what is local. */
export async function followRoute(asked: string, context: ProbeContext): Promise<Route> {
  const [at, mounts] = [context.now(), mountsNow(context)]
  const real = await realpath(asked)
  const inRoot = resolve('/', relative(context.root, real))
  // A link may lead to a network disk tomorrow: only a path without one is asked at once.
  const isLocal = real === resolve(asked) && answersFromMemory(inRoot, mounts)
  return { asked, real: inRoot, mounts, at, isLocal }
}

/**
 * Whether a place can be asked at once, as nothing can hang: a question in the background costs
 * many times as much. `name` is that of `askStorage`, the route that of the last look.
 */
export function canAskAtOnce<R extends Route>(
  name: string,
  route: R | null | undefined,
  context: ProbeContext,
): route is R {
  if (!route?.isLocal || !isFresh(route, context) || isUnanswered(name, context)) return false
  return !hasLink(route.asked)
}

/**
 * Whether a link lies on the way to a place by now: it may lead to what hangs, and with it this
 * process would. Asked for from the beginning, so that none is followed.
 */
function hasLink(place: string): boolean {
  for (let end = place.indexOf('/', 1); end > 0; end = place.indexOf('/', end + 1)) {
    if (isLink(place.slice(0, end))) return true
  }
  return isLink(place)
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return true // whatever it is, the question in the background will tell
  }
}

/** Whether a route can be relied on: it was followed lately, and nothing was mounted since. */
export function isFresh({ at, mounts }: Route, context: ProbeContext): boolean {
  const ageMs = context.now() - at
  return ageMs >= 0 && ageMs < routeMs && mounts === mountsNow(context)
}

/** Where a path of the configuration is found; those of Windows are under no root. */
export function placeOf(root: string, path: string): string {
  return /^([A-Za-z]:|\\\\)/.test(path) ? path : join(root, path)
}
