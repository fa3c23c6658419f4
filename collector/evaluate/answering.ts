import { setImmediate } from 'node:timers/promises'
import type { MessagePort } from 'node:worker_threads'
import type { EpochMs, Span } from '../../protocol/time.ts'
import type { Views, WhatIf } from '../http/views.ts'
import { Turns } from '../ingest/turns.ts'
import { windowFigures } from '../kpi/cycle-figures.ts'
import type { Model } from '../kpi/readiness/model.ts'
import type { Cycle } from '../kpi/snapshot.ts'
import { StoreFailure } from '../store/failure.ts'
import { type Reader, sqliteReader, sqliteSnapshot } from '../store/sqlite/sqlite.ts'
import type { Evaluated } from './build-snapshot.ts'
import { Evaluator, type EvaluatorOptions } from './evaluator.ts'
import { type Frozen, freezeCycle } from './freeze.ts'
import { answerHistory, type HistoryAnswer } from './history/answer.ts'
import { lostSummary, lostTime } from './lost.ts'
import { MetricsPage } from './metrics-page.ts'
import { areFactsKept } from './readiness/facts-kept.ts'
import { newsOf } from './snapshot-news.ts'
import type { Answer, EvaluatedWindow, EvaluationNews, Question, WorkerSettings } from './thread.ts'

export type Listeners = {
  readonly onDamage: (error: StoreFailure) => void
  readonly onPause?: () => void
}

/**
 * Answers the questions that come through a port one at a time, in order, on a read-only
 * connection. `onDamage` is told of damaged data, after which nothing can be evaluated any more;
 * `onPause` when it may collect garbage: between two environments, and after each answer.
 */
export function answerQuestions(
  port: MessagePort,
  settings: WorkerSettings,
  { onDamage, onPause = () => {} }: Listeners,
): void {
  const answering = new Answering(settings, onPause)
  let last: Promise<unknown> = Promise.resolve()
  const histories = new Turns()
  port.on('message', ({ id, ask, args }: Question) => {
    if (ask === 'history') {
      // Beside all others: it takes seconds, and lets them have their turn.
      void histories
        .take(() => answering.history(...(args as unknown as [EpochMs, Uint8Array])))
        .then((value) => port.postMessage({ id, value } satisfies Answer, transferred(value)))
        .catch((error: Error) => fail(id, error))
      return
    }
    last = last
      .then(() => answering.run(ask, args))
      .then((value) => {
        // Handed over and not copied: in a large nation it is as large as all else together.
        const moved = ask === 'kpiPage' ? (value as Awaited<ReturnType<MetricsPage['render']>>) : []
        port.postMessage(
          { id, value } satisfies Answer,
          moved.map(({ buffer }) => buffer),
        )
        onPause()
      })
      .catch((error: Error) => fail(id, error))
  })
  const fail = (id: number, error: Error) => {
    if (error instanceof StoreFailure && error.lasting) onDamage(error)
    else port.postMessage({ id, error } satisfies Answer)
  }
}

function transferred(answer: HistoryAnswer): ArrayBuffer[] {
  return 'body' in answer ? [answer.body.buffer] : []
}

class Answering {
  readonly #settings: WorkerSettings
  readonly #reader: ReturnType<typeof sqliteReader>
  readonly #options: EvaluatorOptions
  readonly #evaluator: Evaluator
  readonly #page: MetricsPage
  /** What the asking side was told last. */
  #told: Evaluated | null = null

  constructor(settings: WorkerSettings, onPause: () => void) {
    const { file, engine, simulated, model } = settings
    this.#settings = settings
    const reader = sqliteReader(file)
    const checks: typeof reader.checks = (key) => {
      onPause()
      return reader.checks(key)
    }
    this.#reader = { ...reader, checks }
    this.#options = {
      ...{ reader: this.#reader, engine, simulated },
      ...(model && { defaultModel: model }),
    }
    this.#evaluator = new Evaluator(this.#options)
    this.#page = new MetricsPage(this.#reader)
  }

