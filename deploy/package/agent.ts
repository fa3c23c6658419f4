import { join } from 'node:path'
import type { Bundle } from './bundle.ts'
import type { Lock } from './locked.ts'
import { type NodeBinary, pinnedNode, stripped } from './node-binary.ts'
import { type Architecture, architectures, type Packager } from './packager.ts'
import { addPapers, debianCopyright, type Papers } from './papers.ts'
import type { Product } from './product.ts'
import { Tree } from './tree.ts'

const summary = 'watches a host and reports to the Istimrar collector'
const description = `Istimrar measures whether hosting environments stay up and are ready.
The agent opens no port, runs without root, obeys no remote command, and shows what it sends.`

/** The agent for Linux as its packages carry it. */
export async function agentProduct(
  packager: Packager,
  lock: Lock,
  bundle: Bundle,
  arch: Architecture,
): Promise<Product> {
  const name = 'istimrar-agent'
  const { root, work } = packager
  const tree = new Tree(join(work, `${name}-${arch}-root`))
  const file = (path: string) => join(root, 'deploy/package/files', path)
  const node = await linuxNode(packager, lock, arch)
  await addProgram(tree, `usr/lib/${name}`, bundle, node)
  await tree.copy(file(name), `usr/bin/${name}`, 0o755)
  const unit = `${name}.service`
  await tree.copy(join(root, 'deploy/systemd', unit), `usr/lib/systemd/system/${unit}`)
  const paper = `usr/share/doc/${name}`
  await addPapers(tree, paper, packager, lock, agentPapers(bundle, node, architectures[arch].node))
  await tree.write(`${paper}/copyright`, debianCopyright(name))
  return {
    ...{ name, summary, description, arch, tree: tree.path },
    needs: {
      deb: 'libatomic1, libc6 (>= 2.28), libgcc-s1 | libgcc1, libstdc++6 (>= 6), passwd',
      rpm: ['libatomic', 'glibc >= 2.28', 'libstdc++', 'util-linux'],
    },
    examples: [],
    settings: ['agent.yaml', 'agent.env', 'token'],
    proof: 'identity.json',
    keepsData: false,
  }
}

/** The agent as a folder that is unpacked anywhere and run. Answers the folder. */
export async function agentFolder(
  packager: Packager,
  lock: Lock,
  bundle: Bundle,
  arch: Architecture,
): Promise<string> {
  const { root, work, version } = packager
  const tree = new Tree(join(work, 'tar', `istimrar-agent-${version}-linux-${arch}`))
  const node = await linuxNode(packager, lock, arch)
  await addProgram(tree, '', bundle, node)
  const here = join(root, 'deploy/package/files/istimrar-agent-here')
  await tree.copy(here, 'istimrar-agent', 0o755)
  const unit = 'istimrar-agent.service'
  await tree.copy(join(root, 'deploy/systemd', unit), `systemd/${unit}`)
  await tree.copy(join(root, 'LICENSE'), 'LICENSE')
  await addPapers(tree, 'doc', packager, lock, agentPapers(bundle, node, architectures[arch].node))
  return tree.path
}

/** What comes with the agent to be read. */
export function agentPapers({ packages }: Bundle, node: NodeBinary, nodeName: string): Papers {
  const docs = [
    ...['install.md', 'install.ar.md', 'agent.md', 'probes.md', 'facts.md'],
    ...['windows.md', 'old-hosts.md'],
  ]
  return { name: 'istimrar-agent', summary, packages, node, nodeName, docs }
}

async function linuxNode(packager: Packager, lock: Lock, arch: Architecture): Promise<NodeBinary> {
  const { node, strip } = architectures[arch]
  return stripped(packager, await pinnedNode(packager, lock, node), strip, node)
}

async function addProgram(
  tree: Tree,
  folder: string,
  bundle: Bundle,
  node: NodeBinary,
): Promise<void> {
  await tree.copy(node.file, join(folder, 'node'), 0o755)
  for (const file of bundle.files) {
    await tree.copy(join(bundle.folder, file), join(folder, file))
  }
}
