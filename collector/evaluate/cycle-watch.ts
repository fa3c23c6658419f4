import { dayOf, type EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { cycleBefore } from '../kpi/cycle.ts'
import { asPrevious, type FrozenFigures, type WindowFigures } from '../kpi/cycle-figures.ts'
import type { Cycle, Figure, PreviousCycle, Snapshot } from '../kpi/snapshot.ts'
import { newestFrozen } from '../register/cycles.ts'
import { foldCycles, measuredFrom } from '../register/cycles-log.ts'
import { policyAt, registerHistory } from '../register/history.ts'
import type { CycleReader, CycleWriter, FigureChangeRow, LeafPlace } from '../store/cycles.ts'
import type { EvidenceReader } from '../store/store.ts'
import { frozenBytesOf } from './freeze.ts'

export type CycleWatchOptions = {
  readonly store: CycleReader & CycleWriter & Pick<EvidenceReader, 'entries'>
  /** The figures of any window by all that is known now. */
  readonly window: (window: { from: EpochMs; to: EpochMs }) => Promise<WindowFigures | null>
}

/** Proven lows by figure: `nation` and `institution/<id>`. */
type Lows = ReadonlyMap<string, string | null>

/**
 * Follows what is published: keeps the cycle before the running one beside it, and notes each
 * published figure of an open cycle that became another though its window did not. That is looked
 * for when a day that was over at the last published instant was derived again, or when somebody
 * acted: what was published is then compared with the same window as it is known now. That figures
 * move because time passes is no change.
 */
export class CycleWatch {
  readonly #options: CycleWatchOptions
  /** The newest leaf when the published evaluation began. */
  #position: number | null = null
  #previous: PreviousCycle | null = null
  /** The running cycle that the previous one was looked up for. */
  #beside = ''

  constructor(options: CycleWatchOptions) {
    this.#options = options
  }

  /** The newest leaf of all; to be asked before an evaluation begins. */
  position(): Promise<number> {
    return this.#options.store.lastPosition()
  }

  /**
   * To be told of each snapshot that was published, with the one before it; `late` is the first day
   * that was derived again. Resolves to the cycle before the running one.
   */
  async follow(
    before: Snapshot | null,
    snapshot: Snapshot,
    late: EpochMs,
    position: number,
  ): Promise<PreviousCycle | null> {
    const since = this.#position
    this.#position = position
    const acts = since === null || (await this.#options.store.hasActs(since))
    const isLate = (end: EpochMs) => late < end
    const isSame = before?.cycle.id === snapshot.cycle.id
    if (before && isSame && since !== null && (acts || isLate(dayOf(before.asOf)))) {
      await this.#noteRunning(before, snapshot.computedAt, since)
    }
    if (acts || this.#beside !== snapshot.cycle.id || isLate(snapshot.cycle.from)) {
      await this.#lookBeside(snapshot, since)
    }
    return this.#previous
  }

  async #noteRunning(before: Snapshot, at: EpochMs, since: number): Promise<void> {
    const { cycle, asOf } = before
    if (asOf <= cycle.from) return
    const again = await this.#options.window({ from: cycle.from, to: asOf })
    if (again) await this.#note(lowsOf(before), figuresLows(again), { cycle, asOf, at, since })
  }

  async #lookBeside(snapshot: Snapshot, since: number | null): Promise<void> {
    const { store } = this.#options
    const entries = await store.entries('figures')
    const history = registerHistory(entries)
    const { timezone, cycleMonths } = policyAt(history, snapshot.computedAt)
    const cycle = cycleBefore(snapshot.cycle, timezone, cycleMonths)
    const known = this.#previous
    this.#previous = null
    if (cycle.to > measuredFrom(history)) {
      const book = foldCycles(new Map(), entries, history)
      const frozen = newestFrozen(book.get(cycle.id) ?? [])
      this.#previous = frozen ? await this.#frozen(frozen) : await this.#open(cycle)
    }
    const isOpen = known?.revision === null && this.#previous?.revision === null
    if (isOpen && known.cycle.id === cycle.id && since !== null) {
      const place = { cycle, asOf: cycle.to, at: snapshot.computedAt, since }
      await this.#note(previousLows(known), previousLows(this.#previous!), place)
    }
    this.#beside = snapshot.cycle.id
  }

  /** Null where the bytes are damaged: a start and `check-data` name that. */
  async #frozen(act: NonNullable<ReturnType<typeof newestFrozen>>): Promise<PreviousCycle | null> {
    try {
      const bytes = await frozenBytesOf(this.#options.store, act)
      const figures = JSON.parse(bytes.toString()) as FrozenFigures // its hash was compared
      return asPrevious(figures, figures.cycle, act.revision)
    } catch (error) {
      if (error instanceof AppError && error.detail.rule === 'frozen_damaged') return null
      throw error
    }
  }

  async #open(cycle: Cycle): Promise<PreviousCycle | null> {
    const figures = await this.#options.window(cycle)
    return figures && asPrevious(figures, cycle, null)
  }

  async #note(
    old: Lows,
    fresh: Lows,
    { cycle, asOf, at, since }: { cycle: Cycle; asOf: EpochMs; at: EpochMs; since: number },
  ): Promise<void> {
    const { store } = this.#options
    const changed = [...old].filter(([figure, low]) => {
      return fresh.has(figure) && fresh.get(figure) !== low
    })
    if (changed.length === 0) return
    const act = await store.newestCause(nationalLog, since)
    const causes = new Map<string, Placed | null>()
    for (const [figure] of changed) {
      const log = figure.replace('institution/', '')
      const own = figure === 'nation' ? null : await store.newestCause(log, since)
      causes.set(figure, newest([own, act]))
    }
    if (causes.has('nation')) causes.set('nation', newest([...causes.values()]))
    const rows = changed.map(([figure, low]): FigureChangeRow => {
      const cause = causes.get(figure) ?? null
      const place = cause && { log: cause.log, index: cause.index }
      const values = { old: low, new: fresh.get(figure) ?? null }
      return { figure, cycle: cycle.id, ...values, asOf, at, cause: place }
    })
    await store.saveFigureChanges(rows)
  }
}

type Placed = LeafPlace & { readonly position: number }

function newest(places: readonly (Placed | null)[]): Placed | null {
  const known = places.filter((place) => place !== null)
  return known.reduce<Placed | null>((a, b) => (a && a.position > b.position ? a : b), null)
}

function lowsOf({ nation, institutions }: Snapshot): Lows {
  const rows = institutions.map(({ id, continuity }) => [id, continuity.cycle] as const)
  return lows(nation.continuity.cycle[nation.headline], rows)
}

function figuresLows({ nation, institutions }: WindowFigures): Lows {
  const rows = institutions.map(({ id, continuity }) => [id, continuity] as const)
  return lows(nation.continuity[nation.headline], rows)
}

function previousLows({ nation, institutions }: PreviousCycle): Lows {
  const rows = Object.entries(institutions).map(([id, { figure }]) => [id, figure] as const)
  return lows(nation.figure, rows)
}

function lows(nation: Figure, rows: readonly (readonly [string, Figure])[]): Lows {
  const low = ({ low }: Figure) => low?.percent ?? null
  const own = rows.map(([id, figure]) => [`institution/${id}`, low(figure)] as const)
  return new Map([['nation', low(nation)], ...own])
}
