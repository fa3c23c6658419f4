import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { has } from '../../support/programs.ts'
import type { Peer } from './peers.ts'
import type { Scene } from './scene.ts'
import type { Mix } from './targets.ts'
import { endedChildrenCpuMs, threadsCpuMs, treeRssMib } from './usage.ts'

/** Minutes of a round: with one seal in it, as in every ten minutes. */
const roundMinutes = 10
/** What a peer may still do for a cycle after its answer. */
const settleMs = 40

/** CPU time of one cycle in one round. Unit: milliseconds; null where a peer is not there. */
export type Round = {
  readonly ours: number
  /** A bare Node that does the same; null where it does not run. */
  readonly bare: number | null
  readonly nodeExporter: number | null
  readonly zabbix: number | null
}

/**
 * One round: ten simulated minutes of the agent, and in the same seconds a cycle of each peer for
 * each minute. Caches are as warm for them as for us.
 */
export async function measureRound(
  { ours, bare }: { readonly ours: number; readonly bare: number | null },
  speed: number,
  mix: Mix,
  peers: { readonly nodeExporter: Peer | null; readonly zabbix: Peer | null },
): Promise<Round> {
  const before = threadsCpuMs(ours)
  const bareBefore = bare && threadsCpuMs(bare)
  const startedAt = performance.now()
  const costs: Record<keyof typeof peers, number[]> = { nodeExporter: [], zabbix: [] }
  for (let minute = 1; minute <= roundMinutes; minute++) {
    for (const name of ['nodeExporter', 'zabbix'] as const) {
      const peer = peers[name]
      if (peer) costs[name].push(await cycleCpuMs(peer, mix))
    }
    await sleep(Math.max(0, startedAt + (minute * minuteMs) / speed - performance.now()))
  }
  const minutes = ((performance.now() - startedAt) * speed) / minuteMs
  const mean = (values: readonly number[]) =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    ours: (threadsCpuMs(ours) - before) / minutes,
    bare: bare && (threadsCpuMs(bare) - (bareBefore ?? 0)) / minutes,
    nodeExporter: mean(costs.nodeExporter),
    zabbix: mean(costs.zabbix),
  }
}

async function cycleCpuMs({ pid, cycle }: Peer, mix: Mix): Promise<number> {
  const before = threadsCpuMs(pid)
  await cycle(mix)
  await sleep(settleMs)
  return threadsCpuMs(pid) - before
}

/** Resident memory of a process and its children, the middle of some looks. Unit: MiB. */
export async function settledRssMib(pid: number): Promise<number> {
  const samples: number[] = []
  for (let i = 0; i < 5; i++) {
    samples.push(treeRssMib(pid))
    await sleep(200)
  }
  return median(samples)
}

/** Resident memory of a Node that does nothing but wait. Unit: MiB. */
export async function bareNodeMib(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' })
  await sleep(1_500)
  const mib = treeRssMib(child.pid!)
  child.kill()
  await once(child, 'exit')
  return mib
}

/**
 * Processes that an agent starts in one minute of looks, counted by the kernel's own calls; null
 * where nobody can count. Facts come every six hours and are measured by themselves: minutes into
 * which they fall are counted again.
 */
export async function childrenPerCycle(
  pid: number,
  speed: number,
  dir: string,
): Promise<number | null> {
  if (!has('strace')) return null
  const minutes = 5
  for (;;) {
    const calls = await traced(pid, (minutes * minuteMs) / speed + 500, dir)
    if (calls.some((call) => call.includes('"facts", "--json"'))) continue
    return calls.filter((call) => !call.includes('CLONE_THREAD')).length / minutes
  }
}

