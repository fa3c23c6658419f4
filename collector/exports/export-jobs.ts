import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { EpochMs, Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { Turns } from '../ingest/turns.ts'
import { collectorLimits } from '../limits.ts'
import type { AccessLog } from '../people/access-log.ts'
import type { Account } from '../people/accounts.ts'
import { may } from '../people/permissions.ts'
import {
  type ExportLimits,
  type ExportProgress,
  ExportQueue,
  type ExportQueueOptions,
} from './export-queue.ts'
import type { ExportRecord } from './export-records.ts'
import { archiveFile, archiveName, failureOf } from './make-archive.ts'

/** What is asked for. */
export type AskedExport = {
  /** Null: the own institution, or for those who see all of them the nation. */
  readonly institution: string | null
  /** With the nation: each institution of the same moment beside it. */
  readonly withInstitutions: boolean
  readonly cycle: string | null
  /** Null: the cycle so far. */
  readonly window: Span | null
}

/** An export as it is told of. */
export type ListedExport = ExportRecord &
  ExportProgress & {
    /** When its archive goes; null before it is there. */
    readonly expiresAt: EpochMs | null
    /** Whether this account may give it up or remove it. */
    readonly own: boolean
  }

/** An archive on its way. */
export type Download = {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  /** The bytes that were asked for; to be read or destroyed. */
  readonly stream: Readable
}

export type ExportJobsOptions = ExportQueueOptions & {
  readonly access: Pick<AccessLog, 'noteAccess'>
  /** Whether there is such an institution now. */
  readonly isInstitution: (id: string) => boolean
  readonly limits?: ExportLimits
}

/**
 * Exports that people ask for on the board and by the API: one after another, kept for a day, and
 * over a restart. Each is noted as an act when it is asked for and when it is downloaded.
 */
export class ExportJobs {
  readonly #options: ExportJobsOptions
  readonly #limits: ExportLimits
  readonly #queue: ExportQueue
  readonly #turns = new Turns()
  readonly #downloads = new Map<string, number>()

  constructor(options: ExportJobsOptions) {
    this.#options = options
    this.#limits = options.limits ?? collectorLimits
    this.#queue = new ExportQueue(options, this.#limits)
  }

  /** Throws AppError: `not_found` for a foreign institution, `too_many`, `unavailable`. */
  async ask(account: Account, asked: AskedExport): Promise<ListedExport> {
    return this.#turns.take(async () => {
      const institution = this.#subject(account, asked.institution)
      const { withInstitutions } = asked
      if (withInstitutions && institution !== nationalLog) {
        throw refused('invalid', 'with_institutions', 'Institutions come with the nation alone.')
      }
      onDisk(() => this.#requireRoom(account))
      const { id: askedBy, role: askedRole, institution: askedFor = null } = account
      const record: ExportRecord = {
        ...{ id: randomBytes(16).toString('hex'), institution, withInstitutions },
        ...{ cycle: asked.cycle, window: asked.window },
        ...{ askedBy, askedRole, askedFor, askedAt: this.#options.now() },
        ...{ state: 'waiting', failure: null, endedAt: null, archive: null },
      }
      await this.#note(account, record, 'export-made')
      onDisk(() => this.#queue.add(record))
      return this.#listed(account, this.#queue.get(record.id) ?? record)
    })
  }

  /** What an account may see, the newest first. */
  list(account: Account): ListedExport[] {
    return this.#queue
      .records()
      .filter((job) => sees(account, job))
      .sort((a, b) => b.askedAt - a.askedAt)
      .map((job) => this.#listed(account, job))
  }

  /** Throws AppError `not_found`, for what others asked for too. */
  get(account: Account, id: string): ListedExport {
    return this.#listed(account, this.#seen(account, id))
  }

  /**
   * The archive from a byte on, up to another one. Throws AppError: `not_found`, `conflict` while
   * it is being made, `too_many` when as many are on their way as may be.
   */
  async download(account: Account, id: string, part?: { from: number; to: number }) {
    const record = this.#seen(account, id)
    const { archive } = record
    if (!archive) {
      throw new AppError('conflict', 'This export is not there to download: it is not made.')
    }
    const release = this.#takeSlot(account)
    try {
      await this.#note(account, record, 'export-downloaded')
      const file = archiveFile(this.#options.folder, record.id)
      // Opened here: one that goes away meanwhile is read to its end.
      const handle = await open(file).catch((cause) => {
        throw refused('not_found', 'export', 'There is no such export.', cause)
      })
      const stream = handle.createReadStream(part && { start: part.from, end: part.to })
      stream.once('close', release)
      const name = `${archiveName(record, archive.at)}.tar.gz`
      const { bytes, sha256 } = archive
      return { name, bytes, sha256, stream } satisfies Download
    } catch (error) {
      release()
      throw error
    }
  }

  /** Gives up one that waits or is being made, removes one that is there. Throws AppError. */
  remove(account: Account, id: string): void {
    const record = this.#seen(account, id)
    if (!isOwn(account, record)) {
      throw new AppError('forbidden', 'Only whoever asked for an export, or an admin, removes it.')
    }
    this.#queue.remove(id)
  }

  /** Gives up what is being made; what waits goes on at the next start. */
  close(): Promise<void> {
    return this.#queue.close()
  }

  #subject(account: Account, asked: string | null): string {
    const institution = asked ?? account.institution ?? nationalLog
    const isThere = asked === null || this.#options.isInstitution(asked)
    if (isThere && may(account, 'read', institution)) return institution
    throw refused('not_found', 'institution', 'There is no such institution.')
  }

  #requireRoom({ id }: Account): void {
    const { exportsOpenMax, exportsOpenPerAccountMax, exportsMax } = this.#limits
    const jobs = this.#queue.records()
    const open = jobs.filter(({ state }) => state === 'waiting' || state === 'running')
    const own = open.filter(({ askedBy }) => askedBy === id)
    if (own.length >= exportsOpenPerAccountMax) {
      const message = `An account has at most ${exportsOpenPerAccountMax} exports being made.`
      throw refused('too_many', 'own_open', message)
    }
    if (open.length >= exportsOpenMax || jobs.length >= exportsMax) {
      throw refused('too_many', 'open', 'As many exports are asked for as may be.')
    }
    const kept = this.#queue.keptBytes()
    const isFull = this.#queue.freeBytes() < this.#limits.exportFreeBytesMin
    if (isFull || kept >= this.#limits.exportBytesMax) throw noRoom()
  }

  #seen(account: Account, id: string): ExportRecord {
    const record = this.#queue.get(id)
    if (record && sees(account, record)) return record
    throw refused('not_found', 'export', 'There is no such export.')
  }

  #listed(account: Account, record: ExportRecord): ListedExport {
    const age = this.#limits.exportAgeMsMax
    const expiresAt = record.endedAt === null ? null : record.endedAt + age
    return { ...record, ...this.#queue.progress(record.id), expiresAt, own: isOwn(account, record) }
  }

  #note(account: Account, record: ExportRecord, what: string): Promise<void> {
    const { institution, cycle, window, withInstitutions = false } = record
    const span = window && [window.from, window.to].map((at) => new Date(at).toISOString())
    const of = cycle ?? span?.join('/') ?? null
    return this.#options.access.noteAccess(account, 'export', {
      ...{ what, format: 'tar.gz' },
      institution: institution === nationalLog ? null : institution,
      ...(withInstitutions && { withInstitutions }),
      ...(of !== null && { of }),
    })
  }

  #takeSlot({ id }: Account): () => void {
    const { downloadsMax, downloadsPerAccountMax } = this.#limits
    const all = [...this.#downloads.values()].reduce((sum, n) => sum + n, 0)
    const own = this.#downloads.get(id) ?? 0
    if (all >= downloadsMax || own >= downloadsPerAccountMax) {
      throw refused('too_many', 'downloads', 'As many downloads are on their way as may be.')
    }
    this.#downloads.set(id, own + 1)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      const left = (this.#downloads.get(id) ?? 1) - 1
      if (left === 0) this.#downloads.delete(id)
      else this.#downloads.set(id, left)
    }
  }
}

/** An institution sees what its own people asked for; the others see all. */
function sees(account: Account, { askedFor }: ExportRecord): boolean {
  return may(account, 'read', askedFor ?? nationalLog)
}

function isOwn(account: Account, { askedBy }: ExportRecord): boolean {
  return askedBy === account.id || may(account, 'exports.remove')
}

/** A disk without room is an expected failure. */
function onDisk(work: () => void): void {
  try {
    work()
  } catch (error) {
    const isFull = !(error instanceof AppError) && failureOf(error) === 'disk_full'
    throw isFull ? noRoom(error) : error
  }
}

function noRoom(cause?: unknown): AppError {
  const message = 'The disk has no room for an export now.'
  return new AppError('unavailable', message, { detail: { rule: 'disk_full' }, cause })
}

function refused(
  code: 'not_found' | 'too_many' | 'invalid',
  rule: string,
  message: string,
  cause?: unknown,
): AppError {
  return new AppError(code, message, { detail: { rule }, cause })
}
