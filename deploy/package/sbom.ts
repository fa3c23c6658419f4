import { createHash } from 'node:crypto'
import type { Locked } from './locked.ts'

/** What a bill of materials is about. */
export type Subject = {
  readonly name: string
  readonly version: string
  readonly description: string
  /** The Node.js that is shipped with it. */
  readonly node: { readonly name: string; readonly version: string; readonly integrity: string }
  /** The packages inside. */
  readonly packages: readonly Locked[]
  readonly epochSeconds: number
}

const nodeUrl = 'https://nodejs.org/'

/** A bill of materials, CycloneDX 1.6 JSON. Source: https://cyclonedx.org/docs/1.6/json/ */
export function billOfMaterials(subject: Subject): string {
  const { name, version, description, node, packages, epochSeconds } = subject
  const own = `pkg:generic/${name}@${version}`
  const components = [nodeComponent(node), ...packages.map(packageComponent)]
  const content = {
    metadata: {
      timestamp: new Date(epochSeconds * 1_000).toISOString(),
      tools: { components: [{ type: 'application', name: 'istimrar package', version }] },
      component: {
        ...{ type: 'application', 'bom-ref': own, name, version, description },
        licenses: [{ license: { id: 'Apache-2.0' } }],
      },
    },
    components,
    dependencies: [
      { ref: own, dependsOn: components.map((each) => each['bom-ref']) },
      ...packages.map(({ path, needs }) => ({
        ref: path,
        // What nothing asks for was left out of a bundle, and is not in the package.
        dependsOn: needs.filter((need) => packages.some((each) => each.path === need)),
      })),
      { ref: components[0]!['bom-ref'], dependsOn: [] },
    ],
  }
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(content))}`
  const head = { $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json' }
  const bom = { ...head, bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber, version: 1 }
  return `${JSON.stringify({ ...bom, ...content }, null, 2)}\n`
}

function packageComponent({ path, name, version, license, integrity }: Locked) {
  const [, group, short] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name) ?? []
  const url = `pkg:npm/${group ? `${encodeURIComponent(group)}/` : ''}${short}@${version}`
  return {
    ...{ type: 'library', 'bom-ref': path, ...(group && { group }), name: short ?? name, version },
    hashes: [sha512(integrity)],
    licenses: [/\s/.test(license) ? { expression: license } : { license: { id: license } }],
    purl: url,
  }
}

/** Named as scanners for vulnerabilities look for it. */
function nodeComponent({ name, version, integrity }: Subject['node']) {
  return {
    ...{ type: 'platform', 'bom-ref': name, name: 'node', version },
    // Of the archive that the binary was taken out of.
    hashes: [sha512(integrity)],
    licenses: [{ license: { id: 'MIT' } }],
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    purl: `pkg:generic/node@${version}`,
    externalReferences: [{ type: 'website', url: nodeUrl }],
  }
}

function sha512(integrity: string) {
  const content = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex')
  return { alg: 'SHA-512', content }
}

/** The same content has the same serial number: a UUID of version 8, of a hash. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`]
  return [...parts, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}
