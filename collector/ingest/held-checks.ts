import { reasons, states } from '../../protocol/check.ts'
import type { AgentRow, CheckRecord } from '../store/store.ts'

/** Checks by their agent's own name for them: as much of a map as is needed. */
export type Checks = Pick<ReadonlyMap<string, CheckRecord>, 'size' | 'get' | 'values'> &
  Iterable<[string, CheckRecord]>

/** What its definition says of a check: the same for all hosts that declare it. */
type Shape = Pick<CheckRecord, 'kind' | 'label' | 'intervalMs' | 'declared'> & {
  readonly check: string
}

/** Lists of shapes that are looked for; agents can declare whatever they like. */
const shapesMax = 1_000

/** Of each check, as `write` has them. */
const columns = 12

/**
 * The checks of all agents as they are held between messages: of each agent one list of numbers,
 * where what is the same for all its checks stands once, as most of it is while a host is well;
 * and what many hosts share once. A tenth of the memory of the records.
 */
export class HeldChecks {
  /** By what they say: most hosts of a nation declare the same checks. */
  readonly #shapes = new Map<string, readonly Shape[]>()

  /** Holds checks in place of those held before. Those that were not touched stay as they are. */
  hold(checks: Checks, before: Held | null): Held {
    if (checks instanceof RecalledChecks) return checks.held
    const boots: string[] = []
    const table = doubles(checks.size * columns)
    let row = 0
    for (const record of checks.values()) {
      write(table, row, record, bootIndex(boots, record.boot))
      row++
    }
    const shapes = before && fits(before.shapes, checks) ? before.shapes : this.#shapesOf(checks)
    return { shapes, boots: [...boots], ...packed(table, checks.size) }
  }

  #shapesOf(checks: Checks): readonly Shape[] {
    const own = Array.from(checks, ([check, { kind, label, intervalMs, declared }]) => {
      return { check, kind, label, intervalMs, declared }
    })
    const key = JSON.stringify(own)
    const shapes = this.#shapes.get(key) ?? own
    if (this.#shapes.size >= shapesMax) this.#shapes.clear()
    this.#shapes.set(key, shapes)
    return shapes
  }
}

/** The checks of one agent, held. */
export type Held = {
  readonly shapes: readonly Shape[]
  readonly boots: readonly string[]
  /** A bit for each column: whether it has one number, which holds for all checks. */
  readonly shared: number
  /** Column after column. */
  readonly numbers: readonly number[]
}

/** The records of an agent's checks, made of what is held when somebody first looks at them. */
export class RecalledChecks implements Checks {
  readonly held: Held
  readonly #agent: AgentRow
  #records: Map<string, CheckRecord> | null = null

  constructor(held: Held, agent: AgentRow) {
    this.held = held
    this.#agent = agent
  }

  get size(): number {
    return this.held.shapes.length
  }

  get(check: string): CheckRecord | undefined {
    return this.#all().get(check)
  }

  values(): MapIterator<CheckRecord> {
    return this.#all().values()
  }

  [Symbol.iterator](): MapIterator<[string, CheckRecord]> {
    return this.#all()[Symbol.iterator]()
  }

  #all(): Map<string, CheckRecord> {
    if (this.#records) return this.#records
    const table = unpacked(this.held)
    this.#records = new Map(
      this.held.shapes.map((shape, row) => [
        shape.check,
        recordOf(table, row, shape, this.held.boots, this.#agent),
      ]),
    )
    return this.#records
  }
}

/** Filled with what is no whole number, V8 makes it a list of doubles: 8 bytes for each. */
function doubles(length: number): number[] {
  return new Array<number>(length).fill(Number.NaN)
}

function packed(table: readonly number[], rows: number): Pick<Held, 'shared' | 'numbers'> {
  let shared = 0
  let length = 0
  for (let column = 0; column < columns; column++) {
    const isShared = isSame(table, column)
    if (isShared) shared |= 1 << column
    length += isShared ? Math.min(rows, 1) : rows
  }
  const numbers = doubles(length)
  let at = 0
  for (let column = 0; column < columns; column++) {
    const end = (shared >> column) & 1 ? Math.min(table.length, columns) : table.length
    for (let i = column; i < end; i += columns) numbers[at++] = table[i]!
  }
  return { shared, numbers }
}

/** Whether a column says the same of all checks. */
function isSame(table: readonly number[], column: number): boolean {
  for (let i = column + columns; i < table.length; i += columns) {
    if (!Object.is(table[i], table[column])) return false
  }
  return true
}

function unpacked({ shapes, shared, numbers }: Held): number[] {
  const table = doubles(shapes.length * columns)
  let at = 0
  for (let column = 0; column < columns; column++) {
    const step = (shared >> column) & 1 ? 0 : 1
    for (let row = 0; row < shapes.length; row++) {
      table[row * columns + column] = numbers[at + row * step]!
    }
    at += step === 1 ? shapes.length : 1
  }
  return table
}

/** Whether the checks are those of the shapes, in this order. */
function fits(shapes: readonly Shape[], checks: Checks): boolean {
  if (shapes.length !== checks.size) return false
  let i = 0
  for (const [check, record] of checks) {
    const shape = shapes[i++]!
    if (shape.check !== check || shape.kind !== record.kind) return false
    if (shape.label !== record.label || shape.intervalMs !== record.intervalMs) return false
    if (shape.declared !== record.declared) return false
  }
  return true
}

function bootIndex(boots: string[], boot: string | null): number {
  if (boot === null) return -1
  const index = boots.indexOf(boot)
  return index === -1 ? boots.push(boot) - 1 : index
}

function write(table: number[], row: number, record: CheckRecord, boot: number): void {
  const at = row * columns
  // Numbers are given in a row: counted from the first, they are the same for all.
  table[at] = record.number - row
  table[at + 1] = record.since ?? Number.NaN
  table[at + 2] = boot
  table[at + 3] = record.throughBoot
  table[at + 4] = record.through
  table[at + 5] = states.indexOf(record.state)
  table[at + 6] = record.reason === null ? -1 : reasons.indexOf(record.reason)
  table[at + 7] = record.stateSince
  table[at + 8] = record.spanFrom
  table[at + 9] = record.upMs
  table[at + 10] = record.degradedMs
  table[at + 11] = record.downMs
}

function recordOf(
  table: readonly number[],
  row: number,
  { check, kind, label, intervalMs, declared }: Shape,
  boots: readonly string[],
  { institution, environment, agent, name }: AgentRow,
): CheckRecord {
  const at = row * columns
  const since = table[at + 1]!
  return {
    number: table[at]! + row,
    institution,
    environment,
    name: `${name}/${check}`,
    agent,
    kind,
    label,
    intervalMs,
    declared,
    since: Number.isNaN(since) ? null : since,
    boot: boots[table[at + 2]!] ?? null,
    throughBoot: table[at + 3]!,
    through: table[at + 4]!,
    state: states[table[at + 5]!]!,
    reason: reasons[table[at + 6]!] ?? null,
    stateSince: table[at + 7]!,
    spanFrom: table[at + 8]!,
    upMs: table[at + 9]!,
    degradedMs: table[at + 10]!,
    downMs: table[at + 11]!,
  }
}
