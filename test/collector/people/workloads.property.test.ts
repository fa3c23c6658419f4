import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../../../collector/error.ts'
import { claimedStates, strategies } from '../../../collector/kpi/migration/workload.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { Workloads } from '../../../collector/people/workloads.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import type { AskedWorkload } from '../../../collector/register/workloads.ts'
import { dayMs } from '../../../protocol/time.ts'
import { defaultSettings } from '../../support/default-settings.ts'
import { logSource } from '../../support/log-source.ts'
import { movedWorkload, sampleHosting } from '../../support/sample-workloads.ts'

const start = Date.parse('2026-11-21T06:00:00Z')
const huda: Account = { id: 'huda', role: 'institution', institution: 'health' }

/** A log in memory of one institution with two environments and the policy. */
function memoryLog() {
  const background = (what: string, after: unknown): Entry => ({
    ...{ actor: 'collector', role: 'admin', what, why: 'start', before: null, after },
    effectiveFrom: start - 100 * dayMs,
  })
  const row = { institution: 'health', environment: 'internal', name: 'db-1' }
  const log = [
    ...Object.entries(defaultSettings).map(([name, value]) =>
      background(`policy/${name}`, { value }),
    ),
    background('institution/health', { id: 'health' }),
    ...['portal', 'internal'].map((id) =>
      background(`institution/health/environment/${id}`, { id }),
    ),
    background('agent/a-1', row),
  ]
  return {
    log,
    entries: async () => [...log],
    ...logSource(() => log),
    applyActs: async (acts: readonly { readonly entry: Entry }[]) =>
      void log.push(...acts.map((act) => act.entry)),
  }
}

/** Whatever could be said of one field, right or wrong. */
const said = fc.oneof(
  fc.record({ strategy: fc.constantFrom(null, ...strategies) }),
  fc.record({ dataClass: fc.constantFrom(null, 'open', 'secret') }),
  fc.record({ provider: fc.constantFrom(null, 'government-cloud', 'acme') }),
  fc.record({ owner: fc.constantFrom(null, 'إدارة النظم', ' ') }),
  fc.record({ weight: fc.integer({ min: 0, max: 101 }) }),
  fc.record({ target: fc.constantFrom(null, { environment: 'portal', hosts: ['db-1'] }) }),
  fc.record({ cutOverOn: fc.constantFrom(null, '2026-09-01', '2026-11-22', '2026-11-25') }),
)
const asked: fc.Arbitrary<AskedWorkload> = fc
  .record({
    id: fc.constantFrom('licences', 'mail'),
    state: fc.constantFrom(...claimedStates),
    more: fc.option(said),
  })
  .map(({ id, state, more }) => {
    const order = claimedStates.indexOf(state)
    const retired = { strategy: 'retire', target: null, retiredOn: '2026-11-21' } as const
    return movedWorkload({
      ...{ id, state },
      ...(order < 4 && { startedOn: null }),
      ...(order < 5 && { cutOverOn: null }),
      ...(state === 'retired' && retired),
      ...more,
    })
  })

type Step =
  | { readonly put: readonly AskedWorkload[] }
  | { readonly remove: string }
  | { readonly hosting: boolean }
  | { readonly days: number }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ put: fc.array(asked, { minLength: 1, maxLength: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.constantFrom('licences', 'mail') }) },
  { weight: 1, arbitrary: fc.record({ hosting: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ days: fc.integer({ min: 1, max: 3 }) }) },
)

test('what was let in stands in whoever reads the log, and nothing planned ever vanishes', async () => {
  let letIn = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
      const store = memoryLog()
      let at = start
      const options = { store, now: () => at, onChange: () => {} }
      const workloads = await Workloads.open(options)
      const planned = new Set<string>()
      for (const each of steps) {
        at += 1
        try {
          if ('put' in each) {
            letIn += (await workloads.putAll(huda, 'health', each.put, 'as agreed')).length
          } else if ('remove' in each) await workloads.remove(huda, 'health', each.remove, 'twice')
          else if ('days' in each) at += each.days * dayMs
          else {
            const after = each.hosting ? { value: sampleHosting } : null
            const entry = { actor: 'amal', role: 'admin', what: 'policy/hosting', why: 'decided' }
            store.log.push({ ...entry, before: null, after, effectiveFrom: at })
          }
        } catch (error) {
          if (!(error instanceof AppError)) throw error
        }
        const list = workloads.list(huda, 'health')
        expect((await Workloads.open(options)).list(huda, 'health')).toEqual(list)
        for (const { id, state } of list) {
          if (!['identified', 'assessed'].includes(state)) planned.add(id)
        }
        const ids = list.map(({ id }) => id)
        expect(ids).toEqual(expect.arrayContaining([...planned]))
        expect(new Set(ids).size).toBe(ids.length)
      }
    }),
  )
  // Or the property would hold of nothing.
  expect(letIn).toBeGreaterThan(200)
})
