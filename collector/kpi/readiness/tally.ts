import { metricOf } from './metrics.ts'
import type { IndicatorRule, Model } from './model.ts'
import { type Credit, creditOf, fullPoints } from './points.ts'
import { measureOf, type Unit, type Units } from './units.ts'

/**
 * One indicator over all its units. Weights are sums of the units' weights; the scores are sums of
 * millionths of a point times weight. All whole, so that a tally is exact.
 */
export type Tally = {
  readonly weight: number
  /** Without what does not apply: the denominator of the three scores. 0 where nothing applies. */
  readonly applicable: number
  /** Of units with a valid value, the denominator of `observed`; and of those, what is measured. */
  readonly available: number
  readonly measured: number
  readonly low: number
  readonly observed: number
  readonly high: number
}

/** Tallies by dimension and indicator, in the order of the model. */
export type Tallies = readonly (readonly Tally[])[]

/**
 * Every indicator of a model, tallied. A change of one measure changes the tallies of the
 * indicators that rest on its metric, and nothing else.
 */
export function talliesOf(units: Units, { dimensions }: Model): Tallies {
  return dimensions.map(({ indicators }) => indicators.map((rule) => tallyOf(rule, units)))
}

/** One indicator, tallied. */
export function tallyOf(rule: IndicatorRule, units: Units): Tally {
  const { scope, ofAllHosts } = metricOf(rule.metric)
  const single = units[scope].map((unit) => ({
    unit,
    credit: creditOf(rule, measureOf(unit, rule.metric)),
  }))
  const credited = ofAllHosts ? byEnvironment(single) : single
  return rule.rollup === 'worst' ? worst(credited) : weighted(credited)
}

type Credited = { readonly unit: Unit; readonly credit: Credit | null }

function weighted(credited: readonly Credited[]): Tally {
  const sum = { ...noWeight }
  for (const { unit, credit } of credited) {
    const { weight } = unit
    sum.weight += weight
    if (credit === null) continue
    sum.applicable += weight
    sum.low += credit.low * weight
    sum.high += credit.high * weight
    if (credit.observed === null) continue
    sum.available += weight
    sum.observed += credit.observed * weight
    if (credit.isMeasured) sum.measured += weight
  }
  return sum
}

/** The score of the worst unit; how much is available is that of all. */
function worst(credited: readonly Credited[]): Tally {
  const sum = weighted(credited)
  const credits = credited.flatMap(({ credit }) => credit ?? [])
  const lowest = lowestOf(credits)
  return {
    ...sum,
    low: lowest.low * sum.applicable,
    observed: (lowest.observed ?? 0) * sum.available,
    high: lowest.high * sum.applicable,
  }
}

/** An environment has only what all its hosts have: it counts once, with its worst host's score. */
function byEnvironment(credited: readonly Credited[]): Credited[] {
  const groups = Map.groupBy(credited, ({ unit }) => unit.environment)
  return Array.from(groups.values(), (group) => {
    const unit = { ...(group[0] as Credited).unit, host: null } // A group is never empty.
    const credits = group.flatMap(({ credit }) => credit ?? [])
    if (credits.length === 0) return { unit, credit: null }
    const lowest = lowestOf(credits)
    const isKnown = credits.every(({ observed }) => observed !== null)
    return { unit, credit: isKnown ? lowest : { ...lowest, observed: null } }
  })
}

function lowestOf(credits: readonly Credit[]): Credit {
  let lowest: Credit = { low: fullPoints, observed: null, high: fullPoints, isMeasured: true }
  for (const { low, observed, high, isMeasured } of credits) {
    lowest = {
      low: Math.min(lowest.low, low),
      observed:
        observed === null ? lowest.observed : Math.min(lowest.observed ?? fullPoints, observed),
      high: Math.min(lowest.high, high),
      isMeasured: lowest.isMeasured && isMeasured,
    }
  }
  return lowest
}

const noWeight: Tally = {
  weight: 0,
  applicable: 0,
  available: 0,
  measured: 0,
  low: 0,
  observed: 0,
  high: 0,
}
