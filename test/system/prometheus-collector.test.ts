import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Snapshot } from '../../collector/kpi/snapshot.ts'
import { ruleFiles } from '../support/alerts.ts'
import type { TestCollector } from '../support/collector.ts'
import {
  allDashboards,
  chosen,
  dataPanels,
  expressionsOf,
  unanswered,
} from '../support/dashboards.ts'
import { temporaryFolder } from '../support/folder.ts'
import { mustSkip } from '../support/programs.ts'
import { type Prometheus, startPrometheus } from '../support/prometheus.ts'
import { substitute } from '../support/promql.ts'
import { openSmallNation } from '../support/small-nation.ts'

describe.skipIf(mustSkip('prometheus'))('a real Prometheus scraping a real collector', () => {
  const folder = temporaryFolder()
  let collector: TestCollector
  let prometheus: Prometheus

  beforeAll(async () => {
    collector = await openSmallNation(folder.path, Date.now())
    const { host } = new URL(await collector.app.listen({ host: '127.0.0.1', port: 0 }))
    const rules = ruleFiles.map((file) => resolve(file))
    prometheus = await startPrometheus({ targets: [host], dir: folder.path, rules })
    await prometheus.waitFor(
      'count_over_time(up{job="istimrar"}[1m]) >= 3 and up == 1',
      (series) => series.length === 1,
    )
  })

  afterAll(async () => {
    await prometheus?.stop()
    await collector?.close()
    folder[Symbol.dispose]()
  })

  test.each(allDashboards())('answers every query of $dashboard.uid', async ({ dashboard }) => {
    const institutions = await prometheus.api('label/institution/values')
    const silent = await unanswered(dashboard, prometheus, institutions as string[])
    // A move takes thirty days to be proven: what is half an hour old has no forecast.
    expect(silent.filter((query) => !query.includes('line="forecast"'))).toEqual([])
  })

  test('shows the same figures as the JSON API, to the last digit', async () => {
    const headers = { cookie: await collector.cookie() }
    const answer = await collector.app.inject({ url: '/api/v1/kpis', headers })
    const { nation } = answer.json() as Snapshot
    const { pooled, mean } = nation.continuity.cycle
    // Waits: a scrape that a busy machine could not end in time leaves nothing for a moment.
    const query = (metric: string, bound: string) =>
      prometheus.waitFor(
        `${metric}{scope="nation",window="cycle",bound="${bound}"}`,
        (series) => series.length === 1,
      )
    for (const bound of ['low', 'observed', 'high'] as const) {
      const [series] = await query('istimrar_continuity_ratio', bound)
      expect(series?.value).toBe(pooled[bound]?.ratio)
    }
    expect(pooled.verdict).toBe('undetermined')
    expect(mean.low!.ratio).toBeLessThan(pooled.observed!.ratio)
    const reporting = await prometheus.query('istimrar_institutions_reporting')
    expect(reporting.map(({ value }) => value)).toEqual([nation.reporting])
  })

  test('shows of each institution what its page shows, to the last digit shown', async () => {
    const headers = { cookie: await collector.cookie() }
    const answer = await collector.app.inject({ url: '/api/v1/institutions', headers })
    const { institutions } = answer.json() as Pick<Snapshot, 'institutions'>
    const { dashboard } = allDashboards().find(({ name }) => name === 'institution')!
    const [low = '', observed = '', high = '', coverage = ''] = dataPanels(dashboard)
      .filter(({ id }) => id === 2 || id === 3)
      .flatMap(expressionsOf)
    expect(institutions.length).toBeGreaterThan(3)
    for (const { id, continuity } of institutions) {
      const figure = continuity.cycle
      const queries = { low, observed, high, coverage }
      for (const [name, query] of Object.entries(queries) as [keyof typeof queries, string][]) {
        const [series] = await prometheus.waitFor(
          substitute(query, chosen(id)),
          (found) => found.length === 1,
        )
        const shown = Number.isNaN(series?.value) ? undefined : (series!.value * 100).toFixed(2)
        // Nothing is known without a coverage, which is 0 then.
        const expected = figure[name]?.percent ?? (name === 'coverage' ? '0.00' : undefined)
        expect(shown, `${id} ${name}`).toBe(expected)
      }
    }
  })
})
