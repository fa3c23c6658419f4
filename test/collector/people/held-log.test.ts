import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HeldFold, HeldHistory } from '../../../collector/people/held-log.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import { registerHistory } from '../../../collector/register/history.ts'
import { logSource } from '../../support/log-source.ts'

const entryOf = (what: string, after: unknown, effectiveFrom: number): Entry => ({
  ...{ actor: 'amal', role: 'admin', what, why: 'why', before: null, after, effectiveFrom },
})

const entries = fc.array(
  fc
    .tuple(
      fc.constantFrom('institution/a', 'policy/x', 'population/enabled/a', 'agent/x', 'access/a/b'),
      fc.option(fc.record({ id: fc.nat(9) }), { nil: null }),
      fc.nat(20),
    )
    .map((asked) => entryOf(...asked)),
  { maxLength: 40 },
)

test('a held history is the history of all acts, however often it is read on the way', async () => {
  await fc.assert(
    fc.asyncProperty(entries, fc.array(fc.nat(40)), async (all, reads) => {
      const log: Entry[] = []
      const held = new HeldHistory(logSource(() => log))
      for (const [i, entry] of all.entries()) {
        log.push(entry)
        if (reads.includes(i)) expect(await held.read()).toEqual(registerHistory(log))
      }
      expect(await held.read()).toEqual(registerHistory(all))
    }),
    { numRuns: 60 },
  )
})

test('what was read stays as it was, and is the same object where nothing is about it', async () => {
  const log = [entryOf('institution/a', { id: 'a' }, 1)]
  const held = new HeldHistory(logSource(() => log))
  const first = await held.read()
  log.push(entryOf('access/huda/log-in', {}, 2))
  expect(await held.read()).toBe(first)
  log.push(entryOf('institution/a', null, 3))
  const second = await held.read()
  expect(first.get('institution/a')).toMatchObject([{ to: Number.POSITIVE_INFINITY }])
  expect(second.get('institution/a')).toMatchObject([{ to: 3 }])
})

test('readers at the same moment fold each act once, also of a log that is read in pieces', async () => {
  const log = Array.from({ length: 12_000 }, (_, i) => entryOf(`policy/${i}`, { value: i }, i))
  const held = new HeldFold(
    logSource(() => log),
    0,
    (count, added) => count + added.length,
  )
  expect(await Promise.all([held.read(), held.read(), held.read()])).toEqual([
    12_000, 12_000, 12_000,
  ])
})
