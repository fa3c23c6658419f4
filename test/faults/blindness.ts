import { execFile } from 'node:child_process'
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { rootDir } from '../support/processes.ts'
import { makeFolder } from './leftovers.ts'
import { type Catcher, type Patch, type SeededBug, seededBugs } from './seeded-bugs.ts'

const run = promisify(execFile)
const left = ['node_modules', '.git', 'data', 'dist', 'coverage']
const catcherMsMax = 300_000
/** A row meets the same faults with and without the bug. */
const seed = '20'

type Tried = { readonly ran: boolean; readonly failed: boolean; readonly said: string }
type Checked = { readonly bug: SeededBug; readonly caught: string | null; readonly seconds: number }

/**
 * Whether the tests are blind: each seeded bug is put into a copy of the tree, and the named test
 * must fail then, and must pass without it. Prints the table; answers the exit code.
 */
export async function checkBlindness(
  wanted: readonly string[],
  log: (line: string) => void,
): Promise<number> {
  const bugs = seededBugs.filter(({ id }) => wanted.length === 0 || wanted.includes(id))
  const unknown = wanted.filter((id) => !bugs.some((bug) => bug.id === id))
  if (unknown.length > 0) throw new Error(`There is no bug ${unknown.join(', ')}.`)
  const copy = makeFolder('blindness')
  const checked: Checked[] = []
  const problems: string[] = []
  try {
    copyTree(copy)
    const clean = new Map<string, Tried>()
    for (const bug of bugs) {
      const startedAt = performance.now()
      const problem = await checkBug(copy, bug, clean).catch((error: Error) => error.message)
      const seconds = (performance.now() - startedAt) / 1_000
      const isCaught = typeof problem === 'object'
      checked.push({ bug, caught: isCaught ? problem.said : null, seconds })
      if (!isCaught) problems.push(`${bug.id}: ${problem}`)
      log(`${bug.id}  ${isCaught ? 'caught' : problem}  ${seconds.toFixed(0)} s`)
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  log(`\n${table(checked)}`)
  log(JSON.stringify({ bugs: checked.length, blind: problems.length }))
  return problems.length > 0 ? 1 : 0
}

function copyTree(copy: string): void {
  const isLeft = (path: string) => left.includes(basename(path)) || basename(path) === '.ci'
  cpSync(rootDir, copy, { recursive: true, filter: (path) => !isLeft(path) })
  symlinkSync(join(rootDir, 'node_modules'), join(copy, 'node_modules'))
}

/** What the catcher said with the bug in; else a sentence that says why it proves nothing. */
async function checkBug(
  copy: string,
  { patches, caughtBy }: SeededBug,
  clean: Map<string, Tried>,
): Promise<{ said: string } | string> {
  const name = nameOf(caughtBy)
  const before = clean.get(name) ?? (await attempt(copy, caughtBy))
  clean.set(name, before)
  if (!before.ran) return `NOT RUN: ${name}: ${before.said}`
  if (before.failed) return `${name} fails without the bug: ${before.said}`
  const undo = patches.map((patch) => apply(copy, patch))
  try {
    const { ran, failed, said } = await attempt(copy, caughtBy)
    if (!ran) return `${name} did not run with the bug: ${said}`
    return failed ? { said } : `BLIND: ${name} does not notice`
  } finally {
    for (const restore of undo.reverse()) restore()
  }
}

/** Makes the change and answers how to take it back. Throws unless there is exactly one place. */
function apply(copy: string, { file, find, replace }: Patch): () => void {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  const places = text.split(find).length - 1
  if (places !== 1) throw new Error(`${file} has ${places} places for the bug, not one: ${find}`)
  writeFileSync(
    path,
    text.replace(find, () => replace),
  )
  return () => writeFileSync(path, text)
}

function attempt(copy: string, catcher: Catcher): Promise<Tried> {
  return 'row' in catcher ? tryRow(copy, catcher.row) : tryTest(copy, catcher)
}

async function tryTest(
  copy: string,
  { project, file, name }: Exclude<Catcher, { row: string }>,
): Promise<Tried> {
  const report = join(copy, 'report.json')
  const config = ['--config', 'test/vitest.config.ts', '--project', project]
  const reporter = ['--reporter=json', `--outputFile=${report}`]
  const pattern = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const program = 'node_modules/vitest/vitest.mjs'
  await node(copy, program, 'run', ...config, ...reporter, file, '-t', pattern)
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  ) as {
    numPassedTests: number
    numFailedTests: number
    testResults: { message: string; assertionResults: { failureMessages: string[] }[] }[]
  }
  rmSync(report)
  const messages = testResults.flatMap(({ assertionResults, message }) => [
    ...assertionResults.flatMap(({ failureMessages }) => failureMessages),
    message,
  ])
  const said = messages.find(Boolean)?.split('\n')[0] ?? ''
  // A file that does not load fails no test: that proves nothing.
  return { ran: numPassedTests + numFailedTests > 0, failed: numFailedTests > 0, said }
}

async function tryRow(copy: string, row: string): Promise<Tried> {
  const out = await node(copy, 'test/faults/main.ts', row, '--quick')
  const last = out.trim().split('\n').at(-1) ?? ''
  const { rows } = JSON.parse(last) as {
    rows: { outcome: string; failures: string[]; notRun: string[] }[]
  }
  const { outcome, failures, notRun } = rows[0]!
  const said = failures[0]?.split('\n')[0] ?? notRun[0] ?? ''
  return { ran: outcome !== 'not run', failed: outcome === 'failed', said }
}

/** What a program printed, however it ended. */
async function node(cwd: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, SEED: seed }
  const options = { cwd, env, timeout: catcherMsMax, maxBuffer: 64 * 1024 * 1024 }
  try {
    return (await run(process.execPath, args, options)).stdout
  } catch (error) {
    return (error as { stdout?: string }).stdout ?? ''
  }
}

function nameOf(catcher: Catcher): string {
  return 'row' in catcher ? `row ${catcher.row}` : `${catcher.file}: ${catcher.name}`
}

function table(checked: readonly Checked[]): string {
  const rows = checked.map(({ bug, caught, seconds }) => [
    ...[bug.id, bug.what, nameOf(bug.caughtBy), caught === null ? 'NO' : 'yes'],
    ...[seconds.toFixed(0), (caught ?? '').slice(0, 90)],
  ])
  const headings = ['bug', 'what', 'caught by', 'caught', 's', 'it said']
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...rows.map((row) => row[i]!.length)),
  )
  return [headings, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
