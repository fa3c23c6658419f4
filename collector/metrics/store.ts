import { Counter, Gauge, type Registry } from 'prom-client'
import type { EpochMs } from '../../protocol/time.ts'
import type { FailureCounts } from '../store/failure.ts'
import { seconds } from './family.ts'

/** How an evidence log stands. */
export type LogFigures = {
  /** Id of the institution, or `national`. */
  readonly log: string
  readonly leaves: number
  /** Leaves that the newest checkpoint commits to; 0 before the first. */
  readonly signedLeaves: number
  readonly signedAt: EpochMs | null
}

/** How the store stands. Sizes in bytes; null: never, or not known. */
export type StoreFigures = {
  readonly databaseBytes: number
  readonly walBytes: number
  /** Of the file system that the data are on. */
  readonly diskBytes: number
  readonly diskFreeBytes: number
  readonly backupAt: EpochMs | null
  readonly newestLeafAt: EpochMs | null
  readonly waitingMessages: number
  readonly failures: FailureCounts
  readonly logs: readonly LogFigures[]
}

/** Metrics of the store. The function it returns shows figures, in the place of earlier ones. */
export function createStoreMetrics(registry: Registry): (figures: StoreFigures) => void {
  const registers = [registry]
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `istimrar_${name}`, help, registers })
  const ofLogs = (name: string, help: string) =>
    new Gauge({ name: `istimrar_${name}`, help, labelNames: ['log'], registers })
  const database = gauge('store_database_bytes', 'Size of the database.')
  const wal = gauge('store_wal_bytes', 'Size of its write-ahead log, which a long reader grows.')
  const disk = gauge('store_disk_bytes', 'Size of the file system that the data are on.')
  const free = gauge('store_disk_free_bytes', 'What is free of it.')
  const failures = new Counter({
    name: 'istimrar_store_failures_total',
    help: 'Failures of the store: passing ones stored nothing, a lasting one ends the process.',
    labelNames: ['kind'],
    registers,
  })
  const waiting = gauge('collector_waiting_messages', 'Messages that wait for a commit.')
  const backup = gauge('backup_timestamp_seconds', 'When the newest backup began; NaN before one.')
  const newest = gauge('evidence_last_leaf_timestamp_seconds', 'The newest leaf of all logs.')
  const leaves = ofLogs('evidence_leaves', 'Leaves of an evidence log.')
  const signed = ofLogs('evidence_checkpoint_leaves', 'Leaves under its newest checkpoint.')
  const signedAt = ofLogs(
    'evidence_checkpoint_timestamp_seconds',
    'Its newest checkpoint, at most an hour after it grew; NaN before the first.',
  )
  return (figures) => {
    database.set(figures.databaseBytes)
    wal.set(figures.walBytes)
    disk.set(figures.diskBytes)
    free.set(figures.diskFreeBytes)
    waiting.set(figures.waitingMessages)
    backup.set(seconds(figures.backupAt))
    newest.set(seconds(figures.newestLeafAt))
    failures.reset()
    for (const kind of ['passing', 'lasting'] as const) {
      failures.inc({ kind }, figures.failures[kind])
    }
    for (const each of [leaves, signed, signedAt]) each.reset()
    for (const each of figures.logs) {
      const { log } = each
      leaves.set({ log }, each.leaves)
      signed.set({ log }, each.signedLeaves)
      signedAt.set({ log }, seconds(each.signedAt))
    }
  }
}
