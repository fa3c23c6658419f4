import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { mustSkip } from '../support/programs.ts'

/** Why something cannot be injected on this machine; null when it can. */
export type Missing = string | null

/** Root and Linux: mounts and namespaces. */
export function missingRoot(): Missing {
  if (process.platform !== 'linux') return 'this is not Linux'
  return process.getuid?.() === 0 ? null : 'this user is not root'
}

/** Mounts, which a container may refuse to root as well. */
export function missingMounts(): Missing {
  const missing = missingRoot() ?? missingPrograms('mount', 'umount', 'unshare')
  // In a mount namespace of its own: it leaves nothing behind.
  const probe = ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']
  return missing ?? (works('unshare', ...probe) ? null : 'nothing can be mounted here')
}

/** Tracing of children, which a container may refuse. */
export function missingTracing(): Missing {
  const missing = missingPrograms('strace')
  const probe = ['-D', '-qq', '-o', '/dev/null', 'true']
  return missing ?? (works('strace', ...probe) ? null : 'no process can be traced here')
}

/** Whether a command ends well. */
export function works(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', timeout: 10_000 })
    return true
  } catch {
    return false
  }
}

/** The library that fakes the wall clock. Throws where the program is and the library is not. */
export function faketimeLibrary(): string {
  const [library] = globSync('/usr/lib/*/faketime/libfaketime.so.1')
  if (!library) throw new Error('There is no libfaketime.so.1 in /usr/lib/*/faketime.')
  return library
}

/** The first of these programs that is not here. In CI none may be: the row runs, and fails. */
export function missingPrograms(...programs: readonly string[]): Missing {
  const absent = programs.find((program) => mustSkip(program))
  return absent ? `there is no ${absent}` : null
}

/**
 * A command that runs node as its direct child's place and meddles with its system calls.
 * `inject` is strace's own expression, e.g. `fdatasync:signal=KILL:when=3`.
 */
export function straced(...inject: readonly string[]): string[] {
  const calls = inject.map((expression) => expression.split(':')[0])
  const injections = inject.flatMap((expression) => ['-e', `inject=${expression}`])
  const trace = ['-e', `trace=${[...new Set(calls)].join(',')}`]
  // -D: the traced process stays our child, so that its end and its signals are its own.
  return ['strace', '-D', '-f', '-qq', '-o', '/dev/null', ...trace, ...injections]
}

/** The value below which a share of the values lies; null when there are none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const index = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)
  return sorted[Math.max(0, index)] ?? null
}
