import { join } from 'node:path'
import { buildAgent } from './build-agent.ts'
import { buildVerify } from './build-verify.ts'

/** Builds all that is shipped into a folder. */
export async function buildAll(outDir: string): Promise<void> {
  await Promise.all([buildAgent(join(outDir, 'agent')), buildVerify(join(outDir, 'verify'))])
}
