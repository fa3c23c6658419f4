import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hourMs } from '../../../protocol/time.ts'
import { type BenchOptions, readOptions } from './options.ts'
import { measureOwn, type OwnResult } from './own.ts'
import { measurePrometheus, measureVictoriaMetrics, type PeerResult } from './peers.ts'
import { measureSnapshot } from './snapshot.ts'
import { yearBefore, yearDays } from './year.ts'

/**
 * What figures cost: a year of many checks beside VictoriaMetrics and Prometheus, and the nation's
 * snapshot. Progress goes to the error output; the last line is one JSON object.
 */

const options = readOptions(process.argv.slice(2))
const dir = mkdtempSync(join(tmpdir(), 'istimrar-bench-kpi-'))
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))
process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
console.log(JSON.stringify(await bench(options)))

async function bench(wanted: BenchOptions) {
  const { checks, peerChecks, prometheusChecks, environmentsEach, rounds, peers } = wanted
  const nation = await measureSnapshot(folder('nation'), environmentsEach, rounds)
  say(
    `snapshot of ${56 * environmentsEach} environments, ${nation.days} days stored: ` +
      `${nation.coldMs.toFixed(0)} ms from cold (${nation.coldCpuMs.toFixed(0)} ms CPU); after one batch ` +
      `${nation.dirtyCpuMs.toFixed(1)} ms CPU, when a minute passed ${nation.minuteCpuMs.toFixed(1)} ms`,
  )
  const { page } = nation
  say(
    `metrics of it: ${page.series} series, ${(page.bytes / 1e6).toFixed(1)} MB in ` +
      `${page.wallMs.toFixed(0)} ms (${page.cpuMs.toFixed(0)} ms CPU)`,
  )
  const end = Math.floor(Date.now() / hourMs) * hourMs - hourMs
  const year = { start: yearBefore(end), end }
  const own = await measureOwn(folder('own'), year, checks, rounds)
  sayResult('ours', checks, own)
  const asked = { ...year, rounds: 3 }
  const victoria = peers
    ? await measureVictoriaMetrics({ ...asked, dir: folder('victoria'), checks: peerChecks })
    : null
  sayResult('victoria-metrics', peerChecks, victoria)
  const prometheus = peers
    ? await measurePrometheus({ ...asked, dir: folder('prometheus'), checks: prometheusChecks })
    : null
  sayResult('prometheus', prometheusChecks, prometheus)
  const perCheckMs = own.cpuMs / checks
  const ratio = (peer: PeerResult | null) =>
    peer && round(perCheckMs / (peer.cpuMs / peer.checks), 5)
  return {
    checks,
    days: yearDays,
    cpu_vs_victoriametrics: ratio(victoria),
    cpu_vs_prometheus: ratio(prometheus),
    growth_7d_365d: round(own.cpuMs / own.cpu7dMs, 2),
    snapshot_cold_ms: round(nation.coldMs, 0),
    snapshot_dirty_cpu_ms: round(nation.dirtyCpuMs, 1),
    snapshot_minute_cpu_ms: round(nation.minuteCpuMs, 1),
    metrics_series: page.series,
    metrics_bytes: page.bytes,
    metrics_cpu_ms: round(page.cpuMs, 1),
    max_abs_diff: largestDifference(own, [victoria, prometheus]),
  }
}

/** Null where there was nobody to compare with. */
function largestDifference(own: OwnResult, peers: readonly (PeerResult | null)[]): number | null {
  const differences = peers.flatMap((peer) =>
    [...(peer?.values ?? [])].map(([check, value]) =>
      Math.abs(value - (own.values.get(check) ?? Number.NaN)),
    ),
  )
  return differences.length === 0 ? null : Math.max(...differences)
}

function sayResult(
  name: string,
  checks: number,
  result: Pick<OwnResult, 'cpuMs' | 'cpu7dMs'> | null,
): void {
  if (!result) {
    say(`${name} was not asked or is not installed: its figures are null`)
    return
  }
  const { cpuMs, cpu7dMs } = result
  say(
    `${name}: ${checks} checks, ${cpuMs.toFixed(2)} ms CPU for ${yearDays} days, ` +
      `${cpu7dMs.toFixed(2)} for 7; ${((cpuMs / checks) * 1_000).toFixed(1)} us a check`,
  )
}

function folder(name: string): string {
  const path = join(dir, name)
  mkdirSync(path)
  return path
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

function say(line: string): void {
  console.error(line)
}
