import { isDeepStrictEqual } from 'node:util'
import { type EpochMs, hourMs } from '../../../protocol/time.ts'
import type { ReadinessEnvironment } from '../../kpi/readiness/inputs.ts'
import type { DayRow } from '../../store/store.ts'
import { keyOf } from '../ledgers.ts'
import {
  environmentOf,
  type ReadHosts,
  type ReadinessReader,
  readHosts,
  type Sought,
  windowSource,
} from './environment-readiness.ts'
import { type EnvironmentWindow, environmentWindow, linkState } from './environment-window.ts'
import { LeanMeasures } from './measure.ts'
import { keptEnvironment, keptHosts } from './same.ts'

/** What was read of an environment. */
type Read = {
  readonly sought: Sought
  readonly factMark: number
  readonly valueMark: number
  readonly hosts: ReadHosts
  readonly window: EnvironmentWindow
  /** Whether a link of it worked in the last hour; undefined where it has none. */
  readonly link: boolean | null | undefined
}

export type Kept = Read & { readonly readiness: ReadinessEnvironment }

/** Marks of what is stored, by `keyOf`. */
export type Marks = Readonly<Record<'facts' | 'values', ReadonlyMap<string, number>>>

/**
 * Holds what was read of environments, and reads again only what may be other than then: facts when
 * their mark rose or one of them went stale; the window when the day turned, or a day of it was
 * derived again; a link once an hour.
 */
export class EnvironmentKeeper {
  readonly #reader: ReadinessReader
  readonly #lean = new LeanMeasures()
  readonly #kept = new Map<string, Kept>()
  /** Days that were derived again since the window was read. */
  readonly #derived = new Map<string, Set<EpochMs>>()

  constructor(reader: ReadinessReader) {
    this.#reader = reader
  }

  /** To be told of every day that is derived, whatever for. */
  note(days: readonly DayRow[]): void {
    for (const row of days) {
      const known = this.#derived.get(keyOf(row))
      if (known) known.add(row.day)
      else this.#derived.set(keyOf(row), new Set([row.day]))
    }
  }

  /** Forgets what was read. */
  clear(): void {
    this.#kept.clear()
  }

  async marks(): Promise<Marks> {
    const facts = await this.#reader.factMarks()
    return { facts, values: await this.#reader.valueMarks() }
  }

  /** What is held, where nothing that was read can be other than then; else undefined. */
  unchanged(sought: Sought, marks: Marks): Kept | undefined {
    const kept = this.#kept.get(keyOf(sought.key))
    if (!kept || hostsMoved(kept, sought, marks) || this.#windowMoved(kept, sought, marks)) {
      return undefined
    }
    if (kept.link !== undefined && kept.sought.reference !== sought.reference) return undefined
    return this.#keep({ ...kept, sought }, kept)
  }

  /** Reads again what may be other. */
  async read(sought: Sought, marks: Marks): Promise<Kept> {
    const key = keyOf(sought.key)
    const before = this.#kept.get(key) ?? null
    const areHostsStill = before !== null && !hostsMoved(before, sought, marks)
    const isWindowStill = before !== null && !this.#windowMoved(before, sought, marks)
    const records = await this.#reader.checks(sought.key)
    const told = areHostsStill
      ? before.hosts
      : await readHosts(this.#reader, sought, records, this.#lean)
    const source = windowSource(sought, records)
    const window = isWindowStill ? before.window : await environmentWindow(this.#reader, source)
    if (!isWindowStill) this.#derived.delete(key)
    const hosts = before ? { ...told, hosts: keptHosts(told.hosts, before.hosts.hosts) } : told
    const lastHour = { from: sought.reference - hourMs, to: sought.reference }
    const link = await linkState(this.#reader, source, lastHour)
    const factMark = marks.facts.get(key) ?? 0
    const valueMark = marks.values.get(key) ?? 0
    return this.#keep({ sought, factMark, valueMark, hosts, window, link }, before)
  }

  /** The same with what each value rests on, read anew; undefined where nothing is held. */
  async detailed(sought: Sought): Promise<Kept | undefined> {
    const kept = this.#kept.get(keyOf(sought.key))
    if (!kept) return undefined
    const records = await this.#reader.checks(sought.key)
    const hosts = await readHosts(this.#reader, sought, records, null)
    return { ...kept, sought, hosts, readiness: environmentOf(sought, hosts, kept.window) }
  }

  #keep(read: Read, before: Kept | null): Kept {
    const { sought, hosts, window } = read
    const made = environmentOf(sought, hosts, window)
    const kept = { ...read, readiness: keptEnvironment(made, before?.readiness ?? null) }
    this.#kept.set(keyOf(sought.key), kept)
    return kept
  }

  #windowMoved({ sought: before, valueMark }: Kept, sought: Sought, { values }: Marks): boolean {
    const key = keyOf(sought.key)
    const { from, to } = sought.window
    return (
      valueMark !== (values.get(key) ?? 0) ||
      before.window.to !== to ||
      before.scopeFrom !== sought.scopeFrom ||
      before.roleChecks.join() !== sought.roleChecks.join() ||
      [...(this.#derived.get(key) ?? [])].some((day) => day >= from && day < to) ||
      isDefinedAnew(before, sought)
    )
  }
}

function hostsMoved({ sought: before, hosts, factMark }: Kept, sought: Sought, marks: Marks) {
  return (
    factMark !== (marks.facts.get(keyOf(sought.key)) ?? 0) ||
    sought.reference > hosts.staleFrom ||
    before.declared.agreed !== sought.declared.agreed ||
    before.agents.length !== sought.agents.length ||
    !before.agents.every(({ agent }, i) => agent === sought.agents[i]!.agent) ||
    isDefinedAnew(before, sought)
  )
}

function isDefinedAnew(before: Sought, sought: Sought): boolean {
  const isSame = before.environment === sought.environment && before.missing === sought.missing
  if (isSame) return false
  return (
    !isDeepStrictEqual(before.environment, sought.environment) ||
    !isDeepStrictEqual(before.missing, sought.missing)
  )
}