/** The calls by which a process and its children start others, for so long; as strace has them. */
async function traced(pid: number, lengthMs: number, dir: string): Promise<string[]> {
  const output = join(mkdtempSync(join(dir, 'trace-')), 'calls')
  const calls = 'trace=clone,clone3,fork,vfork,execve'
  const noSignals = ['-e', 'signal=none']
  const tracer = spawn(
    'strace',
    ['-f', '-qq', '-e', calls, ...noSignals, '-o', output, '-p', String(pid)],
    {
      stdio: 'ignore',
    },
  )
  await sleep(lengthMs)
  const ended = once(tracer, 'exit')
  tracer.kill('SIGINT')
  await ended
  const text = existsSync(output) ? readFileSync(output, 'utf8') : ''
  return text.split('\n').filter((line) => line !== '')
}

/** What a long time costs: bytes of a day over TCP and how much the memory grew. */
export type LongRun = { readonly bytesPerDay: number; readonly growthRatio: number }

/** Receipts bring a checkpoint of the institution each hour, and of the nation each day. */
const checkpointsPerDay = 25
/** Such a note as it travels, with its share of the receipt. */
const checkpointBytes = 350

/**
 * Lives through hours. Memory and bytes count from `warmHours` on: what a process takes to get going,
 * and to do for the first time what it does each six hours, is no growth, and the first looks are
 * news, which no quiet day has. The collector lives in real time, so that its hourly checkpoints are
 * added by count; so is the one telling of all facts in a day where less than a day is measured. TLS,
 * HTTP, receipts, heartbeats and values are what was sent.
 */
export async function liveLong(
  scene: Scene,
  speed: number,
  { warmHours, hours }: { readonly warmHours: number; readonly hours: number },
  say: (line: string) => void,
): Promise<LongRun> {
  await using agent = scene.startAgent(speed)
  await agent.line(/The agent runs/)
  const pid = agent.child.pid!
  const startedAt = performance.now()
  await sleep((warmHours * hourMs) / speed)
  const [bytesBefore, quietFrom] = [scene.proxy.bytes, performance.now()]
  const first: number[] = []
  const last: number[] = []
  const sample = async (samples: number[]) => {
    for (let i = 0; i < 9; i++) {
      samples.push(treeRssMib(pid))
      await sleep(2 * (minuteMs / speed))
    }
  }
  await sample(first)
  const endsAt = startedAt + ((warmHours + hours) * hourMs) / speed
  await sleep(Math.max(0, endsAt - performance.now() - 18 * (minuteMs / speed)))
  await sample(last)
  const passedMs = (performance.now() - startedAt) * speed
  const quietMs = (performance.now() - quietFrom) * speed
  const { bytes, connections } = scene.proxy
  await agent.stop()
  const wholeFacts = hours < 24 ? scene.wholeFactsBytes : 0
  const sent = ((bytes - bytesBefore) * dayMs) / quietMs
  const [from, to] = [median(first), median(last)]
  say(
    `${(passedMs / hourMs).toFixed(1)} h lived: ${(sent / 1e3).toFixed(0)} kB a day, ` +
      `${connections} connections so far; memory ${from.toFixed(1)} -> ${to.toFixed(1)} MiB`,
  )
  return {
    bytesPerDay: sent + checkpointsPerDay * checkpointBytes + wholeFacts,
    growthRatio: to / from - 1,
  }
}

/** What `agent facts --json` costs; null where this agent has no such command. */
export async function measureFacts(
  scene: Scene,
): Promise<{ cpuSeconds: number; wallSeconds: number } | null> {
  const help = await promisify(execFile)(process.execPath, [
    join(scene.program, 'agent.cjs'),
    'help',
  ])
  if (!/^ +facts /m.test(help.stdout)) return null
  const [cpuBefore, startedAt] = [endedChildrenCpuMs(process.pid), performance.now()]
  const facts = scene.startShipped('facts', '--json')
  const code = await facts.ended()
  if (code !== 0) throw new Error(`agent facts ended with ${code}: ${facts.output()}`)
  return {
    cpuSeconds: (endedChildrenCpuMs(process.pid) - cpuBefore) / 1_000,
    wallSeconds: (performance.now() - startedAt) / 1_000,
  }
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
