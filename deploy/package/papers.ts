import { join } from 'node:path'
import { type Lock, type Locked, licenceText } from './locked.ts'
import type { NodeBinary } from './node-binary.ts'
import type { Packager } from './packager.ts'
import { billOfMaterials } from './sbom.ts'
import type { Tree } from './tree.ts'

/** What a package holds to be read. */
export type Papers = {
  readonly name: string
  readonly summary: string
  /** The packages inside that others wrote. */
  readonly packages: readonly Locked[]
  readonly node: NodeBinary
  /** The npm package that the Node.js inside was taken out of. */
  readonly nodeName: string
  /** Files of `docs/`. */
  readonly docs: readonly string[]
}

/** Adds bill of materials, licences and documents to a folder of a tree. */
export async function addPapers(
  tree: Tree,
  folder: string,
  { root, version, epochSeconds }: Packager,
  lock: Lock,
  { name, summary, packages, node, nodeName, docs }: Papers,
): Promise<void> {
  const pinned = lock.at(`node_modules/${nodeName}`)
  const subject = { name, version, description: summary, node: pinned, packages, epochSeconds }
  await tree.write(`${folder}/sbom.cdx.json`, billOfMaterials(subject))
  const licences = thirdPartyLicences(root, pinned.version, node.licence, packages)
  await tree.write(`${folder}/third-party-licences.txt`, licences)
  for (const doc of docs) await tree.copy(join(root, 'docs', doc), `${folder}/${doc}`)
}

/** The licence of everything in a package that others wrote, one after the other. */
function thirdPartyLicences(
  root: string,
  nodeVersion: string,
  nodeLicence: string,
  packages: readonly Locked[],
): string {
  const parts = packages.map((each) => {
    const text = licenceText(root, each) ?? `Under ${each.license}; it ships no text of its own.`
    return section(`${each.name} ${each.version} (${each.license})`, text)
  })
  return [section(`Node.js ${nodeVersion}`, nodeLicence.trim()), ...parts].join('\n')
}

/** The copyright file of a Debian package. Source: Debian policy 12.5, DEP-5. */
export function debianCopyright(name: string): string {
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: ${name}

Files: *
Copyright: the authors of Istimrar
License: Apache-2.0
 The text is in /usr/share/common-licenses/Apache-2.0.
Comment:
 Node.js and the libraries inside are listed in sbom.cdx.json; the texts of their licences are in
 third-party-licences.txt, both in this folder.
`
}

function section(title: string, text: string): string {
  const line = '='.repeat(80)
  return `${line}\n${title}\n${line}\n${text}\n`
}
