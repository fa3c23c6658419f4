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
import { allRules, ruleFiles, ruleTestFiles } from '../support/alerts.ts'
import {
  allDashboards,
  chosen,
  dataPanels,
  expressionsOf,
  unanswered,
} from '../support/dashboards.ts'
import { kpiText } from '../support/detailed-snapshot.ts'
import { metricsSnapshot } from '../support/metrics-snapshot.ts'
import { mustSkip } from '../support/programs.ts'
import { type Prometheus, startPrometheus } from '../support/prometheus.ts'
import { substitute } from '../support/promql.ts'
import { sampleHooks, sampleStore } from '../support/store-figures.ts'

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
    const said = promtool(['check', 'rules', '--lint=all', '--lint-fatal', ...ruleFiles])
    expect(said.match(/SUCCESS/g)).toHaveLength(ruleFiles.length)
  })

  test('T11: sees every alert fire where it should, and only there', () => {
    const said = promtool(['test', 'rules', ...ruleTestFiles])
    expect(said.match(/SUCCESS/g)).toHaveLength(ruleFiles.length)
  })
})

describe.skipIf(mustSkip('prometheus'))('a real Prometheus', () => {
  const dir = mkdtempSync(join(tmpdir(), 'istimrar-prometheus-'))
  const app = fastify()
  let prometheus: Prometheus

  beforeAll(async () => {
    const metrics = busyMetrics()
    timeRequests(app, metrics)
    await app.register(metricsRoutes(metrics, async () => [Buffer.from(kpis)]))
    const { host } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    prometheus = await startPrometheus({
      targets: [host],
      dir,
      rules: ruleFiles.map((file) => resolve(file)),
    })
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

  const panelQueries = (language: string, id: number, board = 'national') =>
    allDashboards()
      .filter(({ dashboard }) => dashboard.uid === `istimrar-${board}-${language}`)
      .flatMap(({ dashboard }) => dataPanels(dashboard).filter((panel) => panel.id === id))
      .flatMap(expressionsOf)
      .map((query) => substitute(query, chosen('.+')))

  test.each(allDashboards())('answers every query of $dashboard.uid', async ({ dashboard }) => {
    const institutions = metricsSnapshot().institutions.map(({ id }) => id)
    for (const window of ['cycle', '30d', '7d', '24h']) {
      expect(await unanswered(dashboard, prometheus, institutions, window)).toEqual([])
    }
  })

  test('offers the values of the variables', async () => {
    const job = 'label/job/values?match[]=istimrar_build_info'
    expect(await prometheus.api(job)).toEqual(['istimrar'])
  })

  test.each([
    ['institution', 'ar', 'health', ['health: وزارة الصحة', 'musandam: محافظة مسندم']],
    ['institution', 'en', 'health', ['health: Ministry of Health', 'dhofar: Dhofar']],
    // A name with quotation marks in it comes whole.
    ['environment', 'en', 'health', ['portal: Portal', 'records: The "central" records']],
    ['environment', 'ar', 'dhofar', ['services: الخدمات']],
  ])('offers each %s by its name (%s, %s)', async (variable, language, institution, some) => {
    const offered = new Set<string>()
    for (const { dashboard } of allDashboards().filter((each) => each.language === language)) {
      const made = dashboard.templating?.list?.find(({ name }) => name === variable)
      if (!made) continue
      const [, query = ''] = /^query_result\((.*)\)$/.exec(String(made.query)) ?? []
      const [, pattern = ''] = /^\/(.*)\/$/.exec(made.regex ?? '') ?? []
      for (const { labels } of await prometheus.query(substitute(query, chosen(institution)))) {
        // As Grafana writes a series out before it looks for the names.
        const pairs = Object.entries(labels).filter(([label]) => label !== '__name__')
        const text = `${labels.__name__}{${pairs.map(([label, value]) => `${label}="${value}"`)}} 1`
        const { groups } = new RegExp(pattern).exec(text) ?? {}
        offered.add(`${groups?.value}: ${groups?.text}`)
      }
    }
    expect([...offered]).toEqual(expect.arrayContaining(some))
    if (variable === 'environment') expect(offered.size).toBe(some.length)
  })

  test('a share short of the target is never shown as the target (T6)', async () => {
    const exact = 'istimrar_continuity_ratio{scope="nation",window="cycle",bound="low"}'
    expect(await prometheus.query(exact)).toEqual([expect.objectContaining({ value: 0.949996 })])
    const [shown = ''] = panelQueries('en', 2)
    expect(await prometheus.query(shown)).toEqual([expect.objectContaining({ value: 0.9499 })])
  })

  test.each(['ar', 'en'])('lists an institution without a value (%s)', async (language) => {
    const [low = ''] = panelQueries(language, 102)
    const rows = await prometheus.query(low)
    const dhofar = rows.find(({ labels }) => labels.institution === 'dhofar')
    expect(dhofar?.labels).toHaveProperty(`name_${language}`)
    expect(dhofar?.value).toBeNaN()
    const governorates = metricsSnapshot().institutions.filter(({ kind }) => kind === 'governorate')
    expect(rows).toHaveLength(governorates.length)
  })

  test('lists the level of every institution once, also of those being set up', async () => {
    const [levels = ''] = panelQueries('en', 303, 'readiness')
    const rows = await prometheus.query(levels)
    expect(rows.map(({ labels }) => [labels.institution, labels.level_name]).sort()).toEqual([
      ['dhofar', 'being_set_up'],
      ['health', 'Text'],
      ['musandam', 'being_set_up'],
    ])
    const lows = await prometheus.query('istimrar_readiness_ratio{bound="low",scope="institution"}')
    const health = ({ labels }: { labels: Readonly<Record<string, string>> }) =>
      labels.institution === 'health'
    const [shown, exact] = [rows.find(health)!.value, lows.find(health)!.value]
    expect(Math.abs(shown - exact)).toBeLessThanOrEqual(1e-4)
  })

  test('draws every line of the S-curve along its days', async () => {
    const queries = panelQueries('en', 8, 'migration')
    const days = await Promise.all(queries.map(async (query) => await prometheus.query(query)))
    const counts = days.map((rows) => new Set(rows.map(({ labels }) => labels.day)).size)
    expect(counts).toEqual([4, 3, 3, 3, 2])
    expect(days.flat().every(({ labels }) => Object.keys(labels).join() === 'day')).toBe(true)
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
  metrics.watchStore(async () => sampleStore)
  metrics.watchHooks(() => sampleHooks)
  return metrics
}
