import type { Batch, CheckDefinition, Run } from '../../protocol/batch.ts'
import { definitionsHash } from '../../protocol/definitions.ts'
import { minuteMs } from '../../protocol/time.ts'

const definitions: CheckDefinition[] = [{ check: 'web', kind: 'http', intervalMs: minuteMs }]

/** A batch about the one check `web` that says only what these runs say. */
export function quietBatch(
  boot: string,
  sealed: { wall: number; boot: number },
  runs: Run[],
): Batch {
  return {
    ...{ v: 1, agent: 'a-1', epoch: 1, seq: 1, prev: '', boot, sealed, runs },
    window: { from: 0, to: sealed.boot },
    steady: { checks: definitionsHash(definitions), through: [null], counts: [0] },
    ...{ facts: [], pauses: [], checks: definitions },
  }
}
