import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WindowFigures } from '../../collector/kpi/cycle-figures.ts'
import type { CurvePoint, MigrationFigures } from '../../collector/kpi/migration/result.ts'
import type { KeptScore, TrendPoint } from '../../collector/kpi/readiness/trend.ts'
import type { Snapshot } from '../../collector/kpi/snapshot.ts'
import { type EpochMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { BoardSession } from '../support/board-session.ts'
import { allDashboards, unanswered } from '../support/dashboards.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Running, startProcess, until } from '../support/processes.ts'
import { mustSkip } from '../support/programs.ts'
import { type Prometheus, startPrometheus } from '../support/prometheus.ts'

const institutions = 6

describe.skipIf(mustSkip('prometheus'))('a real Prometheus beside `npm run demo`', () => {
  const folder = temporaryFolder()
  let demo: Running
  let ministry: BoardSession
  let prometheus: Prometheus

  beforeAll(async () => {
    const size = { DEMO_INSTITUTIONS: String(institutions), DEMO_SEED: '7' }
    demo = startProcess(['test/demo/main.ts'], {
      DATA_DIR: folder.file('demo'),
      PORT: '0',
      ...size,
    })
    await demo.line(/Ctrl-C ends it/)
    ministry = await BoardSession.open(/ministry +(\S+)/.exec(demo.output())![1]!)
    const { origin, host } = new URL(/metrics +(\S+)/.exec(demo.output())![1]!)
    const read = {
      url: `${origin}/api/v1/prom/read`,
      read_recent: true,
      required_matchers: { history: 'evidence' },
      filter_external_labels: false,
    }
    prometheus = await startPrometheus({
      targets: [host],
      dir: folder.path,
      more: { remote_read: [read] },
    })
    const heard = ({ nation }: Snapshot) => nation.reporting >= institutions - 1
    await until(() => ministry.json<Snapshot>('/api/v1/kpis'), heard, 180_000)
    await prometheus.waitFor(
      'count_over_time(up{job="istimrar"}[1m]) >= 3 and up == 1',
      (series) => series.length === 1,
    )
  })

  afterAll(async () => {
    await prometheus?.stop()
    await demo?.stop('SIGINT')
    folder[Symbol.dispose]()
  })

  test.each(allDashboards())('answers every query of $dashboard.uid', async ({ dashboard }) => {
    const institutions = await prometheus.api('label/institution/values')
    expect(await unanswered(dashboard, prometheus, institutions as string[])).toEqual([])
  })

  const read = (selector: string, at: EpochMs) =>
    prometheus.query(`{history="evidence",${selector}}`, at)
  /** Values by the labels that tell them apart, in order. */
  const told = async (selector: string, at: EpochMs, ...labels: string[]) =>
    (await read(selector, at))
      .map((each) => [labels.map((label) => each.labels[label]).join(), each.value] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
  const scopes = async () => {
    const { institutions } =
      await ministry.json<Pick<Snapshot, 'institutions'>>('/api/v1/institutions')
    const own = institutions.map(({ id }) => ({
      selector: `scope="institution",institution="${id}"`,
      path: `/institutions/${id}`,
    }))
    return [{ selector: 'scope="nation"', path: '' }, ...own.slice(0, 3)]
  }

  test('readiness of each closed month is what the trend of the JSON API says', async () => {
    let compared = 0
    for (const { selector, path } of await scopes()) {
      const trend = await ministry.json<{ points: TrendPoint[] }>(`/api/v1${path}/readiness/trend`)
      const closed = trend.points.filter(({ isOpen }) => !isOpen)
      expect(closed.length).toBeGreaterThan(8)
      const before = closed[0]!.end - hourMs
      expect(await read(`__name__=~"istimrar_readiness.*",${selector}`, before)).toEqual([])
      for (const { end, index, dimensions } of closed) {
        const at = end + hourMs + 90_000
        const name = (what: string) => `__name__="istimrar_${what}_ratio",${selector}`
        expect(await told(name('readiness'), at, 'bound')).toEqual(values(index, 'observed'))
        const scores = Object.entries(dimensions).flatMap(([id, score]) =>
          values(score).map(([bound, value]) => [`${id},${bound}`, value]),
        )
        const known = await told(name('readiness_dimension'), at, 'dimension', 'bound')
        expect(known).toEqual(scores.sort(([a], [b]) => (a! < b! ? -1 : 1)))
        compared += known.length
      }
    }
    expect(compared).toBeGreaterThan(300)
  })

  test('migration of each closed month is what the curve of the JSON API says', async () => {
    let compared = 0
    for (const { selector, path } of await scopes()) {
      const { curve } = await ministry.json<{ curve: CurvePoint[] }>(`/api/v1${path}/migration`)
      const { at: now } = await ministry.json<{ at: EpochMs }>('/api/v1/migration')
      for (const { at, done, earned } of curve) {
        if (done === null || at === now) continue
        const asked = `__name__=~"istimrar_migration_(done|earned)_ratio",${selector}`
        const found = await told(asked, at + 24 * hourMs + minuteMs, '__name__')
        expect(found.map(([, value]) => value)).toEqual([done, earned])
        compared++
      }
    }
    expect(compared).toBeGreaterThan(20)
  })

  test('a frozen cycle is what was frozen: readiness, digitally enabled, migration', async () => {
    type Listed = { id: string; state: string; revisions: { revision: number }[] }
    const { cycles } = await ministry.json<{ cycles: Listed[] }>('/api/v1/cycles')
    const { asOf } = await ministry.json<Snapshot>('/api/v1/kpis')
    const frozen = cycles.filter(({ state }) => state === 'frozen')
    let withModel = 0
    const newest = frozen
      .map(({ id }) => id)
      .sort()
      .at(-1)
    expect(newest).toBeDefined()
    for (const { id, revisions } of frozen) {
      const url = `/api/v1/cycles/${id}/revisions/${revisions.at(-1)!.revision}`
      const { readiness, migration } = await ministry.json<WindowFigures>(url)
      const nation = `scope="nation",window="${id}"`
      if (readiness) withModel++
      const done = await told(`__name__="istimrar_frozen_migration_done_ratio",${nation}`, asOf)
      expect(done.map(([, value]) => value)).toEqual(
        migration ? [(migration.nation as MigrationFigures).done!.ratio] : [],
      )
      const index = await told(
        `__name__="istimrar_frozen_readiness_ratio",${nation}`,
        asOf,
        'bound',
      )
      const { low, observed, high } = readiness?.nation.index ?? {}
      const known = [high, low, observed].map((each) => each?.ratio ?? Number.NaN)
      expect(index.map(([, value]) => value)).toEqual(readiness ? known : [])
      const { low: proven, high: possible } = readiness?.nation.enabled ?? {}
      const shares = readiness ? [possible?.ratio, proven?.ratio] : []
      const ofCycle = `__name__="istimrar_frozen_enabled_ratio",window="${id}"`
      expect((await told(ofCycle, asOf, 'bound')).map(([, value]) => value)).toEqual(shares)
      // Without its cycle as a label only the newest stands.
      if (id !== newest) continue
      const current = await told('__name__="istimrar_enabled_ratio"', asOf, 'bound')
      expect(current.map(([, value]) => value)).toEqual(shares)
      const enabled = await told('__name__="istimrar_enabled"', asOf, 'institution', 'status')
      const statuses = Object.entries(readiness?.institutions ?? {})
      expect(enabled.filter(([, value]) => value === 1).map(([labels]) => labels)).toEqual(
        statuses.map(([institution, own]) => `${institution},${own.enabled.status}`).sort(),
      )
    }
    // The model is approved from the first weeks on.
    expect(withModel).toBeGreaterThan(0)
  })
})

/** A score of closings as shares, by bound in order. */
function values(score: KeptScore | null, ...more: 'observed'[]): [string, number][] {
  return (['high', 'low', ...more] as const).map((bound) => {
    const percent = score?.[bound] ?? null
    return [bound, percent === null ? Number.NaN : Number(`${percent}e-2`)]
  })
}
