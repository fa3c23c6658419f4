import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Product, releasesOf, type Support } from '../agent/facts/end-of-life.ts'

/**
 * Renews `agent/facts/end-of-life.json` from endoflife.date (MIT), for someone with a way to the
 * internet: `npm run refresh:end-of-life`. The agent itself never asks: its table is pinned.
 */

const source = 'https://endoflife.date'
const file = join(import.meta.dirname, '../agent/facts/end-of-life.json')

const products: readonly Product[] = [
  ...(['debian', 'ubuntu', 'rhel', 'centos', 'centos-stream', 'rocky-linux'] as const),
  ...(['almalinux', 'oracle-linux', 'sles', 'opensuse', 'fedora', 'amazon-linux'] as const),
  ...(['alpine-linux', 'windows-server', 'windows'] as const),
]

/** Releases whose support ended before are left out: nothing that old runs this agent. */
const oldest = '2015-01-01'
const day = /^\d{4}-\d{2}-\d{2}$/

/** What the table keeps of `/api/v1/products/<product>/`. Throws where it is something else. */
export function parseProduct(answer: unknown): Support[] {
  const { result } = answer as { result?: { releases?: unknown } }
  if (!Array.isArray(result?.releases)) throw new Error('There are no releases.')
  return result.releases.flatMap((release: Record<string, unknown>) => {
    const { name, eolFrom = null, eoesFrom = null, latest } = release
    if (typeof name !== 'string' || name === '') throw new Error('A release has no name.')
    const until = dayOf(eolFrom, name)
    const extended = dayOf(eoesFrom, name)
    const { name: newest } = (latest ?? {}) as { name?: unknown }
    const build = /^\d+\.\d+\.(\d{4,})$/.exec(String(newest))?.[1]
    if (until !== null && (extended ?? until) < oldest) return []
    return [
      {
        ...{ release: name, until },
        ...(extended !== null && { extended }),
        ...(build !== undefined && { build: Number(build) }),
      },
    ]
  })
}

function dayOf(value: unknown, release: string): string | null {
  if (value === null) return null
  if (typeof value === 'string' && day.test(value)) return value
  throw new Error(`Release ${release} has a date that is none.`)
}

/** The text of the table: one release a line, so that a change is seen in a difference. */
export function tableText(releases: ReadonlyMap<string, readonly Support[]>, date: string): string {
  const lists = [...releases].map(([product, all]) => {
    const rows = all.map((each) => {
      const fields = Object.entries(each).map(([name, value]) => {
        return `${JSON.stringify(name)}: ${JSON.stringify(value)}`
      })
      return `      { ${fields.join(', ')} }`
    })
    return `    ${JSON.stringify(product)}: [\n${rows.join(',\n')}\n    ]`
  })
  const head = Object.entries({ source, licence: 'MIT', date }).map(([name, value]) => {
    return `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`
  })
  return `{\n${head.join('')}  "products": {\n${lists.join(',\n')}\n  }\n}\n`
}

/** Fetches every product and writes the table; says which are fewer than before. */
export async function refresh(date: string): Promise<void> {
  const all = new Map<string, Support[]>()
  for (const product of products) {
    const response = await fetch(`${source}/api/v1/products/${product}/`)
    if (!response.ok) throw new Error(`${product}: the server answered ${response.status}.`)
    const releases = parseProduct(await response.json())
    if (releases.length === 0) throw new Error(`${product}: there are no releases left.`)
    all.set(product, releases)
    console.log(`${product}: ${releases.length} releases, ${releasesOf(product).length} before`)
  }
  writeFileSync(file, tableText(all, date))
}
