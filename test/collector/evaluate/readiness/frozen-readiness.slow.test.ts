import { expect, test } from 'vitest'
import { type FreezeOptions, freezeCycle } from '../../../../collector/evaluate/freeze.ts'
import { differences, type FrozenFigures } from '../../../../collector/kpi/cycle-figures.ts'
import { loadDefaultModel } from '../../../../collector/model/read-model.ts'
import { version } from '../../../../collector/version.ts'
import { dayMs } from '../../../../protocol/time.ts'
import { ReadyNation, readyStart, usualFacts } from '../../../support/ready-nation.ts'

const approved = { ...loadDefaultModel(), status: 'approved' } as const
const cycle = {
  id: '2026-11',
  name: 'april',
  from: readyStart,
  to: readyStart + 4 * dayMs,
} as const

async function frozen(nation: ReadyNation, more: Partial<FreezeOptions> = {}) {
  const { bytes, frozen } = await freezeCycle({
    ...{ reader: nation.reader(), engine: version, simulated: false, defaultModel: approved },
    ...{ cycle, revision: 0, now: nation.clock.at },
    ...more,
  })
  return { bytes, frozen, figures: JSON.parse(Buffer.from(bytes).toString()) as FrozenFigures }
}

test('a cycle is frozen with its readiness as of its end, the same whenever that is done', async () => {
  await using nation = await new ReadyNation().open()
  await nation.pass(6)
  await nation.deliver('roads', { ...usualFacts, 'firewall.on': false })
  await nation.wait(cycle.to + 10 * dayMs - nation.clock.at)
  const first = await frozen(nation)
  const { readiness } = first.figures
  expect(first.frozen.model).toBe(approved.hash)
  expect(readiness!.model).toEqual(approved)
  expect(Object.keys(readiness!.institutions)).toEqual(['health', 'roads'])
  await nation.pass(20)
  expect(Buffer.from((await frozen(nation)).bytes)).toEqual(Buffer.from(first.bytes))
})

test('a draft is never frozen', async () => {
  await using nation = await new ReadyNation().open()
  await nation.pass(5)
  const { figures, frozen: act } = await frozen(nation, { defaultModel: loadDefaultModel() })
  expect(figures.readiness).toBeUndefined()
  expect(act.model).toBeNull()
})

test('once its facts are no longer kept, a revision leaves the readiness as it was', async () => {
  await using nation = await new ReadyNation().open()
  await nation.pass(5)
  const first = await frozen(nation)
  const reader = { ...nation.reader(), frozenBytes: async () => Buffer.from(first.bytes) }
  const later = { reader, revision: 1, now: cycle.to + 61 * dayMs }
  const revised = await frozen(nation, later)
  expect(revised.figures.readiness).toEqual(first.figures.readiness)
  expect((await frozen(nation, { ...later, revision: 0 })).figures.readiness).toBeUndefined()
})

test('differences name each readiness index that became another, where both have one', async () => {
  await using nation = await new ReadyNation().open()
  await nation.pass(5)
  const { figures: before } = await frozen(nation)
  const lower = {
    ...approved,
    dimensions: approved.dimensions.map((each) => ({
      ...each,
      weight: each.id === 'd1' ? 30 : 10,
    })),
  }
  const { figures: after } = await frozen(nation, { defaultModel: lower })
  const found = differences(before, after)
  expect(new Set(found.map(({ figure }) => figure))).toEqual(
    new Set(['nation/readiness', 'institution/health/readiness', 'institution/roads/readiness']),
  )
  expect(found).toContainEqual({
    figure: 'nation/readiness',
    bound: 'low',
    old: before.readiness!.nation.index!.low.percent,
    new: after.readiness!.nation.index!.low.percent,
  })
  const { readiness: _none, ...without } = after
  expect(differences(before, without)).toEqual([])
})
