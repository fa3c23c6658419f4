import { AppError } from '../error.ts'
import type { MonthWatch } from '../evaluate/month-watch.ts'
import { nationalLog } from '../evidence/leaf.ts'
import type { SnapshotReadiness } from '../kpi/readiness/result.ts'
import { kept, type TrendPoint } from '../kpi/readiness/trend.ts'
import { type Beside, beside, type EndedCycle } from '../official/beside.ts'
import type { Cycles } from '../people/cycles.ts'
import type { Official } from '../people/official.ts'

/** What others published, and what is kept to be shown beside it. */
export type Published = {
  readonly official: Official
  readonly months: Pick<MonthWatch, 'tick' | 'trend' | 'closings'>
  readonly cycles: Pick<Cycles, 'list' | 'frozen'>
}

/** Both series of an institution or of the nation: the measured by month, and both by cycle. */
export type TrendView = {
  readonly points: TrendPoint[]
  readonly cycles: Beside[]
}

/** The trend of an institution, or of the nation (null), in months of a zone. */
export async function trendView(
  { official, months, cycles }: Published,
  institution: string | null,
  timezone: string,
): Promise<TrendView> {
  const series = official.seriesOf(institution ?? nationalLog)
  const ended: EndedCycle[] = []
  for (const { id, to, revisions } of await cycles.list()) {
    const readiness = revisions.length > 0 ? await frozenReadiness(cycles, id) : null
    ended.push({ id, to, frozen: readiness && frozenOf(readiness, institution) })
  }
  return {
    points: await months.trend(institution),
    cycles: beside(series, months.closings(institution), ended, timezone),
  }
}

/** Null where nothing was frozen of it, also where the bytes are damaged: the cycle says so. */
async function frozenReadiness(
  cycles: Published['cycles'],
  id: string,
): Promise<SnapshotReadiness | null> {
  try {
    return (await cycles.frozen(id))?.readiness ?? null
  } catch (error) {
    if (error instanceof AppError && error.detail.rule === 'frozen_damaged') return null
    throw error
  }
}

function frozenOf(
  { model: { id, version, hash, status }, nation, institutions }: SnapshotReadiness,
  institution: string | null,
): EndedCycle['frozen'] {
  const model = { id, version, hash, status }
  if (institution === null) {
    return { model, stage: 'measured', index: nation.index && kept(nation.index), level: null }
  }
  const own = institutions[institution]
  return own ? { model, stage: own.stage, index: kept(own.index), level: own.level } : null
}
