import { expect, test } from 'vitest'
import type { Evaluated } from '../../../../collector/evaluate/build-snapshot.ts'
import { Evaluator } from '../../../../collector/evaluate/evaluator.ts'
import { freezeCycle } from '../../../../collector/evaluate/freeze.ts'
import { MirroredEvaluation, newsOf } from '../../../../collector/evaluate/snapshot-news.ts'
import { evaluateInstitution, evaluateNation } from '../../../../collector/evidence/figures.ts'
import { differences, type FrozenFigures } from '../../../../collector/kpi/cycle-figures.ts'
import type { SnapshotMigration } from '../../../../collector/kpi/migration/result.ts'
import { loadDefaultModel } from '../../../../collector/model/read-model.ts'
import { version } from '../../../../collector/version.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../../../protocol/time.ts'
import { policyWithHosting } from '../../../support/collector.ts'
import { MovingNation, midnightBefore, movingStart } from '../../../support/moving-nation.ts'

const defaultModel = loadDefaultModel()
const onPremises = { 'platform.cloud': 'none', 'platform.virtualisation': 'vmware' }
const inCloud = { 'platform.cloud': 'openstack', 'platform.cloud_region': 'muscat-1' }

/** One workload, planned from its hall to the approved cloud. */
const planned = {
  ...{ name: { ar: 'نظام التراخيص', en: 'Licences' }, criticality: 'critical', weight: 3 },
  ...{ dataClass: 'restricted', strategy: 'rehost', owner: 'Operations', state: 'planned' },
  ...{ provider: 'government-cloud', source: { environment: 'hall' } },
  ...{ plannedStart: '2026-11-01', plannedFinish: '2026-12-31' },
}
/** The same, cut over on the second day. */
const cutOver = {
  ...{ ...planned, state: 'cut_over', target: { environment: 'cloud' } },
  ...{ startedOn: '2026-11-02', cutOverOn: '2026-11-03' },
}

async function put(nation: MovingNation, id: string, fields: object): Promise<void> {
  const { app } = nation.collector
  const headers = { cookie: await nation.collector.cookie() }
  const url = `/api/v1/institutions/health/workloads/${id}`
  const payload = { ...fields, why: 'inventory' }
  const answer = await app.inject({ method: 'PUT', url, headers, payload })
  if (answer.statusCode !== 200) throw new Error(answer.body)
}

async function exempted({ collector, clock }: MovingNation, workload: string): Promise<void> {
  const base = '/api/v1/institutions/health/exemptions'
  const asked = { workload, reason: 'it ends in a year', expiresAt: clock.at + 300 * dayMs }
  const { id } = (await collector.ask(base, asked)).json() as { id: string }
  const nasser = await collector.cookieOf({ id: 'nasser', role: 'evaluator' })
  const answer = await collector.ask(`${base}/${id}/approve`, { why: 'seen' }, nasser)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.json()))
}

/** A nation whose hall tells for two days; the cloud then, and the hall no more, for some more. */
async function moved(nation: MovingNation, days: number): Promise<void> {
  await nation.enrol('hall/web-1')
  await nation.pass(2, { 'hall/web-1': onPremises })
  await put(nation, 'licences', planned)
  await nation.wait(hourMs)
  await nation.enrol('cloud/web-1')
  await put(nation, 'licences', cutOver)
  await nation.pass(days, { 'cloud/web-1': inCloud })
}

function evaluatorOf(nation: MovingNation): Evaluator {
  return new Evaluator({ reader: nation.reader(), engine: version, simulated: false, defaultModel })
}

async function migrationOf(evaluator: Evaluator, now: EpochMs): Promise<SnapshotMigration | null> {
  return (await evaluator.evaluate(now))!.snapshot.migration ?? null
}

test('without a workload there is no figure, and what is measured is proposed all the same', async () => {
  await using nation = await new MovingNation().open(policyWithHosting())
  await nation.enrol('cloud/web-1')
  await nation.pass(2, { 'cloud/web-1': inCloud })
  await nation.wait(12 * minuteMs)
  const evaluator = evaluatorOf(nation)
  expect(await evaluator.migration.detail('health')).toBeNull()
  expect(await migrationOf(evaluator, nation.clock.at)).toBeNull()
  expect(await evaluator.migration.detail(null)).toBeNull()
  expect(await evaluator.migration.detail('roads')).toBeNull()
  expect(await evaluator.migration.detail('health')).toMatchObject({
    figures: { workloads: 0, done: null },
    rows: [],
    discovered: [{ environment: 'cloud', provider: 'government-cloud', as: 'target' }],
  })
})

