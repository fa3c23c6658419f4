import { Gauge, Registry } from 'prom-client'
import type { ErrorCode } from './error.ts'
import type { HookFigures } from './hooks/delivery.ts'
import type { RefusalCode } from './http/errors.ts'
import { createHookMetrics } from './metrics/hooks.ts'
import { createOwnMetrics, type streamTypes } from './metrics/own.ts'
import { createStoreMetrics, type StoreFigures } from './metrics/store.ts'

/** What became of an agent's message. */
export type MessageResult = 'stored' | 'duplicate' | ErrorCode

/** A request as it was answered; `route` is the pattern it matched, never the address asked for. */
export type AnsweredRequest = {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly durationMs: number
}

/** What a collector tells Prometheus of itself. One per collector, no globals. */
export type Metrics = {
  readonly contentType: string
  /** Its part of the page; the KPIs follow it. */
  page(): Promise<string>
  /** Shows how the store stands, read anew for each page. */
  watchStore(read: () => Promise<StoreFigures>): void
  /** Shows how each web hook stands, read anew for each page. */
  watchHooks(read: () => readonly HookFigures[]): void
  countMessage(type: (typeof streamTypes)[number], result: MessageResult): void
  countRefusal(code: RefusalCode): void
  /** The collector's own clock was set. */
  countClockStep(): void
  /** One group of messages was committed. */
  observeCommit(messages: number, durationMs: number): void
  /** Figures were computed; whether they are held back. */
  observeEvaluation(durationMs: number, isHeld: boolean): void
  observeRequest(request: AnsweredRequest): void
}

/** Metrics of a collector of this version. */
export function createMetrics({ version }: { readonly version: string }): Metrics {
  const registry = new Registry()
  new Gauge({
    name: 'istimrar_build_info',
    help: 'The version of the collector; always 1.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1)
  const own = createOwnMetrics(registry)
  const showStore = createStoreMetrics(registry)
  const showHooks = createHookMetrics(registry)
  let readStore: (() => Promise<StoreFigures>) | null = null
  let readHooks: () => readonly HookFigures[] = () => []
  return {
    contentType: registry.contentType,
    page: async () => {
      if (readStore) showStore(await readStore())
      showHooks(readHooks())
      return registry.metrics()
    },
    watchStore: (read) => {
      readStore = read
    },
    watchHooks: (read) => {
      readHooks = read
    },
    countMessage: (type, result) => own.messages.inc({ type, result }),
    countRefusal: (code) => own.refusals.inc({ code }),
    countClockStep: () => own.clockSteps.inc(),
    observeCommit: (messages, durationMs) => {
      own.commitMessages.observe(messages)
      own.commitSeconds.observe(durationMs / 1000)
    },
    observeEvaluation: (durationMs, isHeld) => {
      own.evaluationSeconds.observe(durationMs / 1000)
      own.held.set(isHeld ? 1 : 0)
    },
    observeRequest: ({ method, route, status, durationMs }) =>
      own.requestSeconds.observe({ method, route, status }, durationMs / 1000),
  }
}
