import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { leafOf, messageLeaf } from '../../collector/evidence/leaf.ts'
import type { EnvironmentDay } from '../../collector/kpi/environment-day.ts'
import { noTime } from '../../collector/kpi/environment-day.ts'
import { leavesPerReadMax } from '../../collector/store/logs.ts'
import {
  type Act,
  type Admitted,
  type AgentRow,
  type CheckRecord,
  rejoinsMax,
  type Store,
} from '../../collector/store/store.ts'
import { generateKey, messageTypes, privateKey, sha256, signJws } from '../../protocol/jws.ts'
import { emptyTree, grow, leafHash, rootOf } from '../../protocol/merkle.ts'
import { dayMs, hourMs, minuteMs, type Span } from '../../protocol/time.ts'

/** One engine under test; `reopen` closes and opens the same data. */
export type Engine = {
  readonly name: string
  open(folder: string): Promise<Store>
}

const at = Date.parse('2026-11-21T12:00:00Z')
const agent: AgentRow = {
  agent: 'a-1',
  institution: 'moh',
  environment: 'portal',
  name: 'web-1',
  enrolledAt: at,
  status: 'active',
  kid: 'k1',
  publicKey: 'p1',
}
const token = {
  hash: 't1',
  institution: 'moh',
  environment: 'portal',
  expiresAt: at + hourMs,
  usesMax: 1,
  uses: 0,
  subnets: null,
  approval: false,
  endedAt: null,
}
const entry = {
  actor: 'amal',
  role: 'admin',
  what: 'agent/a-1',
  why: 'enrolment',
  before: null,
  after: { name: 'web-1', ar: 'خادم' },
  effectiveFrom: at,
}

function act(effects: Act['effects'], log = 'moh'): Act {
  return { at, entry, leaf: leafOf(log, { kind: 'act', at, ...entry }), effects }
}

const check: CheckRecord = {
  number: 1,
  institution: 'moh',
  environment: 'portal',
  name: 'web-1/http',
  agent: 'a-1',
  kind: 'http',
  label: 'البوابة',
  intervalMs: minuteMs,
  declared: true,
  since: at,
  boot: 'b1',
  throughBoot: 5 * minuteMs,
  through: at + 5 * minuteMs,
  state: 'up',
  reason: null,
  stateSince: at,
  spanFrom: at,
  upMs: 0,
  degradedMs: 0,
  downMs: 0,
}

const dating = { timeClass: 'A' as const, offsetMs: at, anchoredAt: at }

const key = privateKey(generateKey().privatePem)

const definitions = [{ check: 'http', kind: 'http' as const, intervalMs: minuteMs }]

/** A message that makes a check's span last through `toMinute`. */
function batch(seq: number, toMinute: number, more: Partial<CheckRecord> = {}): Admitted {
  const jws = signJws(messageTypes.batch, { seq, more: 'the same in each '.repeat(9) }, key, 'k1')
  const hash = sha256(jws)
  const through = at + toMinute * minuteMs
  const message = {
    ...{ epoch: 1, seq, through: seq, type: 'batch' as const },
    ...{ sha256: hash, received: through, jws, dating },
  }
  const span = { check: 1, from: at, to: through, state: 'up' as const, reason: null }
  return {
    agent,
    contact: { lastReportAt: through, lastBatchAt: through, version: '0.1.0', spooledMessages: 0 },
    anchor: { boot: 'b1', bucket: at, offsetMs: at, wallErrorMs: 12 },
    evidence: {
      message,
      leaf: messageLeaf('moh', 'a-1', message),
      cursor: { epoch: 1, seq: seq + 1, prev: hash, definitions },
      definitions,
      checks: [{ ...check, through, ...more }],
      grown: [],
      spans: [{ ...span, upMs: 0, degradedMs: 0, downMs: 0 }],
      facts: [
        {
          indicator: 'check.http',
          at: through,
          value: { n: 1, min: 0.2, max: 0.2, last: 0.2, buckets: [[-10, 1]] },
          detail: null,
        },
      ],
      dirtyDays: [Math.floor(at / dayMs) * dayMs],
    },
  }
}

