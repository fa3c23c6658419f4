import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../error.ts'

/** How commands reach the collector that runs on a data directory. */
export type AdminAccess = {
  readonly url: string
  readonly token: string
  /** Its certificate chain, PEM, which is the only one to be believed; null without TLS. */
  readonly certificate: string | null
}

/** Lies in the data directory while the collector listens; for its owner's eyes only. */
function adminFile(dataDir: string): string {
  return join(dataDir, 'admin.json')
}

/** Written whole or not at all. */
export function writeAdminFile(dataDir: string, access: AdminAccess): void {
  const file = adminFile(dataDir)
  const draft = `${file}.new`
  rmSync(draft, { force: true })
  writeFileSync(draft, JSON.stringify(access), { mode: 0o600, flag: 'wx' })
  renameSync(draft, file)
}

export function removeAdminFile(dataDir: string): void {
  rmSync(adminFile(dataDir), { force: true })
}

/** Throws AppError `unavailable` when no collector runs there, or when this user may not ask it. */
export function readAdminFile(dataDir: string): AdminAccess {
  try {
    return JSON.parse(readFileSync(adminFile(dataDir), 'utf8')) as AdminAccess // our own file
  } catch (cause) {
    const { code } = cause as { code?: string }
    if (code === 'EACCES' || code === 'EPERM') {
      const file = adminFile(dataDir)
      const message = `Only the user who runs the collector may ask it: cannot read ${file}.`
      throw new AppError('unavailable', message, { cause })
    }
    throw notRunning(dataDir, cause)
  }
}

export function notRunning(dataDir: string, cause: unknown): AppError {
  const how = 'Start it, or say where it keeps its data: DATA_DIR.'
  const message = `The collector is not running in DATA_DIR, which is ${dataDir}. ${how}`
  return new AppError('unavailable', message, { cause })
}

/** An address at which this machine reaches a collector that listens on `host`. */
export function localUrl(listening: string, host: string): string {
  const url = new URL(listening)
  if (host === '0.0.0.0') url.hostname = '127.0.0.1'
  if (host === '::') url.hostname = '[::1]'
  return url.origin
}
