import { JsonError, parseJson } from '../../protocol/json.ts'
import { MemoryStore } from '../store/memory.ts'
import type { EvaluationReader } from '../store/store.ts'
import { version } from '../version.ts'
import { Broken, Claims } from './claims.ts'
import type { Header } from './export-format.ts'
import { draftOf, type EvaluatedFigures, evaluateInstitution, type Figures } from './figures.ts'
import { BadLeaf } from './fold.ts'
import type { KeyHistory } from './key-history.ts'
import { nationalLog } from './leaf.ts'
import { LeafCheck, type Tally } from './leaf-check.ts'
import { CutShort, linesOf } from './line-reader.ts'
import { checkpointIn, checkpointsIn, receiptsIn, Unreadable } from './outside.ts'
import { readHeader } from './read-line.ts'
import { ReceiptCheck } from './receipt-check.ts'
import { usedWitnesses } from './witnesses.ts'

export type VerifyOptions = {
  readonly file: string
  /** Receipts that agents kept: a file or a folder. */
  readonly receipts: string | null
  /** Checkpoints from outside: a file or a folder. */
  readonly checkpoints: string | null
  readonly progress: (lines: number) => void
}

/** What was checked and found right. */
export type Verified = Tally & {
  readonly result: 'ok'
  /** `national`: the evidence of the nation. */
  readonly institution: string
  readonly exportedAt: number
  readonly isSimulated: boolean
  readonly window: { readonly from: number; readonly to: number }
  readonly sizes: Readonly<Record<string, number>>
  readonly keys: readonly string[]
  /** Null: the nation's do not follow from this file alone. */
  readonly figures: Figures | null
  readonly outside: {
    readonly receipts: number
    readonly checkpoints: number
    readonly newer: number
  }
}

/** What is wrong, or why nothing can be said. */
export type NotVerified = { readonly result: 'broken' | 'incomplete'; readonly why: string }

/** Evidence that holds, with what follows from it. */
export type Checked = {
  readonly found: Verified
  readonly header: Header
  readonly keys: KeyHistory
  readonly store: MemoryStore
  /** Null for the nation's evidence. */
  readonly evaluated: EvaluatedFigures<Figures> | null
  /** The last that the national log said of each log. */
  readonly committed: LeafCheck['committed']
  readonly rootOf: (log: string) => string
}

const linesPerProgress = 10_000

/**
 * Checks an export by itself and against what others kept, offline, and computes its figures again
 * from its leaves. Nothing that its header says is believed.
 */
export async function verify(options: VerifyOptions): Promise<Verified | NotVerified> {
  return judged(async () => (await checkEvidence(options)).found)
}

/** What a check comes to: an outcome for what is wrong, an error for nothing else. */
export async function judged<T>(check: () => Promise<T>): Promise<T | NotVerified> {
  try {
    return await check()
  } catch (error) {
    if (error instanceof BadLeaf || error instanceof Broken) {
      return { result: 'broken', why: error.message }
    }
    if (error instanceof Unreadable || error instanceof CutShort || isUnreadable(error)) {
      return { result: 'incomplete', why: (error as Error).message }
    }
    throw error
  }
}

/** The same as `verify`. Throws BadLeaf, Broken, Unreadable, CutShort or the system's error. */
export async function checkEvidence(options: VerifyOptions): Promise<Checked> {
  const lines = linesOf(options.file)
  try {
    return await checkLines(lines, options)
  } finally {
    lines.return(undefined)
  }
}

