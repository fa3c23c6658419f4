import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { rebuild } from '../../../collector/evidence/rebuild.ts'
import { readDeclared } from '../../../collector/register/files.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { dayMs, hourMs } from '../../../protocol/time.ts'
import {
  exampleFiles,
  openTestCollector,
  TestClock,
  type TestCollector,
  textOf,
} from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const start = Date.parse('2026-11-20T09:00:00Z')

/** Lets a collector run for some time with service hours that are read in a zone. */
async function live(folder: string, clock: TestClock, zone: string): Promise<void> {
  const registerFile = twoInstitutions(folder)
  const week = '[{ days: [sun, mon, tue, wed, thu, fri, sat], from: "08:00", to: "14:00" }]'
  const portal = `criticality: critical\n        serviceHours: ${week}`
  writeFileSync(registerFile, textOf(registerFile).replaceAll('criticality: critical', portal))
  const policyFile = `${folder}/policy.yaml`
  writeFileSync(policyFile, textOf(exampleFiles.policy).replace('Asia/Muscat', zone))
  const declared = readDeclared(registerFile, policyFile, clock.at)
  const collector = await openTestCollector(`${folder}/data`, clock, registerFile, { declared })
  await approvePolicy(collector)
  for (let day = 0; day < 2; day++) {
    clock.at += dayMs
    await collector.evaluate()
  }
  await collector.close()
}

/** What the file would change of a policy in force holds once somebody approves it. */
async function approvePolicy(collector: TestCollector): Promise<void> {
  const url = '/api/v1/policy/proposals'
  const { proposals } = (await collector.ask(url)).json() as { proposals: { id: string }[] }
  for (const { id } of proposals) {
    const answer = await collector.ask(`${url}/${id}/approve`, { why: 'as the ministry says' })
    expect(answer.status).toBe(200)
  }
}

test('days are what they were when the time zone changes, and a rebuild finds the same', async () => {
  using folder = temporaryFolder()
  const clock = new TestClock(start)
  const file = `${folder.path}/data/collector.db`
  await live(folder.path, clock, 'Asia/Muscat')
  await live(folder.path, clock, 'America/New_York')
  const reader = sqliteReader(file)
  const hours = (await reader.days('health')).map(({ pieces }) =>
    pieces.reduce((sum, { from, to }) => sum + (to - from) / hourMs, 0),
  )
  await reader.close()
  // 08:00 to 14:00 end at 10:00 UTC in Muscat, begin at 13:00 in New York; it changed at 09:00.
  expect(hours).toEqual([1, 6, 5 + 6, 6, 6])
  const options = { file, now: clock.at, accept: false, progress: () => {} }
  const { comparisons } = await rebuild(options)
  expect(comparisons.filter(({ row }) => row !== null)).toEqual([])
})
