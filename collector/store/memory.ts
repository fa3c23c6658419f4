import type { ObservedState, Reason } from '../../protocol/check.ts'
import type { Frontier } from '../../protocol/merkle.ts'
import { type EpochMs, intersect, lengthMs, type Span } from '../../protocol/time.ts'
import { witnessPlace } from '../evidence/leaf.ts'
import type { StateSpan, Timeline } from '../kpi/timeline.ts'
import type { Entry } from '../register/difference.ts'
import type { CheckSums } from './answers.ts'
import { livenessHoleMs } from './logs.ts'
import { MemoryFacts } from './memory-facts.ts'
import { MemorySight } from './memory-sight.ts'
import type { FoldTarget, Refolded } from './refolded.ts'
import type {
  Admitted,
  AgentRow,
  CheckRecord,
  Effect,
  EnvironmentKey,
  EvaluationReader,
  SpanRow,
} from './store.ts'

type Evidence = NonNullable<Admitted['evidence']>

/**
 * What leaves are folded into to compute figures from them and nothing else: no database, no file,
 * nothing that Node 20 lacks. It holds what figures rest on; last values and environment days are
 * not among that.
 */
export class MemoryStore implements FoldTarget {
  readonly #acts: string[] = []
  readonly #agents = new Map<string, AgentRow>()
  /** By environment, then by number. */
  readonly #checks = new Map<string, Map<number, CheckRecord>>()
  readonly #spans = new Map<number, Spans>()
  readonly #liveness: { from: EpochMs; to: EpochMs }[] = []
  readonly #sight = new MemorySight()
  readonly #facts = new MemoryFacts()

  /** A fold begins with nothing, and goes on with what it knows itself. */
  async agents(): Promise<[]> {
    return []
  }

  frontiers(): Map<string, Frontier> {
    return new Map()
  }

  apply(rows: readonly Refolded[]): void {
    for (const { leaf, admitted, effects, livenessAt } of rows) {
      if (leaf.kind === 'act') this.#act(leaf.entry)
      if (admitted?.evidence) this.#message(admitted.agent, admitted.evidence)
      for (const effect of effects) this.#effect(effect)
      if (livenessAt !== null) this.#ran(livenessAt)
    }
  }

