import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messagesShownMax } from '../../../collector/store/message-search.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { hourMs, minuteMs, type Span } from '../../../protocol/time.ts'
import { type HeardAgent, openHeardAgent } from '../../support/heard-agent.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
/** The host booted an hour before it was first heard. */
const bootAt = now - hourMs

type Sent = { kind: 'batch' | 'gap' | 'rotation'; epoch: number; seq: number; window: Span | null }

let heard: HeardAgent
const sent: Sent[] = []

/** Two epochs of batches of one to three minutes, with gaps, a rotation and silence in between. */
beforeAll(async () => {
  heard = await openHeardAgent(now)
  const { agent, clock } = heard
  let minute = 60
  const batch = async (minutes: number) => {
    const window = { from: minute * minuteMs, to: (minute + minutes) * minuteMs }
    minute += minutes
    clock.at = Math.max(clock.at, bootAt + window.to)
    const { epoch, seq } = agent
    const runs = [{ check: 'host', state: 'up' as const, ...window }]
    expect((await agent.send(agent.batch(runs, { window }))).status).toBe(200)
    sent.push({ kind: 'batch', epoch, seq, window })
  }
  const lose = async (count: number) => {
    const { epoch, seq } = agent
    expect((await agent.declareLost(count)).status).toBe(200)
    sent.push({ kind: 'gap', epoch, seq, window: null })
    minute += 3 * count
  }
  for (let i = 0; i < 30; i++) {
    await batch(1 + (i % 3))
    if (i % 11 === 4) await lose(1 + (i % 4))
    if (i === 17) {
      sent.push({ kind: 'rotation', epoch: agent.epoch, seq: agent.seq, window: null })
      expect((await agent.rotate()).status).toBe(200)
    }
    if (i === 20) minute += 25
  }
  sent.push({ kind: 'gap', epoch: 2, seq: 1, window: null })
  expect((await agent.restart()).status).toBe(200)
  minute += 10
  for (let i = 0; i < 12; i++) await batch(2)
})

afterAll(() => heard.close())

test('the place of any stretch is found as by reading all messages', async () => {
  const reader = sqliteReader(heard.folder.file('collector.db'))
  const batches = sent.filter((each) => each.kind === 'batch')
  const last = batches.at(-1)!.window!.to / minuteMs
  for (let from = 55; from < last + 5; from++) {
    for (const length of [0.5, 1, 4, 30, 60]) {
      const boot = { from: from * minuteMs, to: (from + length) * minuteMs }
      const span = { from: bootAt + boot.from, to: bootAt + boot.to }
      const found = await reader.messagesAbout('local', heard.agent.agent, span)

      const covering = batches.filter(({ window }) => {
        return window!.to > boot.from && window!.from < boot.to
      })
      const before = batches.findLast(({ window }) => window!.to <= boot.from) ?? null
      const after = batches.find(({ window }) => window!.from >= boot.to) ?? null
      const told = batches.find(({ window }) => window!.to >= boot.to)
      const begin = before ? sent.indexOf(before) : 0
      const between = sent.slice(begin, told ? sent.indexOf(told) : undefined)
      const gaps = between.filter(({ kind }) => kind === 'gap')
      const places = (refs: readonly { epoch: number; seq: number }[]) =>
        refs.map(({ epoch, seq }) => `${epoch}.${seq}`)
      const place = (ref: { epoch: number; seq: number } | null) => ref && places([ref])[0]

      expect({
        covering: places(found.covering),
        more: found.more,
        before: place(found.before),
        after: place(found.after),
        gaps: places(found.gaps),
      }).toEqual({
        covering: places(covering.slice(0, messagesShownMax)),
        more: Math.max(0, covering.length - messagesShownMax),
        before: place(before),
        after: place(after),
        gaps: places(gaps),
      })
    }
  }
  await reader.close()
})

test('nothing is found of an agent that sent nothing, or in another log', async () => {
  const reader = sqliteReader(heard.folder.file('collector.db'))
  const nothing = { covering: [], more: 0, before: null, after: null, gaps: [] }
  const span = { from: 0, to: now }
  expect(await reader.messagesAbout('local', 'a-0000000000000000', span)).toEqual(nothing)
  expect(await reader.messagesAbout('other', heard.agent.agent, span)).toEqual(nothing)
  await reader.close()
})

test('no question scans the log', () => {
  const db = new Database(heard.folder.file('collector.db'), { readonly: true })
  const plans = [
    'SELECT min(epoch) FROM leaf WHERE log = ? AND agent = ? AND epoch > ?',
    'SELECT max(seq) FROM leaf WHERE log = ? AND agent = ? AND epoch = ?',
    `SELECT * FROM leaf WHERE log = ? AND agent = ? AND epoch = ? AND seq <= ? AND kind = 'batch'
     ORDER BY seq DESC LIMIT 1`,
    `SELECT * FROM leaf WHERE log = ? AND agent = ? AND (epoch, seq) >= (?, ?)
     AND (epoch, seq) < (?, ?) AND kind = ? ORDER BY epoch, seq LIMIT ?`,
  ].map((sql) =>
    db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array(sql.split('?').length - 1).fill(1)),
  )
  for (const plan of plans as { detail: string }[][]) {
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SEARCH leaf USING (COVERING )?INDEX leaf_message/),
    ])
  }
  db.close()
})
