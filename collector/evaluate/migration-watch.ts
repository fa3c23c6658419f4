import type { EpochMs } from '../../protocol/time.ts'
import { nationalLog } from '../evidence/leaf.ts'
import type { Views } from '../http/views.ts'
import { Turns } from '../ingest/turns.ts'
import { closingOf } from '../kpi/migration/curve.ts'
import type { SnapshotMigration } from '../kpi/migration/result.ts'
import { type Month, monthBefore } from '../kpi/month.ts'
import { applyActs } from '../people/acts.ts'
import { migrationAt } from '../register/migration-log.ts'
import {
  foldMigrationMonths,
  type MigrationMonthBook,
  migrationMonthSubject,
} from '../register/migration-months.ts'
import { monthCloser } from '../register/readiness-months.ts'
import type { EvidenceReader, EvidenceWriter } from '../store/store.ts'

export type MigrationWatchOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'entries'>
  readonly now: () => EpochMs
  readonly views: Pick<Views, 'snapshot'>
}

/**
 * Closes months of the migration: once its figures are of the end of one or later, what is done,
 * earned and planned becomes an act of the collector, each institution's in its own log, and never
 * changes again. Who had no workload at that end has no closing of the month.
 */
export class MigrationWatch {
  readonly #options: MigrationWatchOptions
  readonly #turns = new Turns()
  readonly #book: MigrationMonthBook
  /** The newest month that was looked at: one at whose end there was no workload stays open. */
  #seen: string

  private constructor(options: MigrationWatchOptions, book: MigrationMonthBook) {
    this.#options = options
    this.#book = book
    this.#seen = book.get(nationalLog)?.at(-1)?.month ?? ''
  }

  /** Reads what the log says. */
  static async open(options: MigrationWatchOptions): Promise<MigrationWatch> {
    const entries = await options.store.entries('figures')
    return new MigrationWatch(options, foldMigrationMonths(new Map(), entries))
  }

  /** Closes the newest month that is over, where that is due; to be asked every minute. */
  tick(): Promise<void> {
    return this.#turns.take(async () => {
      const { migration, timezone } = this.#options.views.snapshot() ?? {}
      if (!migration || !timezone) return
      const month = monthBefore(migration.at, timezone)
      if (month.id <= this.#seen) return
      await this.#close(month, migration)
      this.#seen = month.id
    })
  }

  async #close(
    { id: month, to: end }: Month,
    { at, nation, institutions }: SnapshotMigration,
  ): Promise<void> {
    const { store, now } = this.#options
    const then = migrationAt(await store.entries('figures'), end)
    const own = Object.entries(institutions).filter(([id]) => then.get(id)?.workloads.length)
    if (own.length === 0) return
    const writtenAt = now()
    const acts = [[nationalLog, nation] as const, ...own].flatMap(([log, figures]) => {
      const after = closingOf(figures, month, end, at)
      const last = this.#book.get(log)?.at(-1)
      if (!after || (last && last.month >= month)) return []
      const what = migrationMonthSubject(month, log)
      const entry = { ...monthCloser, what, why: 'the month is over', before: null, after }
      return [{ log, entry: { ...entry, effectiveFrom: writtenAt } }]
    })
    if (acts.length === 0) return
    await applyActs(store, acts, writtenAt)
    foldMigrationMonths(
      this.#book,
      acts.map(({ entry }) => entry),
    )
  }
}