test('an act counts at once, evidence from one midnight to the next', async () => {
  await using nation = await new MovingNation().open(policyWithHosting())
  const evaluator = evaluatorOf(nation)
  await moved(nation, 29)
  await nation.wait(12 * minuteMs)
  const early = (await migrationOf(evaluator, nation.clock.at))!
  expect(early.at).toBe(midnightBefore(nation.clock.at))
  expect(early.nation).toMatchObject({ done: { percent: '0.00' }, earned: { percent: '80.00' } })
  const proofs = async () => {
    const { rows } = (await evaluator.migration.detail('health'))!
    return rows[0]!.proofs.map(({ status }) => status).join()
  }
  expect(await proofs()).toBe('unknown,unknown,pass,pass,unknown')
  // The same day, whatever is told in it.
  await nation.deliver('cloud/web-1', { ...inCloud, 'platform.cloud_region': 'far-1' })
  expect(await migrationOf(evaluator, nation.clock.at + 10 * hourMs)).toBe(early)
  await nation.pass(3, { 'cloud/web-1': inCloud })
  await nation.wait(12 * minuteMs)
  const proven = (await migrationOf(evaluator, nation.clock.at))!
  expect(await proofs()).toBe('pass,pass,pass,pass,pass')
  expect(proven.nation).toMatchObject({
    states: { validated: { workloads: 1, weight: 3 } },
    done: { percent: '100.00' },
    institutions: 1,
  })
  const { indicators } = (await evaluator.readiness.detail('health'))!
  const scored = indicators.find(({ metric }) => metric === 'migration.validated_ratio')!
  expect(scored.units[0]!.measure).toMatchObject({ status: 'measured', value: 1, at: proven.at })
  await put(nation, 'mail', { ...planned, weight: 1 })
  const more = (await migrationOf(evaluator, nation.clock.at))!
  expect(more.at).toBe(proven.at)
  expect(more.nation.done!.percent).toBe('75.00')
  await exempted(nation, 'mail')
  const exempt = (await migrationOf(evaluator, nation.clock.at))!
  expect(exempt.nation).toMatchObject({ done: { percent: '100.00' }, compliance: { exempt: 1 } })
  // From nothing it is the same.
  expect(await migrationOf(evaluatorOf(nation), nation.clock.at)).toEqual(exempt)
})

test('another thread is told what changed, and puts the same together', async () => {
  await using nation = await new MovingNation().open(policyWithHosting())
  await moved(nation, 2)
  const evaluator = evaluatorOf(nation)
  const mirror = new MirroredEvaluation()
  let before: Evaluated | null = null
  const tell = async () => {
    await evaluator.evaluate(nation.clock.at)
    const news = structuredClone(newsOf(evaluator.evaluated!, before))
    before = evaluator.evaluated
    const { migration } = mirror.take(news)
    expect(migration).toEqual(before!.migration)
    return { news: news.migration, migration: migration! }
  }
  const first = await tell()
  expect(Object.keys(first.news!.judged)).toEqual(['health'])
  const second = await tell()
  expect(second.news).toBeUndefined()
  expect(second.migration).toBe(first.migration)
  // A day later the day is another, and nothing of the institution is.
  await nation.pass(1, { 'cloud/web-1': inCloud })
  const third = await tell()
  expect(third.news).toMatchObject({ judged: {}, ids: ['health'] })
  expect(third.migration.institutions.health).toBe(first.migration.institutions.health)
})

test('whoever has the evidence of one institution computes the same', async () => {
  await using nation = await new MovingNation().open(policyWithHosting())
  await moved(nation, 33)
  await nation.wait(12 * minuteMs)
  const { at } = nation.clock
  const live = (await migrationOf(evaluatorOf(nation), at))!
  const reader = nation.reader()
  const own = await evaluateInstitution(reader, 'health', at, null, null)
  expect(own.figures.migration).toEqual({ at: live.at, institution: live.institutions.health })
  expect(own.migration?.rows.map(({ state }) => state)).toEqual(['validated'])
  expect((await evaluateNation(reader, at, null, null)).figures.migration).toEqual(live)
})

test('a cycle is frozen with its migration, the same whenever that is done', async () => {
  await using nation = await new MovingNation().open(policyWithHosting())
  await moved(nation, 35)
  const cycle = { id: '2026-12', name: 'april', from: movingStart, to: movingStart + 35 * dayMs }
  const frozen = async (to = cycle.to) => {
    const { bytes } = await freezeCycle({
      ...{ reader: nation.reader(), engine: version, simulated: false, defaultModel },
      ...{ cycle: { ...cycle, name: 'april', to }, revision: 0, now: nation.clock.at },
    })
    return bytes
  }
  const figuresOf = (bytes: Uint8Array) => {
    return JSON.parse(Buffer.from(bytes).toString()) as FrozenFigures
  }
  const first = await frozen()
  expect(figuresOf(first).migration).toMatchObject({
    at: cycle.to,
    nation: { done: { percent: '100.00' } },
  })
  // What people say later is of no past cycle, and what is measured later neither.
  await put(nation, 'mail', planned)
  await nation.pass(20, { 'cloud/web-1': onPremises })
  expect(Buffer.from(await frozen())).toEqual(Buffer.from(first))
  const before = figuresOf(await frozen(movingStart + 20 * dayMs))
  expect(differences(before, figuresOf(first))).toContainEqual({
    ...{ figure: 'institution/health/migration', bound: 'low', old: '0.00', new: '100.00' },
  })
  const { migration: _none, ...without } = figuresOf(first)
  const named = differences(before, without).map(({ figure }) => figure)
  expect(named.filter((figure) => /migration|compliance/.test(figure))).toEqual([])
})
