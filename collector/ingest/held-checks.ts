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

const numbersEach = 12

/**
 * The checks of all agents as they are held between messages: of each agent one list of numbers,
 * and what many hosts share once, in a quarter of the memory of the records.
 */
export class HeldChecks {
  /** By what they say: most hosts of a nation declare the same checks. */
  readonly #shapes = new Map<string, readonly Shape[]>()

  /** Holds checks in place of those held before. Those that were not touched stay as they are. */
  hold(checks: Checks, before: Held | null): Held {
    if (checks instanceof RecalledChecks) return checks.held
    const boots: string[] = []
    // Filled with what is no whole number, V8 makes it a list of doubles: 8 bytes for each.
    const numbers = new Array<number>(checks.size * numbersEach).fill(Number.NaN)
    let at = 0
    for (const record of checks.values()) {
      write(numbers, at, record, bootIndex(boots, record.boot))
      at += numbersEach
    }
    const shapes = before && fits(before.shapes, checks) ? before.shapes : this.#shapesOf(checks)
    return { shapes, boots, numbers }
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
    this.#records ??= new Map(
      this.held.shapes.map((shape, i) => [
        shape.check,
        recordOf(this.held, this.#agent, shape, i * numbersEach),
      ]),
    )
    return this.#records
  }
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

function write(numbers: number[], at: number, record: CheckRecord, boot: number): void {
  numbers[at] = record.number
  numbers[at + 1] = record.since ?? Number.NaN
  numbers[at + 2] = boot
  numbers[at + 3] = record.throughBoot
  numbers[at + 4] = record.through
  numbers[at + 5] = states.indexOf(record.state)
  numbers[at + 6] = record.reason === null ? -1 : reasons.indexOf(record.reason)
  numbers[at + 7] = record.stateSince
  numbers[at + 8] = record.spanFrom
  numbers[at + 9] = record.upMs
  numbers[at + 10] = record.degradedMs
  numbers[at + 11] = record.downMs
}

function recordOf(
  { numbers, boots }: Held,
  { institution, environment, agent, name }: AgentRow,
  { check, kind, label, intervalMs, declared }: Shape,
  at: number,
): CheckRecord {
  const since = numbers[at + 1]!
  return {
    number: numbers[at]!,
    institution,
    environment,
    name: `${name}/${check}`,
    agent,
    kind,
    label,
    intervalMs,
    declared,
    since: Number.isNaN(since) ? null : since,
    boot: boots[numbers[at + 2]!] ?? null,
    throughBoot: numbers[at + 3]!,
    through: numbers[at + 4]!,
    state: states[numbers[at + 5]!]!,
    reason: reasons[numbers[at + 6]!] ?? null,
    stateSince: numbers[at + 7]!,
    spanFrom: numbers[at + 8]!,
    upMs: numbers[at + 9]!,
    degradedMs: numbers[at + 10]!,
    downMs: numbers[at + 11]!,
  }
}
