import { has } from '../support/programs.ts'

/** Why something cannot be injected on this machine; null when it can. */
export type Missing = string | null

/** Root and Linux: mounts, namespaces, tracing of children. */
export function missingRoot(): Missing {
  if (process.platform !== 'linux') return 'this is not Linux'
  return process.getuid?.() === 0 ? null : 'this user is not root'
}

/** The first of these programs that is not here. */
export function missingPrograms(...programs: readonly string[]): Missing {
  const absent = programs.find((program) => !has(program))
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
