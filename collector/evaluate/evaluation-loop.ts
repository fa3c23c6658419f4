import { type EpochMs, minuteMs, type Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { ShownChecks, Views } from '../http/views.ts'
import type { WindowFigures } from '../kpi/cycle-figures.ts'
import type { Cycle, PreviousCycle, Snapshot } from '../kpi/snapshot.ts'
import { daysPerSaveMax, type TimelineStore } from '../store/store.ts'
import { CycleWatch, type CycleWatchOptions } from './cycle-watch.ts'
import type { Frozen } from './freeze.ts'
import type { Refreshed } from './ledgers.ts'
import { areFactsKept } from './readiness/facts-kept.ts'
import type { EvaluatorThread, Told } from './thread.ts'

export type LoopOptions = {
  readonly thread: Pick<
    EvaluatorThread,
    | 'evaluate'
    | 'window'
    | 'freeze'
    | 'checks'
    | 'checkSums'
    | 'kpiPage'
    | 'environmentStrip'
    | 'checkStrip'
    | 'lost'
    | 'lostSummary'
    | 'readiness'
    | 'migration'
    | 'whatIf'
  >
  readonly store: Pick<TimelineStore, 'saveDays'>
  readonly now: () => EpochMs
  /** Runs an action later; the function it returns cancels that. */
  readonly timer: (delayMs: number, action: () => void) => () => void
  /** Told after each evaluation how long it took, and whether it is held back. */
  readonly onEvaluated: (durationMs: number, isHeld: boolean) => void
  readonly onError: (error: unknown) => void
}

/** Evidence that comes in a burst is evaluated together after this time. */
const gatherMs = 300
/**
 * From the start of one evaluation to the next passes this many times what it took: in a large
 * nation under steady evidence, evaluating takes a fortieth of a core and not all of it. With 5,000
 * agents that is about a minute, and figures end on whole minutes.
 */
const paceFactor = 40
/** Figures are never left older than this, whatever the clock says that the last one took. */
const pauseMsMax = 5 * minuteMs

/**
 * Keeps the newest snapshot: evaluates when asked, never twice at once, and saves what it derived.
 */
export class EvaluationLoop implements Views {
  readonly #options: LoopOptions
  #snapshot: Snapshot | null = null
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null
  #cancel: (() => void) | null = null
  #isAsked = false
  #isStopped = false
  #restUntil: EpochMs = 0
  #accept = false
  /** The first day that was derived again and that nobody followed yet. */
  #late: EpochMs = Number.POSITIVE_INFINITY
  #watch: CycleWatch | null = null

  constructor(options: LoopOptions) {
    this.#options = options
  }

  snapshot(): Snapshot | null {
    return this.#snapshot
  }

  /** The thread answers in order: what it knows is of the snapshot that it answered last. */
  async checks(...place: Parameters<Views['checks']>): Promise<ShownChecks> {
    const evaluated = await this.#options.thread.checks(...place)
    const snapshot = this.#snapshot
    if (!snapshot || evaluated?.computedAt !== snapshot.computedAt) {
      throw new Error('The evaluating thread knows no checks of the snapshot shown.')
    }
    return { snapshot, checks: evaluated.checks }
  }

  checkSums(...[institution, environment, window]: Parameters<Views['checkSums']>) {
    return this.#options.thread.checkSums(window, institution, environment ?? undefined)
  }

  /** The KPI part of `/metrics`, in pieces of UTF-8; none before the first snapshot. */
  kpiPage(): Promise<readonly Uint8Array[]> {
    return this.#options.thread.kpiPage()
  }

  async environmentStrip(...[institution, environment, window]: StripArguments) {
    return this.#options.thread.environmentStrip({ institution, environment }, window)
  }

  async checkStrip(...[institution, environment, check, window]: Parameters<Views['checkStrip']>) {
    return this.#options.thread.checkStrip({ institution, environment }, check, window)
  }

  /** The figures of any window by all that is known now; null without a register. */
  async window(window: Span, withReadiness = false): Promise<WindowFigures | null> {
    const now = this.#options.now()
    const evaluated = await this.#options.thread.window(now, window, withReadiness)
    if (!evaluated) return null
    await this.#save(evaluated)
    return evaluated.figures
  }

  /** What freezing a cycle at an instant would store. Throws AppError. */
  freeze(now: EpochMs, cycle: Cycle, revision: number): Promise<Frozen> {
    return this.#options.thread.freeze(now, cycle, revision)
  }

  /** Keeps the cycle before the running one beside it, and notes published figures that change. */
  follow(store: CycleWatchOptions['store']): void {
    this.#watch = new CycleWatch({ store, window: (window) => this.window(window) })
  }

  /** Publishes the newest figures, whatever jumped in them. */
  confirm(): Promise<void> {
    this.#accept = true
    return this.evaluate()
  }

  lost(...asked: Parameters<Views['lost']>): ReturnType<Views['lost']> {
    return this.#options.thread.lost(...asked)
  }

  lostSummary(...asked: Parameters<Views['lostSummary']>): ReturnType<Views['lostSummary']> {
    return this.#options.thread.lostSummary(...asked)
  }

  readiness(institution: string): ReturnType<Views['readiness']> {
    return this.#options.thread.readiness(institution)
  }

  migration(institution: string | null): ReturnType<Views['migration']> {
    return this.#options.thread.migration(institution)
  }

  async whatIf(...[model, cycle]: Parameters<Views['whatIf']>): ReturnType<Views['whatIf']> {
    const now = this.#options.now()
    if (cycle && !areFactsKept(cycle.to, now)) {
      const message = 'The facts of that cycle are no longer kept: its readiness stands as it is.'
      throw new AppError('conflict', message, { detail: { rule: 'facts_dropped' } })
    }
    return this.#options.thread.whatIf(now, model, cycle)
  }

  /** Asks for an evaluation when it is time for one; many requests become one. */
  request(): void {
    this.#isAsked = true
    if (this.#cancel || this.#running || this.#isStopped) return
    const { timer, now } = this.#options
    const restMs = Math.min(this.#restUntil - now(), pauseMsMax)
    this.#cancel = timer(Math.max(gatherMs, restMs), () => void this.evaluate())
  }

  /** Evaluates now; while one runs, again after it, because that one may miss the newest. */
  evaluate(): Promise<void> {
    if (!this.#running) return this.#start()
    this.#next ??= this.#running.then(() => {
      this.#next = null
      return this.#start()
    })
    return this.#next
  }

  /** Ends what `request` asked for, and waits until no evaluation runs. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    while (this.#running) await (this.#next ?? this.#running)
  }

  #start(): Promise<void> {
    this.#cancel?.()
    this.#cancel = null
    this.#isAsked = false
    this.#running = this.#run().finally(() => {
      this.#running = null
      if (this.#isAsked) this.request()
    })
    return this.#running
  }

  async #run(): Promise<void> {
    const { thread, now, onEvaluated, onError } = this.#options
    const startedAt = now()
    const accept = this.#accept
    this.#accept = false
    try {
      const position = this.#watch ? await this.#watch.position() : 0
      const evaluation = await thread.evaluate(startedAt, accept)
      if (!evaluation) return
      const before = this.#snapshot
      const { snapshot } = evaluation
      this.#publish(evaluation, startedAt)
      onEvaluated(now() - startedAt, snapshot === null)
      await this.#save(evaluation)
      if (!snapshot || !this.#watch) return
      const late = this.#late
      this.#late = Number.POSITIVE_INFINITY
      const previous = await this.#watch.follow(before, snapshot, late, position)
      this.#snapshot = beside(snapshot, previous)
    } catch (error) {
      onError(error)
    } finally {
      this.#restUntil = startedAt + paceFactor * (now() - startedAt)
    }
  }

  /** Shows what was evaluated; what jumped is only announced beside what stays published. */
  #publish({ snapshot, held: jumps }: Told, at: EpochMs): void {
    const before = this.#snapshot
    if (snapshot) this.#snapshot = beside(snapshot, before?.previous ?? null)
    else if (before)
      this.#snapshot = { ...before, held: { since: before.held?.since ?? at, jumps } }
  }

  async #save({ days, cleared }: Refreshed): Promise<void> {
    const { store } = this.#options
    for (let i = 0; i < days.length; i += daysPerSaveMax) {
      await store.saveDays(days.slice(i, i + daysPerSaveMax), [])
    }
    this.#late = cleared.reduce((late, { day }) => Math.min(late, day), this.#late)
    if (cleared.length > 0) await store.saveDays([], cleared)
  }
}

/** A snapshot with the cycle before the running one. */
function beside(snapshot: Snapshot, previous: PreviousCycle | null): Snapshot {
  return previous ? { ...snapshot, previous } : snapshot
}

type StripArguments = Parameters<Views['environmentStrip']>
