import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Packages of this Debian that stand for a base image: what a slim one holds, and libatomic. */
const basePackages = [
  ...['libc6', 'libgcc-s1', 'libstdc++6', 'libatomic1', 'dash', 'coreutils'],
  ...['libacl1', 'libattr1', 'libselinux1', 'libpcre2-8-0', 'libgmp10'],
]
const merged = ['bin', 'sbin', 'lib', 'lib64']

/**
 * Images and containers in a folder of their own, by `buildah` without any engine or registry.
 * They share network and kernel settings with the machine.
 */
export class Builder {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Answers what it printed. Throws with what it complained about. */
  run(...args: readonly string[]): string {
    return execFileSync('buildah', [...this.#globals(), ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  }

  /** Starts a command in a container and goes on; its streams are the caller's. */
  start(...args: readonly string[]): ChildProcess {
    return spawn('buildah', [...this.#globals(), 'run', '--isolation', 'chroot', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  /** Makes a base image out of the files of this machine's own packages; needs no network. */
  base(name: string): void {
    const root = join(this.#folder, 'base')
    for (const each of [...merged.map((part) => `usr/${part}`), 'tmp']) {
      mkdirSync(join(root, each), { recursive: true })
    }
    for (const each of merged) symlinkSync(`usr/${each}`, join(root, each))
    const listed = execFileSync('dpkg', ['-L', ...basePackages], { encoding: 'utf8' })
    const files = listed
      .split('\n')
      .map((path) => path.replace(/^\/(s?bin|lib|lib64)\//, '/usr/$1/').slice(1))
      .filter((path) => /^usr\/(s?bin|lib|lib64)\//.test(path))
    const list = join(this.#folder, 'files')
    writeFileSync(list, [...new Set(files)].join('\n'))
    const archive = join(this.#folder, 'base.tar')
    execFileSync('tar', ['-C', '/', '--no-recursion', '-cf', archive, '-T', list])
    execFileSync('tar', ['-C', root, '-rf', archive, 'tmp', ...merged])
    const context = join(this.#folder, 'context')
    mkdirSync(context)
    const file = join(context, 'Dockerfile')
    writeFileSync(file, 'FROM scratch\nADD base.tar /\n')
    execFileSync('mv', [archive, context])
    this.run('bud', '--isolation', 'chroot', '--quiet', '--tag', name, '--file', file, context)
  }

  #globals(): string[] {
    const [store, state] = ['store', 'state'].map((name) => join(this.#folder, name))
    return ['--root', store!, '--runroot', state!, '--storage-driver', 'vfs']
  }
}

/** The process that a command in a container became: the innermost below what was started. */
export function innermost(pid: number): number {
  // Any thread of buildah may have started it.
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  )
  return children[0] === undefined ? pid : innermost(Number(children[0]))
}
