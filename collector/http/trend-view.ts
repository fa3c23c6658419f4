import type { MonthWatch } from '../evaluate/month-watch.ts'
import { nationalLog } from '../evidence/leaf.ts'
import type { TrendPoint } from '../kpi/readiness/trend.ts'
import { type Beside, beside } from '../official/beside.ts'
import type { Cycles } from '../people/cycles.ts'
import type { Official } from '../people/official.ts'

/** What others published, and what is kept to be shown beside it. */
export type Published = {
  readonly official: Official
  readonly months: Pick<MonthWatch, 'tick' | 'trend' | 'closings'>
  readonly cycles: Pick<Cycles, 'list'>
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
  return {
    points: await months.trend(institution),
    cycles: beside(series, months.closings(institution), await cycles.list(), timezone),
  }
}
