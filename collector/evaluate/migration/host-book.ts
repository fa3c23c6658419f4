import { dayMs, dayOf, type EpochMs, type Span } from '../../../protocol/time.ts'
import type { ObservedHost, PlatformDay } from '../../kpi/migration/observation.ts'
import type { AgentRow } from '../../kpi/snapshot.ts'
import { agentNameOf } from '../../register/names.ts'
import { type FactReader, factDaysMax } from '../../store/facts.ts'
import type { EnvironmentKey, TimelineStore } from '../../store/store.ts'
import type { EnrolledAgent } from '../agent-book.ts'
import { moveDays, moveIndicators, type Newest, newestOf } from './move-points.ts'
import { PlatformDays, platformIndicators, wholeDays, withDays } from './platform-days.ts'

export type HostReader = FactReader & Pick<TimelineStore, 'checks' | 'timelines'>

/** What an environment's hosts are looked at by. */
export type SoughtHosts = {
  readonly key: EnvironmentKey
  /** All that ever enrolled for it. */
  readonly agents: readonly AgentRow[]
  readonly enrolled: () => readonly EnrolledAgent[]
  /** The reference instant. */
  readonly at: EpochMs
  /** Rises with facts. */
  readonly mark: number
  /** The first day that was derived again since the last reading; Infinity for none. */
  readonly derivedFrom: EpochMs
}

/** The hosts of an environment with what each told. */
export type KnownHosts = {
  readonly hosts: readonly ObservedHost[]
  /** What they told last, by name. */
  readonly newest: ReadonlyMap<string, Newest>
}

type Held = KnownHosts & {
  readonly agents: readonly AgentRow[]
  readonly at: EpochMs
  readonly mark: number
  /** Until when all days were read at once. */
  readonly wholeUntil: EpochMs
}

/** What comes late tells of these days, the newest; of older ones it is dated no more. */
const lateDays = 10

/**
 * Holds what the hosts of environments told on each UTC day, and reads again only days that may be
 * other than then: those that ended since, the newest ones when something was told, and all of them
 * once a day when something was told, because nothing keeps a host from telling of long ago.
 */
export class HostBook {
  readonly #reader: HostReader
  readonly #held = new Map<string, Held>()
  readonly #days = new PlatformDays()

  constructor(reader: HostReader) {
    this.#reader = reader
  }

  /** Forgets what was read. */
  clear(): void {
    this.#held.clear()
  }

  /** What is held, where nothing of it can be other; else undefined. */
  unchanged(place: string, sought: SoughtHosts): KnownHosts | undefined {
    const held = this.#held.get(place)
    const isHeld =
      held !== undefined &&
      held.at === sought.at &&
      held.mark === sought.mark &&
      sought.derivedFrom >= dayOf(sought.at) &&
      areSameAgents(held.agents, sought.agents)
    return isHeld ? held : undefined
  }

  /** Reads what may be other; the same hosts as before where nothing is. */
  async read(place: string, sought: SoughtHosts): Promise<KnownHosts> {
    const until = dayOf(sought.at)
    const first = until - factDaysMax * dayMs
    const held = this.#held.get(place)
    const listed = await this.#withStatus(sought, hostsOf(sought))
    const known = new Map((held?.hosts ?? []).map((host) => [host.name, host]))
    // Facts pass from agent to agent with acts; of who was no host before, no day was looked at.
    const isFollowed =
      held !== undefined &&
      held.at <= sought.at &&
      areSameAgents(held.agents, sought.agents) &&
      listed.every(({ name }) => known.has(name))
    const before = isFollowed ? held : null
    const from = before ? firstToRead(before, sought, until) : first
    const span = { from: Math.max(from, first), to: until }
    const told = this.#days.of(await this.#factDays(sought.key, platformIndicators, span))
    const recent = { from: Math.max(span.from, until - moveDays * dayMs), to: until }
    const rows = await this.#factDays(sought.key, moveIndicators, recent)
    const alive = await this.#aliveDays(sought.key, listed, told, span)
    const hosts = listed.map((host): ObservedHost => {
      const own = [...(told.get(host.agent) ?? []), ...(alive.get(host.name) ?? [])]
      own.sort((a, b) => a.day - b.day)
      const last = known.get(host.name)
      const days = withDays(last?.days ?? [], own, span, first)
      const { agent, name, status } = host
      const isSame = last?.agent === agent && last.status === status && last.days === days
      return isSame ? last : { agent, name, status, days }
    })
    const names = new Map(listed.map(({ agent, name }) => [agent, name]))
    const named = rows.map((row) => ({ ...row, agent: names.get(row.agent) ?? row.agent }))
    const newest = newestOf(named, before?.newest ?? new Map())
    const isSame = held !== undefined && areSame(held.hosts, hosts)
    const wholeUntil = span.from === first ? until : before!.wholeUntil
    const { agents, at, mark } = sought
    const read = { hosts: isSame ? held.hosts : hosts, newest, agents, at, mark, wholeUntil }
    this.#held.set(place, read)
    this.#days.trim(first)
    return read
  }

