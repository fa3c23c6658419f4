import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { CollectorProcess } from '../collector-process.ts'
import { httpExchange } from '../exchange.ts'
import { Fleet } from '../fleet.ts'
import { MemoryDisk } from '../loop-disk.ts'
import { newTally, type Row, type RowContext, type Tally } from '../row.ts'
import { setScene } from '../scene.ts'
import { finish } from '../settle.ts'
import { missingMounts } from '../tools.ts'

const fullMsMax = 120_000

/** F5: the disk fills up and gets room again: nobody ends, nothing is half stored. */
export const diskFull: Row = {
  id: 'F5',
  what: 'disk full, collector and agent',
  injected: 'data on a small tmpfs, filled up, later made larger',
  run: async (context) => {
    const tally = newTally()
    const missing = missingMounts()
    if (missing) return { ...tally, notRun: [missing] }
    await fillCollector(context, tally)
    await fillAgent(context, tally)
    return tally
  },
}

/** Fills a folder to the last byte. */
function fill(file: string): void {
  for (const size of [1 << 20, 1 << 16, 1 << 12, 1]) {
    const piece = Buffer.alloc(size)
    for (;;) {
      try {
        writeFileSync(file, piece, { flag: 'a' })
      } catch (error) {
        if ((error as { code?: string }).code !== 'ENOSPC') throw error
        break
      }
    }
  }
}

async function fillCollector(context: RowContext, tally: Tally): Promise<void> {
  const { quick, random, folder, log } = context
  using disk = new MemoryDisk(folder, 'collector-disk', '64m')
  const dataDir = join(disk.dir, 'data')
  await using collector = await CollectorProcess.prepare(join(folder, 'centre'), { dataDir })
  using http = httpExchange(() => collector.url)
  const fleet = new Fleet({ size: quick ? 20 : 100, random, exchange: http.exchange })
  await collector.start()
  await fleet.enrol(await collector.tokens(500))
  fleet.run()
  let megabytes = 64
  for (let turn = 1; turn <= (quick ? 1 : 5); turn++) {
    const refused = () => fleet.replies.get(503) ?? 0
    const before = refused()
    await fleet.acks(20, AbortSignal.timeout(fullMsMax))
    fill(join(disk.dir, 'ballast'))
    const late = AbortSignal.timeout(fullMsMax)
    while (refused() < before + 5 && collector.isRunning && !late.aborted) await wait(50)
    tally.kills++
    if (!collector.isRunning) tally.failures.push('Full disk: the collector ended.')
    else if (refused() === before) tally.failures.push('Full disk: nobody was refused with 503.')
    await wait(quick ? 500 : 5_000)
    const startedAt = performance.now()
    megabytes += 16
    disk.resize(`${megabytes}m`)
    await fleet.acks(1, AbortSignal.timeout(fullMsMax))
    tally.recoverMs.push(performance.now() - startedAt)
    if (!collector.isRunning) await collector.start()
    log(`collector full ${turn}: ${refused() - before} refused, ${fleet.acked} acknowledged`)
  }
  await finish(collector, fleet, tally)
}

/** What the agent may keep in this row; more makes it drop the oldest, and say so. */
const spoolBytes = 24 * 1_024

async function fillAgent({ quick, folder, log }: RowContext, tally: Tally): Promise<void> {
  using disk = new MemoryDisk(folder, 'agent-disk', '2m')
  await using scene = await setScene(join(folder, 'agent-arm'))
  const { tap } = scene
  const limits = { sealYoungMs: 200, sealEarlyMs: 200, spoolBytesMax: spoolBytes }
  const agent = await scene.agent({ dir: join(disk.dir, 'agent'), limits })
  agent.start()
  await tap.until(() => tap.acked.length >= 2, 60_000)
  for (let turn = 1; turn <= (quick ? 1 : 4); turn++) {
    // Nobody listens, so that what is sealed must be kept: first the spool's own limit, then disk.
    tap.answer = () => ({ status: 503, body: '{}', retryAfter: null })
    if (!quick) await wait(120_000)
    fill(join(disk.dir, 'ballast'))
    const said = agent.output.length
    const late = AbortSignal.timeout(fullMsMax)
    const isFull = () => agent.output.slice(said).includes('The disk is full')
    while (!isFull() && agent.isRunning && !late.aborted) await wait(100)
    tally.kills++
    if (!agent.isRunning) tally.failures.push('Full disk: the agent ended.')
    if (!isFull()) tally.failures.push('Full disk: the agent does not say so.')
    rmSync(join(disk.dir, 'ballast'))
    disk.resize('4m')
    tap.answer = () => null
    const startedAt = performance.now()
    const acked = tap.acked.length
    await tap.until(() => tap.acked.length > acked, 120_000)
    tally.recoverMs.push(performance.now() - startedAt)
    log(`agent full ${turn}: ${tap.acked.length} acknowledged`)
  }
  await scene.finish(tally, [agent])
  tally.figures['gaps declared'] = tap.acked.filter(({ type }) => type === 'gap').length
}
