import { closeSync, fsyncSync, openSync } from 'node:fs'
import { join } from 'node:path'

/** What is where in a data directory. */
export function dataFiles(dataDir: string) {
  return {
    database: join(dataDir, 'collector.db'),
    logKey: join(dataDir, 'log-key.pem'),
    /** Encrypts the secrets of second factors; made when the first is set up. */
    peopleKey: join(dataDir, 'people.key'),
    lock: join(dataDir, 'lock.db'),
    /** What web hooks were told, and what they still are to be. */
    hooks: join(dataDir, 'hooks.db'),
    /** Exports that people asked for on the board or by the API; gone after a day. */
    exports: join(dataDir, 'exports'),
    /** A database that a restore is about to put in place. */
    restoring: join(dataDir, 'restoring.db'),
    /** When the newest backup began. */
    lastBackup: join(dataDir, 'last-backup.json'),
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
