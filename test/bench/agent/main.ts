import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  bareNodeMib,
  childrenPerCycle,
  liveLong,
  measureFacts,
  measureRound,
  median,
  type Round,
  settledRssMib,
} from './measure.ts'
import { type BenchOptions, readOptions } from './options.ts'
import { netdata, nodeExporter, type Peer, zabbixAgent } from './peers.ts'
import { Scene } from './scene.ts'
import type { Mix } from './targets.ts'

/**
 * What the resident agent costs its host, beside agents of others in the same seconds. Progress
 * goes to the error output; the last line is one JSON object.
 *
 * A minute is not waited for: the shipped resident runs with clocks and timers that are faster by
 * one factor. So one simulated minute holds exactly what a minute holds: twenty looks and their
 * save, two thirds of a heartbeat, a tenth of a seal with its delivery and receipt. Scrapes of the
 * peers come once for each such minute too, so that nobody's caches are warmer. Nothing is faked
 * between agent and collector: real processes, TLS, signatures, commits.
 */

const options = readOptions(process.argv.slice(2))
const dir = mkdtempSync(join(tmpdir(), 'istimrar-bench-agent-'))
const running: Peer[] = []
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))
process.once('exit', () => {
  for (const { pid } of running) kill(pid)
  rmSync(dir, { recursive: true, force: true })
})
const figures = await bench(options)
console.log(JSON.stringify(figures))
process.exit(0)

async function bench({ speed, longSpeed, long: life, peers, profileDir }: BenchOptions) {
  await using scene = await Scene.set(folder('scene'))
  const beside = await startPeers(scene, peers)
  const bareMib = await bareNodeMib()
  const profiling = profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : []
  scene.use('network')
  const network = scene.startAgent(speed, profiling)
  await network.line(/The agent runs/)
  const withNetwork = await measureRounds(
    'network',
    { ours: network.child.pid!, bare: null },
    beside,
  )
  await network.stop()
  scene.use('host')
  const agent = scene.startAgent(speed, profiling)
  await agent.line(/The agent runs/)
  const pid = agent.child.pid!
  await using bare = scene.startBare(speed)
  await bare.line(/The bare cycle runs/)
  const measured = await measureRounds('host', { ours: pid, bare: bare.child.pid! }, beside)
  await bare.stop()
  const oursMib = await settledRssMib(pid)
  const netdataMib = beside.netdata && (await settledRssMib(beside.netdata.pid))
  say(
    `memory MiB: ours ${oursMib.toFixed(1)}, bare Node ${bareMib.toFixed(1)}, ` +
      `netdata ${netdataMib?.toFixed(1) ?? '-'}`,
  )
  const children = await childrenPerCycle(pid, speed, dir)
  await agent.stop()
  for (const peer of running.splice(0)) await peer.stop()
  const long = await liveLong(scene, longSpeed, life, say)
  const facts = await measureFacts(scene)
  if (!facts) say('agent facts: this agent has no such command, its figures are null')
  return {
    cpu_vs_node_exporter: ratio(measured, 'nodeExporter'),
    cpu_vs_zabbix_agent2: ratio(measured, 'zabbix'),
    cpu_network_mix_vs_node_exporter: ratio(withNetwork, 'nodeExporter'),
    cpu_network_mix_vs_zabbix_agent2: ratio(withNetwork, 'zabbix'),
    cpu_vs_bare_node: ratio(measured, 'bare'),
    cpu_cycle_ms: round(median(measured.map(({ ours }) => ours)), 2),
    rss_vs_bare_node: round(oursMib / bareMib, 3),
    rss_vs_netdata: netdataMib && round(oursMib / netdataMib, 3),
    children_per_cycle: children,
    wire_bytes_per_day: Math.round(long.bytesPerDay),
    facts_cpu_s: facts && round(facts.cpuSeconds, 2),
    facts_wall_s: facts && round(facts.wallSeconds, 2),
    rss_growth_day_ratio: round(long.growthRatio, 4),
  }
}

async function measureRounds(
  mix: Mix,
  pids: Parameters<typeof measureRound>[0],
  beside: Parameters<typeof measureRound>[3],
) {
  const measured: Round[] = []
  // The first one only warms up.
  for (let i = -1; i < options.rounds[mix]; i++) {
    const each = await measureRound(pids, options.speed, mix, beside)
    if (i >= 0) measured.push(each)
    const costs = [each.ours, each.bare, each.nodeExporter, each.zabbix]
    const [ours, bare, exporter, zabbix] = costs.map((ms) => ms?.toFixed(2) ?? '-')
    const theirs = `bare Node ${bare}, node_exporter ${exporter}, zabbix ${zabbix}`
    say(`${mix} mix, CPU ms a cycle: ours ${ours}, ${theirs}`)
  }
  return measured
}

/** Ours to theirs, of the medians. */
function ratio(rounds: readonly Round[], name: Other): number | null {
  const theirs = medianOf(rounds, name)
  return theirs && round(median(rounds.map(({ ours }) => ours)) / theirs, 3)
}

/** Null for what is not installed, which is named. */
async function startPeers(scene: Scene, wanted: boolean) {
  const nobody = { nodeExporter: null, zabbix: null, netdata: null }
  if (!wanted) return nobody
  const found = {
    nodeExporter: await nodeExporter(),
    zabbix: await zabbixAgent(folder('zabbix'), scene.ports),
    netdata: await netdata(folder('netdata')),
  }
  for (const [name, peer] of Object.entries(found)) {
    if (peer) running.push(peer)
    else say(`${name} is not installed: its figure is null`)
  }
  return found
}

type Other = Exclude<keyof Round, 'ours'>

function medianOf(rounds: readonly Round[], name: Other): number | null {
  const values = rounds.map((each) => each[name]).filter((value) => value !== null)
  return values.length === 0 ? null : median(values)
}

function folder(name: string): string {
  const path = join(dir, name)
  mkdirSync(path)
  return path
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

function say(line: string): void {
  console.error(line)
}
