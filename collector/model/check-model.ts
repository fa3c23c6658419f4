import type { Path } from '../../protocol/explain.ts'
import { isMetric, type MetricName, metricOf, metricSources } from '../kpi/readiness/metrics.ts'
import type { Condition } from '../kpi/readiness/model.ts'
import { checkScore, isBetterHigh } from './check-score.ts'
import { conditionOf } from './conditions.ts'
import { metricUnits } from './model-schema.ts'

/** Told of one thing that is wrong, at its place in the file. */
export type Report = (path: Path, message: string) => void

/**
 * What a schema cannot say of a model's file. What is not of the schema's type is passed over: the
 * schema's own check tells of it, and all is told at once.
 */
export function checkModel(value: unknown, report: Report): void {
  const file = fieldsOf(value)
  checkEffective(fieldsOf(file.effective), report)
  checkLevels(listOf(file.levels), report)
  checkDimensions(listOf(file.dimensions), levelIds(file.levels), report)
  checkCriteria(listOf(file.enabled), report)
}

function checkEffective({ from, to, timezone }: Fields, report: Report): void {
  for (const [name, day] of Object.entries({ from, to })) {
    if (typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day) && !isDay(day)) {
      report(['effective', name], `there is no day ${day}`)
    }
  }
  if (typeof from === 'string' && typeof to === 'string' && to <= from) {
    report(['effective', 'to'], `must be later than from, which is ${from}; or null`)
  }
  if (typeof timezone === 'string' && !isTimezone(timezone)) {
    report(['effective', 'timezone'], 'must be an IANA time zone such as Asia/Muscat')
  }
}

/** Highest first, each lower than the one before, down to 0: no gap and no overlap. */
function checkLevels(levels: readonly unknown[], report: Report): void {
  checkUnique(levels, ['levels'], report)
  const mins = levels.map((level) => fieldsOf(level).min)
  for (const [index, min] of mins.entries()) {
    const above = mins[index - 1]
    if (typeof min !== 'number' || typeof above !== 'number' || min < above) continue
    const message = `overlaps the level above, which begins at ${above}; must be lower than that`
    report(['levels', index, 'min'], message)
  }
  const last = mins.at(-1)
  if (typeof last === 'number' && last !== 0) {
    const message = `leaves a gap from 0 to ${last}; the last level must begin at 0`
    report(['levels', mins.length - 1, 'min'], message)
  }
}

function checkDimensions(
  dimensions: readonly unknown[],
  levels: readonly string[],
  report: Report,
): void {
  const at = ['dimensions']
  checkUnique(dimensions, at, report)
  checkSum(dimensions, at, 'all dimensions', report)
  const all = dimensions.flatMap((dimension, index) =>
    listOf(fieldsOf(dimension).indicators).map((indicator, place) => {
      return { indicator, path: [...at, index, 'indicators', place] }
    }),
  )
  checkTwice(
    all.map(({ indicator, path }) => [fieldsOf(indicator).id, [...path, 'id']]),
    report,
  )
  checkTwice(
    all.map(({ indicator, path }) => [fieldsOf(indicator).metric, [...path, 'metric']]),
    report,
    'is scored twice; each metric belongs to one indicator',
  )
  for (const [index, dimension] of dimensions.entries()) {
    const { id, indicators } = fieldsOf(dimension)
    const path = [...at, index, 'indicators']
    checkSum(listOf(indicators), path, 'all indicators of the dimension', report)
    for (const [place, indicator] of listOf(indicators).entries()) {
      checkIndicator(fieldsOf(indicator), id, levels, (inner, message) =>
        report([...path, place, ...inner], message),
      )
    }
  }
}

function checkIndicator(
  indicator: Fields,
  dimension: unknown,
  levels: readonly string[],
  report: Report,
): void {
  const { id, metric, source, unit, score, gate } = indicator
  if (typeof id === 'string' && typeof dimension === 'string' && !id.startsWith(`${dimension}.`)) {
    report(['id'], `must begin with its dimension: ${dimension}.`)
  }
  if (typeof metric !== 'string' || !isMetric(metric)) {
    checkGate(fieldsOf(gate), null, score, levels, report)
    return
  }
  const known = metricOf(metric)
  if (metricSources.some((each) => each === source) && source !== known.source) {
    report(['source'], `must be ${known.source}, which is the source of ${metric}`)
  }
  if (metricUnits.some((each) => each === unit) && unit !== known.unit) {
    report(['unit'], `must be ${known.unit}, which is the unit of ${metric}`)
  }
  checkScore(fieldsOf(score), metric, report)
  checkGate(fieldsOf(gate), metric, score, levels, report)
}

