import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { limits } from '../../../protocol/limits.ts'
import { dayMs, hourMs, minuteMs, secondMs } from '../../../protocol/time.ts'
import { Fleet } from '../../simulation/load-fleet.ts'
import { loadPlaces } from '../../simulation/load-nation.ts'
import { LoadTally, percentile } from '../../simulation/load-tally.ts'
import type { Usage } from '../process-usage.ts'
import { CollectorUnderLoad } from './collector-under-load.ts'
import { compare, notCompared } from './compare.ts'
import { type BenchOptions, readOptions } from './options.ts'
import {
  enrolFleet,
  inRounds,
  measureBeats,
  measureBurst,
  measureOutage,
  measureRhythm,
  median,
  requestsAtOnce,
} from './phases.ts'
import { StoredRecord } from './stored-record.ts'

/**
 * Thousands of simulated agents against a real collector process, and VictoriaMetrics beside it.
 * Progress goes to the error output; the last line is one JSON object.
 */

/**
 * The agents tell of a time hours back, so that neither the rounds of ten minutes nor an hour of
 * outage need be waited for.
 */
const firstLookAgoMs = 4 * hourMs
const lagMs = 2 * hourMs

const options = readOptions(process.argv.slice(2))
const dir = mkdtempSync(join(tmpdir(), 'istimrar-bench-'))
const places = loadPlaces(options.agents)
const profiling = options.profileDir ? ['--cpu-prof', `--cpu-prof-dir=${options.profileDir}`] : []
const collector = new CollectorUnderLoad(dir, places, profiling)
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))
process.once('exit', () => {
  collector.kill()
  rmSync(dir, { recursive: true, force: true })
})
console.log(JSON.stringify(await bench(options)))

async function bench({ agents, speed, rounds, rhythmMs, outage, peer }: BenchOptions) {
  const startedAt = Date.now()
  await collector.start()
  const fleet = new Fleet({
    ...{ count: agents, places, url: collector.url, speed, lagMs },
    bootAt: startedAt - dayMs,
    from: startedAt - firstLookAgoMs,
  })
  const joined = await enrolFleet(collector, fleet)
  say(
    `${joined.atOnce} enrolments at once: ${joined.seconds.toFixed(1)} s, ` +
      `${joined.ghosts} ghosts, ${joined.errors.length} errors ${joined.errors[0] ?? ''}`,
  )
  const start = await setUp(fleet)
  const burst = (what: string, withChanges: boolean) =>
    inRounds(rounds, async () => {
      const round = await measureBurst(collector, fleet, withChanges)
      sayUsage(`${what}, as fast as they are taken`, round.usage, round.tally)
      return round
    })
  const quiet = await burst('quiet batches', false)
  const usual = await burst('a tenth with changes', true)
  const beats = await inRounds(rounds, () => measureBeats(collector, fleet))
  const heartbeatMs = median(
    beats.map(({ usage, tally }) => usage.cpuMs / tally.heartbeatMs.length),
  )
  const perBatch = (of: (usage: Usage) => number) =>
    median(usual.map(({ usage, tally }) => of(usage) / tally.ackMs.length))
  const batchMs = perBatch(({ cpuMs }) => cpuMs)
  const admissionMs = perBatch((used) => used.cpuMs - used.threadMs)
  say(`heartbeats, as fast as they are taken: ${heartbeatMs.toFixed(2)} ms CPU each`)
  const rhythm = await measureRhythm(collector, fleet, { speed, rhythmMs })
  sayUsage('normal rhythm', rhythm.usage, rhythm.tally)
  const tallies = [start, ...[...quiet, ...usual, ...beats, rhythm].map(({ tally }) => tally)]
  if (outage) tallies.push(await playOutage(fleet, speed))
  await collector.stop()
  using record = new StoredRecord(collector.databaseFile)
  for (const { name, bytes } of record.sizes().slice(0, 12)) say(`  ${name}: ${bytes} bytes`)
  fleet.close()
  const own = { batchMs, admissionMs, heartbeatMs }
  const ratios = peer ? await compare(dir, fleet, own, rounds, say) : notCompared
  const { cpuMs, wallMs, peakMib } = rhythm.usage
  return {
    agents,
    p99_ack_ms: round(rhythm.p99Ms, 1),
    rss_mib: round(peakMib, 1),
    core_share: round(cpuMs / wallMs, 3),
    ...ratios,
    stored_bytes_per_quiet_batch: Math.round(median(quiet.map((each) => each.bytesPerBatch))),
    errors: joined.errors.length + tallies.reduce((sum, tally) => sum + tally.errorCount, 0),
    acked: fleet.agents.reduce((sum, agent) => sum + agent.acked.length, 0),
    lost_acked: record.lost(fleet.agents),
  }
}

/** A first heartbeat and the batch that defines the checks. */
async function setUp(fleet: Fleet): Promise<LoadTally> {
  const tally = new LoadTally()
  await fleet.beat(requestsAtOnce, tally)
  fleet.seal(limits.sealMs, false)
  await fleet.deliver(requestsAtOnce, tally)
  say(`set up: ${tally.ackMs.length} first batches${errorsOf(tally)}`)
  return tally
}

async function playOutage(fleet: Fleet, speed: number): Promise<LoadTally> {
  const { usage, tally, liveMs, drainMs, attemptsPerBatch } = await measureOutage(
    collector,
    fleet,
    speed,
  )
  sayUsage('after an hour without collector', usage, tally)
  say(
    `  all live after ${minutes(liveMs)}, drained after ${minutes(drainMs)}, ` +
      `${attemptsPerBatch.toFixed(3)} requests a batch`,
  )
  return tally
}

function sayUsage(what: string, usage: Usage, tally: LoadTally): void {
  const { cpuMs, threadMs, wallMs, peakMib } = usage
  const { ackMs, heartbeatMs } = tally
  const at = (share: number) => percentile(ackMs, share).toFixed(1)
  const perBatch = (cpuMs / ackMs.length).toFixed(2)
  say(
    `${what}: ${ackMs.length} batches, ${heartbeatMs.length} heartbeats in ` +
      `${(wallMs / secondMs).toFixed(1)} s; ack p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)} ms; ` +
      `${(cpuMs / wallMs).toFixed(3)} of a core, ${perBatch} ms CPU a batch, ` +
      `${(threadMs / ackMs.length).toFixed(2)} of them evaluating, ` +
      `${peakMib.toFixed(0)} MiB${errorsOf(tally)}`,
  )
}

function errorsOf({ errors, duplicates, postponed }: LoadTally): string {
  const named = [...errors].map(([name, count]) => `, ${count} x ${name}`).join('')
  const later = postponed > 0 ? `, ${postponed} asked to come back` : ''
  return `${named}${later}${duplicates > 0 ? `, ${duplicates} duplicates` : ''}`
}

function minutes(ms: number | null): string {
  return ms === null ? '(not in time)' : `${(ms / minuteMs).toFixed(2)} min`
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

function say(line: string): void {
  console.error(line)
}
