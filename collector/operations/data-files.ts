import { closeSync, fsyncSync, openSync } from 'node:fs'
import { join } from 'node:path'

/** What is where in a data directory. */
export function dataFiles(dataDir: string) {
  return {
    database: join(dataDir, 'collector.db'),
    logKey: join(dataDir, 'log-key.pem'),
    lock: join(dataDir, 'lock.db'),
    /** A database that a restore is about to put in place. */
    restoring: join(dataDir, 'restoring.db'),
  }
}

/** Makes a file's content, or a folder's list of names, survive a power cut. */
export function toDisk(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
