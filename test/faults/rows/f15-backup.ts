import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findManifest } from '../../../collector/operations/manifest.ts'
import { restoredWhat } from '../../../collector/operations/restore.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { rootDir } from '../../support/processes.ts'
import { CollectorProcess } from '../collector-process.ts'
import { httpExchange } from '../exchange.ts'
import { Fleet } from '../fleet.ts'
import { withKeptCopies } from '../kept-copies.ts'
import { addVerdict, judge } from '../oracle.ts'
import { between } from '../randomness.ts'
import { newTally, type Row, type RowContext, type Tally } from '../row.ts'
import { setScene } from '../scene.ts'
import { accountsOf, checkByCommands } from '../settle.ts'
import { percentile } from '../tools.ts'

/** F15: backups under load, each second one killed; the newest good one is restored. */
export const backupRestored: Row = {
  id: 'F15',
  what: 'backup under load, restore, agents go on',
  injected: 'collector backup every second, SIGKILL at random; collector restore --force',
  run: async (context) => {
    const tally = newTally()
    await underLoad(context, tally)
    if (!context.quick) await withRealAgents(context, tally)
    return tally
  },
}

type Made = { good: string[]; killed: number; seconds: number[] }

async function underLoad(context: RowContext, tally: Tally): Promise<void> {
  const { quick, random, folder, log } = context
  await using collector = await CollectorProcess.prepare(join(folder, 'load'))
  using http = httpExchange(() => collector.url)
  const waits: number[] = []
  const { exchange, resent } = withKeptCopies(async (path, jws) => {
    const startedAt = performance.now()
    const reply = await http.exchange(path, jws)
    waits.push(performance.now() - startedAt)
    return reply
  })
  const fleet = new Fleet({ size: quick ? 20 : 100, random, exchange, outageEvery: 0 })
  await collector.start()
  await fleet.enrol(await collector.tokens(500))
  fleet.run()
  await fleet.acks(quick ? 50 : 500, AbortSignal.timeout(60_000))
  tally.figures['ack p99 ms without backup'] = Math.round(percentile(waits.splice(0), 0.99) ?? 0)
  const lossSeconds: number[] = []
  let contradicted = 0
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    const folderOfRound = join(folder, `backups-${round}`)
    const made = await makeBackups(collector, folderOfRound, context, tally)
    tally.figures['ack p99 ms during backups'] = Math.round(percentile(waits.splice(0), 0.99) ?? 0)
    tally.figures['backup s'] = Math.max(...made.seconds).toFixed(2)
    await collector.end('SIGKILL')
    const diedAt = Date.now()
    const newest = made.good.at(-1)
    if (!newest) throw new Error('No backup was finished.')
    const { at } = findManifest(newest)!
    lossSeconds.push((diedAt - at) / 1_000)
    const restored = runCommand(collector, ['restore', newest, '--force', '--why', 'F15'])
    if (restored.code !== 0) tally.failures.push(`restore: ${restored.said}`)
    await collector.start()
    await fleet.acks(1, AbortSignal.timeout(60_000))
    tally.recoverMs.push(Date.now() - diedAt)
    await fleet.acks(quick ? 20 : 100, AbortSignal.timeout(60_000))
    log(
      `round ${round + 1}: ${made.good.length} backups, ${made.killed} killed, ${resent()} resent`,
    )
  }
  const drained = await fleet.drain(120_000)
  if (!drained) tally.failures.push(`${fleet.backlog} messages wait after 120 s.`)
  await fleet.fresh(60_000)
  if (fleet.backlog > 0) tally.failures.push('A fresh observation is not stored within 60 s.')
  tally.failures.push(...fleet.refusals.slice(0, 5).map((line) => `Refused: ${line}`))
  await collector.end('SIGTERM')
  contradicted = await contradictions(collector, fleet, tally)
  // Where a leaf lies now is not where the receipt of a lost time says: the restore's leaf tells it.
  const accounts = accountsOf(fleet).map(({ acked, ...rest }) => {
    return { ...rest, acked: acked.map(({ epoch, seq, hash }) => ({ epoch, seq, hash })) }
  })
  addVerdict(tally, judge(collector.dataDir, accounts))
  await checkByCommands(collector, tally)
  tally.figures['RPO s max'] = Math.max(...lossSeconds).toFixed(2)
  tally.figures['RTO s max'] = (Math.max(...tally.recoverMs) / 1_000).toFixed(2)
  tally.figures['sent again'] = resent()
  tally.figures['receipts of the lost time'] = contradicted
}

