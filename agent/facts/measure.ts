import type { Indicator, MissingReason } from '../../protocol/indicators.ts'
import { secondMs } from '../../protocol/time.ts'
import type { Timer } from '../clock.ts'
import { type FactHost, type FactProbe, Missing, type Reading } from './fact.ts'
import { faultOf, plainText } from './reading.ts'

/** What one family may take; all run at once, and on Windows all wait for one PowerShell. */
export const factMs = 4 * secondMs
const windowsFactMs = 45 * secondMs

type Parts = {
  readonly timer: Timer
  /** Told of what is a fault of the program. */
  readonly warn: (text: string) => void
}

/**
 * Measures every family at once. Each indicator that a family answers for has exactly one reading,
 * whatever happens to the family, but those the institution excludes: they have none.
 */
export async function measureFacts(
  families: Readonly<Record<string, FactProbe>>,
  host: FactHost,
  parts: Parts,
): Promise<Reading[]> {
  const isExcluded = (name: string) => host.config.facts.exclude.includes(name)
  const wanted = Object.entries(families).filter(
    ([, { indicators }]) => !indicators.every(isExcluded),
  )
  const readings = await Promise.all(
    wanted.map(([name, family]) => readingsOf(name, family, host, parts)),
  )
  return readings
    .flat()
    .filter(({ indicator }) => !isExcluded(indicator))
    .sort((a, b) => (a.indicator < b.indicator ? -1 : 1))
}

async function readingsOf(
  name: string,
  { indicators, measure }: FactProbe,
  host: FactHost,
  { timer, warn }: Parts,
): Promise<Reading[]> {
  const all = (reason: MissingReason, method: string, permission?: string) =>
    indicators.map((indicator) => none(indicator, reason, method, permission))
  const { promise: late, resolve } = Promise.withResolvers<Reading[]>()
  const limitMs = host.platform === 'win32' ? windowsFactMs : factMs
  const cancel = timer(limitMs, () => resolve(all('timed_out', 'agent')))
  const measured = async () => {
    try {
      const told = await measure(host)
      return indicators.map((indicator) => pick(name, indicator, told, warn))
    } catch (error) {
      if (error instanceof Missing) return all(error.reason, error.method, error.permission)
      warn(`The facts of "${name}" could not be measured: ${error}`)
      return all('unreadable', 'agent')
    }
  }
  const readings = await Promise.race([measured(), late])
  cancel()
  return readings
}

/** The one reading of an indicator, as it may be sent. */
function pick(
  name: string,
  indicator: Indicator,
  told: readonly Reading[],
  warn: (text: string) => void,
): Reading {
  const [reading, ...more] = told.filter((each) => each.indicator === indicator)
  if (!reading || more.length > 0) {
    warn(`"${name}" tells ${more.length + (reading ? 1 : 0)} readings of ${indicator}.`)
    return none(indicator, 'unreadable', 'agent')
  }
  const { detail, value, ...rest } = reading
  const plain = detail === undefined ? '' : plainText(detail)
  const clean: Reading = {
    ...rest,
    value: typeof value === 'string' ? plainText(value) : value,
    ...(plain && { detail: plain }),
  }
  const fault = faultOf(clean)
  if (!fault) return clean
  warn(`"${name}" tells a faulty reading of ${indicator}. ${fault}`)
  return none(indicator, 'unreadable', 'agent')
}

function none(
  indicator: Indicator,
  missing: MissingReason,
  method: string,
  permission?: string,
): Reading {
  return { indicator, value: null, missing, method, ...(permission && { permission }) }
}
