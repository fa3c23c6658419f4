import { dayMs, dayOf, type EpochMs, intersect, lengthMs, type Span } from '../../protocol/time.ts'
import { type Cause, causes } from './causes.ts'
import {
  type EnvironmentDay,
  noTime,
  type Piece,
  type Sums,
  sumNames,
  sumPieces,
} from './environment-day.ts'
import type { Lost } from './snapshot.ts'

/**
 * The days of one environment with running sums, so that any window costs two look-ups and at most
 * two days cut from their pieces, however long it is.
 */
export class Ledger {
  readonly #first: EpochMs
  readonly #days: EnvironmentDay[] = []
  /** What was lost on each day by cause, null where nothing was; most days lose nothing. */
  readonly #lost: (Lost | null)[] = []
  /** The sums of all days before each day, in the order of `sumNames`, one day after another. */
  readonly #before: number[] = sumNames.map(() => 0)
  /** The newest answer of `#until`: windows mostly end at the same instant. */
  #last: { readonly at: EpochMs; readonly sums: readonly number[] } | null = null

  /** `first` is the start of the UTC day the environment came into scope. */
  constructor(first: EpochMs) {
    this.#first = first
  }

  /** The day after the last one held: days are appended without holes. */
  get next(): EpochMs {
    return this.#first + this.#days.length * dayMs
  }

  /**
   * Puts a day in place of what was held for it, or after the last. `numbers` are its sums in the
   * order of `sumNames`, for who has them as a list. Throws on a hole.
   */
  set(day: EnvironmentDay, numbers: readonly number[] = listOf(day.sums)): void {
    const index = (day.day - this.#first) / dayMs
    if (!Number.isInteger(index) || index < 0 || index > this.#days.length) {
      throw new RangeError(`Day ${day.day} does not follow the days of this ledger.`)
    }
    const width = sumNames.length
    const held = index < this.#days.length
    for (let k = 0; k < width; k++) {
      const start = index * width + k
      const end = this.#before[start]! + numbers[k]!
      const moved = held ? end - this.#before[start + width]! : 0
      if (!held) this.#before.push(end)
      for (let at = start + width; moved !== 0 && at < this.#before.length; at += width) {
        this.#before[at]! += moved
      }
    }
    this.#days[index] = day
    const isLossy = numbers[downAt]! + numbers[unknownAt]! > 0
    this.#lost[index] = isLossy ? lostIn(day.pieces, null) : null
    this.#last = null
  }

  /** Milliseconds by state inside the window. */
  sums(window: Span): Sums {
    const numbers = sumNames.map(() => 0)
    this.write(window, numbers, 0)
    return sumsOf(numbers)
  }

  /** Writes the same into a list, from a place on, in the order of `sumNames`. */
  write(window: Span, into: number[], place: number): void {
    const from = Math.max(window.from, this.#first)
    const to = Math.min(window.to, this.next)
    if (from >= to) {
      into.fill(0, place, place + sumNames.length)
      return
    }
    if (this.#last?.at !== to) this.#last = { at: to, sums: this.#until(to) }
    const { sums: end } = this.#last
    const start = this.#indexOf(from)
    const part = this.#partBefore(from)
    for (let k = 0; k < sumNames.length; k++) {
      into[place + k] = end[k]! - this.#before[start + k]! - part[sumNames[k]!]
    }
  }

  /** Since when, going back from the end of the window, a state holds; null where it does not. */
  since(state: Piece['state'], window: Span): EpochMs | null {
    const first = Math.max(dayOf(window.from), this.#first)
    let since: EpochMs | null = null
    for (let day = Math.min(dayOf(window.to - 1), this.next - dayMs); day >= first; day -= dayMs) {
      const { pieces } = this.#day(day)
      for (let i = pieces.length - 1; i >= 0; i--) {
        const piece = pieces[i]!
        if (piece.from >= window.to || piece.to <= window.from) continue
        if (piece.state !== state) return since
        since = Math.max(piece.from, window.from)
      }
    }
    return since
  }

  /** Sums of all time before an instant inside the days held, in the order of `sumNames`. */
  #until(at: EpochMs): number[] {
    const start = this.#indexOf(at)
    const part = this.#partBefore(at)
    return sumNames.map((name, k) => this.#before[start + k]! + part[name])
  }

  /** Where the sums of all days before the one of an instant begin. */
  #indexOf(at: EpochMs): number {
    return ((dayOf(at) - this.#first) / dayMs) * sumNames.length
  }

  /** Sums of the time of its day before an instant. */
  #partBefore(at: EpochMs): Sums {
    const day = dayOf(at)
    return day === at ? noTime : sumPieces(this.#day(day).pieces, { from: day, to: at })
  }

  /** The pieces inside the window, in order. */
  pieces(window: Span): Piece[] {
    const found: Piece[] = []
    for (let day = Math.max(dayOf(window.from), this.#first); day < window.to; day += dayMs) {
      if (day >= this.next) break
      for (const piece of this.#day(day).pieces) {
        const from = Math.max(piece.from, window.from)
        const to = Math.min(piece.to, window.to)
        if (from < to) found.push({ ...piece, from, to })
      }
    }
    return found
  }

  /** Net time lost inside the window by cause. */
  lost(window: Span): Lost {
    const first = Math.max(dayOf(window.from), this.#first)
    const end = Math.min(window.to, this.next)
    const total: Losses = {}
    for (let at = first; at < end; at += dayMs) {
      const whole = this.#lost[(at - this.#first) / dayMs]!
      if (!whole) continue
      const isWhole = at >= window.from && at + dayMs <= window.to
      add(total, isWhole ? whole : lostIn(this.#day(at).pieces, window))
    }
    return total
  }

  #day(day: EpochMs): EnvironmentDay {
    return this.#days[(day - this.#first) / dayMs]!
  }
}

const downAt = sumNames.indexOf('down')
const unknownAt = sumNames.indexOf('unknown')

function listOf(sums: Sums): number[] {
  return sumNames.map((name) => sums[name])
}

type Losses = { [Name in Cause]?: { downMs: number; unknownMs: number } }

/** Net time lost by cause in pieces, or in what of them lies in a window. */
function lostIn(pieces: readonly Piece[], window: Span | null): Losses {
  const lost: Losses = {}
  for (const { state, cause, excluded, ...span } of pieces) {
    const part = window ? intersect(span, window) : span
    if (!cause || excluded || !part) continue
    lost[cause] ??= { downMs: 0, unknownMs: 0 }
    lost[cause][state === 'down' ? 'downMs' : 'unknownMs'] += lengthMs(part)
  }
  return lost
}

function add(total: Losses, lost: Lost): void {
  for (const cause of causes) {
    const more = lost[cause]
    if (!more) continue
    total[cause] ??= { downMs: 0, unknownMs: 0 }
    total[cause].downMs += more.downMs
    total[cause].unknownMs += more.unknownMs
  }
}

/** Sums written in the order of `sumNames`, from a place of a list on. */
export function sumsOf(numbers: ArrayLike<number>, place = 0): Sums {
  const sums: Record<keyof Sums, number> = { ...noTime }
  for (let k = 0; k < sumNames.length; k++) sums[sumNames[k]!] = numbers[place + k]!
  return sums
}
