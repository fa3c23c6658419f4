import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JsonError, parseJson } from '../../protocol/json.ts'
import { openRefold } from '../store/sqlite/refold.ts'
import type { Reader } from '../store/sqlite/sqlite.ts'
import { Broken, Claims } from './claims.ts'
import type { Header } from './export-format.ts'
import { type Figures, figuresOf } from './figures.ts'
import { BadLeaf } from './fold.ts'
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
  readonly institution: string
  readonly exportedAt: number
  readonly window: { readonly from: number; readonly to: number }
  readonly sizes: Readonly<Record<string, number>>
  readonly keys: readonly string[]
  readonly figures: Figures
  readonly outside: {
    readonly receipts: number
    readonly checkpoints: number
    readonly newer: number
  }
}

/** What is wrong, or why nothing can be said. */
export type NotVerified = { readonly result: 'broken' | 'incomplete'; readonly why: string }

const linesPerProgress = 10_000

/**
 * Checks an export by itself and against what others kept, offline, and computes its figures again
 * from its leaves. Nothing that its header says is believed.
 */
export async function verify(options: VerifyOptions): Promise<Verified | NotVerified> {
  const folder = mkdtempSync(join(tmpdir(), 'istimrar-verify-'))
  try {
    return await verifyIn(folder, options)
  } catch (error) {
    if (error instanceof BadLeaf || error instanceof Broken) {
      return { result: 'broken', why: error.message }
    }
    if (error instanceof Unreadable || error instanceof CutShort || isUnreadable(error)) {
      return { result: 'incomplete', why: (error as Error).message }
    }
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function verifyIn(folder: string, options: VerifyOptions): Promise<Verified> {
  const { file, receipts, checkpoints, progress } = options
  using lines = linesOf(file)
  const header = readHeader(lines.next().value ?? null)
  const { institution, exportedAt, window } = header
  const logs = [institution, nationalLog]
  const claims = new Claims(logs)
  const newer = expectOutside(claims, receipts, checkpoints, exportedAt)
  const target = openRefold(join(folder, 'fold.db'))
  try {
    const check = new LeafCheck(header, target, claims)
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
    await requireWitnesses(target, institution, check)
    const figures = await computed(target, header)
    requireEqual(header.figures, figures)
    const sizes = Object.fromEntries(logs.map((log) => [log, check.sizeOf(log)]))
    const outside = { receipts: places.count, checkpoints: kept, newer }
    const { keys } = check.keys
    const about = { institution, exportedAt, window, sizes, keys, figures, outside }
    return { result: 'ok', ...about, ...check.tally }
  } finally {
    await target.close()
  }
}

/** Nothing of a witness that the institution names may be set aside. Throws Broken. */
async function requireWitnesses(target: Reader, institution: string, { aside }: LeafCheck) {
  const { names, agents } = await usedWitnesses(target, institution)
  for (const { agent, name } of aside) {
    if (!agents.has(agent) && (name === null || !names.has(name))) continue
    throw new Broken(`${nationalLog}: what ${agent} witnessed of ${institution} is set aside`)
  }
}

/** Evidence that gives no figures cannot be all of it. */
async function computed(target: Reader, header: Header): Promise<Figures> {
  const { institution, exportedAt, window } = header
  try {
    return await figuresOf(target, institution, exportedAt, window)
  } catch (cause) {
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

/** Figures are equal digit for digit, or not at all. */
function requireEqual(claimed: unknown, computed: unknown, path = 'figures'): void {
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
