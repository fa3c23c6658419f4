import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { agentFolder, agentProduct } from './agent.ts'
import { debianPackage, rpmPackage, tarArchive, zipArchive } from './archives.ts'
import { bundleAgent } from './bundle.ts'
import { collectorFolder, collectorProduct } from './collector.ts'
import { Lock } from './locked.ts'
import { type Architecture, architectures, PackageError, type Packager, run } from './packager.ts'
import { windowsFolder } from './windows.ts'

/** `npm run package`: everything an institution or the ministry installs, into one folder. */

const root = resolve(import.meta.dirname, '../..')
const kinds = ['deb', 'rpm', 'tar', 'zip'] as const
const programs = ['agent', 'collector'] as const
const usage = `npm run package [-- options]
  --only ${kinds.join(',')}     which kinds; default all
  --program ${programs.join(',')}   of which program; default both
  --arch ${Object.keys(architectures).join(',')}            for which processors; default both
  --out FOLDER                where to; default dist/packages
  --revision N                of the package of this version; default 1
  --fast                      hardly compressed, for tests
`

type Wanted = {
  readonly only: readonly string[]
  readonly program: readonly string[]
  readonly arch: readonly Architecture[]
}

try {
  await main()
} catch (error) {
  if (!(error instanceof PackageError)) throw error
  console.error(`package: ${error.message}`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { values } = readArguments()
  if (values.help) {
    console.log(usage)
    return
  }
  const wanted: Wanted = {
    only: list('only', values.only, kinds),
    program: list('program', values.program, programs),
    arch: list('arch', values.arch, Object.keys(architectures)) as Architecture[], // one of those
  }
  if (!/^[1-9]\d{0,5}$/.test(values.revision)) {
    throw new PackageError('--revision must be a whole number from 1 on.')
  }
  const out = resolve(values.out)
  await mkdir(out, { recursive: true })
  const work = await mkdtemp(join(tmpdir(), 'istimrar-package-'))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      rmSync(work, { recursive: true, force: true })
      process.exit(1)
    })
  }
  try {
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    const packager: Packager = {
      ...{ root, out, work, version: manifest.version, revision: Number(values.revision) },
      ...{ isFast: values.fast, epochSeconds: await commitTime(), say: console.log },
    }
    const made = await packages(packager, wanted)
    await writeChecksums(out, made)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Makes what is wanted, one after the other. Answers the files. */
async function packages(packager: Packager, { only, program, arch }: Wanted): Promise<string[]> {
  const { say } = packager
  const lock = new Lock(root)
  const made: string[] = []
  const keep = async (making: Promise<string>) => {
    const file = await making
    made.push(file)
    say(`${basename(file)}  ${Math.round((await stat(file)).size / 100_000) / 10} MB`)
  }
  const wants = (kind: string) => only.includes(kind)
  if (program.includes('agent')) {
    say('Building the agent twice')
    const bundle = await bundleAgent(packager, lock)
    for (const each of arch) {
      if (wants('deb') || wants('rpm')) {
        const product = await agentProduct(packager, lock, bundle, each)
        if (wants('deb')) await keep(debianPackage(packager, product))
        if (wants('rpm')) await keep(rpmPackage(packager, product))
      }
      if (wants('tar')) {
        await keep(tarArchive(packager, await agentFolder(packager, lock, bundle, each)))
      }
    }
    if (wants('zip')) await keep(zipArchive(packager, await windowsFolder(packager, lock, bundle)))
  }
  if (program.includes('collector')) {
    for (const each of arch) {
      if (wants('deb')) {
        await keep(debianPackage(packager, await collectorProduct(packager, lock, each)))
      }
      if (wants('tar')) {
        await keep(tarArchive(packager, await collectorFolder(packager, lock, each)))
      }
    }
  }
  return made
}

/** `sha256sum -c SHA256SUMS` checks them. It names what this run made, nothing else. */
async function writeChecksums(out: string, made: readonly string[]): Promise<void> {
  const lines = await Promise.all(
    made.map(async (file) => {
      const hash = createHash('sha256')
        .update(await readFile(file))
        .digest('hex')
      return `${hash}  ${basename(file)}\n`
    }),
  )
  await writeFile(join(out, 'SHA256SUMS'), lines.sort().join(''))
}

/** The time of the commit, so that packaging it again gives the same; without git a fixed one. */
async function commitTime(): Promise<number> {
  const given = Number(process.env.SOURCE_DATE_EPOCH)
  if (Number.isInteger(given) && given > 0) return given
  const fixed = Date.UTC(2026, 0, 1) / 1_000
  const text = await run('git', ['log', '-1', '--format=%ct'], { cwd: root }).catch(() => '')
  return Number(text.trim()) || fixed
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', default: kinds.join() },
        program: { type: 'string', default: programs.join() },
        arch: { type: 'string', default: Object.keys(architectures).join() },
        out: { type: 'string', default: join(root, 'dist/packages') },
        revision: { type: 'string', default: '1' },
        fast: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (cause) {
    const { message } = cause as Error // parseArgs says what is wrong
    throw new PackageError(`${message}\n${usage}`, { cause })
  }
}

function list(option: string, text: string, allowed: readonly string[]): string[] {
  const parts = text.split(',').filter((part) => part !== '')
  if (parts.length === 0 || parts.some((part) => !allowed.includes(part))) {
    throw new PackageError(`--${option} takes ${allowed.join(', ')}, separated by commas.`)
  }
  return parts
}
