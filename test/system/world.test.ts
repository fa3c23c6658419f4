import { expect, test } from 'vitest'
import { type Fault, type Scenario, withSleep } from '../simulation/faults.ts'
import { runWorld } from '../simulation/world.ts'

/** Calm, and one fault at a time; what is drawn by chance is in `test/system/simulation.test.ts`. */
const calm: Scenario = { seed: 1, hosts: 2, lastsMs: 20 * 60_000, outageFactor: 0, faults: [] }
const at = 5 * 60_000
const forMs = 5 * 60_000

/** A short run in which only this goes wrong. */
function withFaults(...faults: Fault[]): Scenario {
  return { ...calm, faults }
}

test('a calm world: everything is delivered, nothing is lost', async () => {
  const { violations, counts } = await runWorld(calm)
  expect(violations).toEqual([])
  expect(counts.stored).toBe(counts.issued)
  expect(counts).toMatchObject({ lost: 0, gaps: 0, 'class B': 0 })
})

const network = {
  kind: 'network',
  host: null,
  loss: 0,
  replyLoss: 0,
  twice: 0,
  late: 0,
  delayMs: 0,
}

/** What a fault must leave behind, so that no fault is one in name only. */
test.each<[string, Fault, string | RegExp]>([
  ['messages lost', { ...network, loss: 0.5, at, forMs } as Fault, 'ETIMEDOUT'],
  ['answers lost', { ...network, replyLoss: 0.5, at, forMs } as Fault, 'ETIMEDOUT'],
  ['messages twice', { ...network, twice: 1, at, forMs } as Fault, '200 again'],
  ['old messages late', { ...network, late: 1, at, forMs } as Fault, '200 again'],
  ['refused', { kind: 'refused', host: null, at, forMs }, 'ECONNREFUSED'],
  ['a crash', { kind: 'crash', host: 0, at, forMs, spool: { fate: 'kept' } }, 'host 0 2'],
  ['a lost spool', { kind: 'crash', host: 0, at, forMs, spool: { fate: 'lost' } }, 'a new epoch'],
  ['a stop', { kind: 'stop', host: 0, at, forMs }, 'host 0 2'],
  ['a reboot', { kind: 'reboot', host: 0, at, forMs, wallErrorMs: 90_000 }, 'host 0 2'],
  ['a suspend', { kind: 'suspend', host: 0, at, forMs }, 'was suspended'],
  ['a full disk', { kind: 'disk', host: 0, at, forMs }, 'disk is full'],
  ['broken probes', { kind: 'probes', host: 0, at, forMs }, 'could not be made'],
  ['the centre lost', { kind: 'centre', at, forMs, points: 0 }, 'the collector starts'],
  [
    'the centre lost in a commit',
    { kind: 'centre', at, forMs, points: 2 },
    /batches \w+ cut|ETIMEDOUT/,
  ],
])('every rule holds after: %s', async (_name, fault, mark) => {
  const { violations, events } = await runWorld(withFaults(fault))
  expect(violations).toEqual([])
  expect(events.join('\n')).toMatch(mark)
})

test.each<[string, Fault[]]>([
  ['calm', []],
  ['the centre lost in a commit', [{ kind: 'centre', at, forMs, points: 2 }]],
  ['a witness begins anew', [{ kind: 'reboot', host: 3, at, forMs, wallErrorMs: 90_000 }]],
  ['a witness loses its spool', [{ kind: 'crash', host: 4, at, forMs, spool: { fate: 'lost' } }]],
])('every rule holds of witnesses too: %s', async (_name, faults) => {
  const { violations, events } = await runWorld({ ...calm, hosts: 3, faults, isWitnessed: true })
  expect(violations).toEqual([])
  const seen = new Set(events.join('\n').match(/national\/witness\/[a-z-]+(?=\/\S+ \[\{)/g))
  expect(seen.size).toBeGreaterThanOrEqual(2)
})

test('what is dropped for its age is declared', async () => {
  const { violations, events, counts } = await runWorld(
    withSleep({ ...calm, hosts: 1, lastsMs: 60 * 60_000 }),
  )
  expect(violations).toEqual([])
  expect(events.join('\n')).toMatch('oldest messages dropped')
  expect(counts.gaps).toBeGreaterThan(0)
  expect(counts.stored).toBeLessThan(counts.issued!)
})
