import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { expect, onTestFinished, test } from 'vitest'
import { childRunner } from '../../agent/child.ts'
import type { Program } from '../../agent/program.ts'
import { run } from '../../agent/resident.ts'
import { offOf } from '../../collector/evaluate/sight.ts'
import { sqliteReader } from '../../collector/store/sqlite/sqlite.ts'
import { hourMs, minuteMs } from '../../protocol/time.ts'
import { temporaryFolder } from '../support/agent-folder.ts'
import { agent } from '../support/agent-process.ts'
import { openTestCollector, TestClock } from '../support/collector.ts'
import { fakeRoot } from '../support/fake-root.ts'
import { wtmpRecord } from '../support/wtmp.ts'

/** A clock that goes, and may be set forward. */
class GoingClock extends TestClock {
  #aheadMs = 0
  override readonly now = () => Date.now() + this.#aheadMs
  forward(ms: number): void {
    this.#aheadMs += ms
  }
}

test('a host that is started anew tells when it shut down: the time between was off', async () => {
  // The resident turns V8's compilers off, and this process runs other tests too.
  onTestFinished(() => {
    for (const flag of ['--opt', '--maglev', '--sparkplug']) setFlagsFromString(flag)
  })
  const clock = new GoingClock(0)
  const dataDir = temporaryFolder()
  const collector = await openTestCollector(dataDir, clock)
  onTestFinished(() => collector.close())
  const url = await collector.app.listen({ host: '127.0.0.1', port: 0 })
  const dir = join(temporaryFolder(), 'agent')
  const config = join(temporaryFolder(), 'agent.yaml')
  writeFileSync(
    config,
    `apiVersion: istimrar.agent/v1
collector: ${url}
name: web-1
checks:
  - { name: host, kind: host, interval: 5s }
`,
  )
  const token = await collector.token()
  const enrol = ['--collector', url, '--name', 'web-1', '--dir', dir, '--token', token]
  expect(await agent(['enrol', ...enrol])).toMatchObject({ code: 0 })
  const reader = sqliteReader(join(dataDir, 'collector.db'))
  onTestFinished(() => reader.close())
  const key = { institution: 'local', environment: 'this-machine' }
  const boots = () => reader.boots(key, { from: 0, to: clock.now() + hourMs })
  const args = ['--config', config, '--dir', dir]

  /** Runs the agent on a host that booted then, until the collector knows of so many boots. */
  async function boot(id: string, bootedAt: number, wtmp: readonly Buffer[], known: number) {
    const root = fakeRoot({
      'proc/uptime': '3600.00 100.00\n',
      'proc/sys/kernel/random/boot_id': `${id}\n`,
      'var/log/wtmp': Buffer.concat(wtmp),
    })
    const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
    const program: Program = {
      ...{ args, root, stopped, proxy: {}, random: () => 0, out: () => {}, err: () => {} },
      ...{ language: 'en', ask: async () => '' },
      clock: {
        wall: clock.now,
        boot: () => clock.now() - bootedAt,
        running: () => performance.now(),
      },
      timer: (delayMs, action) => {
        const timer = setTimeout(action, delayMs)
        return () => clearTimeout(timer)
      },
      self: {
        executable: process.execPath,
        args: [join(import.meta.dirname, '../../agent/main.ts')],
      },
      run: childRunner({}),
    }
    const ended = run(program)
    await expect.poll(async () => (await boots()).length, { timeout: 120_000 }).toBe(known)
    stop()
    expect(await ended).toBe(0)
  }

  const firstAt = clock.now() - hourMs
  await boot('b0070000-0001', firstAt, [wtmpRecord('boot', firstAt)], 1)
  const shutdownAt = clock.now() + minuteMs
  clock.forward(2 * hourMs)
  const secondAt = clock.now() - 10 * minuteMs
  const wtmp = [
    wtmpRecord('boot', firstAt),
    wtmpRecord('shutdown', shutdownAt),
    wtmpRecord('boot', secondAt),
  ]
  await boot('b0070000-0002', secondAt, wtmp, 2)

  const known = await boots()
  expect(known.map((each) => each.shutdownAt)).toEqual([null, shutdownAt])
  const [off, ...more] = offOf(known, new Set(['web-1']))
  expect(more).toEqual([])
  expect(off?.from).toBe(shutdownAt)
  expect(Math.abs(off!.to - secondAt)).toBeLessThan(minuteMs)
})
