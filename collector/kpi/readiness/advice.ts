import { type Fraction, reduced } from '../fraction.ts'
import { type Action, actionsOf, changed } from './actions.ts'
import { dimensionScore, meanScore } from './exact.ts'
import { fewest } from './fewest.ts'
import { firedGates, levelBounds } from './gates.ts'
import type { ReadinessInputs } from './inputs.ts'
import { type MetricName, metricOf } from './metrics.ts'
import type { IndicatorRule, Model } from './model.ts'
import { creditOf, fullPoints } from './points.ts'
import { boundDown } from './published.ts'
import type { Advice, AdviceStep, FiredGate } from './result.ts'
import { type Tally, talliesOf, tallyOf } from './tally.ts'
import { inOrder, measureOf, type Unit, type Units, unitsOf } from './units.ts'

/**
 * What an institution can do, and what its proven index gains by it: exactly what
 * `scoreInstitution` gives once that is done. A step brings one metric of one place to its best
 * score; a review is worth what is claimed. Then the fewest steps to the next level, with all gates
 * that hold it down. Gain: percentage points.
 */
export function adviceFor(inputs: ReadinessInputs, model: Model): Advice {
  const ground = groundOf(unitsOf(inOrder(inputs)), model)
  const actions = actionsOf(ground.units, model, inputs.at)
  const promises = actions.map((action) => promise(action, ground))
  const steps = promises.filter(({ gain, lifts }) => gain > 0 || lifts.length > 0)
  return {
    steps: steps.sort(byGain).map(({ step }) => step),
    next: nextLevel(bestOfPlaces(promises), ground),
  }
}

/** The state from which steps are counted. */
type Ground = {
  readonly units: Units
  readonly model: Model
  readonly low: Fraction
  readonly gates: readonly FiredGate[]
  /** By metric, the indicators that rest on it. */
  readonly scored: ReadonlyMap<MetricName, readonly Scored[]>
}

/** An indicator with what the low gains by each millionth of a point times weight of its tally. */
type Scored = { readonly rule: IndicatorRule; readonly slope: Fraction }

type Promised = {
  readonly action: Action
  /** Of the low, by this alone. Ratio. */
  readonly gain: number
  readonly lifts: readonly FiredGate[]
  readonly step: AdviceStep
}

function groundOf(units: Units, model: Model): Ground {
  const tallies = talliesOf(units, model)
  const scores = tallies.map((each, number) => scoreOf(model, number, each))
  const lowWith = (changedNumber: number, score: (typeof scores)[number]) =>
    mean(
      scores.map((each, number) => (number === changedNumber ? score : each)),
      model,
    )
  const low = reduced(mean(scores, model))
  const scored = new Map<MetricName, Scored[]>()
  model.dimensions.forEach(({ indicators }, number) => {
    indicators.forEach((rule, index) => {
      const tally = tallies[number]![index]!
      const room = tally.applicable * fullPoints - tally.low
      const full = tallies[number]!.with(index, { ...tally, low: tally.low + room })
      const gain = minus(lowWith(number, scoreOf(model, number, full)), low)
      const slope = reduced({ over: gain.over, under: gain.under * BigInt(Math.max(room, 1)) })
      scored.set(rule.metric, [...(scored.get(rule.metric) ?? []), { rule, slope }])
    })
  })
  return { units, model, low, gates: firedGates(units, model), scored }
}

function scoreOf({ dimensions, missing }: Model, number: number, tallies: readonly Tally[]) {
  return dimensionScore(dimensions[number]!, tallies, missing)
}

function mean(scores: readonly ReturnType<typeof scoreOf>[], model: Model): Fraction {
  const parts = scores.map((score, i) => ({ score, weight: model.dimensions[i]!.weight }))
  return meanScore(parts, model.missing).low
}

/** One a metric and place: what gains more than the review of a claim alone, where both can be. */
function bestOfPlaces(promises: readonly Promised[]): Promised[] {
  const places = Map.groupBy(promises, ({ action }) => action.units[0])
  return Array.from(places.values()).flatMap((place) =>
    Array.from(
      Map.groupBy(place, ({ action }) => action.metric).values(),
      (each) => each.toSorted(byGain)[0]!,
    ),
  )
}

function promise(action: Action, ground: Ground): Promised {
  const { indicator, environment, host, kind } = action
  const exact = gainOf([action], ground)
  const gain = asNumber(exact)
  const lifts = liftedBy(action, ground)
  const lowAfter = boundDown(plus(ground.low, exact))
  const gainPoints = Math.round(gain * 1e6) / 1e4
  const liftsGate = lifts.length > 0
  const step = { indicator, environment, host, kind, gainPoints, lowAfter, liftsGate }
  return { action, gain, lifts, step }
}

/** What actions on one metric gain together. Unit: ratio. */
function gainOf(actions: readonly Action[], { units, scored }: Ground): Fraction {
  let gain: Fraction = { over: 0n, under: 1n }
  const [first] = actions
  if (!first) return gain
  const { scope } = metricOf(first.metric)
  for (const { rule, slope } of scored.get(first.metric) ?? []) {
    // Places count by themselves, but where the worst of all decides.
    const before =
      rule.rollup === 'worst' ? units[scope] : actions.flatMap((action) => action.units)
    const lowOf = (each: readonly Unit[]) => tallyOf(rule, { ...units, [scope]: each }).low
    const more = lowOf(changed(before, actions)) - lowOf(before)
    if (more !== 0) gain = plus(gain, { over: slope.over * BigInt(more), under: slope.under })
  }
  return gain
}

