import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rootDir } from '../support/processes.ts'
import { rows } from './rows/all.ts'
import { seededBugs } from './seeded-bugs.ts'

const read = (file: string) => readFileSync(join(rootDir, file), 'utf8')

test('each seeded bug still has its place in the source', () => {
  const patches = seededBugs.flatMap((bug) => bug.patches)
  const elsewhere = patches.filter(({ file, find }) => read(file).split(find).length !== 2)
  expect(elsewhere).toEqual([])
})

test('the page on faults names every row, and every seeded bug with its test', () => {
  const page = read('docs/faults.md')
  const caught = seededBugs.map(({ id, what, caughtBy }) => {
    const test =
      'row' in caughtBy
        ? `row ${caughtBy.row}`
        : `\`${caughtBy.file.replace(/^test\//, '')}\`: ${caughtBy.name}`
    return `| ${id} | ${what} | ${test} |`
  })
  const wanted = [...rows.map(({ id }) => `| ${id} | `), ...caught]
  expect(wanted.filter((line) => !page.includes(`\n${line}`))).toEqual([])
})
