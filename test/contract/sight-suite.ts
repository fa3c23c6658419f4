import { describe, expect, test } from 'vitest'
import { witnessPlace } from '../../collector/evidence/leaf.ts'
import type { Sight } from '../../collector/store/sight.ts'
import type { Admitted } from '../../collector/store/store.ts'
import { hourMs, minuteMs } from '../../protocol/time.ts'
import { type Engine, openForEach } from './engine.ts'
import { act, agent, at, batch, check } from './store-records.ts'

/** What every engine must do with what tells why nothing was seen. Run it for each. */
export function sightSuite(engine: Engine, newFolder: () => Disposable & { path: string }): void {
  describe(`sight on ${engine.name}`, () => {
    const opened = openForEach(engine, newFolder)
    const elsewhere = { ...agent, environment: 'archive' }
    const nothing: Sight = { boots: [], clockSpans: [], pauses: [] }

    /** The next batch, with what it tells of its host. */
    const telling = (seq: number, sight: Partial<Sight>): Admitted => {
      const { evidence, ...rest } = batch(seq, 5)
      return { ...rest, evidence: { ...evidence!, sight: { ...nothing, ...sight } } }
    }
    const window = (fromHour: number, toHour: number) => {
      return { from: at + fromHour * hourMs, to: at + toHour * hourMs }
    }

    test('a boot is kept as first heard of; only its shutdown may be told later, once', async () => {
      const boot = { boot: 'b2', startedAt: at + 2 * hourMs, previousThrough: at, shutdownAt: null }
      const later = { ...boot, startedAt: at + 3 * hourMs, previousThrough: at + hourMs }
      await opened.store.appendGroup([telling(1, { boots: [boot] })])
      await opened.store.appendGroup([
        telling(2, { boots: [{ ...later, shutdownAt: at + hourMs }] }),
        telling(3, { boots: [{ ...later, shutdownAt: at + 2 * hourMs }] }),
      ])
      await opened.reopen()
      const row = { ...boot, agent: agent.name, shutdownAt: at + hourMs }
      expect(await opened.store.boots(agent, window(0, 9))).toEqual([row])
      expect(await opened.store.boots(elsewhere, window(0, 9))).toEqual([])
    })

    test('boots are found by the time before them in which the host was away', async () => {
      const boots = [
        { boot: 'b1', startedAt: at, previousThrough: null, shutdownAt: null },
        { boot: 'b2', startedAt: at + 4 * hourMs, previousThrough: at + hourMs, shutdownAt: null },
        {
          ...{ boot: 'b3', startedAt: at + 8 * hourMs, previousThrough: at + 5 * hourMs },
          shutdownAt: at + 6 * hourMs,
        },
      ]
      await opened.store.appendGroup([telling(1, { boots })])
      const found = async (from: number, to: number) =>
        (await opened.store.boots(agent, window(from, to))).map(({ boot }) => boot)
      expect(await found(0, 1)).toEqual([])
      expect(await found(-1, 1)).toEqual(['b1'])
      expect(await found(1, 2)).toEqual(['b2'])
      expect(await found(4, 6)).toEqual([])
      expect(await found(6, 7)).toEqual(['b3'])
      expect(await found(-1, 9)).toEqual(['b1', 'b2', 'b3'])
    })

    test('windows without a date and pauses are found where they touch a window', async () => {
      const clockSpans = [window(1, 2), window(3, 4)]
      const pauses = [
        { ...window(1, 2), why: 'agent_stopped' as const },
        { ...window(1, 2), why: 'suspended' as const },
        { ...window(5, 6), why: 'suspended' as const },
      ]
      await opened.store.appendGroup([telling(1, { clockSpans, pauses })])
      // The same again, one of them longer.
      await opened.store.appendGroup([telling(2, { clockSpans: [window(3, 5)], pauses })])
      await opened.reopen()
      const { store } = opened
      const own = { agent: 'a-1' }
      expect(await store.clockSpans(agent, window(0, 9))).toEqual([
        { ...own, ...window(1, 2) },
        { ...own, ...window(3, 5) },
      ])
      expect(await store.clockSpans(agent, window(2, 3))).toEqual([])
      expect(await store.clockSpans(elsewhere, window(0, 9))).toEqual([])
      expect(await store.pauses(agent, window(0, 5))).toEqual([
        { ...own, ...pauses[0] },
        { ...own, ...pauses[1] },
      ])
      expect(await store.pauses(agent, window(0, 9))).toHaveLength(3)
      expect(await store.pauses(elsewhere, window(0, 9))).toEqual([])
    })

    test('witnesses are asked by the names of their checks, of no other place', async () => {
      const { store } = opened
      const witness = { ...agent, ...witnessPlace, agent: 'a-9', name: 'north', kid: 'k9' }
      const token = { ...witnessPlace, hash: 't9', expiresAt: at + hourMs, usesMax: 1, uses: 0 }
      const rest = { subnets: null, approval: false, endedAt: null }
      await store.applyActs([act([{ kind: 'token', token: { ...token, ...rest } }], 'national')])
      await store.applyActs([act([{ kind: 'agent', agent: witness, token: 't9' }], 'national')])
      const { evidence, ...more } = batch(1, 5)
      const record = { ...check, ...witnessPlace, agent: 'a-9' }
      const checks = [
        { ...record, number: 2, name: 'north/portal' },
        { ...record, number: 3, name: 'north/silent', since: null, through: 0, spanFrom: 0 },
        { ...record, number: 4, name: 'north/other' },
      ]
      const spans = [2, 4].map((number) => ({ ...evidence!.spans[0]!, check: number }))
      await store.appendGroup([
        { ...more, agent: witness, evidence: { ...evidence!, checks, spans } },
        batch(1, 7, { name: 'north/portal' }),
      ])
      const asked = ['north/portal', 'north/silent', 'south/portal']
      const up = { from: at, to: at + 5 * minuteMs, state: 'up' }
      expect(await store.witnessTimelines(asked, window(0, 1))).toEqual(
        new Map<string, object[]>([
          ['north/portal', [up]],
          ['north/silent', []],
        ]),
      )
      expect((await store.witnessTimelines(asked, window(1, 2))).get('north/portal')).toEqual([])
      expect(await store.witnessTimelines([], window(0, 1))).toEqual(new Map())
    })
  })
}
