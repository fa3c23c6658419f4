import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readIdentity } from '../../agent/identity.ts'
import { openSpool } from '../../agent/spool-file.ts'
import { temporaryFolder } from '../support/agent-folder.ts'
import { agent } from '../support/agent-process.ts'
import { FakeCollector } from '../support/fake-collector.ts'

const main = join(import.meta.dirname, '../../agent/main.ts')
const token = 'tOkEn'.padEnd(43, 'x')

/** Kills `agent enrol` so long after the collector had its question; null: before it answers. */
async function killed(collector: FakeCollector, args: readonly string[], afterMs: number | null) {
  const child = spawn(process.execPath, [main, 'enrol', ...args], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  collector.answer = () => {
    if (afterMs !== null) return null
    child.kill('SIGKILL')
    return 'cut'
  }
  const count = collector.of('enrolment').length
  await Promise.race([collector.until('enrolment', count + 1), ended])
  if (afterMs !== null) setTimeout(() => child.kill('SIGKILL'), afterMs)
  await ended
  collector.answer = () => null
}

test('an enrolment killed at any moment goes on where it was: one key, one agent', async () => {
  const collector = await FakeCollector.start()
  const dir = join(temporaryFolder(), 'data')
  const args = ['--collector', collector.url, '--name', 'web-1', '--dir', dir, '--token', token]
  for (const afterMs of [null, null, 0, 1, 2, 4, 8, 12, 16]) {
    await killed(collector, args, afterMs)
    // Whoever has an identity can run: the key and the place in the stream were there before it.
    if (!readIdentity(dir)) continue
    const spool = openSpool(dir, 0)
    expect(spool.state('cursor')).toMatchObject({ epoch: 1, seq: 1 })
    spool.close()
  }
  const key = existsSync(join(dir, 'agent.key')) && readFileSync(join(dir, 'agent.key'), 'utf8')
  expect(await agent(['enrol', ...args])).toMatchObject({ code: 0, err: '' })
  expect(readFileSync(join(dir, 'agent.key'), 'utf8')).toBe(key)
  const asked = collector.of('enrolment').map(({ jws }) => jws)
  expect(asked.length).toBeGreaterThanOrEqual(3)
  expect(new Set(asked).size).toBe(1)
  expect(collector.agentKids).toHaveLength(1)
})
