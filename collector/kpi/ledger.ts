import { dayMs, dayOf, type EpochMs, intersect, lengthMs, type Span } from '../../protocol/time.ts'
import type { Cause } from './causes.ts'
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
  /** `#before[i]` holds the sums of all days before day i, in the order of `sumNames`. */
  readonly #before: number[][] = [sumNames.map(() => 0)]

  /** `first` is the start of the UTC day the environment came into scope. */
  constructor(first: EpochMs) {
    this.#first = first
  }

  /** The day after the last one held: days are appended without holes. */
  get next(): EpochMs {
    return this.#first + this.#days.length * dayMs
  }

  /** Puts a day in place of what was held for it, or after the last. Throws on a hole. */
  set(day: EnvironmentDay): void {
    const index = (day.day - this.#first) / dayMs
    if (!Number.isInteger(index) || index < 0 || index > this.#days.length) {
      throw new RangeError(`Day ${day.day} does not follow the days of this ledger.`)
    }
    this.#days[index] = day
    for (let i = index; i < this.#days.length; i++) {
      const { sums } = this.#days[i]!
      this.#before[i + 1] = sumNames.map((name, k) => this.#before[i]![k]! + sums[name])
    }
  }

  /** Milliseconds by state inside the window. */
  sums(window: Span): Sums {
    const from = Math.max(window.from, this.#first)
    const to = Math.min(window.to, this.next)
    if (from >= to) return noTime
    const firstDay = dayOf(from)
    const lastDay = dayOf(to)
    if (firstDay === lastDay) return sumPieces(this.#day(firstDay).pieces, { from, to })
    const whole = firstDay === from ? from : firstDay + dayMs
    const head = sumPieces(this.#piecesOn(firstDay), { from, to: whole })
    const tail = lastDay < to ? sumPieces(this.#piecesOn(lastDay), { from: lastDay, to }) : noTime
    const a = this.#before[(whole - this.#first) / dayMs]!
    const b = this.#before[(lastDay - this.#first) / dayMs]!
    const entries = sumNames.map((name, k) => [name, head[name] + b[k]! - a[k]! + tail[name]])
    return Object.fromEntries(entries) as Sums
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

  /** Time lost inside the window by cause; days without any cost one look each. */
  lost(window: Span): Lost {
    const lost: { [Name in Cause]?: { downMs: number; unknownMs: number } } = {}
    const first = Math.max(dayOf(window.from), this.#first)
    const end = Math.min(window.to, this.next)
    for (let at = first; at < end; at += dayMs) {
      const { sums, pieces } = this.#day(at)
      if (sums.down + sums.unknown === 0) continue
      for (const { state, cause, excluded, ...piece } of pieces) {
        const ms = lengthMs(intersect(piece, window) ?? { from: 0, to: 0 })
        if (!cause || excluded || ms === 0) continue
        lost[cause] ??= { downMs: 0, unknownMs: 0 }
        lost[cause][state === 'down' ? 'downMs' : 'unknownMs'] += ms
      }
    }
    return lost
  }

  #day(day: EpochMs): EnvironmentDay {
    return this.#days[(day - this.#first) / dayMs]!
  }

  #piecesOn(day: EpochMs): readonly Piece[] {
    return this.#day(day).pieces
  }
}
