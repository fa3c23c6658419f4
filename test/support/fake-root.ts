import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that stands in for `/`, with these files (a path that ends in `/` is a folder). */
export function fakeRoot(
  files: Readonly<Record<string, string | Uint8Array>>,
  onFinished = onTestFinished,
): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'istimrar-root-')))
  onFinished(() => rmSync(root, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    const target = join(root, path)
    mkdirSync(path.endsWith('/') ? target : dirname(target), { recursive: true })
    if (!path.endsWith('/')) writeFileSync(target, text)
  }
  return root
}
