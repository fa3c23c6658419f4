import type { Stats } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { codeOf } from './network-error.ts'

/** When backups were made, as far as their traces tell. */
export type Backups = {
  /** The last good one; null when there is none. */
  readonly goodAt: EpochMs | null
  /** The last that failed; 0 when none did, without end when it is known only to be the last. */
  readonly badAt: EpochMs
}

/** Where to look, and until when. */
export type Place = {
  readonly path: string
  readonly pattern: string
  readonly signal: AbortSignal
  readonly now: EpochMs
}

/** Names of one folder that are looked at; a folder of more needs a narrower pattern. */
export const namesMax = 1_000

/** A file, or the newest of a folder's files; one below the size is a failed backup. */
export async function fromFiles(place: Place, sizeBytesMin: number): Promise<Backups> {
  const whole = await stat(place.path)
  const paths = whole.isDirectory()
    ? (await namesIn(place)).map((name) => join(place.path, name))
    : [place.path]
  const files: Stats[] = []
  for (const path of paths) {
    place.signal.throwIfAborted()
    const found = path === place.path ? whole : await stat(path).catch(unlessGone)
    if (found) files.push(found)
  }
  return backupsAmong(files, place.now, sizeBytesMin)
}

/** What files tell of backups; what is no file tells nothing. */
export function backupsAmong(files: readonly Stats[], now: EpochMs, sizeBytesMin: number): Backups {
  let goodAt: EpochMs | null = null
  let badAt = 0
  for (const file of files) {
    const { mtimeMs, size } = file
    if (!file.isFile() || isToCome(mtimeMs, now)) continue
    if (size >= sizeBytesMin) goodAt = Math.max(goodAt ?? 0, mtimeMs)
    else badAt = Math.max(badAt, mtimeMs)
  }
  return { goodAt, badAt }
}

/** Snapshots by the dates in their names; names without a date are no snapshots. */
export async function fromSnapshots(place: Place): Promise<Backups> {
  let goodAt: EpochMs | null = null
  for (const name of await namesIn(place)) {
    place.signal.throwIfAborted()
    const dated = dateIn(name)
    if (!dated) continue
    const found = dated.isDay ? await stat(join(place.path, name)).catch(unlessGone) : null
    const at = instantOf(dated, found?.mtimeMs ?? 0)
    if (!isToCome(at, place.now)) goodAt = Math.max(goodAt ?? 0, at)
  }
  return { goodAt, badAt: 0 }
}

/** Bytes of a log's end that are read. */
const logBytesMax = 256 * 1024

/**
 * The last success in a log, and whether a failure came after it. A line's own date counts, else
 * the time the log was last written. A log without either text may just have been rotated: then
 * the one before it is read.
 */
export async function fromLog(
  { path, now }: Place,
  { success, failure }: { readonly success: string; readonly failure?: string | undefined },
): Promise<Backups> {
  for (const each of [path, `${path}.1`]) {
    const log = await readEnd(each).catch(each === path ? undefined : unlessGone)
    const lines = log?.text.split('\n') ?? []
    const isBad = (line: string) => failure !== undefined && line.includes(failure)
    // A line may hold both texts, as "done, 1 FAILED": then the failure decides.
    const good = lines.findLastIndex((line) => line.includes(success) && !isBad(line))
    const bad = lines.findLastIndex(isBad)
    if (!log || (good === -1 && bad === -1)) continue
    const dated = dateIn(lines[good] ?? '')
    const told = dated ? instantOf(dated, log.writtenAt) : log.writtenAt
    const goodAt = isToCome(told, now) ? log.writtenAt : told
    const badAt = bad > good ? Number.POSITIVE_INFINITY : 0
    return { goodAt: good === -1 ? null : goodAt, badAt }
  }
  return { goodAt: null, badAt: 0 }
}

async function readEnd(path: string): Promise<{ text: string; writtenAt: EpochMs }> {
  const file = await open(path)
  try {
    const { size, mtimeMs } = await file.stat()
    const length = Math.min(size, logBytesMax)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return { text: buffer.toString('utf8', 0, bytesRead), writtenAt: mtimeMs }
  } finally {
    await file.close()
  }
}

async function namesIn({ path, pattern }: Place): Promise<string[]> {
  const names = (await readdir(path)).filter((name) => fits(name, pattern))
  if (names.length > namesMax) {
    throw new Error(`More than ${namesMax} names fit the pattern: it must be narrower.`)
  }
  return names
}

/** Clocks differ a little; what is dated later than this proves nothing. */
function isToCome(at: EpochMs, now: EpochMs): boolean {
  return at > now + dayMs
}

function unlessGone(error: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null
  throw error
}

/** Whether a name fits a pattern of `*` and `?`; each star takes as little as it can. */
export function fits(name: string, pattern: string): boolean {
  let [at, star, taken] = [0, -1, 0]
  let index = 0
  while (index < name.length) {
    if (pattern[at] === '*') {
      star = at++
      taken = index
    } else if (pattern[at] === '?' || pattern[at] === name[index]) {
      at += 1
      index += 1
    } else if (star !== -1) {
      at = star + 1
      taken += 1
      index = taken
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}

type Dated = { readonly at: EpochMs; readonly isDay: boolean }

/** Year, month and day; then hour, minute and second, where they are told; then the zone. */
const day = String.raw`(?<!\d)(20\d\d)[-_./]?(0[1-9]|1[0-2])[-_./]?(0[1-9]|[12]\d|3[01])`
const time = String.raw`([01]\d|2[0-3])[-_.:h]?([0-5]\d)(?:[-_.:m]?([0-5]\d))?(?:[.,]\d+)?(?!\d)`
const zone = String.raw`(Z|[+-]\d\d:\d\d)?`
const datePattern = new RegExp(`${day}(?:[-_.T ]{0,2}${time}${zone})?`)

/** The first date in a text: local time unless it says otherwise. */
export function dateIn(text: string): Dated | null {
  const [all, year, month, date, hour, minute, second = 0, ahead] = datePattern.exec(text) ?? []
  if (all === undefined) return null
  const parts = [Number(year), Number(month) - 1, Number(date)] as const
  if (hour === undefined) return { at: new Date(...parts).getTime(), isDay: true }
  const clock = [Number(hour), Number(minute), Number(second)] as const
  const isUtc = ahead !== undefined || text.includes('@GMT-')
  if (!isUtc) return { at: new Date(...parts, ...clock).getTime(), isDay: false }
  const [sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(ahead ?? '')?.slice(1) ?? []
  const aheadMs = Number(hours ?? 0) * hourMs + Number(minutes ?? 0) * minuteMs
  const at = Date.UTC(...parts, ...clock) - (sign === '-' ? -aheadMs : aheadMs)
  return { at, isDay: false }
}

/** A day alone is its beginning, unless the thing itself was last written on that day. */
function instantOf({ at, isDay }: Dated, writtenAt: EpochMs): EpochMs {
  return isDay && writtenAt >= at && writtenAt < at + dayMs ? writtenAt : at
}
