import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** What a program in the sandbox said, and how it ended. */
export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

/** Where the folder that was handed in lies inside. */
export const handedIn = '/mnt'

/**
 * This very machine as a copy that costs nothing: a root of its own over the real one, in memory,
 * with processes of its own. What is installed there is real, and gone with the sandbox.
 */
export class Sandbox {
  readonly #keeper: ChildProcess
  readonly #folder: string
  readonly #pid: string

  private constructor(keeper: ChildProcess, folder: string, pid: string) {
    this.#keeper = keeper
    this.#folder = folder
    this.#pid = pid
  }

  /** Needs root on Linux and overlay file systems. Throws with what the system said. */
  static async open(handIn: string): Promise<Sandbox> {
    const folder = mkdtempSync(join(tmpdir(), 'istimrar-sandbox-'))
    const script = `set -e
mount -t tmpfs tmpfs "$1" && cd "$1" && mkdir upper work root
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root
mount -t proc proc root/proc && mount --rbind /dev root/dev
mount -t tmpfs tmpfs root/run && mount -t tmpfs tmpfs root/tmp && chmod 1777 root/tmp
mount --bind "$2" root${handedIn}
echo ready && exec sleep infinity`
    const args = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', script]
    const keeper = spawn('unshare', [...args, 'sh', folder, handIn], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = text(keeper.stderr)
    const isReady = await Promise.race([
      once(keeper.stdout, 'data').then(() => true),
      once(keeper, 'exit').then(() => false),
      once(keeper, 'error').then(() => false),
    ])
    if (!isReady) {
      rmSync(folder, { recursive: true, force: true })
      throw new Error(`There is no sandbox on this machine: ${await said}`)
    }
    const children = readFileSync(`/proc/${keeper.pid}/task/${keeper.pid}/children`, 'utf8')
    return new Sandbox(keeper, folder, children.trim())
  }

  /** Starts a program inside, as root. */
  start(program: string, ...args: readonly string[]): ChildProcess {
    const inside = [
      `--target=${this.#pid}`,
      '--mount',
      '--pid',
      'chroot',
      join(this.#folder, 'root'),
    ]
    return spawn('nsenter', [...inside, program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...{ PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8' },
        ...{ DEBIAN_FRONTEND: 'noninteractive', TMPDIR: '/tmp' },
      },
    })
  }

  /** Runs a line of shell inside, as root, to its end. */
  async shell(line: string): Promise<Ended> {
    const child = this.start('sh', '-c', line)
    const ended = once(child, 'exit')
    const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)])
    const [code] = (await ended) as [number | null]
    return { code, out, err }
  }

  /** As `shell`, where nothing but success will do. Answers what it printed. */
  async must(line: string): Promise<string> {
    const { code, out, err } = await this.shell(line)
    if (code !== 0) throw new Error(`${line} ended with ${code}:\n${out}${err}`)
    return out
  }

  /** All that was made, changed or removed since it was opened, but what lay in /tmp and /run. */
  changes(): string[] {
    const upper = join(this.#folder, 'upper')
    const args = [`--target=${this.#pid}`, '--mount', 'find', upper, '-printf', '%y /%P\n']
    const lines = execFileSync('nsenter', args, { encoding: 'utf8' }).trim().split('\n')
    // Folders above what was changed are copied up: they count only where they are new.
    return lines
      .map((line) => line.split(' ') as [string, string])
      .filter(
        ([type, path]) => type !== 'd' || !statSync(path, { throwIfNoEntry: false })?.isDirectory(),
      )
      .map(([type, path]) => (type === 'c' ? `${path} (removed)` : path))
      .sort()
  }

  async close(): Promise<void> {
    const ended = once(this.#keeper, 'exit')
    this.#keeper.kill('SIGKILL')
    await ended
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Why there can be no sandbox here; null when there can. */
export async function whyNoSandbox(): Promise<string | null> {
  try {
    const sandbox = await Sandbox.open(tmpdir())
    await sandbox.close()
    return null
  } catch (error) {
    return (error as Error).message
  }
}
