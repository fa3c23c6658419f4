import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { nationalLog } from '../evidence/leaf.ts'
import type { Views } from '../http/views.ts'
import { Turns } from '../ingest/turns.ts'
import { type Month, monthAt, monthBefore } from '../kpi/month.ts'
import type { IndicatorRow, SnapshotReadiness } from '../kpi/readiness/result.ts'
import {
  type KeptReadiness,
  keptInstitution,
  keptNation,
  type MonthClosing,
  type TrendPoint,
  trendOf,
} from '../kpi/readiness/trend.ts'
import { applyActs } from '../people/acts.ts'
import { measuredFrom } from '../register/cycles-log.ts'
import { registerHistory } from '../register/history.ts'
import {
  foldMonths,
  type MonthBook,
  monthCloser,
  monthSubject,
} from '../register/readiness-months.ts'
import type { EvidenceReader, EvidenceWriter } from '../store/store.ts'

export type MonthWatchOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'entries'>
  readonly now: () => EpochMs
  readonly views: Pick<Views, 'snapshot' | 'readiness' | 'whatIf'>
}

/** Indicators are told as of now: so long after the end of a month they still tell of it. */
const indicatorsMsMax = dayMs

/**
 * Closes months: once the figures reach the end of one, the readiness as of that end becomes acts
 * of the collector in the national log, and never changes again. A month at whose end there was no
 * model, or that ended while the collector was away for more than the month after, is not closed.
 */
export class MonthWatch {
  readonly #options: MonthWatchOptions
  readonly #turns = new Turns()
  readonly #book: MonthBook

  private constructor(options: MonthWatchOptions, book: MonthBook) {
    this.#options = options
    this.#book = book
  }

  /** Reads what the log says. */
  static async open(options: MonthWatchOptions): Promise<MonthWatch> {
    return new MonthWatch(options, foldMonths(new Map(), await options.store.entries()))
  }

  /** Closes the newest month that is over, where that is due; to be asked every minute. */
  tick(): Promise<void> {
    return this.#turns.take(async () => {
      const month = this.#due()
      if (month) await this.#close(month)
    })
  }

  /** What months closed with, oldest first: of an institution, or of the nation (null). */
  closings(institution: string | null): readonly MonthClosing[] {
    return this.#book.get(institution ?? nationalLog) ?? []
  }

  /** The trend, with how things are now as its last point where anything is known. */
  async trend(institution: string | null): Promise<TrendPoint[]> {
    const known = this.closings(institution)
    const now = await this.#now(institution)
    return trendOf(known, now && now.month > (known.at(-1)?.month ?? '') ? now : null)
  }

  #due(): Month | null {
    const snapshot = this.#options.views.snapshot()
    if (!snapshot?.readiness) return null
    const month = monthBefore(snapshot.asOf, snapshot.timezone)
    const last = this.closings(null).at(-1)
    return last && last.month >= month.id ? null : month
  }

  async #close(month: Month): Promise<void> {
    const { store, now, views } = this.#options
    const { readiness, asOf } = views.snapshot()!
    if (month.to <= measuredFrom(registerHistory(await store.entries('figures')))) return
    // A month is a window like a cycle, of which only the end counts here.
    const window = { ...month, name: 'april' } as const
    const asked = await views.whatIf(readiness!.model, window)
    // Before: by the model in force at that end.
    const then = asked && (asked.before ?? asked.after)
    if (!then) return
    const isFresh = asOf - month.to < indicatorsMsMax
    const closings = await this.#closings(then, month, isFresh)
    const at = now()
    const entries = closings.map(([whose, after]) => ({
      ...{ ...monthCloser, what: monthSubject(month.id, whose), why: 'the month is over' },
      ...{ before: null, after, effectiveFrom: at },
    }))
    await applyActs(
      store,
      entries.map((entry) => ({ log: nationalLog, entry })),
      at,
    )
    foldMonths(this.#book, entries)
  }

  /** The nation's first. */
  async #closings(
    readiness: SnapshotReadiness,
    month: Month,
    isFresh: boolean,
  ): Promise<(readonly [string, MonthClosing])[]> {
    const { model, nation } = readiness
    const members: KeptReadiness[] = []
    const own: (readonly [string, MonthClosing])[] = []
    for (const [id, each] of Object.entries(readiness.institutions)) {
      const rows = isFresh ? await this.#rows(id, model.hash) : null
      const kept = keptInstitution(each, rows, model)
      if (each.isMember) members.push(kept)
      own.push([id, closingOf(month, readiness, kept)])
    }
    const all = closingOf(month, readiness, keptNation(nation, members, model))
    return [[nationalLog, all], ...own]
  }

  /** Null where the institution, or the model by then, is not the one asked about. */
  async #rows(institution: string, hash: string): Promise<readonly IndicatorRow[] | null> {
    const { views } = this.#options
    const detail = await views.readiness(institution)
    return views.snapshot()?.readiness?.model.hash === hash ? (detail?.indicators ?? null) : null
  }

  /** How things are, as the point of a month that is not over. */
  async #now(institution: string | null): Promise<MonthClosing | null> {
    const { views } = this.#options
    const snapshot = views.snapshot()
    const readiness = snapshot?.readiness
    if (!snapshot || !readiness) return null
    const { id } = monthAt(snapshot.asOf, snapshot.timezone)
    const window = { id, from: snapshot.asOf, to: snapshot.asOf }
    const { model, nation, institutions } = readiness
    if (institution === null) {
      const kept = Object.values(institutions)
        .filter(({ isMember }) => isMember)
        .map((each) => keptInstitution(each, null, model))
      return closingOf(window, readiness, keptNation(nation, kept, model))
    }
    const own = institutions[institution]
    if (!own) return null
    const rows = await this.#rows(institution, model.hash)
    return closingOf(window, readiness, keptInstitution(own, rows, model))
  }
}

function closingOf(month: Month, readiness: SnapshotReadiness, kept: KeptReadiness): MonthClosing {
  const { id, version, hash, status } = readiness.model
  return { month: month.id, end: month.to, model: { id, version, hash, status }, ...kept }
}
