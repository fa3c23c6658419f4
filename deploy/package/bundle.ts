import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildAgent } from '../build-agent.ts'
import { type Lock, type Locked, packageOf } from './locked.ts'
import { PackageError, type Packager } from './packager.ts'

/** The agent's own files, and the packages that were built into them. */
export type Bundle = {
  readonly folder: string
  readonly files: readonly string[]
  readonly packages: readonly Locked[]
}

/** All that a build reads of the repository. */
const parts = ['agent', 'protocol', 'package.json', 'tsconfig.json', 'deploy/build-agent.ts']

/**
 * Builds the agent twice, the second time from a copy of the source in another place, and throws
 * PackageError unless both are the same, byte for byte.
 */
export async function bundleAgent({ root, work }: Packager, lock: Lock): Promise<Bundle> {
  const [folder, again, copy] = ['bundle', 'bundle-again', 'source'].map((name) => join(work, name))
  const built = await buildAgent(folder!)
  await mkdir(join(copy!, 'deploy'), { recursive: true })
  for (const part of parts) {
    await cp(join(root, part), join(copy!, part), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(copy!, 'node_modules'))
  const url = pathToFileURL(join(copy!, 'deploy/build-agent.ts')).href
  const elsewhere = (await import(url)) as { buildAgent: typeof buildAgent } // the same source
  await elsewhere.buildAgent(again!)

  const files = (await readdir(folder!)).sort()
  for (const file of files) {
    const [first, second] = await Promise.all([hashOf(folder!, file), hashOf(again!, file)])
    if (first !== second) {
      throw new PackageError(`${file} is not reproducible: ${first}, then ${second}.`)
    }
  }
  const inputs = Object.values(built).flatMap(({ inputs }) => Object.keys(inputs))
  const paths = [...new Set(inputs.map(packageOf))].filter((path) => path !== null).sort()
  return { folder: folder!, files, packages: paths.map((path) => lock.at(path)) }
}

async function hashOf(folder: string, file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(join(folder, file)))
    .digest('hex')
}
