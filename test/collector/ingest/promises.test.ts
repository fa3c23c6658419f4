import { afterEach, beforeEach, expect, test } from 'vitest'
import { livenessAt } from '../../../collector/evidence/leaf.ts'
import { sqliteReader, sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import { messageTypes } from '../../../protocol/jws.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { type HeardAgent, openHeardAgent } from '../../support/heard-agent.ts'

/** What an acknowledgement promises, each the answer to a bug that others shipped. */

const start = Date.parse('2026-11-21T12:00:00Z')
const end = hourMs + 30 * minuteMs

let folder: HeardAgent['folder']
let collector: HeardAgent['collector']
let clock: HeardAgent['clock']
let agent: HeardAgent['agent']
let close: HeardAgent['close']

beforeEach(async () => {
  ;({ folder, clock, collector, agent, close } = await openHeardAgent(start))
})

afterEach(() => close())

const batch = () =>
  agent.batch([
    { check: 'host', state: 'up', from: hourMs, to: hourMs + 10 * minuteMs },
    { check: 'host', state: 'down', to: hourMs + 15 * minuteMs, reason: 'timeout' },
    { check: 'host', state: 'up', to: end },
  ])

test('the same bytes a week later are still known', async () => {
  clock.at = start + 30 * minuteMs
  const jws = agent.sign(messageTypes.batch, batch())
  const first = await agent.post('/v1/batches', jws)
  clock.at += 7 * dayMs
  const again = await agent.post('/v1/batches', jws)
  expect([first.status, again.status]).toEqual([200, 200])
  const leafIn = ({ text }: { text: string }) =>
    JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString()).leaf
  expect(leafIn(again)).toBe(leafIn(first))
})

test("what is acknowledged is in the figures' source", async () => {
  clock.at = start + 30 * minuteMs
  expect((await agent.send(batch())).status).toBe(200)
  const reader = sqliteReader(`${folder.path}/collector.db`)
  const [check] = await reader.checks()
  const spans = await reader.timeline(check!.number, { from: start, to: start + hourMs })
  await reader.close()
  const minutes = spans.map(({ from, to, state }) => [
    state,
    (from - start) / minuteMs,
    (to - start) / minuteMs,
  ])
  expect(minutes).toEqual([
    ['up', 0, 10],
    ['down', 10, 15],
    ['up', 15, 30],
  ])
})

test('a revoked agent cannot rotate its key', async () => {
  const answer = await collector.app.inject({
    method: 'POST',
    url: `/api/v1/agents/${agent.agent}/revoke`,
    headers: { cookie: await collector.cookie() },
    payload: { why: 'sold' },
  })
  expect(answer.statusCode).toBe(200)
  expect((await agent.rotate()).status).toBe(401)
})

test('only one connection can write', async () => {
  using own = temporaryFolder()
  const file = own.file('c.db')
  const store = sqliteStore(file)
  await store.appendLiveness(livenessAt(0))
  const reader = sqliteReader(file)
  const cleared = [{ institution: 'local', environment: 'this-machine', day: 0, mark: 1 }]
  const save = async () => reader.saveDays([], cleared)
  await expect(save()).rejects.toThrow(/SQLITE_READONLY/)
  // A connection that failed for good does nothing any more, not even close.
  await expect(reader.close()).rejects.toThrow()
  await store.close()
})
