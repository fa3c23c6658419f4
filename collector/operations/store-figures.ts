import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { CheckpointBook } from '../evidence/checkpoints.ts'
import type { StoreFigures } from '../metrics/store.ts'
import type { Store } from '../store/store.ts'
import { readLastBackup } from './last-backup.ts'
import type { Data } from './open-data.ts'

export type StoreFiguresOptions = Pick<Data, 'file' | 'failures'> & {
  readonly store: Pick<Store, 'heads' | 'newestLeafAt'>
  readonly book: Pick<CheckpointBook, 'newest'>
  readonly ingest: { readonly waiting: number }
}

/** How a collector's store stands now: a few files looked at, and one row read for each log. */
export async function storeFigures(options: StoreFiguresOptions): Promise<StoreFigures> {
  const { file, failures, store, book, ingest } = options
  const dataDir = dirname(file)
  const { blocks, bavail, bsize } = statfsSync(dataDir)
  const heads = await store.heads()
  return {
    databaseBytes: sizeOf(file),
    walBytes: sizeOf(`${file}-wal`),
    diskBytes: blocks * bsize,
    diskFreeBytes: bavail * bsize,
    backupAt: readLastBackup(dataDir),
    newestLeafAt: await store.newestLeafAt(),
    waitingMessages: ingest.waiting,
    failures,
    logs: heads.map(({ log, size: leaves }) => {
      const signed = book.newest(log)
      return { log, leaves, signedLeaves: signed?.size ?? 0, signedAt: signed?.at ?? null }
    }),
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
