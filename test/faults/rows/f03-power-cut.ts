import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { AgentProcess } from '../agent-process.ts'
import { CollectorProcess } from '../collector-process.ts'
import { httpExchange } from '../exchange.ts'
import { Fleet } from '../fleet.ts'
import { LoopDisk, missingForCuts } from '../loop-disk.ts'
import { judge } from '../oracle.ts'
import { between } from '../randomness.ts'
import { newTally, type Row, type RowContext, type Tally } from '../row.ts'
import { setScene } from '../scene.ts'
import { accountsOf, finish } from '../settle.ts'

const normalPreload = new URL('../preload/normal-sync.ts', import.meta.url).href
const normal = { nodeArgs: ['--import', normalPreload] }
const agentMsMax = 60_000

/** F3: the power goes; what was acknowledged, and what an agent froze and sent, is on the disk. */
export const powerCut: Row = {
  id: 'F3',
  what: 'power cut of collector and agent',
  injected: 'ext4 on a loop device: SIGSTOP, EXT4_IOC_SHUTDOWN without log flush, SIGKILL, remount',
  run: async (context) => {
    const tally = newTally()
    const missing = missingForCuts()
    if (missing) return { ...tally, notRun: [missing] }
    await cutCollector(context, tally)
    await controlArm(context, tally)
    await cutAgent(context, tally)
    return tally
  },
}

/** Stops the writer first: without that the cut races a sync that is under way. */
async function cut(
  disk: LoopDisk,
  writer: { signal(signal: NodeJS.Signals): void; end(): Promise<unknown> },
): Promise<void> {
  writer.signal('SIGSTOP')
  disk.cutPower()
  await writer.end()
  disk.unmount()
  disk.mount()
}

async function cutCollector(context: RowContext, tally: Tally): Promise<void> {
  const { quick, random, folder, log } = context
  using disk = new LoopDisk(folder, 'collector-disk')
  const dataDir = join(disk.dir, 'data')
  await using collector = await CollectorProcess.prepare(join(folder, 'full'), { dataDir })
  using http = httpExchange(() => collector.url, { timeoutMs: 3_000 })
  const fleet = new Fleet({ size: quick ? 20 : 100, random, exchange: http.exchange })
  await collector.start()
  await fleet.enrol(await collector.tokens(500))
  fleet.run()
  for (let turn = 1; turn <= (quick ? 2 : 12); turn++) {
    await wait(between(random, 300, 2_000))
    await cut(disk, collector)
    tally.kills++
    const startedAt = performance.now()
    await collector.start()
    await fleet.acks(1, AbortSignal.timeout(60_000))
    tally.recoverMs.push(performance.now() - startedAt)
    log(`collector cut ${turn}: ${fleet.acked} acknowledged`)
  }
  await finish(collector, fleet, tally)
}

/** The same with synchronous=NORMAL must lose what was acknowledged, else the cut cuts nothing. */
async function controlArm({ quick, random, folder, log }: RowContext, tally: Tally): Promise<void> {
  const turns = quick ? 1 : 3
  const lost: number[] = []
  for (let turn = 1; turn <= turns; turn++) {
    using disk = new LoopDisk(folder, `control-disk-${turn}`)
    const dataDir = join(disk.dir, 'data')
    const own = join(folder, `control-${turn}`)
    await using collector = await CollectorProcess.prepare(own, { dataDir })
    using http = httpExchange(() => collector.url, { timeoutMs: 1_000 })
    const fleet = new Fleet({ size: 20, random, exchange: http.exchange })
    await collector.start(normal)
    await fleet.enrol(await collector.tokens(500))
    fleet.run()
    await wait(2_000)
    await cut(disk, collector)
    await fleet.drain(1)
    // The oracle recovers a copy: the image goes with this turn.
    const copy = join(own, 'copy')
    mkdirSync(copy, { recursive: true })
    cpSync(dataDir, copy, { recursive: true })
    const { lost: count } = judge(copy, accountsOf(fleet))
    lost.push(count)
    if (count === 0) tally.failures.push('NORMAL lost nothing: this row is blind here.')
    log(`control arm (NORMAL): ${count} of ${fleet.acked} acknowledged are lost, as they must`)
  }
  tally.figures['control arm lost'] = lost.join(', ')
}

/** A spool that forgot what was sent would sign other bytes under the same number. */
async function cutAgent(context: RowContext, tally: Tally): Promise<void> {
  const { quick, random, folder, log } = context
  using disk = new LoopDisk(folder, 'agent-disk', 32)
  await using scene = await setScene(join(folder, 'agent-arm'))
  const agent = await scene.agent({ dir: join(disk.dir, 'agent') })
  for (let turn = 1; turn <= (quick ? 2 : 12); turn++) {
    await sendSome(scene.tap, agent, random)
    await cut(disk, agent)
    agent.lookIntoSpool()
    tally.kills++
    log(`agent cut ${turn}: ${scene.tap.acked.length} acknowledged`)
  }
  await scene.finish(tally, [agent])
}

async function sendSome(
  tap: { messages: readonly unknown[]; until: (e: () => boolean, ms: number) => Promise<boolean> },
  agent: AgentProcess,
  random: () => number,
): Promise<void> {
  const before = tap.messages.length
  agent.start()
  await tap.until(() => tap.messages.length > before, agentMsMax)
  await wait(between(random, 0, 300))
}
