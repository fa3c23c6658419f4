import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { rootDir } from './processes.ts'

/** In front of a program's command: writes each of its fsyncs to a file, and stays its child. */
export function tracingSyncs(output: string): string[] {
  return ['strace', '-D', '-f', '-qq', '-e', 'trace=fsync,fdatasync', '-o', output]
}

/**
 * In front of a program's command: makes a system call on these files fail, as `error=EIO:when=3`.
 */
export function failing(call: string, how: string, files: readonly string[]): string[] {
  const paths = files.flatMap((file) => ['-P', file])
  const inject = `inject=${call}:${how}`
  return ['strace', '-D', '-f', '-qq', '-o', '/dev/null', ...paths, '-e', inject]
}

/** fsyncs and fdatasyncs that a trace has so far. */
export function syncsIn(output: string): number {
  const text = existsSync(output) ? readFileSync(output, 'utf8') : ''
  return text.match(/\bf(data)?sync\(/g)?.length ?? 0
}

/** Runs a file of the repository to its end and counts its syncs. */
export function syncsOf(args: readonly string[], output: string): number {
  const [strace, ...options] = tracingSyncs(output).filter((each) => each !== '-D')
  execFileSync(strace!, [...options, process.execPath, ...args], { cwd: rootDir })
  return syncsIn(output)
}
