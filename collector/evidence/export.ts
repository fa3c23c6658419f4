import { signCheckpoint } from '../../protocol/checkpoint.ts'
import type { EpochMs, Span } from '../../protocol/time.ts'
import type { Model } from '../kpi/readiness/model.ts'
import type { CheckpointRow, LeafRow, LogHead } from '../store/logs.ts'
import type { Reader } from '../store/sqlite/sqlite.ts'
import { version } from '../version.ts'
import {
  type EndLine,
  exportFormat,
  type HashLine,
  type Header,
  type LeafLine,
  type NationLog,
} from './export-format.ts'
import { type EvaluatedFigures, evaluateInstitution, evaluateNation } from './figures.ts'
import { nationalLog } from './leaf.ts'
import { LineWriter } from './line-writer.ts'
import type { LogKey } from './log-key.ts'
import { firstLogKey } from './log-key-change.ts'
import { type UsedWitnesses, usedWitnesses, witnessOf } from './witnesses.ts'

export type ExportOptions = {
  /** For which time stands still. */
  readonly reader: Reader
  /** `national`: the nation. */
  readonly institution: string
  /** Null: the cycle so far. */
  readonly window: Span | null
  readonly now: EpochMs
  readonly simulated: boolean
  /** Readiness is computed with it while no model is approved. */
  readonly draft: Model | null
  /** The key in use: it signs how far both logs are in the file. */
  readonly logKey: LogKey
  readonly file: string
  readonly progress: (done: number, all: number) => void
}

/** What was written, and what it was computed from. */
export type Exported = {
  readonly leaves: number
  readonly header: Header
  readonly evaluated: EvaluatedFigures
}

const leavesPerRead = 1_000

/**
 * Writes all evidence of an institution with its figures: its whole log, and of the national log
 * what figures rest on, the messages of its witnesses among it; of other witnesses the leaves
 * alone, of the rest the hashes. Throws AppError `not_found`.
 */
export async function exportEvidence(options: ExportOptions): Promise<Exported> {
  const { reader, institution, now, simulated, file, progress } = options
  const evaluated = await evaluatedFor(options)
  const { figures } = evaluated
  const every = await reader.heads()
  const heads = every.filter(({ log }) => [institution, nationalLog].includes(log))
  const all = heads.reduce((sum, { size }) => sum + size, 0)
  const window = figures.windows.cycle
  const header: Header = {
    format: exportFormat,
    ...{ institution, exportedAt: now, engine: version, simulated, window },
    logKey: await firstLogKey(reader, options.logKey.publicKey),
    sizes: Object.fromEntries(heads.map(({ log, size }) => [log, size])),
    figures: 'nation' in figures ? { ...figures, logs: treesOf(every) } : figures,
  }
  const writer = new LineWriter(file)
  try {
    writer.write(header)
    const notes: Notes[] = []
    for (const { log } of heads) notes.push(new Notes(log, await reader.checkpoints(log)))
    const witnesses = institution === nationalLog ? null : await usedWitnesses(reader, institution)
    let done = 0
    for await (const leaf of merged(reader, institution)) {
      for (const own of notes) own.before(leaf, writer)
      writer.write(lineOf(leaf, witnesses))
      if (++done % leavesPerRead === 0) progress(done, all)
    }
    for (const own of notes) own.rest(writer)
    for (const head of heads) {
      const { key, publicKey } = options.logKey
      writer.write({ checkpoint: signCheckpoint(head, key, publicKey) })
    }
    writer.write({ end: { lines: writer.lines + 1 } } satisfies EndLine)
    writer.finish()
    progress(done, all)
    return { leaves: done, header, evaluated }
  } catch (error) {
    writer.abandon()
    throw error
  }
}

function evaluatedFor({
  reader,
  institution,
  now,
  window,
  draft,
}: ExportOptions): Promise<EvaluatedFigures> {
  if (institution === nationalLog) return evaluateNation(reader, now, window, draft)
  return evaluateInstitution(reader, institution, now, window, draft)
}

/** How far each institution's log went into the nation's figures. */
function treesOf(heads: readonly LogHead[]): NationLog[] {
  return heads
    .filter(({ log }) => log !== nationalLog)
    .map(({ log, size, root }) => ({ log, size, root: root.toString('hex') }))
}

/** The checkpoints of one log, each to be written before the leaf that outgrows it. */
class Notes {
  readonly #log: string
  readonly #rows: readonly CheckpointRow[]
  #next = 0

  constructor(log: string, rows: readonly CheckpointRow[]) {
    this.#log = log
    this.#rows = rows
  }

  before({ log, index }: LeafRow, writer: LineWriter): void {
    if (log === this.#log) this.#through(index, writer)
  }

  rest(writer: LineWriter): void {
    this.#through(Number.POSITIVE_INFINITY, writer)
  }

  #through(size: number, writer: LineWriter): void {
    for (; (this.#rows[this.#next]?.size ?? Number.NaN) <= size; this.#next++) {
      writer.write({ checkpoint: this.#rows[this.#next]!.note })
    }
  }
}

/** The leaves of both logs in the order in which they were written. */
async function* merged(reader: Reader, institution: string): AsyncGenerator<LeafRow> {
  const own = leavesOf(reader, institution === nationalLog ? '' : institution)
  const national = leavesOf(reader, nationalLog)
  let left = await own.next()
  let right = await national.next()
  while (!left.done || !right.done) {
    const isOwn = !left.done && (right.done || left.value.position < right.value.position)
    if (isOwn) {
      yield left.value as LeafRow
      left = await own.next()
    } else {
      yield right.value as LeafRow
      right = await national.next()
    }
  }
}

async function* leavesOf(reader: Reader, log: string): AsyncGenerator<LeafRow, undefined> {
  for (let from = 0; ; from += leavesPerRead) {
    const rows = await reader.leavesOf(log, from, leavesPerRead)
    yield* rows
    if (rows.length < leavesPerRead) return
  }
}

/** `used`: null for the nation, which holds what every witness saw. */
function lineOf(
  { log, index, entry, hash, message, kind }: LeafRow,
  used: UsedWitnesses | null,
): LeafLine | HashLine {
  // Most national leaves are of liveness: they need not be read.
  if (used && log === nationalLog && (message || kind === 'act')) {
    const witness = witnessOf(kind, JSON.parse(entry) as Record<string, unknown>)
    if (witness && !used.agents.has(witness.agent)) return { log, index, entry, aside: true }
  }
  if (message) return { log, index, entry, jws: message.jws }
  const shown = log !== nationalLog || kind !== 'act' || isShown(entry)
  return shown ? { log, index, entry } : { log, index, hash: hash.toString('hex') }
}

/**
 * National acts change a figure, say who they are that decide, or that witness, or hold what was
 * published beside the figures.
 */
function isShown(entry: string): boolean {
  const { what = '' } = JSON.parse(entry) as { what?: string }
  return shownFamilies.some((family) => what.startsWith(`${family}/`))
}

const shownFamilies = [
  ...['policy', 'policy-change', 'account', 'api-token', 'cycle', 'model', 'agent', 'token'],
  ...['official', 'programme', 'publish', 'readiness-month', 'migration-month'],
]
