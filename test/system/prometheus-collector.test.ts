import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Snapshot } from '../../collector/kpi/snapshot.ts'
import { rulesFile } from '../support/alerts.ts'
import type { TestCollector } from '../support/collector.ts'
import { allDashboards, dataPanels, expressionsOf } from '../support/dashboards.ts'
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
    const rules = [resolve(rulesFile)]
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
    const unanswered: string[] = []
    for (const panel of dataPanels(dashboard)) {
      for (const expression of expressionsOf(panel)) {
        const variables = { job: 'istimrar', window: 'cycle', __rate_interval: '10s' }
        const series = await prometheus.query(substitute(expression, variables))
        if (series.length === 0) unanswered.push(`${panel.title}: ${expression}`)
      }
    }
    expect(unanswered).toEqual([])
  })

  test('shows the same figures as the JSON API, to the last digit', async () => {
    const headers = { cookie: await collector.cookie() }
    const answer = await collector.app.inject({ url: '/api/v1/kpis', headers })
    const { nation } = answer.json() as Snapshot
    const { pooled, mean } = nation.continuity.cycle
    const query = (metric: string, bound: string) =>
      prometheus.query(`${metric}{scope="nation",window="cycle",bound="${bound}"}`)
    for (const bound of ['low', 'observed', 'high'] as const) {
      const [series] = await query('istimrar_continuity_ratio', bound)
      expect(series?.value).toBe(pooled[bound]?.ratio)
    }
    expect(pooled.verdict).toBe('undetermined')
    expect(mean.low!.ratio).toBeLessThan(pooled.observed!.ratio)
    const reporting = await prometheus.query('istimrar_institutions_reporting')
    expect(reporting.map(({ value }) => value)).toEqual([nation.reporting])
  })
})