  run(ask: Exclude<Question['ask'], 'history'>, args: readonly never[]): unknown {
    switch (ask) {
      case 'evaluate':
        return this.#evaluate(...(args as unknown as [EpochMs, boolean]))
      case 'window':
        return this.#window(...(args as unknown as [EpochMs, Span, boolean]))
      case 'freeze':
        return this.#freeze(...(args as unknown as [EpochMs, Cycle, number]))
      case 'checks':
        return this.#evaluator.checks(...(args as unknown as Parameters<Evaluator['checks']>))
      case 'kpiPage':
        return this.#page.render(this.#evaluator.pageBasis)
      case 'cycleUse':
        return this.#page.cycleUse(this.#evaluator.pageBasis)
      case 'checkSums':
        return this.#evaluator.checkSums(...(args as unknown as Parameters<Evaluator['checkSums']>))
      case 'environmentStrip':
        return this.#evaluator.environmentStrip(
          ...(args as unknown as Parameters<Evaluator['environmentStrip']>),
        )
      case 'checkStrip':
        return this.#evaluator.checkStrip(
          ...(args as unknown as Parameters<Evaluator['checkStrip']>),
        )
      case 'lost':
        return this.#lost(...(args as unknown as Parameters<Views['lost']>))
      case 'lostSummary':
        return this.#summary(...(args as unknown as Parameters<Views['lostSummary']>))
      case 'readiness':
        return this.#evaluator.readiness.detail(...(args as unknown as [string]))
      case 'migration':
        return this.#evaluator.migration.detail(...(args as unknown as [string | null]))
      case 'whatIf':
        return this.#whatIf(...(args as unknown as [EpochMs, Model, Cycle | null]))
      case 'close':
        return this.#reader.close()
    }
  }

  history(now: EpochMs, body: Uint8Array): Promise<HistoryAnswer> {
    const basis = this.#evaluator.historyBasis(now)
    return answerHistory(body, { basis, reader: this.#reader, pause: () => setImmediate() })
  }

  async #evaluate(now: EpochMs, accept: boolean): Promise<EvaluationNews | null> {
    const evaluation = await this.#evaluator.evaluate(now, null, accept)
    if (!evaluation) return null
    const { days, cleared, held } = evaluation
    if (held.length > 0) return { days, cleared, held, news: null }
    const evaluated = this.#evaluator.evaluated!
    const news = newsOf(evaluated, this.#told)
    this.#told = evaluated
    return { days, cleared, held, news }
  }

  async #window(now: EpochMs, span: Span, withReadiness: boolean): Promise<EvaluatedWindow | null> {
    const isKept = withReadiness && areFactsKept(span.to, now)
    const evaluation = await this.#evaluator.evaluate(now, span, false, isKept)
    if (!evaluation) return null
    const { days, cleared, snapshot } = evaluation
    return { days, cleared, figures: windowFigures(snapshot) }
  }

  async #freeze(now: EpochMs, cycle: Cycle, revision: number): Promise<Frozen> {
    return this.#onStill((options) => freezeCycle({ ...options, cycle, revision, now }))
  }

  /** Works on one moment of the store. */
  async #onStill<T>(work: (options: EvaluatorOptions & { readonly reader: Reader }) => Promise<T>) {
    const still = sqliteSnapshot(this.#settings.file)
    try {
      return await work({ ...this.#options, reader: still })
    } finally {
      await still.close()
    }
  }

  async #lost(...[institution, environment, asked]: Parameters<Views['lost']>) {
    const basis = this.#evaluator.lostBasis
    return basis && lostTime(basis, this.#reader, { institution, environment }, asked)
  }

  async #whatIf(now: EpochMs, model: Model, cycle: Cycle | null): Promise<WhatIf | null> {
    if (!cycle) return this.#evaluator.readiness.whatIf(model)
    // What reads one moment of the store leaves what is shown alone.
    return this.#onStill(async (options) => {
      const evaluation = await new Evaluator(options).evaluate(now, cycle, false, true)
      return evaluation?.readiness?.whatIf(model) ?? null
    })
  }

  #summary(...asked: Parameters<Views['lostSummary']>) {
    const basis = this.#evaluator.lostBasis
    return basis && lostSummary(basis, ...asked)
  }
}
