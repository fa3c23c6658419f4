import { parseArgs } from 'node:util'

export type BenchOptions = {
  readonly agents: number
  /** Every wait of the agents is divided by this. */
  readonly speed: number
  /** How often CPU time is measured: what else the machine does disturbs, the middle one counts. */
  readonly rounds: number
  /** How long the normal rhythm is watched. */
  readonly rhythmMs: number
  /** Whether the one-hour outage is played. */
  readonly outage: boolean
  readonly peer: boolean
  /** Folder for CPU profiles of the collector; null for none. */
  readonly profileDir: string | null
}

export const usage = `npm run bench:ingest -- [options]

CPU time of the collector (all threads) for what hosts tell of ten minutes, beside VictoriaMetrics
taking the same looks by remote write; the last line is one JSON object. Ours to theirs:

  cpu_vs_victoriametrics                  a batch in ten minutes, as our agents send; VictoriaMetrics
                                          gets one request a minute, as remote write sends
  cpu_vs_victoriametrics_same_requests    VictoriaMetrics too gets one request in ten minutes
  cpu_vs_victoriametrics_with_heartbeats  as the first, with the heartbeats of the ten minutes

  --quick          500 agents at ten times the rhythm: the requests of 5,000, in 45 s
  --agents N       1 to 20000; default 5000, with --quick 500
  --minutes N      how long the normal rhythm is watched; default 5
  --no-outage      leave out the one-hour outage
  --no-peer        leave out VictoriaMetrics
  --profile DIR    write CPU profiles of the collector there
`

/** Reads the arguments. Throws when they are wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      agents: { type: 'string' },
      minutes: { type: 'string' },
      'no-outage': { type: 'boolean', default: false },
      'no-peer': { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  })
  const { quick, profile } = values
  return {
    agents: numberOf('--agents', values.agents ?? (quick ? '500' : '5000'), 20_000),
    speed: quick ? 10 : 1,
    rounds: quick ? 1 : 3,
    rhythmMs: quick ? 8_000 : numberOf('--minutes', values.minutes ?? '5', 600) * 60_000,
    outage: !values['no-outage'],
    peer: !values['no-peer'],
    profileDir: profile ?? null,
  }
}

function numberOf(name: string, text: string, max: number): number {
  const value = Number(text)
  if (/^\d{1,6}$/.test(text) && value >= 1 && value <= max) return value
  throw new Error(`${name}: must be a whole number from 1 to ${max}.\n\n${usage}`)
}
