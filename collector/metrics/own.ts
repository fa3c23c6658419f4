import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client'
import type { messageTypes } from '../../protocol/jws.ts'
import { refusalCodes } from '../http/errors.ts'

/** The messages of an agent's stream. */
export const streamTypes = [
  'batch',
  'gap',
  'rotation',
  'heartbeat',
] as const satisfies (keyof typeof messageTypes)[]

/** The collector's metrics of itself. */
export function createOwnMetrics(registry: Registry) {
  const registers = [registry]
  const messages = new Counter({
    name: 'istimrar_collector_messages_total',
    help: 'Messages of agents by type and by what became of them.',
    labelNames: ['type', 'result'],
    registers,
  })
  // Counted from 0, so that the first one is an increase.
  for (const type of streamTypes) {
    for (const result of ['stored', 'duplicate']) messages.inc({ type, result }, 0)
  }
  const refusals = new Counter({
    name: 'istimrar_collector_refusals_total',
    help: 'Requests that were refused, by why.',
    labelNames: ['code'],
    registers,
  })
  for (const code of refusalCodes) refusals.inc({ code }, 0)
  const clockSteps = new Counter({
    name: 'istimrar_collector_clock_steps_total',
    help: 'Times the clock of the collector was set by more than a second while it ran.',
    registers,
  })
  const commitMessages = new Histogram({
    name: 'istimrar_collector_commit_messages',
    help: 'Messages written in one transaction.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers,
  })
  const commitSeconds = new Histogram({
    name: 'istimrar_collector_commit_duration_seconds',
    help: 'Time to write one transaction to disk.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  })
  const evaluationSeconds = new Histogram({
    name: 'istimrar_collector_evaluation_duration_seconds',
    help: 'Time to compute the figures anew.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const requestSeconds = new Histogram({
    name: 'istimrar_collector_request_duration_seconds',
    help: 'Time to answer a request, by the pattern of its address.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  })
  const held = new Gauge({
    name: 'istimrar_publish_held',
    help: '1 while newer figures are held back until a person confirms them.',
    registers,
  })
  collectNodeMetrics(registry)
  return {
    messages,
    refusals,
    clockSteps,
    commitMessages,
    commitSeconds,
    evaluationSeconds,
    requestSeconds,
    held,
  }
}

/** Memory, CPU time and event loop of the process. */
function collectNodeMetrics(register: Registry): void {
  const prefix = 'istimrar_collector_'
  collectDefaultMetrics({ register, prefix })
  // Gauges that the library still names like counters, which promtool refuses.
  for (const what of ['handles', 'requests', 'resources']) {
    register.removeSingleMetric(`${prefix}nodejs_active_${what}_total`)
  }
}
