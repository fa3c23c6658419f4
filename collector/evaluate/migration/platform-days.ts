import { dayMs, type EpochMs, type Span } from '../../../protocol/time.ts'
import type { PlatformDay } from '../../kpi/migration/observation.ts'
import type { FactDay } from '../../store/facts.ts'

/** What tells where a host runs. */
export const platformIndicators = [
  'platform.cloud',
  'platform.cloud_region',
  'platform.virtualisation',
] as const

type Told = Record<(typeof platformIndicators)[number], string | null>

/**
 * Makes the days of hosts. Hosts of one day that told the same share one object: a nation has
 * half a million of them, of some hundred kinds.
 */
export class PlatformDays {
  readonly #known = new Map<EpochMs, Map<string, PlatformDay>>()

  /** Forgets the days before one. */
  trim(first: EpochMs): void {
    for (const day of this.#known.keys()) if (day < first) this.#known.delete(day)
  }

  /** A day on which a host was alive and told nothing of its platform. */
  untold(day: EpochMs): PlatformDay {
    return this.#day(day, { ...nothing })
  }

  /** The days of the agents that told something. Rows are in order of agent and day. */
  of(rows: readonly FactDay[]): Map<string, PlatformDay[]> {
    const agents = new Map<string, PlatformDay[]>()
    for (let i = 0; i < rows.length; ) {
      const { agent, day } = rows[i]!
      const told: Told = { ...nothing }
      for (; rows[i]?.agent === agent && rows[i]?.day === day; i++) {
        const { indicator, value } = rows[i]!
        if (typeof value === 'string') told[indicator as keyof Told] = value // as asked for
      }
      const days = agents.get(agent)
      if (days) days.push(this.#day(day, told))
      else agents.set(agent, [this.#day(day, told)])
    }
    return agents
  }

  #day(day: EpochMs, told: Told): PlatformDay {
    const ofDay = this.#known.get(day) ?? new Map<string, PlatformDay>()
    this.#known.set(day, ofDay)
    const key = JSON.stringify(Object.values(told))
    const known = ofDay.get(key)
    if (known) return known
    const made = {
      day,
      cloud: told['platform.cloud'],
      region: told['platform.cloud_region'],
      virtualisation: told['platform.virtualisation'],
    }
    ofDay.set(key, made)
    return made
  }
}

const nothing: Told = {
  'platform.cloud': null,
  'platform.cloud_region': null,
  'platform.virtualisation': null,
}

/**
 * The days of a host with those of a span in place of what was held for it, without those before
 * `first`: the same list where that changes nothing.
 */
export function withDays(
  held: readonly PlatformDay[],
  days: readonly PlatformDay[],
  span: Span,
  first: EpochMs,
): readonly PlatformDay[] {
  const before = held.filter(({ day }) => day >= first && day < span.from)
  const after = held.filter(({ day }) => day >= span.to)
  const all = [...before, ...days, ...after]
  const isSame = all.length === held.length && all.every((day, i) => day === held[i])
  return isSame ? held : all
}

/** The UTC days that lie whole in a span. */
export function wholeDays({ from, to }: Span): EpochMs[] {
  const days: EpochMs[] = []
  const first = Math.ceil(from / dayMs) * dayMs
  for (let day = first; day + dayMs <= to; day += dayMs) days.push(day)
  return days
}
