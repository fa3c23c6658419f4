import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { EpochMs } from '../../protocol/time.ts'
import { compareDebVersions } from './deb-version.ts'
import type { FactHost } from './fact.ts'
import { unpackLz4 } from './lz4.ts'

/** What apt's own files tell; nothing is asked of the network, and nothing is locked. */
export type AptUpdates = {
  /** Security updates not installed: `package/architecture version`. */
  readonly pending: readonly string[]
  /** When the lists were last brought up to date. */
  readonly listsAt: EpochMs
}

const lists = '/var/lib/apt/lists'
/** Changed by every `apt update`, whatever it brought. */
const stamps = [
  '/var/lib/apt/periodic/update-success-stamp',
  `${lists}/partial`,
  lists,
  '/var/cache/apt/pkgcache.bin',
]

/**
 * Compares what dpkg has installed with the lists of the security suites. Null where there is no
 * dpkg; 'no_source' where no security suite is among the lists.
 */
export function aptUpdates(host: FactHost): AptUpdates | 'no_source' | null {
  const status = host.read('/var/lib/dpkg/status')
  if (status === null) return null
  const names = host.list(lists).filter((name) => /security.*_Packages(\.\w+)?$/.test(name))
  if (names.length === 0) return 'no_source'
  const installed = installedOf(status)
  const newest = new Map<string, string>()
  for (const name of names) {
    for (const { key, version } of packages(unpacked(host, `${lists}/${name}`))) {
      const have = installed.get(key)
      if (have === undefined || compareDebVersions(version, newest.get(key) ?? have) <= 0) continue
      newest.set(key, version)
    }
  }
  const times = stamps.map((path) => host.modified(path) ?? 0)
  return {
    pending: [...newest].map(([key, version]) => `${key} ${version}`).sort(),
    listsAt: Math.max(...times),
  }
}

function unpacked(host: FactHost, path: string): string {
  const bytes = host.tail(path, Number.MAX_SAFE_INTEGER) ?? Buffer.alloc(0)
  if (path.endsWith('.lz4')) return unpackLz4(bytes).toString('latin1')
  if (path.endsWith('.gz')) return gunzipSync(bytes).toString('latin1')
  if (path.endsWith('.zst')) return zstdDecompressSync(bytes).toString('latin1')
  return bytes.toString('latin1')
}

function installedOf(status: string): Map<string, string> {
  const installed = new Map<string, string>()
  for (const { key, version, state } of packages(status)) {
    if (state?.endsWith(' installed')) installed.set(key, version)
  }
  return installed
}

type Package = { readonly key: string; readonly version: string; readonly state: string | null }

/** The paragraphs of a control file, as far as they name a package and its version. */
function* packages(text: string): Generator<Package> {
  for (let from = 0; from < text.length; ) {
    const blank = text.indexOf('\n\n', from)
    const end = blank === -1 ? text.length : blank
    const paragraph = text.slice(from, end)
    const name = field(paragraph, 'Package')
    const version = field(paragraph, 'Version')
    if (name && version) {
      const key = `${name}/${field(paragraph, 'Architecture')}`
      yield { key, version, state: field(paragraph, 'Status') }
    }
    from = end + 2
  }
}

function field(paragraph: string, name: string): string | null {
  const isFirst = paragraph.startsWith(`${name}: `)
  const at = isFirst ? 0 : paragraph.indexOf(`\n${name}: `)
  if (at === -1) return null
  const start = at + name.length + (isFirst ? 2 : 3)
  const stop = paragraph.indexOf('\n', start)
  return paragraph.slice(start, stop === -1 ? undefined : stop)
}
