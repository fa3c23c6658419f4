import { Worker } from 'node:worker_threads'
import type { EpochMs, Span } from '../../protocol/time.ts'
import type { EnvironmentCheckSums, ShownSpan, ShownState, Views } from '../http/views.ts'
import type { WindowFigures } from '../kpi/cycle-figures.ts'
import type { Model } from '../kpi/readiness/model.ts'
import type { Cycle, Snapshot } from '../kpi/snapshot.ts'
import type { StateSpan } from '../kpi/timeline.ts'
import type { EnvironmentKey } from '../store/store.ts'
import { snapshotOf } from './build-snapshot.ts'
import type { EvaluatedChecks, Evaluation, Evaluator } from './evaluator.ts'
import type { Frozen } from './freeze.ts'
import type { HistoryAnswer } from './history/answer.ts'
import type { Refreshed } from './ledgers.ts'
import type { CycleUse } from './metrics-page.ts'
import { MirroredEvaluation, type SnapshotNews } from './snapshot-news.ts'

export type WorkerSettings = {
  readonly file: string
  readonly engine: string
  readonly simulated: boolean
  /** Computes readiness as a draft while no model is approved; without it there is none then. */
  readonly model?: Model
}

export type Question = {
  readonly id: number
  readonly ask: keyof EvaluatorThread
  readonly args: readonly never[]
}

/** An evaluation as the thread tells it; no news of one that is held back. */
export type EvaluationNews = Refreshed &
  Pick<Evaluation, 'held'> & { readonly news: SnapshotNews | null }

/** An evaluation; the snapshot is null where it is held back. */
export type Told = Refreshed & Pick<Evaluation, 'held'> & { readonly snapshot: Snapshot | null }

/** A window's figures, with what was derived for them. */
export type EvaluatedWindow = Refreshed & { readonly figures: WindowFigures }

export type Answer = { readonly id: number; readonly value?: unknown; readonly error?: Error }

/**
 * Room for the thread's young objects. By default V8 takes 48 MiB, which an evaluation every few
 * seconds never needs; with less, a nation of 30,000 checks takes 70 MiB less and no more time.
 */
const youngMib = 8

/** Where questions are answered, and how that ends. */
export type Answerer = {
  readonly port: {
    on(event: 'message', listener: (answer: Answer) => void): unknown
    postMessage(question: unknown): void
  }
  readonly stop: () => Promise<unknown>
}

/** `onFatal` is called when it ended by itself: nothing can be evaluated any more. */
export type StartAnswerer = (settings: WorkerSettings, onFatal: (error: Error) => void) => Answerer

/** As the system's own tools name it, such as `top -H`; at most 15 characters. */
export const evaluatingThread = 'evaluating'

/** On a thread of its own, so that no evaluation delays an acknowledgement. */
export const startThread: StartAnswerer = (settings, onFatal) => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    name: evaluatingThread,
    workerData: settings,
    resourceLimits: { maxYoungGenerationSizeMb: youngMib },
  })
  worker.on('error', onFatal)
  return { port: worker, stop: () => worker.terminate() }
}

/** The evaluator that answers elsewhere. */
export class EvaluatorThread {
  readonly #answerer: Answerer
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  readonly #mirror = new MirroredEvaluation()
  #lastId = 0

  constructor(answerer: Answerer) {
    this.#answerer = answerer
    answerer.port.on('message', (answer: Answer) => this.#settle(answer))
  }

  /** With `accept`, also a snapshot that jumped takes the place of the last one. */
  async evaluate(now: EpochMs, accept: boolean): Promise<Told | null> {
    const evaluation = await this.#ask<EvaluationNews | null>('evaluate', now, accept)
    if (!evaluation) return null
    const { days, cleared, held, news } = evaluation
    return { days, cleared, held, snapshot: news && snapshotOf(this.#mirror.take(news)) }
  }

  /** The figures of any window; null while no register has been applied. */
  window(now: EpochMs, window: Span, withReadiness: boolean): Promise<EvaluatedWindow | null> {
    return this.#ask('window', now, window, withReadiness)
  }

  /** What freezing a cycle now would store. */
  freeze(now: EpochMs, cycle: Cycle, revision: number): Promise<Frozen> {
    return this.#ask('freeze', now, cycle, revision)
  }

  /** Null before the first evaluation. */
  checks(institution: string, environment?: string): Promise<EvaluatedChecks | null> {
    return this.#ask('checks', institution, environment)
  }

  /** None before the first evaluation. */
  checkSums(...place: Parameters<Evaluator['checkSums']>): Promise<EnvironmentCheckSums[]> {
    return this.#ask('checkSums', ...place)
  }

  /** The KPI part of `/metrics`, in pieces of UTF-8. */
  kpiPage(): Promise<Uint8Array[]> {
    return this.#ask('kpiPage')
  }

  /** The body that answers the body of a remote-read request, or why there is none. */
  history(now: EpochMs, body: Uint8Array): Promise<HistoryAnswer> {
    return this.#ask('history', now, body)
  }

  /** How much of its error budget each environment has used; none before the first evaluation. */
  cycleUse(): Promise<CycleUse> {
    return this.#ask('cycleUse')
  }

  environmentStrip(key: EnvironmentKey, window: Span): Promise<ShownSpan[]> {
    return this.#ask('environmentStrip', key, window)
  }

  checkStrip(key: EnvironmentKey, check: string, window: Span): Promise<StateSpan<ShownState>[]> {
    return this.#ask('checkStrip', key, check, window)
  }

  lost(...asked: Parameters<Views['lost']>): ReturnType<Views['lost']> {
    return this.#ask('lost', ...asked)
  }

  lostSummary(...asked: Parameters<Views['lostSummary']>): ReturnType<Views['lostSummary']> {
    return this.#ask('lostSummary', ...asked)
  }

  /** Null for an institution that the last evaluation does not know, and without a model. */
  readiness(institution: string): ReturnType<Views['readiness']> {
    return this.#ask('readiness', institution)
  }

  /** Null where nothing was registered of it. */
  migration(institution: string | null): ReturnType<Views['migration']> {
    return this.#ask('migration', institution)
  }

  /** Readiness under another model, live or as of the end of a cycle. */
  whatIf(now: EpochMs, model: Model, cycle: Cycle | null): ReturnType<Views['whatIf']> {
    return this.#ask('whatIf', now, model, cycle)
  }

  async close(): Promise<void> {
    await this.#ask('close')
    await this.#answerer.stop()
  }

  #ask<T>(ask: Question['ask'], ...args: unknown[]): Promise<T> {
    const id = ++this.#lastId
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.set(id, waiting)
    this.#answerer.port.postMessage({ id, ask, args })
    // The worker answers each question with the type that belongs to it.
    return waiting.promise as Promise<T>
  }

  #settle({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) waiting?.reject(error)
    else waiting?.resolve(value)
  }
}
