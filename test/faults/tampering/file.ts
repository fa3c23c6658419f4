import { readFileSync, writeFileSync } from 'node:fs'
import { Claims } from '../../../collector/evidence/claims.ts'
import type { Header } from '../../../collector/evidence/export-format.ts'
import { draftOf, evaluateInstitution } from '../../../collector/evidence/figures.ts'
import { BadLeaf } from '../../../collector/evidence/fold.ts'
import { LeafCheck } from '../../../collector/evidence/leaf-check.ts'
import type { LogKey } from '../../../collector/evidence/log-key.ts'
import { MemoryStore } from '../../../collector/store/memory.ts'
import { signCheckpoint } from '../../../protocol/checkpoint.ts'
import { emptyTree, type Frontier, grow, leafHash, rootOf } from '../../../protocol/merkle.ts'

/** A line of an export that a test may change as it likes. */
export type Line = Record<string, unknown>

/** The lines of an export. */
export function readLines(file: string): Line[] {
  const text = readFileSync(file, 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

/** A copy with some changes; the end counts its lines again. */
export function edited(lines: readonly Line[], change: (lines: Line[]) => void): Line[] {
  const copy = structuredClone(lines) as Line[]
  change(copy)
  return counted(copy)
}

/** The end says how many lines there are. */
export function counted(lines: Line[]): Line[] {
  const last = lines.at(-1)
  if (last && 'end' in last) last.end = { lines: lines.length }
  return lines
}

export function entryOf(line: Line | undefined): Line {
  return JSON.parse(String(line?.entry)) as Line
}

/** Puts another entry into a leaf. */
export function setEntry(line: Line, change: (entry: Line) => Line): void {
  line.entry = JSON.stringify(change(entryOf(line)))
}

/** Where the leaves are of which this is so. */
export function places(lines: readonly Line[], isWanted: (entry: Line, line: Line) => boolean) {
  return lines.flatMap((line, i) => ('entry' in line && isWanted(entryOf(line), line) ? [i] : []))
}

export function isLeaf(line: Line): boolean {
  return 'entry' in line || 'hash' in line
}

/** Leaves count from 0 again, in each log. */
export function renumber(lines: Line[]): void {
  const next = new Map<unknown, number>()
  for (const line of lines.filter(isLeaf)) {
    line.index = next.get(line.log) ?? 0
    next.set(line.log, (line.index as number) + 1)
  }
}

/**
 * What an operator with the log key can make of changed leaves: all numbers, hashes, commitments
 * and checkpoints fit again, and the figures are those of the changed evidence where it has any.
 */
export async function rewritten(
  lines: readonly Line[],
  key: LogKey,
  change: (leaves: Line[], header: Line) => void = () => {},
): Promise<Line[]> {
  const copy = structuredClone(lines) as Line[]
  const header = copy[0]!
  const leaves = copy.filter(isLeaf)
  change(leaves, header)
  renumber(leaves)
  const trees = new Map<string, Frontier>()
  for (const line of leaves) {
    const log = String(line.log)
    recommit(line, String(header.institution), trees)
    const hash =
      'hash' in line
        ? Buffer.from(String(line.hash), 'hex')
        : leafHash(Buffer.from(`${line.entry}`))
    trees.set(log, grow(trees.get(log) ?? emptyTree, hash))
  }
  header.sizes = Object.fromEntries([...trees].map(([log, { size }]) => [log, size]).sort())
  const notes = [...trees].map(([log, tree]) => ({
    checkpoint: signCheckpoint(
      { log, size: tree.size, root: rootOf(tree) },
      key.key,
      key.publicKey,
    ),
  }))
  const all = counted([header, ...leaves, ...notes, { end: {} }])
  header.figures = (await computed(all)) ?? header.figures
  return all
}

/** Makes a commitment say what the logs now are. */
function recommit(line: Line, institution: string, trees: ReadonlyMap<string, Frontier>): void {
  if (!('entry' in line) || entryOf(line).kind !== 'heads') return
  const { size, ...tree } = trees.get(institution) ?? emptyTree
  const root = rootOf({ size, ...tree }).toString('hex')
  setEntry(line, (entry) => ({
    ...entry,
    logs: (entry.logs as Line[]).map((each) =>
      each.log === institution ? { log: institution, size, root } : each,
    ),
  }))
}

/** The figures that the leaves of a file give; null where they give none. */
async function computed(lines: readonly Line[]): Promise<object | null> {
  const header = lines[0] as unknown as Header
  const target = new MemoryStore()
  try {
    const check = new LeafCheck(header, target, new Claims([]))
    for (const [i, line] of lines.slice(1).entries()) await check.line(line, i + 2)
    check.finish(lines.length)
    const { institution, exportedAt, window } = header
    const about = [institution, exportedAt, window, draftOf(header.figures)] as const
    return (await evaluateInstitution(target.reader, ...about)).figures
  } catch (error) {
    if (error instanceof BadLeaf) return null
    throw error
  }
}

/** Writes lines as a file. */
export function writeLines(file: string, lines: readonly Line[] | string): void {
  const text = typeof lines === 'string' ? lines : lines.map((line) => `${JSON.stringify(line)}\n`)
  writeFileSync(file, typeof text === 'string' ? text : text.join(''))
}
