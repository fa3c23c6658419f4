import { expect, test } from 'vitest'
import { CollectorProcess } from '../faults/collector-process.ts'
import { httpExchange } from '../faults/exchange.ts'
import { Fleet } from '../faults/fleet.ts'
import { temporaryFolder } from '../support/folder.ts'
import { mustSkip } from '../support/programs.ts'
import { syncsIn, syncsOf, tracingSyncs } from '../support/strace.ts'
import { delivered } from '../support/used-data.ts'

/** Every commit reaches the disk before it is believed: counted at the kernel, not asked for. */

const needsStrace = { skip: mustSkip('strace') }
const commits = 40
const writer = 'test/support/commit-writer.ts'
const noFsync = ['--import', './test/support/without-fsync.ts']

test.each([
  ['store', "the collector's store"],
  ['spool', "the agent's spool"],
])('%s: each commit is a sync, in a new file and in an old one', needsStrace, (kind) => {
  using folder = temporaryFolder()
  const run = (name: string, count: number, nodeArgs: string[] = []) => {
    const args = [...nodeArgs, writer, kind, folder.file(name), `${count}`]
    return syncsOf(args, folder.file('trace'))
  }
  const empty = run('empty', 0)
  expect(run('used', commits) - empty).toBeGreaterThanOrEqual(commits)
  const opening = run('used', 0)
  expect(run('used', commits) - opening).toBeGreaterThanOrEqual(commits)
  expect(run('blind', commits, noFsync) - empty).toBeLessThan(commits / 4)
})

test('what is kept until the next commit waits for no disk', needsStrace, () => {
  using folder = temporaryFolder()
  const run = (name: string, count: number) =>
    syncsOf([writer, 'kept', folder.file(name), `${count}`], folder.file('trace'))
  const empty = run('empty', 0)
  expect(run('kept', commits) - empty).toBeLessThan(commits / 4)
})

test('a collector syncs before it acknowledges, also after a restart', needsStrace, async () => {
  using folder = temporaryFolder()
  await using collector = await CollectorProcess.prepare(folder.path, { institutions: 1 })
  using http = httpExchange(() => collector.url)
  const fleet = new Fleet({ size: 1, random: () => 0.5, exchange: http.exchange })
  const [agent] = fleet.agents
  const deliverAll = async (nodeArgs: string[] = []) => {
    const trace = folder.file(`trace-${Math.random()}`)
    await collector.start({ wrap: tracingSyncs(trace), nodeArgs })
    if (!agent!.agent) await fleet.enrol(await collector.tokens(1))
    await fleet.greet()
    const before = syncsIn(trace)
    for (let i = 0; i < commits; i++) {
      agent!.seal(agent!.sealedAt + 1_000)
      expect(await delivered(agent!, http.exchange)).toBe('acked')
    }
    const syncs = syncsIn(trace) - before
    await collector.end('SIGTERM')
    return syncs
  }
  expect(await deliverAll()).toBeGreaterThanOrEqual(commits)
  expect(await deliverAll()).toBeGreaterThanOrEqual(commits)
  expect(await deliverAll(noFsync)).toBeLessThan(commits / 2)
})
