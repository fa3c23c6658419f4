import { join } from 'node:path'
import { build, type Metafile } from 'esbuild'

/** What auditors run. */
export const verifierName = 'istimrar-verify.mjs'

/**
 * Builds the verifier into a folder: one file without dependencies for Node 20 and newer, so that
 * an auditor needs nothing of ours but it. It is not minified: whoever wants may read it.
 */
export async function buildVerify(outDir: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [join(import.meta.dirname, '../collector/verify/main.ts')],
    outfile: join(outDir, verifierName),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  return metafile
}
