import { join } from 'node:path'
import { CollectorProcess } from '../faults/collector-process.ts'
import { httpExchange } from '../faults/exchange.ts'
import { Fleet } from '../faults/fleet.ts'
import type { Delivered, Exchange, SimulatedAgent } from '../simulation/simulated-agent.ts'
import { until } from './processes.ts'

/** Delivers the oldest message; a busy machine may turn it away a few times. */
export async function delivered(agent: SimulatedAgent, exchange: Exchange): Promise<Delivered> {
  const isTaken = (outcome: Delivered) => outcome === 'acked' || outcome === 'duplicate'
  return until(() => agent.deliver(exchange), isTaken, 120_000)
}

/**
 * Leaves the data directory of a real collector that an agent delivered so many batches to, and
 * that was killed: part of it is only in the WAL.
 */
export async function leaveUsedData(folder: string, batches: number): Promise<string> {
  await using collector = await CollectorProcess.prepare(folder, { institutions: 1 })
  using http = httpExchange(() => collector.url)
  const fleet = new Fleet({ size: 1, random: () => 0.5, exchange: http.exchange })
  const [agent] = fleet.agents
  // The first end is a clean one: what it wrote is in the database itself.
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await collector.start()
    if (!agent!.agent) await fleet.enrol(await collector.tokens(1))
    for (let i = 0; i < batches; i++) {
      agent!.seal(agent!.sealedAt + 1_000)
      await delivered(agent!, http.exchange)
    }
    await collector.end(signal)
  }
  return join(folder, 'data')
}
