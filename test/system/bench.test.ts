import { expect, test } from 'vitest'
import { startProcess } from '../support/processes.ts'

/** The benchmarks run and end with one JSON object; their figures depend on the machine. */

/** The peer is not installed everywhere. */
const ratio = expect.toSatisfy((value) => value === null || value > 0)

test('bench:ingest loses nothing and meets no error', async () => {
  await using bench = startProcess(['test/bench/ingest/main.ts', '--quick', '--agents', '100'], {
    NODE_NO_WARNINGS: '1',
  })
  let printed = ''
  bench.child.stdout?.on('data', (chunk: string) => {
    printed += chunk
  })
  expect(await bench.ended(), bench.output()).toBe(0)
  const figures = JSON.parse(printed.trimEnd().split('\n').at(-1)!)
  expect(figures, bench.output()).toEqual({
    agents: 100,
    p99_ack_ms: expect.any(Number),
    rss_mib: expect.any(Number),
    core_share: expect.any(Number),
    admission_cpu_vs_victoriametrics: ratio,
    cpu_vs_victoriametrics: ratio,
    cpu_vs_victoriametrics_same_requests: ratio,
    cpu_vs_victoriametrics_with_heartbeats: ratio,
    stored_bytes_per_quiet_batch: expect.any(Number),
    errors: 0,
    acked: expect.any(Number),
    lost_acked: 0,
  })
  expect(figures.acked).toBeGreaterThan(100)
})

test('bench:agent measures a real agent, which starts no child', async () => {
  await using bench = startProcess(['test/bench/agent/main.ts', '--quick', '--json'], {
    NODE_NO_WARNINGS: '1',
  })
  let printed = ''
  bench.child.stdout?.on('data', (chunk: string) => {
    printed += chunk
  })
  expect(await bench.ended(), bench.output()).toBe(0)
  const figures = JSON.parse(printed.trimEnd().split('\n').at(-1)!)
  expect(figures, bench.output()).toEqual({
    cpu_vs_node_exporter: ratio,
    cpu_vs_zabbix_agent2: ratio,
    cpu_network_mix_vs_node_exporter: ratio,
    cpu_network_mix_vs_zabbix_agent2: ratio,
    cpu_vs_bare_node: expect.any(Number),
    cpu_cycle_ms: expect.any(Number),
    rss_vs_bare_node: expect.any(Number),
    rss_vs_netdata: ratio,
    children_per_cycle: expect.toSatisfy((value) => value === null || value === 0),
    wire_bytes_per_day: expect.any(Number),
    facts_cpu_s: ratio,
    facts_wall_s: ratio,
    rss_growth_day_ratio: expect.any(Number),
  })
})
