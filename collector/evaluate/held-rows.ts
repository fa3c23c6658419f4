import type { CheckRow } from '../kpi/snapshot.ts'

/** What the rows of many hosts share. */
type Traits = Omit<CheckRow, 'check' | 'agent' | 'since' | 'through' | 'value'>

const numbersEach = 3

const none = [[], [], []] as const

/**
 * The checks of one environment as they are held between two evaluations, in half of the memory of
 * the rows, which are made anew when asked for.
 */
export class HeldRows {
  readonly #names: readonly string[]
  readonly #agents: readonly string[]
  readonly #traits: readonly Traits[]
  readonly #numbers: readonly number[]

  /** `before` is what was held of this environment: texts that are still the same stay. */
  constructor(rows: readonly CheckRow[], before: HeldRows | null) {
    const known: Traits[] = []
    const [names, agents, traits] = before ? [before.#names, before.#agents, before.#traits] : none
    this.#names = rows.map(({ check }, i) => same(check, names[i]))
    this.#agents = rows.map(({ agent }, i) => same(agent, agents[i]))
    this.#traits = rows.map((row, i) => traitsOf(row, traits[i], known))
    // Filled with what is no whole number, V8 makes it a list of doubles: 8 bytes for each.
    const numbers = new Array<number>(rows.length * numbersEach).fill(Number.NaN)
    rows.forEach(({ since, through, value }, i) => {
      numbers[i * numbersEach] = since ?? Number.NaN
      numbers[i * numbersEach + 1] = through ?? Number.NaN
      numbers[i * numbersEach + 2] = value ?? Number.NaN
    })
    this.#numbers = numbers
  }

  /** The rows, in the order in which they came. */
  rows(): CheckRow[] {
    const number = (at: number) => {
      const value = this.#numbers[at]!
      return Number.isNaN(value) ? null : value
    }
    return this.#names.map((check, i): CheckRow => {
      const { kind, label, intervalMs, state, reason, needed, declared } = this.#traits[i]!
      return {
        check,
        agent: this.#agents[i]!,
        kind,
        label,
        intervalMs,
        state,
        reason,
        since: number(i * numbersEach),
        through: number(i * numbersEach + 1),
        value: number(i * numbersEach + 2),
        needed,
        declared,
      }
    })
  }
}

function same(text: string, before: string | undefined): string {
  return text === before ? before : text
}

/** Those held before at this place, or of another row, or new ones. */
function traitsOf(row: CheckRow, before: Traits | undefined, known: Traits[]): Traits {
  if (before && isLike(row, before)) return before
  const found = known.find((each) => isLike(row, each))
  if (found) return found
  const { kind, label, intervalMs, state, reason, needed, declared } = row
  const traits = { kind, label, intervalMs, state, reason, needed, declared }
  known.push(traits)
  return traits
}

function isLike(row: Traits, other: Traits): boolean {
  if (row.kind !== other.kind || row.state !== other.state || row.reason !== other.reason) {
    return false
  }
  const isDefinedSo = row.label === other.label && row.intervalMs === other.intervalMs
  return isDefinedSo && row.needed === other.needed && row.declared === other.declared
}
