import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { leafOf } from '../../collector/evidence/leaf.ts'
import type { EnvironmentDay } from '../../collector/kpi/environment-day.ts'
import { noTime } from '../../collector/kpi/environment-day.ts'
import type { Act, Admitted, AgentRow, CheckRecord, Store } from '../../collector/store/store.ts'
import { generateKey, messageTypes, privateKey, sha256, signJws } from '../../protocol/jws.ts'
import { dayMs, hourMs, minuteMs } from '../../protocol/time.ts'

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

const key = privateKey(generateKey().privatePem)

/** A message that makes a check's span last through `toMinute`. */
function batch(seq: number, toMinute: number, more: Partial<CheckRecord> = {}): Admitted {
  const jws = signJws(messageTypes.batch, { seq }, key, 'k1')
  const hash = sha256(jws)
  const through = at + toMinute * minuteMs
  const span = { check: 1, from: at, to: through, state: 'up' as const, reason: null }
  return {
    agent,
    contact: { lastReportAt: through, lastBatchAt: through, version: '0.1.0', spooledMessages: 0 },
    anchor: { boot: 'b1', bucket: at, offsetMs: at, wallErrorMs: 12 },
    evidence: {
      message: { epoch: 1, seq, through: seq, type: 'batch', sha256: hash, received: through, jws },
      leaf: leafOf('moh', { kind: 'batch', seq, sha256: hash }),
      cursor: {
        epoch: 1,
        seq: seq + 1,
        prev: hash,
        definitions: [{ check: 'http', kind: 'http', intervalMs: minuteMs }],
      },
      checks: [{ ...check, through, ...more }],
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
      expect(await store.message(agent, 1, 1)).toEqual({ ...message, leaf: 2 })
      expect(await store.leaf('moh', 2)).toEqual({ ...leaf, index: 2 })
      expect(await store.agents()).toEqual([
        { agent, cursor, contact: admitted.contact, anchors: [admitted.anchor], checks: [check] },
      ])
      const window = { from: at, to: at + hourMs }
      const up = { from: at, to: at + 5 * minuteMs, state: 'up' }
      expect(await store.timeline(1, window)).toEqual([up])
      expect(await store.values(agent)).toEqual(new Map([['web-1/http', 0.2]]))
      expect(await store.dirtyDays()).toEqual([
        { institution: 'moh', environment: 'portal', day: Date.parse('2026-11-21'), mark: 1 },
      ])
    })

    test('a span grows in place, and a window finds the span that began before it', async () => {
      await store.appendGroup([batch(1, 5), batch(2, 90)])
      const window = { from: at + hourMs, to: at + 2 * hourMs }
      const up = { from: at, to: at + 90 * minuteMs, state: 'up' }
      expect(await store.timeline(1, window)).toEqual([up])
      const later = { from: at + 2 * hourMs, to: at + 3 * hourMs }
      expect(await store.timeline(1, later)).toEqual([])
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