  /** People's acts that figures rest on, oldest first. */
  acts(): Entry[] {
    return this.#acts.map((text) => {
      const { v: _v, kind: _kind, at: _at, ...entry } = JSON.parse(text) as Entry & Envelope
      return entry
    })
  }

  /** What figures are computed from. */
  readonly reader: EvaluationReader = {
    entries: async () => this.acts(),
    contacts: async () => {
      const agents = [...this.#agents.values()].sort((a, b) => compare(placeOf(a), placeOf(b)))
      return agents.map((agent) => ({ ...agent, contact: null }))
    },
    checks: async (key) => {
      const places = key ? [placeOf(key)] : [...this.#checks.keys()].sort(compare)
      return places.flatMap((place) => {
        const records = [...(this.#checks.get(place)?.values() ?? [])]
        return records.sort((a, b) => compare(a.name, b.name))
      })
    },
    values: async () => new Map(),
    timeline: async (check, window) => {
      const record = [...this.#checks.values()].map((each) => each.get(check)).find(Boolean)
      return record ? this.#known(record, window) : []
    },
    timelines: async (key, window) => {
      const found = new Map<number, Timeline>()
      for (const record of this.#checks.get(placeOf(key))?.values() ?? []) {
        const known = this.#known(record, window)
        if (known.length > 0) found.set(record.number, known)
      }
      return found
    },
    liveness: async () => this.#liveness,
    ...this.#sight.reader,
    ...this.#facts.reader,
    witnessTimelines: async (checks, window) => {
      const seen = [...(this.#checks.get(placeOf(witnessPlace))?.values() ?? [])]
      const asked = seen.filter(({ name }) => checks.includes(name))
      return new Map(asked.map((record) => [record.name, this.#known(record, window)]))
    },
    // Every evaluation reads all there is, and nobody asks for more than figures.
    newestAct: async () => this.#acts.length,
    lastContacts: async () => [],
    days: async () => [],
    ledgerDays: async () => [],
    dirtyDays: async () => [],
    checkSums: async (key, window) =>
      [...(this.#checks.get(placeOf(key))?.values() ?? [])]
        .sort((a, b) => compare(a.name, b.name))
        .map((record) => checkSumsOf(record, this.#known(record, window), window)),
  }

  #known({ number, spanFrom, through }: CheckRecord, window: Span): Timeline {
    return this.#spans.get(number)?.inside(window, spanFrom, through) ?? []
  }

  /** Most acts are about agents, tokens and access, and figures rest on the others. */
  #act(text: string): void {
    const { what } = JSON.parse(text) as Entry
    if (!/^(agent|token|access|account|api-token)\//.test(what)) this.#acts.push(text)
  }

  #message(
    agent: AgentRow,
    { cursor, checks, grown, spans, facts, rotation, sight }: Evidence,
  ): void {
    if (sight) this.#sight.add(agent, sight)
    this.#facts.add(agent, facts, cursor.definitions)
    for (const record of [...checks, ...grown]) this.#check(record)
    for (const row of spans) {
      const known = this.#spans.get(row.check)
      if (known) known.add(row)
      else this.#spans.set(row.check, new Spans(row))
    }
    if (rotation) this.#agents.set(agent.agent, rotation.agent)
  }

  #check(record: CheckRecord): void {
    const place = placeOf(record)
    const known = this.#checks.get(place)
    if (known) known.set(record.number, record)
    else this.#checks.set(place, new Map([[record.number, record]]))
  }

  #effect(effect: Effect): void {
    if (effect.kind === 'agent-status') {
      const agent = this.#agents.get(effect.agent)
      if (agent) this.#agents.set(effect.agent, { ...agent, status: effect.status })
    }
    if (effect.kind !== 'agent' && effect.kind !== 'agent-key') return
    const { agent } = effect
    if (effect.kind === 'agent') this.#pass(agent)
    this.#agents.set(agent.agent, agent)
  }

  /** The name of a revoked agent passes to the one that follows it, and its timelines with it. */
  #pass(to: AgentRow): void {
    const isBefore = ({ agent, name, status }: AgentRow) =>
      name === to.name && status === 'revoked' && agent !== to.agent
    const before = [...this.#agents.values()].filter(
      (each) => isBefore(each) && placeOf(each) === placeOf(to),
    )
    const ids = new Set(before.map(({ agent }) => agent))
    for (const id of ids) this.#facts.pass(to, id, to.agent)
    for (const record of this.#checks.get(placeOf(to))?.values() ?? []) {
      if (ids.has(record.agent)) this.#check({ ...record, agent: to.agent, boot: null })
    }
  }

  #ran(at: EpochMs): void {
    const last = this.#liveness.at(-1)
    if (last && at - last.to <= livenessHoleMs) last.to = Math.max(last.to, at)
    else this.#liveness.push({ from: at, to: at })
  }
}

type Envelope = { v: number; kind: string; at: number }
type Seen = { readonly state: ObservedState; readonly reason?: Reason }

/** The spans of one check in the order of time, as lists of numbers: most checks have few. */
class Spans {
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #seen: Seen[] = []

  constructor(first: SpanRow) {
    this.add(first)
  }

  /** A span that begins, or the last one as far as it goes now. */
  add({ from, to, state, reason }: SpanRow): void {
    const last = this.#from.length - 1
    if (this.#from[last] === from) {
      this.#to[last] = to
      return
    }
    this.#from.push(from)
    this.#to.push(to)
    const before = this.#seen[last]
    const isSame = before?.state === state && (before.reason ?? null) === reason
    this.#seen.push(isSame ? before : { state, ...(reason && { reason }) })
  }

  /** The last span ends where its check is decided `through`, whatever its row says. */
  inside({ from, to }: Span, spanFrom: EpochMs, through: EpochMs): StateSpan<ObservedState>[] {
    const found: StateSpan<ObservedState>[] = []
    for (let i = this.#firstAt(from); i < this.#from.length && this.#from[i]! < to; i++) {
      const start = this.#from[i]!
      const stop = start === spanFrom ? through : this.#to[i]!
      if (stop > from) found.push({ from: start, to: stop, ...this.#seen[i]! })
    }
    return found
  }

  /** The index of the last span that begins at or before an instant; 0 where none does. */
  #firstAt(at: EpochMs): number {
    let low = 0
    let high = this.#from.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#from[middle]! <= at) low = middle
      else high = middle
    }
    return low
  }
}

/** What is known of a check inside a window, by the rules of `checkSums`. */
function checkSumsOf({ name, since }: CheckRecord, timeline: Timeline, window: Span): CheckSums {
  const ms = { up: 0, degraded: 0, down: 0, unknown: 0 }
  for (const span of timeline) ms[span.state] += lengthMs(intersect(span, window) ?? noSpan)
  const from = Math.max(window.from, since ?? window.to)
  const unknownMs = Math.max(0, window.to - from) - ms.up - ms.degraded - ms.down
  return { check: name, upMs: ms.up, degradedMs: ms.degraded, downMs: ms.down, unknownMs }
}

const noSpan = { from: 0, to: 0 }

function placeOf({ institution, environment }: EnvironmentKey): string {
  return `${institution}/${environment}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
