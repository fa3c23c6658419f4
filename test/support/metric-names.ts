import { createMetrics } from '../../collector/metrics.ts'
import { kpiText } from './detailed-snapshot.ts'
import { readPage } from './metrics-page.ts'
import { metricsSnapshot } from './metrics-snapshot.ts'

/** What a query may read: the page, the buckets of its histograms, and what Prometheus adds. */
export async function metricNames(): Promise<string[]> {
  const metrics = createMetrics({ version: '0.1.0' })
  const names = readPage((await metrics.page()) + kpiText(metricsSnapshot())).flatMap(
    ({ name, type }) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
  )
  return [...names, 'up']
}
