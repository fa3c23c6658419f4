import { existsSync, mkdirSync } from 'node:fs'
import type { EpochMs } from '../../protocol/time.ts'
import { minuteMs } from '../../protocol/time.ts'
import type { collectorLimits } from '../limits.ts'
import { type ExportRecord, readRecords, removeFiles, writeRecord } from './export-records.ts'
import { type ExportFailure, failureOf, freeBytes, type MadeArchive } from './make-archive.ts'
import type { ExportNews, StartExport } from './start-export.ts'

export type ExportQueueOptions = {
  /** Where all of them are kept; made with the first one. */
  readonly folder: string
  readonly database: string
  readonly logKey: string
  readonly simulated: boolean
  readonly now: () => EpochMs
  /** Calls once after a while; what it gives back calls it off. */
  readonly timer: (delayMs: number, action: () => void) => () => void
  readonly start: StartExport
  readonly onError: (error: unknown) => void
}

/** The limits of collector/limits.ts, or others. */
export type ExportLimits = Readonly<Record<keyof typeof collectorLimits, number>>

const pruneEveryMs = 10 * minuteMs

/** Leaves that are written, and all there are; both 0 before it is known. */
export type ExportProgress = { readonly done: number; readonly all: number }

type Running = ExportProgress & { readonly id: string; readonly stop: () => Promise<unknown> }

/**
 * Exports one after another, each kept for a day and over a restart: what waited then goes on
 * waiting, what was being made was interrupted.
 */
export class ExportQueue {
  readonly #options: ExportQueueOptions
  readonly #limits: ExportLimits
  readonly #jobs = new Map<string, ExportRecord>()
  #running: Running | null = null
  #isClosed = false
  #stopPruning: () => void = () => {}
  /** Until all that was given up has let go of its files. */
  #givenUp: Promise<unknown> = Promise.resolve()

  constructor(options: ExportQueueOptions, limits: ExportLimits) {
    this.#options = options
    this.#limits = limits
    const found = existsSync(options.folder) ? readRecords(options.folder) : []
    const records = found.sort((a, b) => a.askedAt - b.askedAt)
    for (const record of records) this.#jobs.set(record.id, record)
    for (const { id, state } of records) if (state === 'running') this.#end(id, 'interrupted')
    this.#pruneNowAndThen()
    this.#next()
  }

  /** All that are kept, the oldest first. */
  records(): ExportRecord[] {
    this.#prune()
    return [...this.#jobs.values()]
  }

  /** The room that is left to exports. Unit: bytes. Throws what the disk says. */
  freeBytes(): number {
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 })
    return freeBytes(this.#options.folder)
  }

  /** What all archives take together. Unit: bytes. */
  keptBytes(): number {
    return this.records().reduce((sum, { archive }) => sum + (archive?.bytes ?? 0), 0)
  }

  get(id: string): ExportRecord | undefined {
    this.#prune()
    return this.#jobs.get(id)
  }

  progress(id: string): ExportProgress {
    const { done = 0, all = 0 } = this.#running?.id === id ? this.#running : {}
    return { done, all }
  }

  /** Puts one at the end. Throws what the disk says; then it is not in the queue. */
  add(record: ExportRecord): void {
    try {
      this.#save(record)
    } catch (error) {
      this.#jobs.delete(record.id)
      throw error
    }
    this.#next()
  }

  /** Gives up one that waits or is being made, removes one that is there. */
  remove(id: string): void {
    if (this.#running?.id === id) this.#giveUp()
    this.#jobs.delete(id)
    removeFiles(this.#options.folder, id)
    this.#next()
  }

  /** Gives up what is being made; what waits goes on at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopPruning()
    const running = this.#running
    this.#running = null
    await this.#givenUp
    if (!running) return
    await running.stop()
    this.#end(running.id, 'interrupted')
  }

  #next(): void {
    if (this.#running || this.#isClosed) return
    const waiting = [...this.#jobs.values()].find(({ state }) => state === 'waiting')
    if (!waiting) return
    const { id, institution, window, withInstitutions = false } = waiting
    const { start, timer, ...options } = this.#options
    const { folder, database, logKey, simulated } = options
    const now = options.now()
    this.#keep({ ...waiting, state: 'running' })
    const onNews = (news: ExportNews) => this.#onNews(id, now, news, callOff)
    const callOff = timer(this.#limits.exportMsMax, () => {
      if (this.#running?.id !== id) return
      this.#giveUp()
      this.#end(id, 'too_long')
      this.#next()
    })
    const freeBytesMin = this.#limits.exportFreeBytesMin
    const order = {
      folder,
      database,
      logKey,
      simulated,
      id,
      institution,
      withInstitutions,
      window,
      now,
      freeBytesMin,
      bytesMax: this.#limits.exportBytesMax - this.keptBytes(),
    }
    this.#running = { id, stop: start(order, onNews), done: 0, all: 0 }
  }

  #onNews(id: string, at: EpochMs, news: ExportNews, callOff: () => void): void {
    // What was given up may still have something to say.
    if (this.#running?.id !== id) return
    if ('done' in news) {
      this.#running = { ...this.#running, ...news }
      return
    }
    callOff()
    this.#running = null
    if ('made' in news) this.#made(id, at, news.made)
    else {
      if (news.failure === 'failed') this.#options.onError(news.error)
      this.#end(id, news.failure)
    }
    this.#next()
  }

  #made(id: string, at: EpochMs, made: MadeArchive): void {
    const record = this.#jobs.get(id)
    if (!record) return
    const endedAt = this.#options.now()
    try {
      this.#save({ ...record, state: 'done', endedAt, archive: { ...made, at } })
    } catch (error) {
      this.#end(id, failureOf(error))
    }
  }

  #end(id: string, failure: ExportFailure): void {
    const record = this.#jobs.get(id)
    if (!record) return
    removeFiles(this.#options.folder, id)
    const endedAt = this.#options.now()
    this.#keep({ ...record, state: 'failed', failure, endedAt, archive: null })
  }

  #giveUp(): void {
    const running = this.#running
    this.#running = null
    if (!running) return
    // Its files are removed once nobody writes to them any more.
    const cleared = running
      .stop()
      .then(() => {
        if (!this.#jobs.get(running.id)?.archive) this.#clear(running.id)
      })
      .catch(this.#options.onError)
    this.#givenUp = Promise.all([this.#givenUp, cleared])
  }

  #clear(id: string): void {
    removeFiles(this.#options.folder, id)
    const record = this.#jobs.get(id)
    if (record) this.#keep(record)
  }

  #save(record: ExportRecord): void {
    this.#jobs.set(record.id, record)
    writeRecord(this.#options.folder, record)
  }

  /** In memory at least: a disk without room must not keep it from being told. */
  #keep(record: ExportRecord): void {
    try {
      this.#save(record)
    } catch (error) {
      this.#options.onError(error)
    }
  }

  #prune(): void {
    const end = this.#options.now() - this.#limits.exportAgeMsMax
    for (const { id, endedAt } of this.#jobs.values()) {
      if (endedAt === null || endedAt > end) continue
      this.#jobs.delete(id)
      removeFiles(this.#options.folder, id)
    }
  }

  #pruneNowAndThen(): void {
    this.#prune()
    this.#stopPruning = this.#options.timer(pruneEveryMs, () => this.#pruneNowAndThen())
  }
}
