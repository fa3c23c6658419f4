import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LocalMetrics } from '../../agent/local-metrics.ts'
import { metricsRoutes, timeRequests } from '../../collector/http/metrics.ts'
import { createMetrics, type Metrics } from '../../collector/metrics.ts'
import { type CheckKind, checkKinds } from '../../protocol/check.ts'
import { allRules, rulesFile } from '../support/alerts.ts'
import { allDashboards, dataPanels, expressionsOf } from '../support/dashboards.ts'
import { kpiText } from '../support/detailed-snapshot.ts'
import { metricsSnapshot } from '../support/metrics-snapshot.ts'
import { mustSkip } from '../support/programs.ts'
import { type Prometheus, startPrometheus } from '../support/prometheus.ts'
import { substitute } from '../support/promql.ts'

describe.skipIf(mustSkip('promtool'))('promtool', () => {
  const promtool = (command: readonly string[], input?: string) =>
    execFileSync('promtool', command, {
      encoding: 'utf8',
      stdio: 'pipe',
      ...(input ? { input } : {}),
    })

  test('finds nothing to say about /metrics', async () => {
    expect(promtool(['check', 'metrics'], (await busyMetrics().page()) + kpis)).toBe('')
  })

  test("finds nothing to say about an agent's own /metrics", () => {
    const kinds = Object.keys(checkKinds) as CheckKind[] // its own keys
    const definitions = kinds.map((kind) => ({ check: `a-${kind}`, kind, intervalMs: 60_000 }))
    const metrics = new LocalMetrics(definitions, () => 1_800_000_000_000)
    for (const { check } of definitions) metrics.note(check, { state: 'up', value: 0.5 })
    const stand = { spool: { messages: 0, bytes: 0 }, receipt: null, seq: 1 }
    expect(promtool(['check', 'metrics'], metrics.page(stand))).toBe('')
  })

  test('accepts the configuration', () => {
    const file = 'deploy/prometheus/prometheus.yml'
    expect(promtool(['check', 'config', '--lint=all', '--lint-fatal', file])).toContain('SUCCESS')
  })

  test('accepts the rules', () => {
    expect(promtool(['check', 'rules', '--lint=all', '--lint-fatal', rulesFile])).toContain(
      'SUCCESS',
    )
  })

  test('T11: sees every alert fire where it should, and only there', () => {
    expect(promtool(['test', 'rules', 'test/system/prometheus-rules.yml'])).toContain('SUCCESS')
  })
})

describe.skipIf(mustSkip('prometheus'))('a real Prometheus', () => {
  const dir = mkdtempSync(join(tmpdir(), 'istimrar-prometheus-'))
  const app = fastify()
  let prometheus: Prometheus

  beforeAll(async () => {
    const metrics = busyMetrics()
    timeRequests(app, metrics)
    await app.register(metricsRoutes(metrics, async () => [Buffer.from(kpis)], null))
    const { host } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    prometheus = await startPrometheus({ targets: [host], dir, rules: [resolve(rulesFile)] })
    await prometheus.waitFor(
      'count_over_time(up{job="istimrar"}[1m]) >= 3 and up == 1',
      (series) => series.length === 1,
    )
  })

  afterAll(async () => {
    await prometheus?.stop()
    await app.close()
    rmSync(dir, { recursive: true })
  })

  const panelQueries = (language: string, id: number) =>
    allDashboards()
      .filter(({ dashboard }) => dashboard.uid === `istimrar-national-${language}`)
      .flatMap(({ dashboard }) => dataPanels(dashboard).filter((panel) => panel.id === id))
      .flatMap(expressionsOf)
      .map((query) => substitute(query, { job: 'istimrar', window: 'cycle' }))

  test.each(allDashboards())('answers every query of $dashboard.uid', async ({ dashboard }) => {
    const unanswered: string[] = []
    for (const panel of dataPanels(dashboard)) {
      for (const expression of expressionsOf(panel)) {
        for (const window of ['cycle', '30d', '7d', '24h']) {
          const variables = { job: 'istimrar', window, __rate_interval: '10s' }
          const series = await prometheus.query(substitute(expression, variables))
          if (series.length === 0) unanswered.push(`${panel.title}: ${expression}`)
        }
      }
    }
    expect(unanswered).toEqual([])
  })

  test('offers the values of the variables', async () => {
    const job = 'label/job/values?match[]=istimrar_build_info'
    expect(await prometheus.api(job)).toEqual(['istimrar'])
  })

  test('a share short of the target is never shown as the target (T6)', async () => {
    const exact = 'istimrar_continuity_ratio{scope="nation",window="cycle",bound="low"}'
    expect(await prometheus.query(exact)).toEqual([expect.objectContaining({ value: 0.949996 })])
    const [shown = ''] = panelQueries('en', 2)
    expect(await prometheus.query(shown)).toEqual([expect.objectContaining({ value: 0.9499 })])
  })

  test.each(['ar', 'en'])('lists an institution without a value (%s)', async (language) => {
    const [low = ''] = panelQueries(language, 101)
    const rows = await prometheus.query(low)
    const dhofar = rows.find(({ labels }) => labels.institution === 'dhofar')
    expect(dhofar?.labels).toHaveProperty(`name_${language}`)
    expect(dhofar?.value).toBeNaN()
    expect(rows).toHaveLength(metricsSnapshot().institutions.length)
  })

  test.each(allRules())('evaluates $alert', async ({ alert, expr }) => {
    await prometheus.query(expr)
    const { groups } = (await prometheus.api('rules')) as {
      groups: { rules: { name: string; health: string; lastError?: string }[] }[]
    }
    const rule = groups.flatMap(({ rules }) => rules).find(({ name }) => name === alert)
    expect(rule).toMatchObject({ health: 'ok' })
  })
})

const kpis = kpiText(metricsSnapshot())

/** Metrics of a collector that has done each thing once. */
function busyMetrics(): Metrics {
  const metrics = createMetrics({ version: '0.1.0' })
  metrics.countMessage('batch', 'stored')
  metrics.observeCommit(1, 5)
  metrics.observeEvaluation(50, false)
  return metrics
}
