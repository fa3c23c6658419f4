import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../protocol/time.ts'
import { errorTexts } from './cli/texts/errors.ts'
import { AgentError } from './error.ts'
import { HighWater } from './high-water.ts'
import { said } from './language.ts'
import { Spool } from './spool.ts'
import { type Place, SpoolCorrupt } from './spool-row.ts'
import { makeTables, schemaVersion, upgrade } from './spool-schema.ts'

const fileName = 'spool.sqlite'
const lockName = 'lock'
const damaged = `${fileName}.damaged-`

/** SQLite's codes for what says nothing about the file's content; the names are its own. */
const sqlite = {
  PERM: 3,
  BUSY: 5,
  NOMEM: 7,
  READONLY: 8,
  IOERR: 10,
  FULL: 13,
  CANTOPEN: 14,
} as const
const shortRead = 522

/** How long a reader and a writer wait for each other. */
const busyMs = 2_000

/**
 * Opens the spool for writing; makes it where there is none. A damaged one is moved aside. A new
 * one has no cursor, which says that what was there before is lost. Throws AgentError when a newer
 * version wrote it or another agent uses the folder.
 */
export function openSpool(dir: string, at: EpochMs): Spool {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const lock = takeLock(dir)
  const file = join(dir, fileName)
  const sent = new HighWater(dir)
  try {
    return new Spool(openChecked(file, at, sent), lock, sent)
  } catch (error) {
    if (!isCorrupt(error)) {
      lock.close()
      throw error
    }
  }
  for (const name of readdirSync(dir)) if (name.startsWith(damaged)) rmSync(join(dir, name))
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, join(dir, `${damaged}${at}${suffix}`))
  }
  return new Spool(openChecked(file, at, sent), lock, sent)
}

/** Opens the spool of an agent, which may be running, to look at it; null when there is none. */
export function openSpoolToRead(dir: string): Spool | null {
  const file = join(dir, fileName)
  if (!existsSync(file)) return null
  return new Spool(new DatabaseSync(file, { readOnly: true, timeout: busyMs }))
}

/** What a spool is worth, without a change to it: `none` before an enrolment. */
export function examineSpool(dir: string): 'sound' | 'none' | 'damaged' | 'newer' {
  const file = join(dir, fileName)
  if (!existsSync(file)) return 'none'
  const db = new DatabaseSync(file, { readOnly: true, timeout: busyMs })
  try {
    if (Number(pragma(db, 'user_version')) > schemaVersion) return 'newer'
    if (pragma(db, 'integrity_check(1)') !== 'ok') return 'damaged'
    new Spool(db).verify()
    return 'sound'
  } catch (error) {
    if (isCorrupt(error)) return 'damaged'
    throw error
  } finally {
    db.close()
  }
}

/** Whether an agent runs on a folder. Takes nothing away from it, and makes no file. */
export function isInUse(dir: string): boolean {
  if (!existsSync(join(dir, lockName))) return false
  const lock = new DatabaseSync(join(dir, lockName), { readOnly: true })
  try {
    lock.prepare('SELECT count(*) FROM sqlite_master').get()
    return false
  } catch (error) {
    if (codeOf(error) === sqlite.BUSY) return true
    throw error
  } finally {
    lock.close()
  }
}

/** Whether an error says that the disk is full: SQLite's, or that of a file. */
export function isDiskFull(error: unknown): boolean {
  return codeOf(error) === sqlite.FULL || (error as { code?: unknown }).code === 'ENOSPC'
}

/** Held as long as the process lives, however it ends. */
function takeLock(dir: string): DatabaseSync {
  const lock = new DatabaseSync(join(dir, lockName))
  try {
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (codeOf(error) !== sqlite.BUSY) throw error
    throw new AgentError('failed', said(errorTexts.folderInUse, { dir }), { cause: error })
  }
}

function openChecked(file: string, at: EpochMs, sent: HighWater): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: busyMs })
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -512')
    const version = pragma(db, 'user_version')
    if (Number(version) > schemaVersion) {
      throw new AgentError('failed', said(errorTexts.newerVersion, { file }))
    }
    if (version === 0) makeTables(db)
    if (pragma(db, 'integrity_check(1)') !== 'ok') throw new SpoolCorrupt('The spool is damaged.')
    if (version === 1) upgrade(db, at)
    const spool = new Spool(db)
    spool.verify()
    const cursor = spool.state('cursor') as Place | null // written by the outbox
    if (sent.isAbove(cursor)) throw new SpoolCorrupt('The spool forgot what was sent.')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}

/** A damaged file shows in many ways: no database, no such table, a page that is not there. */
function isCorrupt(error: unknown): boolean {
  if (error instanceof SpoolCorrupt) return true
  const { code, errcode } = error as { code?: string; errcode?: number }
  // A number that JavaScript cannot hold was never written here.
  if (code === 'ERR_OUT_OF_RANGE' || errcode === shortRead) return true
  return (
    code === 'ERR_SQLITE_ERROR' && !(Object.values(sqlite) as unknown[]).includes(codeOf(error))
  )
}

/** The primary code of a SQLite error. */
function codeOf(error: unknown): number | null {
  const { errcode } = error as { errcode?: unknown }
  return typeof errcode === 'number' ? errcode & 0xff : null
}
