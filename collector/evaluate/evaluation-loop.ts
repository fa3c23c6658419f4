import { type EpochMs, minuteMs } from '../../protocol/time.ts'
import type { ShownChecks, Views } from '../http/views.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import { daysPerSaveMax, type TimelineStore } from '../store/store.ts'
import type { EvaluatorThread } from './thread.ts'

export type LoopOptions = {
  readonly thread: Pick<
    EvaluatorThread,
    'evaluate' | 'checks' | 'kpiPage' | 'environmentStrip' | 'checkStrip' | 'lost' | 'lostSummary'
  >
  readonly store: Pick<TimelineStore, 'saveDays'>
  readonly now: () => EpochMs
  /** Runs an action later; the function it returns cancels that. */
  readonly timer: (delayMs: number, action: () => void) => () => void
  /** Told after each evaluation how long it took. */
  readonly onEvaluated: (durationMs: number) => void
  readonly onError: (error: unknown) => void
}

/** Evidence that comes in a burst is evaluated together after this time. */
const gatherMs = 300
/**
 * From the start of one evaluation to the next passes this many times what it took: in a large
 * nation under steady evidence, evaluating takes a tenth of a core and not all of it. The figures
 * say as of when they are.
 */
const paceFactor = 10
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

  lost(...asked: Parameters<Views['lost']>): ReturnType<Views['lost']> {
    return this.#options.thread.lost(...asked)
  }

  lostSummary(...asked: Parameters<Views['lostSummary']>): ReturnType<Views['lostSummary']> {
    return this.#options.thread.lostSummary(...asked)
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
    const { thread, store, now, onEvaluated, onError } = this.#options
    const startedAt = now()
    try {
      const evaluation = await thread.evaluate(startedAt)
      if (!evaluation) return
      const { snapshot, days, cleared } = evaluation
      this.#snapshot = snapshot
      onEvaluated(now() - startedAt)
      for (let i = 0; i < days.length; i += daysPerSaveMax) {
        await store.saveDays(days.slice(i, i + daysPerSaveMax), [])
      }
      if (cleared.length > 0) await store.saveDays([], cleared)
    } catch (error) {
      onError(error)
    } finally {
      this.#restUntil = startedAt + paceFactor * (now() - startedAt)
    }
  }
}

type StripArguments = Parameters<Views['environmentStrip']>