/** Backups for some seconds; each second one is killed at random. None that was may look good. */
async function makeBackups(
  collector: CollectorProcess,
  folder: string,
  { quick, random }: RowContext,
  tally: Tally,
): Promise<Made> {
  const made: Made = { good: [], killed: 0, seconds: [] }
  for (let turn = 0; turn < (quick ? 4 : 6) || made.good.length === 0; turn++) {
    const target = join(folder, `backup-${turn}`)
    const startedAt = performance.now()
    const child = start(collector, ['backup', target])
    if (turn % 2 === 1) {
      await wait(between(random, 100, 900))
      child.kill('SIGKILL')
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    if (child.signalCode !== null) {
      made.killed++
      tally.kills++
      if (existsSync(target)) made.good.push(target)
    } else if (child.exitCode === 0) {
      made.good.push(target)
      made.seconds.push((performance.now() - startedAt) / 1_000)
    } else tally.failures.push(`backup ended with ${child.exitCode}`)
    await wait(200)
  }
  for (const name of readdirSync(folder)) {
    const isWhole = findManifest(join(folder, name)) !== null
    const isNamed = !name.endsWith('.unfinished')
    if (isNamed && !isWhole) tally.failures.push(`${name} looks like a backup and is none.`)
  }
  return made
}

/** Receipts whose leaf is another one now; every restore must have said so in the national log. */
async function contradictions(
  collector: CollectorProcess,
  fleet: Fleet,
  tally: Tally,
): Promise<number> {
  const reader = sqliteReader(join(collector.dataDir, 'collector.db'))
  const acts = (await reader.entries()).filter(({ what }) => what === restoredWhat)
  if (acts.length === 0) tally.failures.push('No leaf says that the collector was restored.')
  if (acts.some(({ before }) => before === null)) {
    tally.failures.push('A restore does not say how far the logs reached that it replaced.')
  }
  let contradicted = 0
  for (const agent of fleet.agents) {
    for (const { leaf, leafHash } of agent.acked) {
      const found = await reader.leaf(agent.identity.institution, leaf)
      if (found?.hash.toString('hex') !== leafHash) contradicted++
    }
  }
  await reader.close()
  return contradicted
}

/** Two real agents meet a collector that lost minutes: they send their kept copies again. */
async function withRealAgents({ folder }: RowContext, tally: Tally): Promise<void> {
  await using scene = await setScene(join(folder, 'real'))
  const { collector, tap } = scene
  const agents = [await scene.agent({ name: 'web-1' }), await scene.agent({ name: 'web-2' })]
  for (const agent of agents) agent.start()
  const ackedOf = (id: string) => tap.acked.filter(({ agent }) => agent === id).length
  const allAcked = (count: number) => () => agents.every(({ id }) => ackedOf(id) >= count)
  if (!(await tap.until(allAcked(2), 120_000))) throw new Error('The agents deliver nothing.')
  const backup = join(folder, 'real-backup')
  const made = runCommand(collector, ['backup', backup])
  if (made.code !== 0) tally.failures.push(`backup: ${made.said}`)
  if (!(await tap.until(allAcked(4), 120_000))) throw new Error('The agents deliver no more.')
  await collector.end('SIGKILL')
  tally.kills++
  const restored = runCommand(collector, ['restore', backup, '--force'])
  if (restored.code !== 0) tally.failures.push(`restore: ${restored.said}`)
  await collector.start()
  await scene.finish(tally, agents)
}

function start(collector: CollectorProcess, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['collector/main.ts', ...args], {
    cwd: rootDir,
    env: collector.environment(),
    stdio: 'ignore',
  })
}

function runCommand(collector: CollectorProcess, args: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, ['collector/main.ts', ...args], {
    cwd: rootDir,
    env: collector.environment(),
    encoding: 'utf8',
  })
  return { code: status, said: stderr.slice(-600) }
}
