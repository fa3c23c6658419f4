import { expect, test } from 'vitest'
import { startThread } from '../../../collector/evaluate/thread.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'

test('a thread of its own answers what the thread that asks would', async () => {
  using folder = temporaryFolder()
  const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
  const answers: unknown[] = []
  for (const more of [{}, { startAnswerer: startThread }]) {
    const collector = await openTestCollector(folder.path, clock, undefined, more)
    await collector.evaluate()
    const { status, json } = await collector.ask('/api/v1/institutions/local')
    const { institution } = json() as { institution: { id: string } }
    const unknown = await collector.ask('/api/v1/institutions/nobody')
    answers.push([status, institution, unknown.status])
    await collector.close()
    expect(collector.fatal).toEqual([])
  }
  expect(answers[0]).toMatchObject([200, { id: 'local' }, 404])
  expect(answers[1]).toEqual(answers[0])
})
