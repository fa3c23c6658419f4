import { Gauge, Registry } from 'prom-client'
import type { ErrorCode } from './error.ts'
import type { RefusalCode } from './http/errors.ts'
import type { Snapshot } from './kpi/snapshot.ts'
import { continuityFamilies } from './metrics/continuity.ts'
import { hostFamilies } from './metrics/hosts.ts'
import { createOwnMetrics, type streamTypes } from './metrics/own.ts'
import { registerFamilies } from './metrics/register.ts'

/** What became of an agent's message. */
export type MessageResult = 'stored' | 'duplicate' | ErrorCode

/** A request as it was answered; `route` is the pattern it matched, never the address asked for. */
export type AnsweredRequest = {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly durationMs: number
}

/** What a collector tells Prometheus of its KPIs and of itself. One per collector, no globals. */
export type Metrics = {
  readonly contentType: string
  /** The whole page. */
  page(): Promise<string>
  /** Shows these figures from now on. Cheap: the page is rendered when it is asked for. */
  publish(snapshot: Snapshot): void
  countMessage(type: (typeof streamTypes)[number], result: MessageResult): void
  countRefusal(code: RefusalCode): void
  /** The collector's own clock was set. */
  countClockStep(): void
  /** One group of messages was committed. */
  observeCommit(messages: number, durationMs: number): void
  observeEvaluation(durationMs: number): void
  observeRequest(request: AnsweredRequest): void
}

/** Every KPI gauge, in the order of the page. */
const kpiFamilies = [...continuityFamilies, ...registerFamilies, ...hostFamilies]

/** Metrics of a collector of this version. KPIs appear with the first snapshot. */
export function createMetrics({ version }: { readonly version: string }): Metrics {
  const registry = new Registry()
  new Gauge({
    name: 'istimrar_build_info',
    help: 'The version of the collector; always 1.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1)
  const own = createOwnMetrics(registry)
  let unrendered: Snapshot | null = null
  let kpis = ''
  return {
    contentType: registry.contentType,
    page: async () => {
      if (unrendered) kpis = kpiPage(unrendered)
      unrendered = null
      return (await registry.metrics()) + kpis
    },
    publish: (snapshot) => {
      unrendered = snapshot
    },
    countMessage: (type, result) => own.messages.inc({ type, result }),
    countRefusal: (code) => own.refusals.inc({ code }),
    countClockStep: () => own.clockSteps.inc(),
    observeCommit: (messages, durationMs) => {
      own.commitMessages.observe(messages)
      own.commitSeconds.observe(durationMs / 1000)
    },
    observeEvaluation: (durationMs) => own.evaluationSeconds.observe(durationMs / 1000),
    observeRequest: ({ method, route, status, durationMs }) =>
      own.requestSeconds.observe({ method, route, status }, durationMs / 1000),
  }
}

/**
 * The KPI part of the page. Written here and not through prom-client, which needs three times as
 * long for the 24,000 series of a wide nation, and this is the thread that answers agents.
 */
export function kpiPage(snapshot: Snapshot): string {
  let page = ''
  for (const { name, labels, help, samples } of kpiFamilies) {
    page += `\n# HELP ${name} ${help}\n# TYPE ${name} gauge\n`
    for (const sample of samples(snapshot)) {
      const pairs = labels.map((label, index) => `${label}="${escapeLabel(String(sample[index]))}"`)
      page += `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${sample.at(-1)}\n`
    }
  }
  return page
}

/** Escapes as the text format asks for, so that no name can end its label or its line. */
function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}
