import { join } from 'node:path'
import type { Reason } from '../../protocol/check.ts'
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
 * and Node has four for all files and names: asking again each minute would soon stop every probe.
 * So it is not asked again by this check, under this name, before it has answered.
 */
export async function askStorage<T>(
  name: string,
  { kept, signal }: Pick<ProbeContext, 'kept' | 'signal'>,
  ask: () => Promise<T>,
): Promise<FromStorage<T>> {
  const unanswered = `unanswered ${name}`
  if (kept.has(unanswered) || signal.aborted) return { fault: 'timeout' }
  kept.set(unanswered, true)
  const answer = ask().finally(() => kept.delete(unanswered))
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    return { answer: await Promise.race([answer, aborted]) }
  } catch (error) {
    if (signal.aborted) return { fault: 'timeout' }
    const code = codeOf(error)
    const fault = missing.includes(code) ? 'missing' : faults.get(code)
    if (!fault) throw error
    return { fault }
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Where a path of the configuration is found; those of Windows are under no root. */
export function placeOf(root: string, path: string): string {
  return /^([A-Za-z]:|\\\\)/.test(path) ? path : join(root, path)
}