  /**
   * Who was shut out after the reference was not yet so at it: only active agents leave evidence,
   * and no reader knows when an agent became what it is.
   */
  async #withStatus(sought: SoughtHosts, hosts: ListedHost[]): Promise<ListedHost[]> {
    const isShut = ({ status }: ListedHost) => status === 'revoked' || status === 'quarantined'
    if (!hosts.some(isShut)) return hosts
    const seenSince = new Set<string>()
    for (const { name, since, through } of await this.#reader.checks(sought.key)) {
      if (since !== null && through > sought.at) seenSince.add(agentNameOf(name))
    }
    return hosts.map((host) => {
      return isShut(host) && seenSince.has(host.name) ? { ...host, status: 'active' } : host
    })
  }

  async #factDays(key: EnvironmentKey, indicators: readonly string[], span: Span) {
    return span.from < span.to ? this.#reader.factDays(key, indicators, span) : []
  }

  /**
   * Days on which a host told nothing of its platform and was alive all the same, by its checks: to
   * tell no facts is not to be silent.
   */
  async #aliveDays(
    key: EnvironmentKey,
    hosts: readonly ListedHost[],
    told: ReadonlyMap<string, readonly PlatformDay[]>,
    span: Span,
  ): Promise<Map<string, PlatformDay[]>> {
    const alive = new Map<string, PlatformDay[]>()
    const asked = wholeDays(span)
    const gaps = new Map<string, readonly EpochMs[]>()
    for (const { agent, name, enrolledAt } of hosts) {
      const days = new Set(told.get(agent)?.map(({ day }) => day))
      const missing = asked.filter((day) => day >= dayOf(enrolledAt) && !days.has(day))
      if (missing.length > 0) gaps.set(name, missing)
    }
    if (gaps.size === 0) return alive
    const window = { from: Math.min(...[...gaps.values()].map(([day]) => day!)), to: span.to }
    const timelines = await this.#reader.timelines(key, window)
    for (const { number, name: check } of await this.#reader.checks(key)) {
      const name = agentNameOf(check)
      const seen = timelines.get(number) ?? []
      const days = gaps.get(name)?.filter((day) => {
        return seen.some(({ from, to }) => from < day + dayMs && to > day)
      })
      if (!days || days.length === 0) continue
      const untold = days.map((day) => this.#days.untold(day))
      alive.set(name, [...new Set([...(alive.get(name) ?? []), ...untold])])
    }
    return alive
  }
}

type ListedHost = Omit<ObservedHost, 'days'> & { readonly enrolledAt: EpochMs }

/**
 * Hosts by name, as they were enrolled before the reference. What a revoked agent told passes to
 * the one that takes its name, so that of those who share a name only the last is a host.
 */
function hostsOf({ enrolled, at }: SoughtHosts): ListedHost[] {
  const inOrder = [...enrolled()].sort((a, b) => {
    return a.enrolledAt - b.enrolledAt || compare(a.row.agent, b.row.agent)
  })
  const names = new Map<string, ListedHost>()
  for (const { row, enrolledAt } of inOrder) {
    const { agent, name, status } = row
    const first = names.get(name)?.enrolledAt ?? enrolledAt
    if (first < at) names.set(name, { agent, name, status, enrolledAt: first })
  }
  return [...names.values()].sort((a, b) => compare(a.name, b.name))
}

function firstToRead(held: Held, sought: SoughtHosts, until: EpochMs): EpochMs {
  const isNew = sought.mark !== held.mark
  if (isNew && held.wholeUntil < until) return Number.NEGATIVE_INFINITY
  const late = isNew ? until - lateDays * dayMs : until
  return Math.min(dayOf(held.at), late, sought.derivedFrom)
}

function areSameAgents(a: readonly AgentRow[], b: readonly AgentRow[]): boolean {
  if (a === b) return true
  return (
    a.length === b.length &&
    a.every(({ agent, status }, i) => agent === b[i]!.agent && status === b[i]!.status)
  )
}

function areSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
