import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { dayMs, hourMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

type Figures = { nation: { targets: number } }

test('a window that is over is measured by the register of its end', async () => {
  using folder = temporaryFolder()
  const clock = new TestClock(Date.parse('2026-11-01T00:00:00Z'))
  const file = twoInstitutions(folder.path)
  const open = (): Promise<TestCollector> => openTestCollector(folder.file('data'), clock, file)
  const first = await open()
  const begin = clock.at
  clock.at += 10 * dayMs
  await first.close()
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('continuity: [health, roads]', 'continuity: [health]'))
  const second = await open()
  const changed = clock.at
  clock.at += dayMs
  await second.evaluate()
  const over = async (from: number, to: number): Promise<Figures> =>
    (await second.ask(`/api/v1/figures?from=${from}&to=${to}`)).json()
  const ofBefore = await over(begin, changed - hourMs)
  const ofAfter = await over(begin, changed + hourMs)
  const kpis = (await second.ask('/api/v1/kpis')).json() as Figures
  await second.close()
  expect([ofBefore, ofAfter, kpis].map(({ nation }) => nation.targets)).toEqual([2, 1, 1])
})
