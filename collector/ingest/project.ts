import type { Batch, CheckDefinition } from '../../protocol/batch.ts'
import { checkKinds, type ObservedState, type Reason, type State } from '../../protocol/check.ts'
import { definitionsHash } from '../../protocol/definitions.ts'
import { type BootMs, dayMs, dayOf, type EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { AgentRow, CheckRecord, FactRow, SpanRow } from '../store/store.ts'
import type { Dating } from './clock.ts'
import { factsOf } from './facts.ts'
import type { Checks } from './held-checks.ts'

/** What an agent's stream has built up so far, as far as the next batch needs it. */
export type StreamState = {
  readonly agent: AgentRow
  readonly definitions: readonly CheckDefinition[]
  /** What names them, where it was computed before. */
  readonly definitionsHash?: string
  readonly checks: Checks
}

/**
 * The checks of a stream in which messages were lost: what "goes on" means is told anew by the
 * next run of each; until then it is unknown.
 */
export function afterLoss(checks: Checks): CheckRecord[] {
  return [...checks.values()].map((check) => ({ ...check, boot: null }))
}

/** What one batch adds to the timelines. */
export type Projection = {
  readonly definitions: readonly CheckDefinition[]
  readonly definitionsHash: string
  /** All checks as they are afterwards, by the agent's own name. */
  readonly after: Checks
  readonly checks: readonly CheckRecord[]
  /** Checks of which only the end moved; their last span grew with them and is not in `spans`. */
  readonly grown: readonly CheckRecord[]
  readonly spans: readonly SpanRow[]
  readonly facts: readonly FactRow[]
  readonly dirtyDays: readonly EpochMs[]
}

/**
 * Folds a batch into the timelines of its checks. Times of class C add nothing: unknown(`clock`).
 * `newNumber` gives a number to a check seen for the first time. Throws AppError `schema` when the
 * batch contradicts itself or what came before; nothing of it counts then.
 */
export function project(
  stream: StreamState,
  batch: Batch,
  dating: Dating,
  newNumber: () => number,
): Projection {
  const { definitions, definitionsHash } = definitionsOf(stream, batch)
  const checks = new Map(stream.checks)
  if (batch.checks) declare(checks, stream.agent, definitions, newNumber)
  const writer = new TimelineWriter(checks, batch, dating)
  writeRuns(writer, definitions, batch)
  definitions.forEach(({ check }, i) => {
    const through = batch.steady.through[i] ?? null
    if (through !== null) writer.extend(check, through)
  })
  const changed: CheckRecord[] = []
  const grown: CheckRecord[] = []
  for (const [name, check] of checks) {
    const before = stream.checks.get(name)
    if (check === before) continue
    if (isGrown(before, check)) {
      grown.push(check)
      continue
    }
    changed.push(check)
    // Also where its row was written before: it may be the last one no more.
    writer.write(check)
  }
  return {
    definitions,
    definitionsHash,
    after: checks,
    checks: changed,
    grown,
    spans: writer.spans,
    facts: factsOf(batch, dating),
    dirtyDays: [...writer.dirtyDays].sort((a, b) => a - b),
  }
}

function writeRuns(
  writer: TimelineWriter,
  definitions: readonly CheckDefinition[],
  { runs }: Batch,
): void {
  if (runs.length === 0) return
  const kinds = new Map(definitions.map(({ check, kind }) => [check, kind]))
  for (const { check, state, reason = null, from, to } of runs) {
    const kind = kinds.get(check)
    if (!kind) throw contradiction(`runs name a check that is not defined: ${check}`)
    if (state === 'down' && checkKinds[kind] !== 'down') {
      throw contradiction(`a check of kind ${kind} can at most be degraded`)
    }
    writer.goOn(check, state, reason, from, to)
  }
}

/** Whether a check went on as it was, with its last span written before: only its end moved. */
function isGrown(before: CheckRecord | undefined, check: CheckRecord): boolean {
  if (!before || !(before.state === 'unknown' || hasSpan(before))) return false
  for (const name in check) {
    const key = name as keyof CheckRecord // a record has no other keys
    if (check[key] !== before[key] && key !== 'throughBoot' && key !== 'through') return false
  }
  return true
}

/** A check whose timeline ends in a span, not in something unknown. */
function hasSpan(check: CheckRecord): check is CheckRecord & { readonly state: ObservedState } {
  return check.state !== 'unknown' && check.through > check.spanFrom
}

function spanOf(check: CheckRecord, state: ObservedState): SpanRow {
  const { number, spanFrom, through, reason, upMs, degradedMs, downMs } = check
  return { check: number, from: spanFrom, to: through, state, reason, upMs, degradedMs, downMs }
}

/** A check's name within its agent. */
export function ownName({ name }: CheckRecord): string {
  return name.slice(name.indexOf('/') + 1)
}

function contradiction(what: string): AppError {
  return new AppError('schema', `The batch contradicts itself: ${what}.`)
}

/** The definitions that a batch goes by, as they were where it does not change them. */
function definitionsOf(
  stream: StreamState,
  { checks, steady }: Batch,
): Required<Pick<StreamState, 'definitions' | 'definitionsHash'>> {
  const knownHash = stream.definitionsHash ?? definitionsHash(stream.definitions)
  const hash = checks ? definitionsHash(checks) : knownHash
  if (hash !== steady.checks) {
    throw contradiction('its definitions are not the ones this collector knows')
  }
  const definitions = checks && hash !== knownHash ? checks : stream.definitions
  const { length } = definitions
  if (steady.through.length !== length || steady.counts.length !== length) {
    throw contradiction('steady must have one element for each check')
  }
  if (checks && new Set(checks.map(({ check }) => check)).size !== length) {
    throw contradiction('a check is defined twice')
  }
  return { definitions, definitionsHash: hash }
}

/** Brings the records of an agent's checks in line with its definitions. */
function declare(
  checks: Map<string, CheckRecord>,
  agent: AgentRow,
  definitions: readonly CheckDefinition[],
  newNumber: () => number,
): void {
  const declared = new Set(definitions.map(({ check }) => check))
  for (const [name, record] of checks) {
    if (record.declared && !declared.has(name)) checks.set(name, { ...record, declared: false })
  }
  for (const { check, kind, intervalMs, label } of definitions) {
    const known = checks.get(check) ?? unseen(agent, check, newNumber())
    checks.set(check, { ...known, kind, intervalMs, label: label ?? null, declared: true })
  }
}

function unseen(agent: AgentRow, check: string, number: number): CheckRecord {
  return {
    number,
    institution: agent.institution,
    environment: agent.environment,
    name: `${agent.name}/${check}`,
    agent: agent.agent,
    kind: 'host',
    label: null,
    intervalMs: 0,
    declared: true,
    since: null,
    boot: null,
    throughBoot: 0,
    through: 0,
    state: 'unknown',
    reason: null,
    stateSince: 0,
    spanFrom: 0,
    upMs: 0,
    degradedMs: 0,
    downMs: 0,
  }
}

/** How far two datings of the same moment may differ and still be taken for the same. */
export const driftMsMax = 10_000

/** A run on the collector's clock. */
type Run = {
  readonly state: State
  readonly reason: Reason | null
  readonly start: EpochMs
  readonly stop: EpochMs
}

/** Carries the ends of timelines forward, run by run. */
class TimelineWriter {
  /** Spans that ended, and the last ones as far as `write` was called. */
  readonly spans: SpanRow[] = []
  readonly dirtyDays = new Set<EpochMs>()
  readonly #checks: Map<string, CheckRecord>
  readonly #batch: Batch
  readonly #dating: Dating

  constructor(checks: Map<string, CheckRecord>, batch: Batch, dating: Dating) {
    this.#checks = checks
    this.#batch = batch
    this.#dating = dating
  }

  /** A check without news stays as it was until `through`; after a loss nobody knows how it was. */
  extend(check: string, through: BootMs): void {
    const record = this.#checks.get(check)!
    if (record.boot === null) return
    if (record.boot !== this.#batch.boot) {
      throw contradiction(`steady goes on with a check that has no run in this boot: ${check}`)
    }
    this.goOn(check, record.state, record.reason, record.throughBoot, through)
  }

  goOn(check: string, state: State, reason: Reason | null, from: BootMs, to: BootMs): void {
    const record = this.#checks.get(check)!
    const sameBoot = record.boot === this.#batch.boot
    if (to < from) throw contradiction(`a run of ${check} ends before it starts`)
    if (to > this.#batch.sealed.boot) throw contradiction(`a run of ${check} ends after the seal`)
    if (sameBoot && from < record.throughBoot) {
      throw contradiction(`a run of ${check} starts before its last run ended`)
    }
    const moved = { boot: this.#batch.boot, throughBoot: to }
    if (this.#dating.timeClass === 'C') {
      // What cannot be dated is unknown: the timeline ends where it did, the state is remembered
      // because later batches may say that it goes on.
      const ended = { ...totals(record), spanFrom: record.through }
      this.write(record)
      this.#checks.set(check, { ...record, ...moved, ...ended, state, reason })
      return
    }
    const { offsetMs } = this.#dating
    const drift = Math.abs(offsetMs + from - record.through)
    const contiguous = sameBoot && from === record.throughBoot && drift <= driftMsMax
    const start = contiguous ? record.through : Math.max(record.through, offsetMs + from)
    const stop = Math.max(start, offsetMs + to)
    const next = carry(record, moved, { state, reason, start, stop })
    if (next.spanFrom !== record.spanFrom) this.write(record)
    this.#checks.set(check, next)
    if (state === 'unknown') return
    for (let day = dayOf(start); day < stop; day += dayMs) this.dirtyDays.add(day)
  }

  /** Writes the span that a check's timeline ends in, if there is one. */
  write(check: CheckRecord): void {
    if (hasSpan(check)) this.spans.push(spanOf(check, check.state))
  }
}

/** The record after a run: the same span longer, or a new one. */
function carry(
  record: CheckRecord,
  moved: Pick<CheckRecord, 'boot' | 'throughBoot'>,
  { state, reason, start, stop }: Run,
): CheckRecord {
  const since = record.since ?? start
  const joined = record.since !== null && start === record.through && record.state === state
  if (joined && record.reason === reason) return { ...record, ...moved, since, through: stop }
  const stateSince = joined ? record.stateSince : start
  const news = { state, reason, stateSince, since, spanFrom: start, through: stop }
  return { ...record, ...moved, ...totals(record), ...news }
}

/** What is known before the next span starts: the sums, with the last span added. */
function totals(record: CheckRecord): Pick<CheckRecord, 'upMs' | 'degradedMs' | 'downMs'> {
  const { state, upMs, degradedMs, downMs } = record
  const ms = record.since === null ? 0 : record.through - record.spanFrom
  return {
    upMs: upMs + (state === 'up' ? ms : 0),
    degradedMs: degradedMs + (state === 'degraded' ? ms : 0),
    downMs: downMs + (state === 'down' ? ms : 0),
  }
}
