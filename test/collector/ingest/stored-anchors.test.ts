import { expect, test } from 'vitest'
import { Roster } from '../../../collector/ingest/roster.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { openHeardAgent } from '../../support/heard-agent.ts'

const start = Date.parse('2026-11-21T12:00:00Z')

test('what is stored of a clock is what a start would keep of it, however long it runs', async () => {
  const heard = await openHeardAgent(start)
  const { folder, clock, agent } = heard
  for (let beat = 1; beat <= 60; beat++) {
    // Once a silence of three hours, of which the anchor before stays.
    clock.at += beat === 20 ? 3 * hourMs : 7 * minuteMs
    expect((await agent.heartbeat(hourMs + clock.at - start)).status).toBe(200)
  }
  const reader = sqliteReader(`${folder.path}/collector.db`)
  const stored = await reader.agents()
  await reader.close()
  const [[, kept]] = [...new Roster(stored).anchors()] as [[string, unknown[]]]
  expect(stored[0]!.anchors).toEqual(kept)
  expect(kept.length).toBeLessThan(10)
  await heard.close()
})
