import { existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { Evaluator } from '../evaluate/evaluator.ts'
import { toDisk } from '../operations/data-files.ts'
import { type Comparison, compareDumps } from '../store/sqlite/dump.ts'
import { openDatabase } from '../store/sqlite/open.ts'
import { openRefold, type Refold, sealDatabase } from '../store/sqlite/refold.ts'
import { sqliteStore } from '../store/sqlite/sqlite.ts'
import { type DayRow, daysPerSaveMax, type Store } from '../store/store.ts'
import { version } from '../version.ts'
import { Fold } from './fold.ts'

export type RebuildOptions = {
  /** The collector's database; nobody else has it open. */
  readonly file: string
  readonly now: EpochMs
  /** Replace the database even where what follows from the logs is not what was there. */
  readonly accept: boolean
  readonly progress: (done: number, all: number) => void
}

export type Rebuilt = {
  readonly leaves: number
  readonly comparisons: readonly Comparison[]
  /** Whether the fresh database took the place of the old one. */
  readonly swapped: boolean
}

const leavesPerRead = 1_000

/**
 * Makes anew all that follows from the logs, in a file beside the database, and puts that in its
 * place when nothing differs or differences are accepted. What was folded before a kill stays
 * folded. Throws BadLeaf when the logs themselves are not what the collector wrote.
 */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const { file, now, accept } = options
  // Another version may fold otherwise: it begins with a file of its own.
  const fresh = `${file}.rebuild-${version}`
  const leaves = await using(sqliteStore(file), async (store) => {
    await evaluateInto(store, now)
    return foldInto(fresh, store, options)
  })
  // The days are derived by the writer's own code, once all evidence is there.
  await using(sqliteStore(fresh), (store) => evaluateInto(store, now))
  const comparisons = compareDumps(file, fresh)
  const same = comparisons.every(({ row }) => row === null)
  if (same || accept) swap(file, fresh)
  return { leaves, comparisons, swapped: same || accept }
}

async function using<S extends { close(): Promise<void> }, T>(
  store: S,
  work: (store: S) => Promise<T>,
): Promise<T> {
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** Folds what the fresh file does not have yet. Resolves to the number of leaves it then has. */
async function foldInto(fresh: string, store: Store, options: RebuildOptions): Promise<number> {
  const { file, progress } = options
  if (!(await using(openRefold(fresh, file), (target) => isPrefix(target, store)))) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(fresh + suffix, { force: true })
  }
  return using(openRefold(fresh, file), async (target) => {
    const all = (await store.heads()).reduce((sum, { size }) => sum + size, 0)
    const fold = new Fold(target)
    let position = target.last()?.position ?? 0
    for (;;) {
      const rows = await store.leavesAfter(position, leavesPerRead)
      if (rows.length === 0) break
      for (const row of rows) await fold.add(row)
      fold.flush()
      position = rows.at(-1)!.position
      progress(position, all)
    }
    target.copyRest()
    return position
  })
}

async function isPrefix(target: Refold, store: Store): Promise<boolean> {
  const last = target.last()
  if (!last) return true
  const [row] = await store.leavesAfter(last.position - 1, 1)
  return row !== undefined && row.position === last.position && row.hash.equals(last.hash)
}

/** Derives every day that is not derived yet, as the collector would. */
async function evaluateInto(store: Store, now: EpochMs): Promise<void> {
  const evaluation = await new Evaluator({
    reader: store,
    engine: version,
    simulated: false,
  }).evaluate(now)
  if (!evaluation) return
  const { days, cleared } = evaluation
  for (let i = 0; i < days.length; i += daysPerSaveMax) {
    await store.saveDays(days.slice(i, i + daysPerSaveMax) as DayRow[], [])
  }
  await store.saveDays([], cleared)
}

/** At every moment the name stands for one whole database. */
function swap(file: string, fresh: string): void {
  const kept = `${file}.before-rebuild`
  for (const each of [file, fresh]) {
    try {
      sealDatabase(openDatabase(each))
    } catch (cause) {
      const message = `Something else reads ${each}. End it, then run this again.`
      throw new AppError('unavailable', message, { cause })
    }
  }
  if (existsSync(kept)) rmSync(kept)
  linkSync(file, kept)
  renameSync(fresh, file)
  toDisk(dirname(file))
}
