import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { EpochMs } from '../../protocol/time.ts'
import { dataFiles } from './data-files.ts'

/**
 * Notes beside the data when the newest backup of them began, for the metrics. The backup is whole
 * without the note: where it cannot be written, an alert about an old backup tells.
 */
export function noteBackup(dataDir: string, at: EpochMs): void {
  const { lastBackup } = dataFiles(dataDir)
  const part = `${lastBackup}.part`
  try {
    writeFileSync(part, `${JSON.stringify({ at })}\n`, { mode: 0o600 })
    renameSync(part, lastBackup)
  } catch {
    rmSync(part, { force: true })
  }
}

/** When the newest backup began; null where none was noted, or not by us. */
export function readLastBackup(dataDir: string): EpochMs | null {
  try {
    const { at } = JSON.parse(readFileSync(dataFiles(dataDir).lastBackup, 'utf8')) as {
      at: unknown
    }
    return typeof at === 'number' && Number.isSafeInteger(at) && at >= 0 ? at : null
  } catch {
    // No file, or no JSON with a time in it: both are no note.
    return null
  }
}