async function checkLines(lines: Generator<Buffer, void>, options: VerifyOptions) {
  const { receipts, checkpoints, progress } = options
  const header = readHeader(lines.next().value ?? null)
  const { institution, exportedAt, window } = header
  const logs = [...new Set([institution, nationalLog])]
  const claims = new Claims(logs)
  const newer = expectOutside(claims, receipts, checkpoints, exportedAt)
  const store = new MemoryStore()
  const check = new LeafCheck(header, store, claims)
  let number = 1
  for (const line of lines) {
    number++
    await check.line(parsed(line, number), number)
    if (number % linesPerProgress === 0) progress(number)
  }
  check.finish(number)
  const places = new ReceiptCheck(institution, check)
  for (const kept of receipts === null ? [] : receiptsIn(receipts)) places.check(kept, exportedAt)
  const kept = claims.settle(check.keys)
  await requireWitnesses(store.reader, institution, check)
  requireOwnVersion(header)
  const evaluated = institution === nationalLog ? null : await figuresOf(store.reader, header)
  if (evaluated) requireEqual(header.figures, evaluated.figures)
  const sizes = Object.fromEntries(logs.map((log) => [log, check.sizeOf(log)]))
  const outside = { receipts: places.count, checkpoints: kept, newer }
  const { keys, committed } = check
  const { simulated: isSimulated } = header
  const about = { institution, exportedAt, isSimulated, window, sizes, keys: keys.keys, outside }
  const figures = evaluated?.figures ?? null
  const found = { result: 'ok' as const, figures, ...about, ...check.tally }
  return {
    found,
    header,
    keys,
    store,
    evaluated,
    committed,
    rootOf: (log: string) => check.rootOf(log),
  }
}

/**
 * Another version may compute other figures from the same evidence, which is nobody's fault. Throws
 * Unreadable: its logs and signatures hold, and of figures nothing can be said.
 */
function requireOwnVersion({ engine }: Header): void {
  if (engine === version) return
  throw new Unreadable(
    `version ${engine} made the export, and version ${version} checks it: take the verifier of ` +
      `version ${engine}. Logs and signatures hold; figures were not computed again.`,
  )
}

/** Nothing of a witness that the institution names may be set aside. Throws Broken. */
async function requireWitnesses(
  target: EvaluationReader,
  institution: string,
  { aside }: LeafCheck,
) {
  const { names, agents } = await usedWitnesses(target, institution)
  for (const { agent, name } of aside) {
    if (!agents.has(agent) && (name === null || !names.has(name))) continue
    throw new Broken(`${nationalLog}: what ${agent} witnessed of ${institution} is set aside`)
  }
}

async function figuresOf(
  reader: EvaluationReader,
  { institution, exportedAt, window, figures }: Header,
): Promise<EvaluatedFigures<Figures>> {
  return computed(() => {
    return evaluateInstitution(reader, institution, exportedAt, window, draftOf(figures))
  })
}

/** Evidence that gives no figures cannot be all of it. Throws Broken. */
export async function computed<T>(compute: () => Promise<T>): Promise<T> {
  try {
    return await compute()
  } catch (cause) {
    // What this platform lacks says nothing of the evidence.
    if (cause instanceof ReferenceError) throw cause
    throw new Broken(`figures cannot be computed: ${(cause as Error).message}`, { cause })
  }
}

/**
 * Expects every checkpoint from outside, also those inside receipts. Receipts from after the export
 * may know more than it: they are counted, and answered as newer.
 */
function expectOutside(
  claims: Claims,
  receipts: string | null,
  checkpoints: string | null,
  exportedAt: number,
): number {
  let newer = 0
  for (const { place, content } of receipts === null ? [] : receiptsIn(receipts)) {
    if (content.now > exportedAt) newer++
    else if (content.checkpoint) claims.expect(checkpointIn(content.checkpoint, place))
  }
  for (const claim of checkpoints === null ? [] : checkpointsIn(checkpoints)) claims.expect(claim)
  return newer
}

function parsed(line: Buffer, number: number): unknown {
  try {
    return parseJson(line)
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause
    throw new Broken(`line ${number}: ${cause.message}`, { cause })
  }
}

/** Figures are equal digit for digit, or not at all. Throws Broken. */
export function requireEqual(claimed: unknown, computed: unknown, path = 'figures'): void {
  if (JSON.stringify(claimed) === JSON.stringify(computed)) return
  if (!isObject(claimed) || !isObject(computed)) {
    const said = JSON.stringify(claimed) ?? 'nothing'
    const found = JSON.stringify(computed) ?? 'nothing'
    throw new Broken(`${path}: the file says ${said}, its evidence gives ${found}`)
  }
  for (const key of new Set([...Object.keys(computed), ...Object.keys(claimed)])) {
    requireEqual(claimed[key], computed[key], `${path}.${key}`)
  }
  throw new Broken(`${path}: the order differs`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** The system could not read a file. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
