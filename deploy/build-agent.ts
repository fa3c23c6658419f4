import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'

/** The parts of the shipped agent: each is loaded only by what needs it. */
const parts = { agent: 'main.ts', resident: 'resident.ts', cli: 'cli/commands.ts' } as const

/** What was built: for each file the modules it is made of. */
export type AgentBuild = Readonly<Record<keyof typeof parts, Metafile>>

/**
 * Builds the agent for shipping into a folder: `agent.cjs` starts, `resident.cjs` stays in memory,
 * `cli.cjs` holds the commands. CommonJS, because a resident ES module costs 6 MB more.
 */
export async function buildAgent(outDir: string): Promise<AgentBuild> {
  await mkdir(outDir, { recursive: true })
  const names = Object.keys(parts) as (keyof typeof parts)[]
  const built = await Promise.all(names.map((name) => buildPart(name, outDir)))
  return Object.fromEntries(names.map((name, index) => [name, built[index]])) as AgentBuild
}

async function buildPart(name: keyof typeof parts, outDir: string): Promise<Metafile> {
  const options = {
    entryPoints: [join(import.meta.dirname, '../agent', parts[name])],
    outfile: join(outDir, `${name}.cjs`),
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node26',
    // `import()` becomes require(): the module loader of ES would cost memory for nothing.
    supported: { 'dynamic-import': false },
    metafile: true,
    legalComments: 'none',
    plugins: [apart],
  } as const satisfies BuildOptions
  const { metafile } = await build(options)
  return metafile
}

/** Leaves the parts out of each other. */
const apart: Plugin = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ path, kind, importer }) => {
      if (kind !== 'dynamic-import' || basename(importer) !== 'main.ts') return null
      const part = Object.entries(parts).find(([, file]) => path === `./${file}`)
      return part ? { path: `./${part[0]}.cjs`, external: true } : null
    })
  },
}
