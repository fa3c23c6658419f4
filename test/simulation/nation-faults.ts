import type { Fault } from './faults.ts'
import type { Nation, Outage } from './nation.ts'
import { agentsOf } from './nation-agents.ts'
import { outagesAt } from './nation-truth.ts'

/**
 * What goes wrong in a nation by itself, as faults of a world whose hosts are its agents in order.
 * A service that fails is no fault of the world: it is what the agents are there to see.
 */
export function faultsOf(nation: Nation): Fault[] {
  const { from: start } = nation.window
  const centre = nation.outages.filter(({ cause }) => cause === 'centre')
  return [
    ...centre.map(({ from, to }): Fault => {
      return { kind: 'centre', at: from - start, forMs: to - from, points: 0 }
    }),
    ...agentsOf(nation).flatMap((agent, host) =>
      outagesAt(nation, agent).flatMap((outage) => hostFaults(outage, start, host)),
    ),
  ]
}

function hostFaults({ cause, from, to, wallErrorMs }: Outage, start: number, host: number) {
  const when = { at: from - start, forMs: to - from, host }
  const faults: Fault[] = []
  if (cause === 'power' || cause === 'host')
    faults.push({ kind: 'reboot', ...when, wallErrorMs: 0 })
  if (cause === 'agent') faults.push({ kind: 'crash', ...when, spool: { fate: 'kept' } })
  if (cause === 'network') faults.push({ kind: 'refused', ...when })
  if (cause === 'clock') {
    faults.push({ kind: 'wall', ...when, byMs: wallErrorMs })
    faults.push({ kind: 'wall', at: to - start, forMs: 0, host, byMs: -wallErrorMs })
  }
  return faults
}
