import { parseArgs } from 'node:util'

export type BenchOptions = {
  readonly institutions: number
  /** Of each institution, in four environments. */
  readonly hosts: number
  readonly rounds: number
}

export const usage = `npm run bench:readiness -- [options]

CPU time of all threads to score the readiness of a nation by the default model: 56 institutions of
20 hosts in four environments, with a value of every metric. Medians; what the first round takes,
before the code is compiled, goes to the error output. The last line is one JSON object:

  score_nation_cpu_ms   every institution, and the nation's figures over them
  rescore_one_cpu_ms    one changed fact: its institution, and the nation's figures

  --quick      fewer rounds: 5 s
  --hosts N    hosts of each institution, a multiple of 4 up to 400; default 20
`

/** Reads the arguments. Throws when they are wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, hosts: { type: 'string' } },
  })
  const hosts = Number(values.hosts ?? 20)
  if (!Number.isInteger(hosts) || hosts < 4 || hosts > 400 || hosts % 4 !== 0) {
    throw new Error(`--hosts: must be a multiple of 4 from 4 to 400.\n\n${usage}`)
  }
  return { institutions: 56, hosts, rounds: values.quick ? 15 : 60 }
}
