import { type MetricName, metricOf } from '../../kpi/readiness/metrics.ts'
import type { Condition } from '../../kpi/readiness/model.ts'
import { type Content, type Html, html } from '../html.ts'
import { count, type Language, locales, say } from '../language.ts'
import { comparisonTexts, daysCount, valueTexts } from '../texts/readiness-words.ts'

/** A number with at most so many decimals; left to right. */
export function decimals(language: Language, n: number, places: number): Html {
  const format = new Intl.NumberFormat(locales[language], { maximumFractionDigits: places })
  return html`<bdi dir="ltr">${format.format(n)}</bdi>`
}

/** A share in percent with at most two decimals. */
export function percents(language: Language, n: number): Html {
  const format = new Intl.NumberFormat(locales[language], { maximumFractionDigits: 2 })
  return html`<bdi dir="ltr">${format.format(n)}%</bdi>`
}

/** A gain, with its sign: to four decimals, as it is promised. */
export function gain(language: Language, n: number): Html {
  const format = new Intl.NumberFormat(locales[language], {
    ...{ maximumFractionDigits: 4, signDisplay: 'exceptZero' },
  })
  return html`<bdi dir="ltr">${format.format(n)}</bdi>`
}

/** The value of a metric as people say it: 37.2%, 12 days, yes. */
export function metricValue(
  language: Language,
  metric: MetricName,
  value: number | boolean,
): Content {
  if (typeof value === 'boolean') return say(language, value ? valueTexts.yes : valueTexts.no)
  const n = decimals(language, value, 2)
  if (metric === 'backup.age_over_rpo_ratio') return say(language, valueTexts.timesRpo, { n })
  if (metric === 'outage.p90_over_rto_ratio') return say(language, valueTexts.timesRto, { n })
  switch (metricOf(metric).unit) {
    case 'ratio':
      return percents(language, 100 * value)
    case 'days':
      return days(language, Math.floor(value))
    case 'years':
      return say(language, valueTexts.years, { n: decimals(language, value, 1) })
    case 'minutes':
      return say(language, valueTexts.minutes, { n: decimals(language, value, 1) })
    case 'seconds':
      return say(language, valueTexts.seconds, { n: decimals(language, value, 3) })
    default:
      return n
  }
}

/** Days to come; those that are over have no sign but a word. */
function days(language: Language, n: number): Content {
  const words = count(language, daysCount, Math.abs(n))
  return n < 0 ? say(language, valueTexts.daysAgo, { days: words }) : words
}

/** What a condition asks of a value, e.g. "less than 0 days". */
export function conditionWords(
  language: Language,
  metric: MetricName,
  { op, value }: Condition,
): Html {
  return say(language, comparisonTexts[op], { value: metricValue(language, metric, value) })
}
