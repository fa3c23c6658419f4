import { parseArgs } from 'node:util'

export type BenchOptions = {
  /** Checks whose year we are asked for, a multiple of 20; those of VictoriaMetrics; of Prometheus. */
  readonly checks: number
  readonly peerChecks: number
  readonly prometheusChecks: number
  /** Environments of each of the 56 institutions of the snapshot, 20 checks each. */
  readonly environmentsEach: number
  readonly rounds: number
  readonly peers: boolean
}

export const usage = `npm run bench:kpi -- [options]

CPU time of a year's availability of many checks, asked over HTTP, beside VictoriaMetrics and
Prometheus with avg_over_time over the same looks; and what a snapshot of the nation takes: 56
institutions of 20 environments of 20 checks. The last line is one JSON object:

  checks, days             what was asked for
  cpu_vs_victoriametrics   our CPU time for one check / that of VictoriaMetrics
  cpu_vs_prometheus        the same beside Prometheus
  growth_7d_365d           our CPU time for 365 days / for 7 days
  snapshot_cold_ms         wall time of the first evaluation; its days were derived before
  snapshot_dirty_cpu_ms    CPU time of all threads for one batch of one agent: admission,
                           evaluation and the snapshot handed over
  snapshot_minute_cpu_ms   the same where all windows moved on by a minute since the last one
  metrics_series           series of the KPI part of /metrics for that nation, and its bytes
  metrics_bytes
  metrics_cpu_ms           CPU time of rendering it after another evaluation
  max_abs_diff             largest difference of our ratios and the peers'

  Peers are asked for fewer checks, and their time is divided by those.

  --quick         100 checks (VictoriaMetrics 20, Prometheus 4), fewer rounds: 45 s
  --checks N      a multiple of 20 up to 1000; default 1000 (200, 40), with --quick 100
  --no-peers      leave out VictoriaMetrics and Prometheus
`

/** Reads the arguments. Throws when they are wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      checks: { type: 'string' },
      'no-peers': { type: 'boolean', default: false },
    },
  })
  const { quick } = values
  const checks = Number(values.checks ?? (quick ? 100 : 1_000))
  if (!Number.isInteger(checks) || checks < 20 || checks > 1_000 || checks % 20 !== 0) {
    throw new Error(`--checks: must be a multiple of 20 from 20 to 1000.\n\n${usage}`)
  }
  return {
    checks,
    peerChecks: Math.min(checks, quick ? 20 : 200),
    prometheusChecks: Math.min(checks, quick ? 4 : 40),
    environmentsEach: 20,
    rounds: quick ? 3 : 5,
    peers: !values['no-peers'],
  }
}
