import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bundleAgent } from '../../deploy/package/bundle.ts'
import { Lock } from '../../deploy/package/locked.ts'
import type { Packager } from '../../deploy/package/packager.ts'
import { temporaryFolder } from '../support/folder.ts'
import { rootDir } from '../support/processes.ts'

function folder(): string {
  const made = temporaryFolder()
  onTestFinished(() => made[Symbol.dispose]())
  return made.path
}

test('the agent is the same wherever it is built, and tells no path and no time', async () => {
  const packager = { root: rootDir, work: folder(), say: () => {} } as unknown as Packager // all it reads
  const bundle = await bundleAgent(packager, new Lock(rootDir))
  expect(bundle.files).toEqual(['agent.cjs', 'cli.cjs', 'resident.cjs'])
  for (const file of bundle.files) {
    const text = readFileSync(join(bundle.folder, file), 'utf8')
    for (const place of [rootDir, packager.work, 'node_modules']) expect(text).not.toContain(place)
  }
  expect(bundle.packages.map(({ name }) => name)).toContain('typebox')
})