/** A gate names a level that it can hold down to. */
function checkGate(
  { when, cap_level: cap }: Fields,
  metric: MetricName | null,
  score: unknown,
  levels: readonly string[],
  report: Report,
): void {
  const isGiven = typeof cap === 'string' && levels.length > 0
  if (isGiven && !levels.includes(cap)) {
    report(['gate', 'cap_level'], `must be the id of a level: ${levels.join(', ')}`)
  } else if (isGiven && cap === levels[0]) {
    report(['gate', 'cap_level'], `holds nothing down: ${cap} is the highest level`)
  }
  const condition = conditionOf(when)
  if (!condition || metric === null) return
  const message = badCondition(when, metric) ?? wrongSide(condition, metric, score)
  if (message !== null) report(['gate', 'when'], message)
}

/** A gate closes where the score is low; else what gets better would lower the level. */
function wrongSide(condition: Condition, metric: MetricName, score: unknown): string | null {
  const betterHigh = isBetterHigh(fieldsOf(score))
  if (betterHigh === null) return null
  const closesLow = condition.op === '<' || condition.op === '<=' || condition.value === false
  const sign = betterHigh ? '< or <=' : '> or >='
  const allowed = metricOf(metric).unit === 'boolean' ? '"value = false"' : sign
  const fitting = closesLow === betterHigh && (condition.op !== '=' || condition.value === false)
  return fitting ? null : `would close on good values; must be ${allowed} for this score`
}

function checkCriteria(criteria: readonly unknown[], report: Report): void {
  checkUnique(criteria, ['enabled'], report)
  for (const [index, criterion] of criteria.entries()) {
    for (const [place, condition] of listOf(fieldsOf(criterion).conditions).entries()) {
      const { metric, when } = fieldsOf(condition)
      if (typeof metric !== 'string' || !isMetric(metric)) continue
      const message = badCondition(when, metric)
      if (message !== null) report(['enabled', index, 'conditions', place, 'when'], message)
    }
  }
}

/** What is wrong with a condition on a metric, or null. */
function badCondition(when: unknown, metric: MetricName): string | null {
  const condition = conditionOf(when)
  if (!condition) return null
  const { unit } = metricOf(metric)
  if (unit !== 'boolean') {
    return typeof condition.value === 'number' ? null : `must compare with a number of ${unit}`
  }
  const fits = typeof condition.value === 'boolean' && condition.op === '='
  return fits ? null : `must be "value = true" or "value = false": ${metric} is yes or no`
}

/** Whole weights that are 100 together. */
function checkSum(all: readonly unknown[], path: Path, what: string, report: Report): void {
  const weights = all.map((each) => fieldsOf(each).weight)
  if (weights.length === 0 || !weights.every((weight) => Number.isSafeInteger(weight))) return
  const sum = (weights as number[]).reduce((a, b) => a + b, 0)
  if (sum === 100) return
  const way = sum > 100 ? `take ${sum - 100} away` : `add ${100 - sum}`
  report(path, `the weights of ${what} must be 100 together, not ${sum}: ${way}`)
}

function checkUnique(all: readonly unknown[], path: Path, report: Report): void {
  checkTwice(
    all.map((each, index) => [fieldsOf(each).id, [...path, index, 'id']]),
    report,
  )
}

function checkTwice(
  ids: readonly (readonly [unknown, Path])[],
  report: Report,
  message = 'is used twice; each id names one thing',
): void {
  const seen = new Set<string>()
  for (const [id, path] of ids) {
    if (typeof id !== 'string') continue
    if (seen.has(id)) report(path, message)
    seen.add(id)
  }
}

/** Ids of levels, as far as they are texts. */
function levelIds(levels: unknown): string[] {
  return listOf(levels)
    .map((level) => fieldsOf(level).id)
    .filter((id) => typeof id === 'string')
}

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(value: unknown): Fields {
  const isFields = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isFields ? (value as Fields) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isTimezone(name: string): boolean {
  return fits(() => new Intl.DateTimeFormat('en', { timeZone: name }))
}

function isDay(text: string): boolean {
  return fits(() => Temporal.PlainDate.from(text))
}

/** Whether the platform takes an input, instead of refusing it with a RangeError. */
function fits(make: () => unknown): boolean {
  try {
    make()
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