function liftedBy(action: Action, { units, model, scored }: Ground): FiredGate[] {
  const { metric } = action
  if (!scored.get(metric)?.some(({ rule }) => rule.gate)) return []
  const dimensions = model.dimensions.map((each) => ({
    ...each,
    indicators: each.indicators.filter((rule) => rule.metric === metric),
  }))
  const firedIn = (each: readonly Unit[]) =>
    firedGates({ ...units, [metricOf(metric).scope]: each }, { ...model, dimensions })
  const left = new Set(firedIn(changed(action.units, [action])).map(gateKey))
  return firedIn(action.units).filter((gate) => !left.has(gateKey(gate)))
}

function nextLevel(promises: readonly Promised[], ground: Ground): Advice['next'] {
  const { model, gates } = ground
  const rank = rankOf(ground.low, gates, model) - 1
  const level = model.levels[rank]
  if (!level) return null
  const useful = promises.filter(
    (each) => each.gain > 0 || each.lifts.length > 0 || isJoint(each, ground),
  )
  const result = (path: readonly Promised[]) => {
    const { low, isReached } = outcome(path, ground, rank)
    const steps = path.toSorted(byGate).map(({ step }) => step)
    return { level: level.id, steps, lowAfter: boundDown(low), isReachable: isReached }
  }
  const holding = new Set(
    gates
      .filter(({ capLevel }) => model.levels.findIndex(({ id }) => id === capLevel) > rank)
      .map(gateKey),
  )
  const needed = useful.filter(({ lifts }) => lifts.some((gate) => holding.has(gateKey(gate))))
  const rest = useful.filter((each) => !needed.includes(each))
  const start = outcome(needed, ground, rank)
  if (start.isReached) return result(needed)
  // A first choice may miss by what a floating-point sum is wrong by.
  for (let need = level.minRatio - asNumber(start.low) - slack, tries = 0; tries < 3; tries++) {
    const path = choose(rest, needed, need, ground)
    if (path && outcome(path, ground, rank).isReached) return result(path)
    need += slack
  }
  return result(useful)
}

/** Much less than a millionth of a point, much more than doubles of this size are wrong by. */
const slack = 1e-12

/** The fewest of `rest` that gain what is needed, after those that are `needed` anyway. */
function choose(
  rest: readonly Promised[],
  needed: readonly Promised[],
  need: number,
  ground: Ground,
): Promised[] | null {
  const single = rest.filter((each) => !isJoint(each, ground)).sort(byGain)
  const joint = Array.from(
    Map.groupBy(
      rest.filter((each) => isJoint(each, ground)),
      ({ action }) => action.metric,
    ),
    ([metric, each]) => {
      const taken = needed
        .filter(({ action }) => action.metric === metric)
        .map(({ action }) => action)
      const before = asNumber(gainOf(taken, ground))
      const ordered = each.toSorted((a, b) => lowestIn(a, ground) - lowestIn(b, ground))
      const gains = ordered.map((_, i) => {
        const first = ordered.slice(0, i + 1).map(({ action }) => action)
        return asNumber(gainOf([...taken, ...first], ground)) - before
      })
      return { ordered, gains }
    },
  )
  const choice = fewest(
    single.map(({ gain }) => gain),
    joint.map(({ gains }) => gains),
    need,
  )
  if (!choice) return null
  const together = joint.flatMap(({ ordered }, i) => ordered.slice(0, choice.joint[i]))
  return [...needed, ...single.slice(0, choice.single), ...together]
}

/** Whether what a step gains depends on other steps: the worst of all places decides. */
function isJoint({ action: { metric } }: Promised, { scored }: Ground): boolean {
  return scored.get(metric)?.some(({ rule }) => rule.rollup === 'worst') ?? false
}

/** Points of the worst unit of a place. */
function lowestIn({ action: { metric, indicator, units: place } }: Promised, ground: Ground) {
  const { rule } = ground.scored.get(metric)!.find((each) => each.rule.id === indicator)!
  return Math.min(
    ...place.map((unit) => creditOf(rule, measureOf(unit, metric))?.low ?? fullPoints),
  )
}

/** The low once steps are done, and whether the level of a rank, or a higher one, is reached. */
function outcome(path: readonly Promised[], { units, model }: Ground, rank: number) {
  const after = unitsAfter(
    units,
    path.map(({ action }) => action),
  )
  const low = mean(
    talliesOf(after, model).map((each, number) => scoreOf(model, number, each)),
    model,
  )
  return { low, isReached: rankOf(low, firedGates(after, model), model) <= rank }
}

function unitsAfter(units: Units, actions: readonly Action[]): Units {
  const { institution, environment, host } = units
  return {
    institution: changed(institution, actions),
    environment: changed(environment, actions),
    host: changed(host, actions),
  }
}

function rankOf(low: Fraction, gates: readonly FiredGate[], model: Model): number {
  const bound = boundDown(low)
  const level = levelBounds({ low: bound, high: bound }, gates, model).low
  return model.levels.findIndex(({ id }) => id === level)
}

function gateKey({ indicator, environment, host }: FiredGate): string {
  return JSON.stringify([indicator, environment, host])
}

function byGain(a: Promised, b: Promised): number {
  return b.gain - a.gain || b.lifts.length - a.lifts.length
}

/** What lifts a gate first: without it, nothing else reaches the level. */
function byGate(a: Promised, b: Promised): number {
  return Number(b.step.liftsGate) - Number(a.step.liftsGate) || byGain(a, b)
}

function plus(a: Fraction, b: Fraction): Fraction {
  return { over: a.over * b.under + b.over * a.under, under: a.under * b.under }
}

function minus(a: Fraction, b: Fraction): Fraction {
  return plus(a, { over: -b.over, under: b.under })
}

function asNumber({ over, under }: Fraction): number {
  return Number((over * 10n ** 18n) / under) / 1e18
}
