import { expect, test } from 'vitest'
import { effectsOf } from '../../../collector/evidence/effects.ts'
import { dayMs } from '../../../protocol/time.ts'

const at = Date.parse('2027-01-01T06:00:00Z')
const day = Date.parse('2027-01-04T00:00:00Z')
const decision = { is: 'approved', by: 'maryam', role: 'ministry', at, why: 'agreed' }
const asked = {
  ...{ id: 'm-1', from: day + dayMs / 2, to: day + 2.5 * dayMs, why: 'new storage' },
  ...{ requestedBy: 'huda', requestedAt: at, decision: null, withdrawnAt: null },
}
const entry = {
  ...{ actor: 'maryam', role: 'ministry', why: 'agreed', before: asked, at, effectiveFrom: at },
  ...{ what: 'institution/health/environment/portal/maintenance/m-1' },
  after: { ...asked, decision },
}
const nobody = () => {
  throw new Error('No agent is asked for.')
}

test('an act about approved maintenance has its days derived again', () => {
  const place = { kind: 'dirty-day', institution: 'health', environment: 'portal' }
  expect(effectsOf('health', entry, nobody)).toEqual(
    [0, 1, 2].map((n) => ({ ...place, day: day + n * dayMs })),
  )
  const shorter = { ...entry.after, to: day + dayMs }
  const shortened = { ...entry, before: entry.after, after: shorter }
  expect(effectsOf('health', shortened, nobody)).toHaveLength(3)
})

test('a request changes no day', () => {
  expect(effectsOf('health', { ...entry, before: null, after: asked }, nobody)).toEqual([])
})

test.each<[string, string, object]>([
  ['in the log of another institution', 'roads', {}],
  ['that holds from another time than it was written', 'health', { effectiveFrom: at - 1 }],
  ['that holds no window', 'health', { after: { id: 'm-1' } }],
  ['that ends before it starts', 'health', { after: { ...asked, to: asked.from } }],
  ['at a time that no date has', 'health', { after: { ...asked, to: 9e15 } }],
])('an act %s makes no sense', (_name, log, change) => {
  expect(() => effectsOf(log, { ...entry, ...change }, nobody)).toThrow()
})
