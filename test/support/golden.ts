import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

/**
 * Compares a text with a file of the repository. With UPDATE_GOLDEN=1 in the environment the file
 * is written first, so that the change is reviewed where it is seen: in the diff.
 */
export function expectFile(path: string, text: string): void {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url))
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text)
  const hint = `${path} is out of date. If the change is meant: UPDATE_GOLDEN=1 npm run check`
  expect(text, hint).toBe(readFileSync(file, 'utf8'))
}
