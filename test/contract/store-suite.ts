import { describe, expect, test } from 'vitest'
import { leafOf, livenessAt } from '../../collector/evidence/leaf.ts'
import type { EnvironmentDay } from '../../collector/kpi/environment-day.ts'
import { noTime } from '../../collector/kpi/environment-day.ts'
import { clip } from '../../collector/kpi/timeline.ts'
import { actsPerSearchMax } from '../../collector/store/acts.ts'
import { leavesPerReadMax } from '../../collector/store/logs.ts'
import { emptyTree, grow, leafHash, rootOf } from '../../protocol/merkle.ts'
import { hourMs, minuteMs, type Span } from '../../protocol/time.ts'
import { type Engine, openForEach } from './engine.ts'
import { act, agent, at, batch, check, definitions } from './store-records.ts'

/** What every engine must do with evidence and what is derived of it. Run it for each. */
export function storeSuite(engine: Engine, newFolder: () => Disposable & { path: string }): void {
  describe(`store on ${engine.name}`, () => {
    const opened = openForEach(engine, newFolder)

    test('a message is stored whole: bytes, leaf, cursor, timeline, fact, dirty day', async () => {
      const admitted = batch(1, 5)
      expect(await opened.store.appendGroup([admitted])).toEqual([2])
      await opened.reopen()
      const { message, cursor, leaf } = admitted.evidence!
      const stored = { ...message, agent: 'a-1', leaf: 2, leafHash: leaf.hash }
      expect(await opened.store.message(agent, 1, 1)).toEqual(stored)
      expect(await opened.store.leaf('moh', 2)).toEqual({
        ...{ ...leaf, index: 2, position: 3, message: stored },
      })
      const { contact, anchor } = admitted
      expect(await opened.store.agents()).toEqual([
        { agent, cursor, contact, anchors: [anchor], checks: [check], retiredKeys: [] },
      ])
      const window = { from: at, to: at + hourMs }
      const up = { from: at, to: at + 5 * minuteMs, state: 'up' }
      expect(await timeline(window)).toEqual([up])
      expect(await opened.store.values(agent)).toEqual(new Map([['web-1/http', 0.2]]))
      expect(await opened.store.dirtyDays()).toEqual([
        { institution: 'moh', environment: 'portal', day: Date.parse('2026-11-21'), mark: 1 },
      ])
    })

    test('acts are searched newest first and read on, and one rolled back never was', async () => {
      const { store } = opened
      const all = await store.entriesAfter(0, 100)
      const nothing = { kind: 'token-ended', hash: 'x', at } as const
      const bad = { kind: 'agent', agent: { ...agent, status: 'none' }, token: null }
      await store.applyActs([act([])])
      const broken = [act([nothing]), act([bad as unknown as typeof nothing])]
      await expect(store.applyActs(broken)).rejects.toThrow()
      const first = await store.entriesAfter(all.through, 100)
      expect(first.entries).toEqual([act([]).entry])
      await store.applyActs([act([]), act([])])
      const second = await store.entriesAfter(first.through, 1)
      const third = await store.entriesAfter(second.through, 100)
      expect([second.entries.length, third.entries.length]).toEqual([1, 1])
      const end = await store.entriesAfter(third.through, 100)
      expect(end).toEqual({ entries: [], through: third.through })
      expect((await store.entriesAfter(0, 100)).entries).toEqual(await store.entries())

      const matches = () => true
      const newest = await store.searchActs({ limit: 2, matches })
      expect(newest.acts.map(({ position }) => position)).toEqual([third.through, second.through])
      const { text, hash, entry, log, index } = newest.acts[0]!
      expect(leafHash(Buffer.from(text))).toEqual(hash)
      expect(entry).toEqual(act([]).entry)
      expect(await store.leaf(log, index)).toMatchObject({ entry: text, kind: 'act' })
      const older = await store.searchActs({ limit: 1_000, before: newest.next!, matches })
      expect([older.acts[0]!.position, older.next]).toEqual([first.through, null])
      const foreign = await store.searchActs({ limit: 9, log: 'nobody', matches })
      expect(foreign).toEqual({ acts: [], next: null })
      const odd = { limit: 9, matches: ({ index: i }: { index: number }) => i === index }
      expect((await store.searchActs(odd)).acts.map((each) => each.index)).toContain(index)
    })

    test('a search ends after a thousand acts and says where to go on', async () => {
      const { store } = opened
      await store.applyActs(Array.from({ length: actsPerSearchMax + 5 }, () => act([])))
      const found = await store.searchActs({ limit: 1, matches: () => false })
      expect([found.acts.length, found.next === null]).toEqual([0, false])
      const rest = await store.searchActs({
        limit: 1_000,
        before: found.next!,
        matches: () => true,
      })
      expect(rest.next).toBeNull()
      expect(rest.acts.length).toBeGreaterThanOrEqual(5)
    })

    /** The timeline of check 1, which must be the same however it is asked for. */
    async function timeline(window: Span) {
      const alone = await opened.store.timeline(1, window)
      const all = await opened.store.timelines(agent, window)
      expect(all).toEqual(new Map(alone.length === 0 ? [] : [[1, alone]]))
      return alone
    }

    test('a span grows in place, and a window finds the span that began before it', async () => {
      await opened.store.appendGroup([batch(1, 5), batch(2, 90)])
      const window = { from: at + hourMs, to: at + 2 * hourMs }
      const up = { from: at, to: at + 90 * minuteMs, state: 'up' }
      expect(await timeline(window)).toEqual([up])
      const later = { from: at + 2 * hourMs, to: at + 3 * hourMs }
      expect(await timeline(later)).toEqual([])
    })

    test('a check that only grew takes its last span along', async () => {
      const { evidence, ...rest } = batch(2, 90)
      const grown = evidence!.checks.map((each) => ({ ...each, throughBoot: 7 }))
      const news = { ...evidence!, checks: [], grown, spans: [] }
      await opened.store.appendGroup([batch(1, 5), { ...rest, evidence: news }])
      await opened.reopen()
      const up = { from: at, to: at + 90 * minuteMs, state: 'up' }
      expect(await timeline({ from: at, to: at + 2 * hourMs })).toEqual([up])
      expect(await opened.store.checks()).toEqual(grown)
    })

    test('a window of a check is the same by two looks as by its timeline, however it is cut', async () => {
      await opened.store.appendGroup([batch(1, 5)])
      const second = batch(2, 20)
      const down = { from: at + 10 * minuteMs, to: at + 20 * minuteMs, state: 'down' as const }
      const sums = { upMs: 5 * minuteMs, degradedMs: 0, downMs: 0 }
      const spans = [{ check: 1, reason: null, ...down, ...sums }]
      const checks = [
        { ...check, ...sums, through: down.to, spanFrom: down.from, state: down.state },
      ]
      await opened.store.appendGroup([
        { ...second, evidence: { ...second.evidence!, checks, spans } },
      ])
      for (const [from, to] of [
        [0, 30],
        [-5, 3],
        [2, 4],
        [4, 12],
        [5, 10],
        [12, 15],
        [11, 40],
        [25, 40],
      ]) {
        const window = { from: at + from! * minuteMs, to: at + to! * minuteMs }
        const timeline = await opened.store.timeline(1, window)
        const known = (state: string) =>
          clip(timeline, window).reduce((ms, span) => {
            return span.state === state ? ms + span.to - span.from : ms
          }, 0)
        const [upMs, downMs] = [known('up'), known('down')]
        const unknownMs = window.to - Math.max(at, window.from) - upMs - downMs
        expect(await opened.store.checkSums(agent, window)).toEqual([
          { check: check.name, upMs, degradedMs: 0, downMs, unknownMs },
        ])
      }
      const before = await opened.store.checkSums(agent, { from: at - hourMs, to: at })
      expect(before).toEqual([
        { check: check.name, upMs: 0, degradedMs: 0, downMs: 0, unknownMs: 0 },
      ])
    })

    test('days of one environment are read with what they hold when it is looked at', async () => {
      const day = {
        day: Date.parse('2026-11-21'),
        sums: { ...noTime, up: 300_000, grossUp: 300_000 },
        pieces: [{ from: at, to: at + 300_000, state: 'up' as const }],
      }
      const later = { ...day, day: day.day + 24 * hourMs }
      const place = { institution: 'moh', environment: 'portal' }
      const other = { ...place, environment: 'mail' }
      await opened.store.saveDays(
        [
          { ...place, ...later },
          { ...other, ...day },
          { ...place, ...day },
        ],
        [],
      )
      const read = await opened.store.ledgerDays(place)
      expect(read.map((each) => ({ day: each.day, sums: each.sums, pieces: each.pieces }))).toEqual(
        [day, later],
      )
    })

    test('the newest act and the last contacts tell what there is to read again', async () => {
      const before = await opened.store.newestAct()
      await opened.store.appendGroup([batch(1, 5)])
      expect(await opened.store.newestAct()).toBe(before)
      const heard = at + 5 * minuteMs
      expect(await opened.store.lastContacts()).toEqual([['a-1', heard, heard, '0.1.0', 0]])
      await opened.store.applyActs([act([])])
      expect(await opened.store.newestAct()).toBeGreaterThan(before)
    })

    test('definitions stay until others take their place', async () => {
      const { evidence, ...rest } = batch(2, 90)
      const { definitions: _same, ...news } = evidence!
      const others = definitions.map((each) => ({ ...each, label: 'Portal' }))
      const stored = async () => {
        const [only] = await opened.store.agents()
        return [only!.cursor.seq, only!.cursor.definitions]
      }
      await opened.store.appendGroup([batch(1, 5), { ...rest, evidence: news }])
      await opened.reopen()
      expect(await stored()).toEqual([3, definitions])
      const third = batch(3, 95)
      const changed = { ...third.evidence!, definitions: others }
      await opened.store.appendGroup([{ ...third, evidence: changed }])
      expect(await stored()).toEqual([4, others])
    })

    test("the collector's clock is noted with the anchors that rest on it", async () => {
      expect(await opened.store.clock()).toBeNull()
      expect(await opened.store.newestLeafAt()).toBe(at)
      const admitted = batch(1, 5)
      await opened.store.appendGroup([admitted])
      expect(await opened.store.newestLeafAt()).toBe(admitted.evidence!.message.received)
      const anchor = { boot: 'b2', bucket: 600_000, offsetMs: 7, wallErrorMs: 1 }
      await opened.store.saveClock({ boot: null, bootedAt: 4 }, [])
      await opened.store.saveClock({ boot: 'k1', bootedAt: 5 }, [['a-1', [anchor]]])
      await opened.reopen()
      expect(await opened.store.clock()).toEqual({ boot: 'k1', bootedAt: 5 })
      expect((await opened.store.agents())[0]?.anchors).toEqual([anchor])
    })

    test('one message that cannot be stored does not take its group along', async () => {
      const clash = batch(1, 7)
      const [first, second, third] = await opened.store.appendGroup([
        batch(1, 5),
        clash,
        batch(2, 9),
      ])
      expect([first, second, third]).toEqual([2, expect.any(Error), 3])
      expect((await opened.store.message(agent, 1, 1))?.received).toBe(at + 5 * minuteMs)
      expect((await opened.store.leaf('moh', 4)) === null).toBe(true)
    })

    test('a heartbeat changes contact and anchor, and adds no evidence', async () => {
      const alive = { ...batch(1, 5), evidence: null }
      expect(await opened.store.appendGroup([alive])).toEqual([null])
      const [stored] = await opened.store.agents()
      expect([stored?.contact, stored?.anchors]).toEqual([alive.contact, [alive.anchor]])
      expect(await opened.store.leaf('moh', 2)).toBeNull()
    })

    test('anchors that are named as all there are take the place of those before', async () => {
      const { anchor: first, ...rest } = { ...batch(1, 5), evidence: null }
      const later = { ...first!, bucket: at + 2 * hourMs }
      const kept = [{ ...first!, offsetMs: at - 3 }, later]
      await opened.store.appendGroup([{ ...rest, anchor: first }])
      await opened.store.appendGroup([{ ...rest, anchor: later, anchors: kept }])
      expect((await opened.store.agents())[0]?.anchors).toEqual(kept)
    })

    test('a hole in liveness is an outage; its days are derived again', async () => {
      const day: EnvironmentDay = { day: Date.parse('2026-11-21'), sums: noTime, pieces: [] }
      await opened.store.saveDays([{ institution: 'moh', environment: 'portal', ...day }], [])
      for (const minute of [0, 1, 2, 10, 11]) {
        await opened.store.appendLiveness(livenessAt(at + minute * minuteMs))
      }
      expect(await opened.store.liveness()).toEqual([
        { from: at, to: at + 2 * minuteMs },
        { from: at + 10 * minuteMs, to: at + 11 * minuteMs },
      ])
      expect((await opened.store.dirtyDays()).map(({ day: dirty }) => dirty)).toEqual([day.day])
    })

    test('days come back as they were saved; news during the computation stay dirty', async () => {
      await opened.store.appendGroup([batch(1, 5)])
      const seen = await opened.store.dirtyDays()
      await opened.store.appendGroup([batch(2, 6)])
      const silent = ['witnessed', 'agent_silent'] as const
      const cause = 'emergency_maintenance' as const
      const day = {
        institution: 'moh',
        environment: 'portal',
        day: Date.parse('2026-11-21'),
        sums: { ...noTime, up: 300_000, centre: 60_000, grossUp: 300_000, grossUnknown: 60_000 },
        pieces: [
          { from: at, to: at + 200_000, state: 'up' as const },
          { from: at + 200_000, to: at + 300_000, state: 'up' as const, flags: silent },
          {
            ...{ from: at + 300_000, to: at + 360_000, state: 'unknown' as const },
            ...{ cause: 'centre' as const, excluded: 'centre' as const },
          },
          { ...{ from: at + 360_000, to: at + 361_000 }, state: 'down' as const, cause },
          {
            ...{ from: at + 361_000, to: at + 362_000, state: 'up' as const, flags: silent },
            disputed: { id: 'd-1', was: 'down' as const },
          },
        ],
      }
      await opened.store.saveDays([day], seen)
      await opened.reopen()
      expect(await opened.store.days()).toEqual([day])
      const [still] = await opened.store.dirtyDays()
      expect(still?.mark).toBe(2)
      await opened.store.saveDays([], [still!])
      expect(await opened.store.dirtyDays()).toEqual([])
    })

    test('logs grow as RFC 6962 trees: each head is the root over the leaves so far', async () => {
      await opened.store.appendGroup([batch(1, 5), batch(1, 7), batch(2, 9)])
      await opened.reopen()
      await opened.store.appendGroup([batch(3, 11)])
      await opened.store.appendLeaves([leafOf('national', { kind: 'heads', at })])
      const heads = await opened.store.heads()
      expect(heads.map(({ log, size }) => [log, size])).toEqual([
        ['moh', 5],
        ['national', 1],
      ])
      for (const { log, size, root } of heads) {
        const hashes = await opened.store.leafHashes(log, 0, leavesPerReadMax)
        expect(hashes).toHaveLength(size)
        expect(rootOf(hashes.reduce(grow, emptyTree))).toEqual(root)
        const leaves = await opened.store.leavesOf(log, 0, leavesPerReadMax)
        const entries = leaves.map(({ entry: text }) => leafHash(Buffer.from(text)))
        expect(entries).toEqual(hashes)
      }
    })

    test('leaves are read in the order of writing over all logs, messages whole', async () => {
      await opened.store.appendLiveness(livenessAt(at))
      const group = Array.from({ length: 70 }, (_, i) => batch(i + 1, i + 5))
      await opened.store.appendGroup(group)
      await opened.reopen()
      const all = await opened.store.leavesAfter(0, leavesPerReadMax)
      expect(all.map(({ position }) => position)).toEqual(all.map((_, i) => i + 1))
      expect(all.map(({ kind }) => kind).slice(0, 4)).toEqual(['act', 'act', 'liveness', 'batch'])
      const sent = group.map(({ evidence }) => evidence?.message.jws)
      expect(all.slice(3).map(({ message }) => message?.jws)).toEqual(sent)
      expect(await opened.store.leavesAfter(2, 1)).toEqual([all[2]])
      expect((await opened.store.leavesOf('moh', 2, 1))[0]).toEqual(all[3])
    })

    test('checkpoints are kept, and none is replaced', async () => {
      const row = { log: 'moh', size: 2, at, note: 'a' }
      await opened.store.saveCheckpoints([
        row,
        { ...row, size: 1 },
        { ...row, log: 'national', size: 9 },
      ])
      await opened.store.saveCheckpoints([{ ...row, note: 'another' }])
      await opened.reopen()
      expect(await opened.store.checkpoints('moh')).toEqual([{ ...row, size: 1 }, row])
      expect((await opened.store.newestCheckpoints()).map(({ log, size }) => [log, size])).toEqual([
        ['moh', 2],
        ['national', 9],
      ])
    })
  })
}
