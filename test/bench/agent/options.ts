import { parseArgs } from 'node:util'
import type { Mix } from './targets.ts'

export type BenchOptions = {
  /** How many times faster than time the agent lives while its CPU time is measured. */
  readonly speed: number
  /** How often CPU time is measured: what else the machine does disturbs, the middle one counts. */
  readonly rounds: Readonly<Record<Mix, number>>
  /**
   * The same for the long run that shows growth and bytes on the wire, and how long that is. Not
   * faster: a heartbeat each 90 s would come late by as much as an exchange takes, and bytes be missed.
   */
  readonly longSpeed: number
  readonly long: { readonly warmHours: number; readonly hours: number }
  readonly peers: boolean
  /** Folder for a CPU profile of the agent; null for none. */
  readonly profileDir: string | null
}

export const usage = `npm run bench:agent -- [options]

The shipped resident agent with twenty checks, enrolled at a real collector over TLS, beside
node_exporter, zabbix-agent2 and netdata of Debian; the last line is one JSON object.

The checks of the host mix, which counts, look at the host as the peers do: host, cpu, memory, eight
disks, five processes, two files' ages and two TCP ports; Zabbix is asked for the same twenty one by
one. The network mix, whose keys have "network_mix" in them, makes four HTTP requests, a TLS handshake,
two DNS questions and six TCP connections instead of the half of them: a scrape does none of that.

  --quick          rounds of three seconds, growth and bytes over four hours instead of a day
  --no-peers       leave out the peers: their figures are null
  --profile DIR    write a CPU profile of the agent there (its CPU figures are then worth nothing)
  --json           as without: the last line is JSON in any case
`

/** Reads the arguments. Throws when they are wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      'no-peers': { type: 'boolean', default: false },
      profile: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const { quick, profile } = values
  return {
    speed: quick ? 200 : 60,
    rounds: { host: quick ? 3 : 5, network: quick ? 1 : 3 },
    longSpeed: quick ? 1_200 : 600,
    long: quick ? { warmHours: 1, hours: 3 } : { warmHours: 7, hours: 16 },
    peers: !values['no-peers'],
    profileDir: profile ?? null,
  }
}
