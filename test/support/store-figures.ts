import type { HookFigures } from '../../collector/hooks/delivery.ts'
import type { StoreFigures } from '../../collector/metrics/store.ts'

/** A store with an institution's log and the national one, backed up an hour ago. */
export const sampleStore: StoreFigures = {
  databaseBytes: 64 * 1024 * 1024,
  walBytes: 4 * 1024 * 1024,
  diskBytes: 512 * 1024 * 1024 * 1024,
  diskFreeBytes: 400 * 1024 * 1024 * 1024,
  backupAt: Date.UTC(2027, 0, 15, 7),
  newestLeafAt: Date.UTC(2027, 0, 15, 8),
  waitingMessages: 2,
  failures: { passing: 1, lasting: 0 },
  logs: [
    { log: 'health', leaves: 900, signedLeaves: 894, signedAt: Date.UTC(2027, 0, 15, 7) },
    { log: 'national', leaves: 152_640, signedLeaves: 0, signedAt: null },
  ],
}

/** A hook that took two events, and has another waiting for ten minutes. */
export const sampleHooks: readonly HookFigures[] = [
  {
    hook: 'duty-desk',
    outcomes: { delivered: 2, failed: 4, refused: 0, given_up: 0, dropped: 0 },
    ...{ waiting: 1, oldestWaitingMs: 600_000 },
  },
]
