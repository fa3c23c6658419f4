import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exportEvidence } from '../../../../collector/evidence/export.ts'
import { readLogKey } from '../../../../collector/evidence/log-key.ts'
import { checkEvidence } from '../../../../collector/evidence/verify.ts'
import { sqliteSnapshot } from '../../../../collector/store/sqlite/sqlite.ts'
import { dayMs, hourMs } from '../../../../protocol/time.ts'
import type { Told } from '../../../support/facts.ts'
import {
  MovingNation,
  midnightBefore,
  Observer,
  workloadOf,
} from '../../../support/moving-nation.ts'
import { numberOfRuns } from '../../../support/number-of-runs.ts'

/**
 * Whatever is told in whatever order: who observes on finds what one finds who reads all of it for
 * the first time, and what whoever verifies finds in the exported evidence.
 */

const hosts = ['hall/web-1', 'hall/web-2', 'cloud/web-1'] as const

type Doing =
  | { readonly do: 'pass'; readonly hours: number }
  | { readonly do: 'tell'; readonly who: number; readonly told: Told; readonly downHours: number }
  | { readonly do: 'replace' | 'revoke'; readonly who: number }
  | { readonly do: 'save' }

const who = fc.nat({ max: hosts.length - 1 })
const lateMs = fc.constantFrom(0, 0, hourMs, 5 * hourMs, dayMs, 3 * dayMs, 8 * dayMs)
const fact = (value: fc.Arbitrary<string | number>) =>
  fc.oneof(
    fc.record({ value, ageMs: lateMs }),
    fc.record({ missing: fc.constant('not_known'), ageMs: lateMs }),
  )
const told: fc.Arbitrary<Told> = fc.record(
  {
    'platform.cloud': fact(fc.constantFrom('none', 'own-cloud')),
    'platform.cloud_region': fact(fc.constantFrom('muscat-1', 'far-1')),
    'platform.virtualisation': fact(fc.constantFrom('vmware', 'kvm')),
    'os.support_left_days': fact(fc.constantFrom(-1, 3, 400)),
    'backup.age_seconds': fact(fc.constantFrom(0, 6 * 86_400)),
    'os.name': fact(fc.constant('Debian 13')),
  },
  { requiredKeys: [] },
)
const doing: fc.Arbitrary<Doing> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      hours: fc.constantFrom(1, 7, 24, 24, 72, 300),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      ...{ do: fc.constant('tell' as const), who, told },
      downHours: fc.constantFrom(0, 0, 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('replace', 'revoke'), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('save' as const) }) },
) as fc.Arbitrary<Doing>

const workloads = [
  workloadOf({ cutOverOn: '2026-11-06' }),
  workloadOf({ id: 'w-2', source: { environment: 'hall', hosts: ['web-2'] } }),
]

async function did(nation: MovingNation, revoked: Set<string>, each: Doing): Promise<void> {
  if (each.do === 'pass') return nation.wait(each.hours * hourMs)
  if (each.do === 'save') return void (await nation.collector.evaluate())
  const host = hosts[each.who]!
  if (each.do === 'tell') {
    if (!revoked.has(host)) await nation.deliver(host, each.told, each.downHours * hourMs)
    return
  }
  if (!revoked.has(host)) await nation.revoke(host)
  revoked.add(host)
  if (each.do === 'revoke') return
  await nation.enrol(host)
  revoked.delete(host)
}

test('observing on finds what reading all of it anew finds, and what verifying finds', async () => {
  const many = fc.array(doing, { minLength: 8, maxLength: 24 })
  await fc.assert(
    fc.asyncProperty(many, async (all) => {
      await using nation = await new MovingNation().open()
      for (const host of hosts) await nation.enrol(host)
      const revoked = new Set<string>()
      const observer = new Observer(nation.reader())
      for (const each of all) {
        await did(nation, revoked, each)
        const { at } = nation.clock
        const fresh = await new Observer(nation.reader()).read(at, workloads)
        expect(await observer.read(at, workloads), JSON.stringify(each)).toEqual(fresh)
      }
      const now = nation.clock.at
      const at = midnightBefore(now)
      const verified = await new Observer(await exportedOf(nation)).read(now, workloads, at)
      expect(verified).toEqual(await observer.read(now, workloads, at))
    }),
    { numRuns: numberOfRuns(20) },
  )
})

/** The evidence of the institution alone, as whoever verifies its export reads it. */
async function exportedOf(nation: MovingNation) {
  const file = nation.folder('health.jsonl')
  const reader = sqliteSnapshot(nation.folder('data/collector.db'))
  await exportEvidence({
    ...{ reader, institution: 'health', window: null, now: nation.clock.at, simulated: false },
    ...{ draft: null, file, progress: () => {} },
    logKey: readLogKey(nation.folder('data/log-key.pem')),
  })
  await reader.close()
  const kept = { receipts: null, checkpoints: null, progress: () => {} }
  return (await checkEvidence({ file, ...kept })).store.reader
}
