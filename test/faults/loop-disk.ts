import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Missing, missingMounts, missingPrograms, works } from './tools.ts'

/** EXT4_IOC_SHUTDOWN with NOLOGFLUSH: what no fsync has brought to the disk is gone. */
const shutdownScript = `
open(my $folder, '<', $ARGV[0]) or die "open: $!";
my $flags = pack('L', 2);
ioctl($folder, 0x8004587d, $flags) or die "ioctl: $!";
`

/** Why a power cut cannot be played here; null when it can. */
export function missingForCuts(): Missing {
  const missing = missingMounts() ?? missingPrograms('mkfs.ext4', 'losetup', 'perl')
  return missing ?? (works('losetup', '-f') ? null : 'there are no loop devices here')
}

/** An ext4 file system of its own in a file, whose power can be cut. */
export class LoopDisk implements Disposable {
  /** Where it is mounted. */
  readonly dir: string
  readonly #device: string
  #isMounted = false

  /** Throws where loop devices or mounts are not to be had. */
  constructor(folder: string, name: string, megabytes = 128) {
    const image = join(folder, `${name}.img`)
    this.dir = join(folder, name)
    mkdirSync(this.dir, { recursive: true })
    run('truncate', '-s', `${megabytes}M`, image)
    run('mkfs.ext4', '-q', '-F', image)
    this.#device = run('losetup', '-f', '--show', image).trim()
    this.mount()
  }

  /** Mounts it again; the journal is replayed as after a real cut. */
  mount(): void {
    run('mount', this.#device, this.dir)
    this.#isMounted = true
  }

  /** From this moment on nothing more reaches the disk, and what was not synced is lost. */
  cutPower(): void {
    run('perl', '-e', shutdownScript, this.dir)
  }

  unmount(): void {
    if (this.#isMounted) run('umount', this.dir)
    this.#isMounted = false
  }

  [Symbol.dispose](): void {
    if (this.#isMounted) run('umount', '-l', this.dir)
    this.#isMounted = false
    run('losetup', '-d', this.#device)
  }
}

/** A file system in memory that can be filled and made larger. */
export class MemoryDisk implements Disposable {
  readonly dir: string

  constructor(folder: string, name: string, size: string) {
    this.dir = join(folder, name)
    mkdirSync(this.dir, { recursive: true })
    run('mount', '-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'none', this.dir)
  }

  resize(size: string): void {
    run('mount', '-o', `remount,size=${size}`, this.dir)
  }

  [Symbol.dispose](): void {
    run('umount', '-l', this.dir)
  }
}

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
