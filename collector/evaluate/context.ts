import { dayMs, type EpochMs, type Span, union } from '../../protocol/time.ts'
import { type Context, noContext } from '../kpi/attribution.ts'
import type { Timeline } from '../kpi/timeline.ts'
import type { Version } from '../register/history.ts'
import type { Environment } from '../register/register.ts'
import type { EnvironmentKey, TimelineStore } from '../store/store.ts'

type Place = EnvironmentKey & { readonly versions: readonly Version<Environment>[] }

/** What is known of a day of an environment beside its checks; what is left out is not known. */
export type Surroundings = Pick<Context, 'alive'> & Partial<Omit<Context, 'alive' | 'class'>>

/** The context of a day of an environment, by what it was at the end of that day. */
export function contextOf(place: Place, day: EpochMs, surroundings: Surroundings): Context {
  const environment = environmentOn(place, day)
  return { ...noContext, class: environment?.class ?? noContext.class, ...surroundings }
}

/** When agents left evidence of any kind. */
export function aliveIn(timelines: Iterable<Timeline>): Span[] {
  return union([...timelines].flat())
}

/** How long before a day a neighbour may have been heard last, for its silence to say anything. */
export const heardBeforeMs = 7 * dayMs

/** Who else is alive at the site of an environment. What was read of a day is held for a pass. */
export class Sites {
  readonly #reader: Pick<TimelineStore, 'timelines'>
  readonly #bySite = new Map<string, Place[]>()
  readonly #alive = new Map<string, readonly Span[]>()

  constructor(reader: Pick<TimelineStore, 'timelines'>, places: readonly Place[]) {
    this.#reader = reader
    for (const place of places) {
      for (const site of new Set(place.versions.map(({ value }) => value.site))) {
        if (site === null) continue
        const there = this.#bySite.get(siteKey(place, site))
        if (there) there.push(place)
        else this.#bySite.set(siteKey(place, site), [place])
      }
    }
  }

  /** Takes what was read of an environment anyway: its neighbours need not read it again. */
  note(key: EnvironmentKey, day: EpochMs, alive: readonly Span[]): void {
    if (alive.length > 0) this.#alive.set(dayKey(key, day), alive)
  }

  /**
   * When agents of other environments of the institution at the same site left evidence on a day.
   * Null without a site, and where nobody there was heard in the seven days before either: who
   * is never heard cannot show that a site is cut.
   */
  async aliveBeside(place: Place, day: EpochMs): Promise<Span[] | null> {
    const site = environmentOn(place, day)?.site ?? null
    if (site === null) return null
    const spans: Span[] = []
    let isAnybodyKnown = false
    for (const other of this.#bySite.get(siteKey(place, site)) ?? []) {
      if (other.environment === place.environment) continue
      if (environmentOn(other, day)?.site !== site) continue
      const alive = await this.#aliveOn(other, day)
      spans.push(...alive)
      isAnybodyKnown ||= alive.length > 0 || (await this.#wasHeardBefore(other, day))
    }
    return isAnybodyKnown ? union(spans) : null
  }

  async #aliveOn(key: EnvironmentKey, day: EpochMs): Promise<readonly Span[]> {
    const known = this.#alive.get(dayKey(key, day))
    if (known) return known
    const timelines = await this.#reader.timelines(key, { from: day, to: day + dayMs })
    const alive = aliveIn(timelines.values())
    this.#alive.set(dayKey(key, day), alive)
    return alive
  }

  async #wasHeardBefore(key: EnvironmentKey, day: EpochMs): Promise<boolean> {
    const timelines = await this.#reader.timelines(key, { from: day - heardBeforeMs, to: day })
    return [...timelines.values()].some((timeline) => timeline.length > 0)
  }
}

/** What an environment was at the end of a day; null when it was not in the register that day. */
function environmentOn({ versions }: Place, day: EpochMs): Environment | null {
  const version = versions.findLast(({ from, to }) => from < day + dayMs && to > day)
  return version?.value ?? null
}

function siteKey({ institution }: EnvironmentKey, site: string): string {
  return `${institution}/${site}`
}

function dayKey({ institution, environment }: EnvironmentKey, day: EpochMs): string {
  return `${institution}/${environment} ${day}`
}

/** When the collector did not run: the holes between stretches of liveness. */
export function outagesOf(liveness: readonly Span[]): Span[] {
  return liveness.slice(1).map((span, i) => ({ from: liveness[i]!.to, to: span.from }))
}
