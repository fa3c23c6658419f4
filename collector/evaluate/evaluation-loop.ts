import type { EpochMs } from '../../protocol/time.ts'
import type { Views } from '../http/views.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import { daysPerSaveMax, type TimelineStore } from '../store/store.ts'
import type { EvaluatorThread } from './thread.ts'

export type LoopOptions = {
  readonly thread: EvaluatorThread
  readonly store: Pick<TimelineStore, 'saveDays'>
  readonly now: () => EpochMs
  readonly publish: (snapshot: Snapshot, durationMs: number) => void
  readonly onError: (error: unknown) => void
}

/**
 * Keeps the newest snapshot: evaluates when asked, never twice at once, and saves what it derived.
 */
export class EvaluationLoop implements Views {
  readonly #options: LoopOptions
  #snapshot: Snapshot | null = null
  #running: Promise<void> | null = null
  #again = false

  constructor(options: LoopOptions) {
    this.#options = options
  }

  snapshot(): Snapshot | null {
    return this.#snapshot
  }

  async environmentStrip(...[institution, environment, window]: StripArguments) {
    return this.#options.thread.environmentStrip({ institution, environment }, window)
  }

  async checkStrip(...[institution, environment, check, window]: Parameters<Views['checkStrip']>) {
    return this.#options.thread.checkStrip({ institution, environment }, check, window)
  }

  /** Asks for an evaluation; several requests while one runs become one more. */
  request(): Promise<void> {
    if (this.#running) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#run().finally(() => {
      this.#running = null
      if (this.#again) {
        this.#again = false
        void this.request()
      }
    })
    return this.#running
  }

  /** Waits until no evaluation runs. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    const { thread, store, now, publish, onError } = this.#options
    try {
      const startedAt = now()
      const evaluation = await thread.evaluate(startedAt)
      if (!evaluation) return
      const { snapshot, days, cleared } = evaluation
      this.#snapshot = snapshot
      publish(snapshot, now() - startedAt)
      for (let i = 0; i < days.length; i += daysPerSaveMax) {
        await store.saveDays(days.slice(i, i + daysPerSaveMax), [])
      }
      if (cleared.length > 0) await store.saveDays([], cleared)
    } catch (error) {
      onError(error)
    }
  }
}

type StripArguments = Parameters<Views['environmentStrip']>