/** What every engine must do. Run it for each. */
export function storeSuite(engine: Engine, newFolder: () => Disposable & { path: string }): void {
  describe(`store on ${engine.name}`, () => {
    let folder: ReturnType<typeof newFolder>
    let store: Store

    beforeEach(async () => {
      folder = newFolder()
      store = await engine.open(folder.path)
      await store.applyActs([act([{ kind: 'token', token }])])
      await store.applyActs([act([{ kind: 'agent', agent, token: 't1' }])])
    })

    afterEach(async () => {
      await store.close()
      folder[Symbol.dispose]()
    })

    async function reopen(): Promise<void> {
      await store.close()
      store = await engine.open(folder.path)
    }

    test('acts are kept in order, with leaves that count from 0 in each log', async () => {
      await store.applyActs([act([], 'national')])
      await reopen()
      expect(await store.entries()).toEqual([entry, entry, entry])
      expect((await store.leaf('moh', 1))?.entry).toBe((await store.leaf('national', 0))?.entry)
      expect(await store.leaf('moh', 2)).toBeNull()
    })

    test("the collector's clock is noted with the anchors that rest on it", async () => {
      expect(await store.clock()).toBeNull()
      expect(await store.newestLeafAt()).toBe(at)
      const admitted = batch(1, 5)
      await store.appendGroup([admitted])
      expect(await store.newestLeafAt()).toBe(admitted.evidence!.message.received)
      const anchor = { boot: 'b2', bucket: 600_000, offsetMs: 7, wallErrorMs: 1 }
      await store.saveClock({ boot: null, bootedAt: 4 }, [])
      await store.saveClock({ boot: 'k1', bootedAt: 5 }, [['a-1', [anchor]]])
      await reopen()
      expect(await store.clock()).toEqual({ boot: 'k1', bootedAt: 5 })
      expect((await store.agents())[0]?.anchors).toEqual([anchor])
    })

    test('a token is used as often as it may be, and not once more', async () => {
      expect((await store.token('t1'))?.uses).toBe(1)
      const second = { ...agent, agent: 'a-2', name: 'web-2', kid: 'k2' }
      await expect(
        store.applyActs([act([{ kind: 'agent', agent: second, token: 't1' }])]),
      ).rejects.toThrow('used by another host')
      expect(await store.entries()).toHaveLength(2)
      expect((await store.agents()).map((each) => each.agent.agent)).toEqual(['a-1'])
    })

    test('a message is stored whole: bytes, leaf, cursor, timeline, fact, dirty day', async () => {
      const admitted = batch(1, 5)
      expect(await store.appendGroup([admitted])).toEqual([2])
      await reopen()
      const { message, cursor, leaf } = admitted.evidence!
      const stored = { ...message, agent: 'a-1', leaf: 2, leafHash: leaf.hash }
      expect(await store.message(agent, 1, 1)).toEqual(stored)
      expect(await store.leaf('moh', 2)).toEqual({
        ...{ ...leaf, index: 2, position: 3, message: stored },
      })
      const { contact, anchor } = admitted
      expect(await store.agents()).toEqual([
        { agent, cursor, contact, anchors: [anchor], checks: [check], retiredKeys: [] },
      ])
      const window = { from: at, to: at + hourMs }
      const up = { from: at, to: at + 5 * minuteMs, state: 'up' }
      expect(await timeline(window)).toEqual([up])
      expect(await store.values(agent)).toEqual(new Map([['web-1/http', 0.2]]))
      expect(await store.dirtyDays()).toEqual([
        { institution: 'moh', environment: 'portal', day: Date.parse('2026-11-21'), mark: 1 },
      ])
    })

    /** The timeline of check 1, which must be the same however it is asked for. */
    async function timeline(window: Span) {
      const alone = await store.timeline(1, window)
      const all = await store.timelines(agent, window)
      expect(all).toEqual(new Map(alone.length === 0 ? [] : [[1, alone]]))
      return alone
    }

    test('a span grows in place, and a window finds the span that began before it', async () => {
      await store.appendGroup([batch(1, 5), batch(2, 90)])
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
      await store.appendGroup([batch(1, 5), { ...rest, evidence: news }])
      await reopen()
      const up = { from: at, to: at + 90 * minuteMs, state: 'up' }
      expect(await timeline({ from: at, to: at + 2 * hourMs })).toEqual([up])
      expect(await store.checks()).toEqual(grown)
    })

    test('definitions stay until others take their place', async () => {
      const { evidence, ...rest } = batch(2, 90)
      const { definitions: _same, ...news } = evidence!
      const others = definitions.map((each) => ({ ...each, label: 'Portal' }))
      const stored = async () => {
        const [only] = await store.agents()
        return [only!.cursor.seq, only!.cursor.definitions]
      }
      await store.appendGroup([batch(1, 5), { ...rest, evidence: news }])
      await reopen()
      expect(await stored()).toEqual([3, definitions])
      const third = batch(3, 95)
      const changed = { ...third.evidence!, definitions: others }
      await store.appendGroup([{ ...third, evidence: changed }])
      expect(await stored()).toEqual([4, others])
    })

    test('one message that cannot be stored does not take its group along', async () => {
      const clash = batch(1, 7)
      const [first, second, third] = await store.appendGroup([batch(1, 5), clash, batch(2, 9)])
      expect([first, second, third]).toEqual([2, expect.any(Error), 3])
      expect((await store.message(agent, 1, 1))?.received).toBe(at + 5 * minuteMs)
      expect((await store.leaf('moh', 4)) === null).toBe(true)
    })

    test('a heartbeat changes contact and anchor, and adds no evidence', async () => {
      const alive = { ...batch(1, 5), evidence: null }
      expect(await store.appendGroup([alive])).toEqual([null])
      const [stored] = await store.agents()
      expect([stored?.contact, stored?.anchors]).toEqual([alive.contact, [alive.anchor]])
      expect(await store.leaf('moh', 2)).toBeNull()
    })

    test('a hole in liveness is an outage; its days are derived again', async () => {
      const leaf = (time: number) => leafOf('national', { kind: 'liveness', at: time })
      const day: EnvironmentDay = { day: Date.parse('2026-11-21'), sums: noTime, pieces: [] }
      await store.saveDays([{ institution: 'moh', environment: 'portal', ...day }], [])
      for (const minute of [0, 1, 2, 10, 11]) {
        await store.appendLiveness(at + minute * minuteMs, leaf(at + minute * minuteMs))
      }
      expect(await store.liveness()).toEqual([
        { from: at, to: at + 2 * minuteMs },
        { from: at + 10 * minuteMs, to: at + 11 * minuteMs },
      ])
      expect((await store.dirtyDays()).map(({ day: dirty }) => dirty)).toEqual([day.day])
    })

    test('days come back as they were saved; news during the computation stay dirty', async () => {
      await store.appendGroup([batch(1, 5)])
      const seen = await store.dirtyDays()
      await store.appendGroup([batch(2, 6)])
      const day = {
        institution: 'moh',
        environment: 'portal',
        day: Date.parse('2026-11-21'),
        sums: { ...noTime, up: 300_000, centre: 60_000, grossUp: 300_000, grossUnknown: 60_000 },
        pieces: [
          { from: at, to: at + 300_000, state: 'up' as const },
          {
            from: at + 300_000,
            to: at + 360_000,
            state: 'unknown' as const,
            excluded: 'centre' as const,
          },
        ],
      }
      await store.saveDays([day], seen)
      await reopen()
      expect(await store.days()).toEqual([day])
      const [still] = await store.dirtyDays()
      expect(still?.mark).toBe(2)
      await store.saveDays([], [still!])
      expect(await store.dirtyDays()).toEqual([])
    })

    test('a status changes and stays changed', async () => {
      await store.applyActs([act([{ kind: 'agent-status', agent: 'a-1', status: 'revoked' }])])
      await reopen()
      expect((await store.contacts()).map(({ status }) => status)).toEqual(['revoked'])
    })

    test('logs grow as RFC 6962 trees: each head is the root over the leaves so far', async () => {
      await store.appendGroup([batch(1, 5), batch(1, 7), batch(2, 9)])
      await reopen()
      await store.appendGroup([batch(3, 11)])
      await store.appendLeaves([leafOf('national', { kind: 'heads', at })])
      const heads = await store.heads()
      expect(heads.map(({ log, size }) => [log, size])).toEqual([
        ['moh', 5],
        ['national', 1],
      ])
      for (const { log, size, root } of heads) {
        const hashes = await store.leafHashes(log, 0, leavesPerReadMax)
        expect(hashes).toHaveLength(size)
        expect(rootOf(hashes.reduce(grow, emptyTree))).toEqual(root)
        const leaves = await store.leavesOf(log, 0, leavesPerReadMax)
        const entries = leaves.map(({ entry: text }) => leafHash(Buffer.from(text)))
        expect(entries).toEqual(hashes)
      }
    })

    test('leaves are read in the order of writing over all logs, messages whole', async () => {
      await store.appendLiveness(at, leafOf('national', { kind: 'liveness', at }))
      const group = Array.from({ length: 70 }, (_, i) => batch(i + 1, i + 5))
      await store.appendGroup(group)
      await reopen()
      const all = await store.leavesAfter(0, leavesPerReadMax)
      expect(all.map(({ position }) => position)).toEqual(all.map((_, i) => i + 1))
      expect(all.map(({ kind }) => kind).slice(0, 4)).toEqual(['act', 'act', 'liveness', 'batch'])
      const sent = group.map(({ evidence }) => evidence?.message.jws)
      expect(all.slice(3).map(({ message }) => message?.jws)).toEqual(sent)
      expect(await store.leavesAfter(2, 1)).toEqual([all[2]])
      expect((await store.leavesOf('moh', 2, 1))[0]).toEqual(all[3])
    })

    test('checkpoints are kept, and none is replaced', async () => {
      const row = { log: 'moh', size: 2, at, note: 'a' }
      await store.saveCheckpoints([row, { ...row, size: 1 }, { ...row, log: 'national', size: 9 }])
      await store.saveCheckpoints([{ ...row, note: 'another' }])
      await reopen()
      expect(await store.checkpoints('moh')).toEqual([{ ...row, size: 1 }, row])
      expect((await store.newestCheckpoints()).map(({ log, size }) => [log, size])).toEqual([
        ['moh', 2],
        ['national', 9],
      ])
    })

    test('what a quarantined agent sends is kept aside, the same bytes once', async () => {
      const { jws, sha256: hash } = batch(1, 5).evidence!.message
      const row = { agent: 'a-1', epoch: 1, seq: 1, sha256: hash, received: at, why: 'w', jws }
      await store.setAside(row)
      await store.setAside({ ...row, received: at + 1 })
      await reopen()
      expect(await store.contested('a-1')).toEqual([row])
      expect(await store.message(agent, 1, 1)).toBeNull()
    })

    test('of the wishes to rejoin the newest stay, until one is granted', async () => {
      for (let i = 0; i <= rejoinsMax; i++) {
        await store.saveRejoin({ agent: 'a-1', publicKey: `p-${i}`, askedAt: at + i })
      }
      await reopen()
      const keys = (await store.rejoins()).map(({ publicKey }) => publicKey)
      expect(keys).toEqual(['p-1', 'p-2', 'p-3', 'p-4', 'p-5'])
      const retired = { kid: 'k1', agent: 'a-1', publicKey: 'p1', throughEpoch: 1, throughSeq: 4 }
      const released = { ...agent, kid: 'k-5', publicKey: 'p-5' }
      await store.applyActs([act([{ kind: 'agent-key', agent: released, retired }])])
      await reopen()
      expect(await store.rejoins()).toEqual([])
      const [stored] = await store.agents()
      expect([stored?.agent, stored?.retiredKeys]).toEqual([released, [retired]])
    })

    test('a rotation changes the key in the same commit as its message', async () => {
      const next = { ...agent, kid: 'k2', publicKey: 'p2' }
      const retired = { kid: 'k1', agent: 'a-1', publicKey: 'p1', throughEpoch: 1, throughSeq: 1 }
      const admitted = batch(1, 5)
      const evidence = { ...admitted.evidence!, rotation: { agent: next, retired } }
      await store.appendGroup([{ ...admitted, evidence }])
      await reopen()
      const [stored] = await store.agents()
      expect([stored?.agent, stored?.retiredKeys]).toEqual([next, [retired]])
    })

    test('the name of a revoked agent passes on, with its timelines and values', async () => {
      await store.appendGroup([batch(1, 5)])
      const second = { ...agent, agent: 'a-2', kid: 'k2' }
      const other = { ...token, hash: 't2' }
      await store.applyActs([act([{ kind: 'token', token: other }])])
      const enrol = act([{ kind: 'agent', agent: second, token: 't2' }])
      await expect(store.applyActs([enrol])).rejects.toThrow(/UNIQUE|unique/)
      await store.applyActs([act([{ kind: 'agent-status', agent: 'a-1', status: 'revoked' }])])
      await store.applyActs([enrol])
      await reopen()
      const stored = await store.agents()
      const checks = stored.map(({ agent: { agent: id }, checks: own }) => [id, own.length])
      expect(checks.toSorted()).toEqual([
        ['a-1', 0],
        ['a-2', 1],
      ])
      expect(await store.values(agent)).toEqual(new Map([['web-1/http', 0.2]]))
    })

    test('a token that was ended stays ended', async () => {
      const capped = { ...token, hash: 't2', subnets: ['10.1.0.0/16'], approval: true }
      await store.applyActs([act([{ kind: 'token', token: capped }])])
      await store.applyActs([act([{ kind: 'token-ended', hash: 't2', at }])])
      await store.applyActs([act([{ kind: 'token-ended', hash: 't2', at: at + 1 }])])
      await reopen()
      expect(await store.token('t2')).toEqual({ ...capped, endedAt: at })
      expect((await store.tokens()).map(({ hash }) => hash).toSorted()).toEqual(['t1', 't2'])
    })

    test('sessions end', async () => {
      const account = { id: 'amal', role: 'admin' } as const
      await store.saveSession('s1', account, at + hourMs)
      expect(await store.session('s1', at)).toEqual(account)
      expect(await store.session('s1', at + hourMs)).toBeNull()
      await store.deleteSession('s1')
      expect(await store.session('s1', at)).toBeNull()
    })
  })
}
