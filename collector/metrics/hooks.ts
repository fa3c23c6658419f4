import { Counter, Gauge, type Registry } from 'prom-client'
import { type HookFigures, hookOutcomes } from '../hooks/delivery.ts'

/** Metrics of web hooks. The function it returns shows figures, in the place of earlier ones. */
export function createHookMetrics(registry: Registry): (all: readonly HookFigures[]) => void {
  const registers = [registry]
  const ofHook = (name: string, help: string) =>
    new Gauge({ name: `istimrar_hook_${name}`, help, labelNames: ['hook'], registers })
  const deliveries = new Counter({
    name: 'istimrar_hook_deliveries_total',
    help: 'What became of events for a web hook since the start; failed ones are sent again.',
    labelNames: ['hook', 'outcome'],
    registers,
  })
  const waiting = ofHook('waiting_events', 'Events that a web hook has not taken yet.')
  const oldest = ofHook('oldest_waiting_seconds', 'How long the oldest of them waits; 0: none.')
  return (all) => {
    for (const each of [deliveries, waiting, oldest]) each.reset()
    for (const { hook, outcomes, ...figures } of all) {
      for (const outcome of hookOutcomes) deliveries.inc({ hook, outcome }, outcomes[outcome])
      waiting.set({ hook }, figures.waiting)
      oldest.set({ hook }, figures.oldestWaitingMs / 1000)
    }
  }
}
