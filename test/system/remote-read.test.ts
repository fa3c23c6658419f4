import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WindowFigures } from '../../collector/kpi/cycle-figures.ts'
import type { Figure } from '../../collector/kpi/snapshot.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { randomOf } from '../simulation/random.ts'
import { temporaryFolder } from '../support/folder.ts'
import { mustSkip } from '../support/programs.ts'
import { type Prometheus, startPrometheus } from '../support/prometheus.ts'
import { WatchedWeeks, weeksBegin } from '../support/watched-weeks.ts'

const cycleEnd = Date.parse('2026-09-30T20:00:00Z')
const lengths = { '30d': 30 * dayMs, '7d': 7 * dayMs, '24h': dayMs } as const
const windows = ['cycle', '30d', '7d', '24h'] as const
type Window = (typeof windows)[number]

describe.skipIf(mustSkip('prometheus'))('a real Prometheus that reads history', () => {
  const folder = temporaryFolder()
  let weeks: WatchedWeeks
  let prometheus: Prometheus
  let asOf: EpochMs

  beforeAll(async () => {
    weeks = await new WatchedWeeks(folder.path, 2026).live()
    const url = await weeks.collector.app.listen({ host: '127.0.0.1', port: 0 })
    const read = {
      url: `${url}/api/v1/prom/read`,
      read_recent: true,
      required_matchers: { history: 'evidence' },
      filter_external_labels: false,
    }
    prometheus = await startPrometheus({
      targets: [],
      dir: folder.path,
      more: { remote_read: [read] },
    })
    asOf = ((await weeks.collector.ask('/api/v1/kpis')).json() as { asOf: EpochMs }).asOf
  })

  afterAll(async () => {
    await prometheus?.stop()
    await weeks?.collector.close()
    folder[Symbol.dispose]()
  })

  /** All figures of a window that ends at an instant, as the JSON API tells them. */
  async function told(window: Window, to: EpochMs): Promise<Map<string, number>> {
    const from = window === 'cycle' ? cycleStart(to) : to - lengths[window]
    const ask = async (url: string) =>
      (await weeks.collector.ask(`${url}/figures?from=${from}&to=${to}`)).json() as never
    const { nation } = (await ask('/api/v1')) as WindowFigures
    const values = valuesOf('//', nation.continuity[nation.headline])
    for (const id of ['health', 'roads']) {
      const { institution } = (await ask(`/api/v1/institutions/${id}`)) as {
        institution: WindowFigures['institutions'][number]
      }
      values.push(...valuesOf(`${id}//`, institution.continuity))
      for (const { id: environment, continuity } of institution.environments) {
        values.push(...valuesOf(`${id}/${environment}/`, continuity))
      }
    }
    return new Map(values)
  }

  /** The same as PromQL tells them. */
  async function asked(window: Window, at: EpochMs): Promise<Map<string, number>> {
    const selector = `{history="evidence",__name__=~"${names}",window="${window}"}`
    const series = await prometheus.query(selector, at)
    return new Map(
      series.map(({ labels, value }) => {
        const { institution = '', environment = '', bound = 'coverage' } = labels
        return [`${institution}/${environment}/${bound}`, value]
      }),
    )
  }

  const random = randomOf(50, 'windows')
  const drawn = Array.from({ length: 50 }, (_, i) => ({
    window: windows[i % windows.length]!,
    // The last half lies where late evidence will change what is known.
    minutes: random.whole(i < 25 ? 60 : 40 * 1_440, 44 * 1_440),
  }))
  const minuteAt = (minutes: number) => weeksBegin + minutes * minuteMs

  test('agrees with the JSON API on 50 random windows, also after late evidence', async () => {
    const before: (readonly [string, number][])[] = []
    for (const { window, minutes } of drawn) {
      const found = await asked(window, minuteAt(minutes))
      expect(sorted(found)).toEqual(sorted(await told(window, minuteAt(minutes))))
      expect(found.size).toBe(20)
      before.push(sorted(found))
    }
    await weeks.tellLate()
    let revised = 0
    for (const [i, { window, minutes }] of drawn.entries()) {
      const found = sorted(await asked(window, minuteAt(minutes)))
      expect(found).toEqual(sorted(await told(window, minuteAt(minutes))))
      if (JSON.stringify(found) !== JSON.stringify(before[i])) revised++
    }
    expect(revised).toBeGreaterThan(10)
    expect(revised).toBeLessThan(50)
  })

  test('draws them without a hole, whatever the step, and ends where the figures do', async () => {
    const nation = 'istimrar_continuity_ratio{history="evidence",scope="nation",window="7d"}'
    const range = async (query: string, stepMs: number, from: EpochMs, to: EpochMs) => {
      const path = `query_range?query=${encodeURIComponent(query)}`
      const times = `&start=${from / 1000}&end=${to / 1000}&step=${stepMs / 1000}`
      const data = (await prometheus.api(`${path}${times}`)) as {
        result: { values: [number, string][] }[]
      }
      return data.result.map(({ values }) => values)
    }
    const low = nation.replace('}', ',bound="low"}')
    const from = weeksBegin + 10 * dayMs + 17 * minuteMs
    for (const stepMs of [15_000, 4 * minuteMs, 47 * minuteMs, 6 * hourMs]) {
      const to = from + 100 * stepMs
      const [values = []] = await range(low, stepMs, from, to)
      expect(values).toHaveLength(101)
      const [at, text] = values[50]!
      const minute = Math.floor((at * 1000) / minuteMs) * minuteMs
      expect(Number(text)).toBe((await told('7d', minute)).get('//low'))
    }
    const [nested = []] = await range(`max_over_time(${low}[7d:13m])`, hourMs, from, from + dayMs)
    expect(nested).toHaveLength(25)
    const [hours = []] = await range(`count_over_time(${low}[1d])`, hourMs, from, from + dayMs)
    expect(new Set(hours.map(([, count]) => count))).toEqual(new Set(['24']))
    const [end = []] = await range(low, minuteMs, asOf - 5 * minuteMs, asOf + hourMs)
    expect(end.at(-1)![0] * 1000).toBeLessThan(asOf + 6 * minuteMs)
  })

  test('asks nothing without the required label', async () => {
    expect(await prometheus.query('istimrar_continuity_ratio', asOf)).toEqual([])
  })
})

const names = 'istimrar_continuity_ratio|istimrar_continuity_coverage_ratio'

function valuesOf(key: string, figure: Figure): [string, number][] {
  const { low, observed, high, coverage } = figure
  return [
    [`${key}low`, low?.ratio ?? Number.NaN],
    [`${key}observed`, observed?.ratio ?? Number.NaN],
    [`${key}high`, high?.ratio ?? Number.NaN],
    [`${key}coverage`, low === null ? 0 : (coverage?.ratio ?? Number.NaN)],
  ]
}

function sorted(values: ReadonlyMap<string, number>): [string, number][] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Of the two half-years that were watched. */
function cycleStart(to: EpochMs): EpochMs {
  return to > cycleEnd ? cycleEnd : Date.parse('2026-03-31T20:00:00Z')
}
