import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lock, Locked } from './locked.ts'
import { type NodeBinary, pinnedNode, stripped } from './node-binary.ts'
import { type Architecture, architectures, type Packager } from './packager.ts'
import { addPapers, debianCopyright, type Papers } from './papers.ts'
import type { Product } from './product.ts'
import { Tree } from './tree.ts'

const name = 'istimrar-collector'
const summary = 'keeps the evidence of Istimrar agents and shows the figures'
const description = `Istimrar measures whether hosting environments stay up and are ready.
The collector receives signed evidence, computes the figures, and shows them on a board of its
own, to Prometheus and Grafana, and as JSON. It needs no other program and no network to install.`
const examples = ['register.yaml', 'policy.yaml']
const units = [`${name}.service`, 'istimrar-backup.service', 'istimrar-backup.timer']

type Parts = { readonly packages: readonly Locked[]; readonly node: NodeBinary }

/** The collector for Linux as its packages carry it. */
export async function collectorProduct(
  packager: Packager,
  lock: Lock,
  arch: Architecture,
): Promise<Product> {
  const { root, work } = packager
  const tree = new Tree(join(work, `${name}-${arch}-root`))
  const parts = await partsOf(packager, lock, arch)
  const file = (path: string) => join(root, 'deploy/package/files', path)
  await addProgram(tree, `usr/lib/${name}`, packager, parts, arch)
  await tree.copy(file(name), `usr/bin/${name}`, 0o755)
  for (const unit of units) {
    await tree.copy(join(root, 'deploy/systemd', unit), `usr/lib/systemd/system/${unit}`)
  }
  for (const each of examples) {
    await tree.copy(join(root, 'deploy/examples', each), `usr/share/${name}/${each}`)
  }
  await tree.copy(file('collector.env'), `usr/share/${name}/collector.env`)
  const paper = `usr/share/doc/${name}`
  await addPapers(tree, paper, packager, lock, papersOf(parts, arch))
  await tree.write(`${paper}/copyright`, debianCopyright(name))
  return {
    ...{ name, summary, description, arch, tree: tree.path },
    // better-sqlite3 asks for more than Node.js does.
    needs: {
      deb: 'libatomic1, libc6 (>= 2.34), libgcc-s1, libstdc++6 (>= 11), passwd',
      rpm: ['libatomic', 'glibc >= 2.34', 'libstdc++ >= 11', 'util-linux'],
    },
    examples: [...examples, 'collector.env'],
    settings: [...examples, 'collector.env'],
    proof: 'collector.db',
    keepsData: true,
    timers: units.filter((unit) => unit.endsWith('.timer')),
  }
}

/** The collector as a folder that is unpacked anywhere and run. Answers the folder. */
export async function collectorFolder(
  packager: Packager,
  lock: Lock,
  arch: Architecture,
): Promise<string> {
  const { root, work, version } = packager
  const tree = new Tree(join(work, 'tar', `${name}-${version}-linux-${arch}`))
  const parts = await partsOf(packager, lock, arch)
  await addProgram(tree, '', packager, parts, arch)
  await tree.copy(join(root, `deploy/package/files/${name}-here`), name, 0o755)
  for (const unit of units) {
    await tree.copy(join(root, 'deploy/systemd', unit), `systemd/${unit}`)
  }
  await tree.copy(join(root, 'LICENSE'), 'LICENSE')
  for (const each of examples) await tree.copy(join(root, 'deploy/examples', each), each)
  await addPapers(tree, 'doc', packager, lock, papersOf(parts, arch))
  return tree.path
}

/** Its sources need only those of our dependencies that they name, and what those need. */
async function partsOf(packager: Packager, lock: Lock, arch: Architecture): Promise<Parts> {
  const { root } = packager
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const sources = globSync('{collector,protocol}/**/*.{ts,mjs}', { cwd: root })
  const texts = sources.map((file) => readFileSync(join(root, file), 'utf8'))
  const named = Object.keys(manifest.dependencies).filter((each) =>
    texts.some((text) => text.includes(`'${each}'`) || text.includes(`${each}/`)),
  )
  const { node: nodeName, strip } = architectures[arch]
  const node = await pinnedNode(packager, lock, nodeName)
  return {
    packages: lock.closure(named),
    node: await stripped(packager, node, strip, nodeName),
  }
}

async function addProgram(
  tree: Tree,
  folder: string,
  { root }: Packager,
  { packages, node }: Parts,
  arch: Architecture,
): Promise<void> {
  await tree.copy(node.file, join(folder, 'node'), 0o755)
  await tree.copy(join(root, 'package.json'), join(folder, 'package.json'))
  for (const part of ['collector', 'protocol']) {
    await tree.copyFolder(join(root, part), join(folder, part))
  }
  for (const { path } of packages) {
    const isWanted = (below: string, isFolder: boolean) => isNeeded(below, isFolder, arch)
    await tree.copyFolder(join(root, path), join(folder, path), isWanted)
  }
}

/** Leaves out what no start reads: sources of native code, its builds for others, tests. */
function isNeeded(path: string, isFolder: boolean, arch: Architecture): boolean {
  if (isFolder) return !/^(node_modules|test|tests|\.github|deps|src\/objects)$/.test(path)
  if (path.endsWith('.node')) return path.endsWith(`/linux-${arch}.node`)
  return !/\.(map|d\.ts|d\.mts|d\.cts|c|cpp|h)$/.test(path)
}

function papersOf({ packages, node }: Parts, arch: Architecture): Papers {
  const docs = ['install.md', 'install.ar.md', 'collector.md', 'operations.md', 'register.md']
  return { name, summary, packages, node, nodeName: architectures[arch].node, docs }
}
