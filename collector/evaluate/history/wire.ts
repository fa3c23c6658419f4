import type { EpochMs } from '../../../protocol/time.ts'
import { AppError } from '../../error.ts'
import { historyLimits } from './limits.ts'

/** How a label's value must be, as PromQL writes it. */
export const matcherKinds = ['=', '!=', '=~', '!~'] as const
export type LabelMatcher = {
  readonly kind: (typeof matcherKinds)[number]
  readonly name: string
  readonly value: string
}

/** What Prometheus says about why it asks. Unit: milliseconds. */
export type ReadHints = {
  /** From one instant of evaluation to the next; 0 for a single one. */
  readonly stepMs: number
  readonly from: EpochMs
  readonly to: EpochMs
  /** How far back a range selector such as `[1h]` looks; 0 for none. */
  readonly rangeMs: number
}

/** One selector of PromQL, for samples of these instants, both included. */
export type ReadQuery = {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly matchers: readonly LabelMatcher[]
  readonly hints: ReadHints | null
}

/** One series: labels sorted by name, `__name__` among them; samples by time. */
export type HistorySeries = {
  readonly labels: readonly (readonly [name: string, value: string])[]
  readonly instants: readonly EpochMs[]
  readonly values: readonly number[]
}

/** A field of a protocol buffer: whole numbers and bytes are all that a request is made of. */
type Field = { readonly number: number; readonly value: bigint | Uint8Array }

const decoder = new TextDecoder('utf-8', { fatal: true })
/** Beyond every instant that JavaScript has a date for. */
const instantMax = 8_640_000_000_000_000n

/**
 * Reads the protocol buffer `prometheus.ReadRequest`; unknown fields are passed over. Throws
 * AppError `invalid`, or `too_large` beyond what is taken.
 * https://prometheus.io/docs/prometheus/latest/querying/remote_read_api/
 */
export function readRequest(bytes: Uint8Array): ReadQuery[] {
  try {
    const queries = fieldsOf(bytes).filter(({ number }) => number === 1)
    atMost(queries.length, historyLimits.queriesMax, 'queries in one request')
    return queries.map(({ value }) => queryOf(fieldsOf(bytesOf(value))))
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid', 'The body is no remote-read request of Prometheus.')
  }
}

function queryOf(fields: readonly Field[]): ReadQuery {
  const matchers = fields.filter(({ number }) => number === 3)
  atMost(matchers.length, historyLimits.matchersMax, 'matchers in one query')
  const hints = fields.findLast(({ number }) => number === 4)
  return {
    from: instant(fields, 1),
    to: instant(fields, 2),
    matchers: matchers.map(({ value }) => matcherOf(fieldsOf(bytesOf(value)))),
    hints: hints ? hintsOf(fieldsOf(bytesOf(hints.value))) : null,
  }
}

function matcherOf(fields: readonly Field[]): LabelMatcher {
  const kind = matcherKinds[instant(fields, 1)]
  if (kind === undefined) throw new AppError('invalid', 'A matcher is of no known type.')
  return { kind, name: text(fields, 2), value: text(fields, 3) }
}

function hintsOf(fields: readonly Field[]): ReadHints {
  const positive = (number: number) => Math.max(0, instant(fields, number))
  return {
    stepMs: positive(1),
    from: instant(fields, 3),
    to: instant(fields, 4),
    rangeMs: positive(7),
  }
}

/** A signed whole number, no further than dates go. */
function instant(fields: readonly Field[], number: number): number {
  const value = fields.findLast((field) => field.number === number)?.value ?? 0n
  if (typeof value !== 'bigint') throw new TypeError('bytes in place of a number')
  const signed = BigInt.asIntN(64, value)
  const nearest = signed > instantMax ? instantMax : signed
  return Number(nearest < -instantMax ? -instantMax : nearest)
}

function text(fields: readonly Field[], number: number): string {
  const bytes = bytesOf(fields.findLast((field) => field.number === number)?.value ?? noBytes)
  atMost(bytes.length, historyLimits.textCharactersMax, 'bytes in a label')
  return decoder.decode(bytes)
}

const noBytes = new Uint8Array()

function bytesOf(value: Field['value']): Uint8Array {
  if (typeof value === 'bigint') throw new TypeError('a number in place of bytes')
  return value
}

function atMost(count: number, most: number, what: string): void {
  if (count > most) throw new AppError('too_large', `At most ${most} ${what} are taken.`)
}

/** The fields of a message in order. Throws RangeError where it ends too early. */
function fieldsOf(bytes: Uint8Array): Field[] {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) break
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
    throw new RangeError('a number does not end')
  }
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('a field does not end')
    at += length
    return bytes.subarray(at - length, at)
  }
  const fields: Field[] = []
  while (at < bytes.length) {
    const tag = Number(varint())
    const [number, type] = [Math.floor(tag / 8), tag % 8]
    if (type === 0) fields.push({ number, value: varint() })
    else if (type === 1) take(8)
    else if (type === 2) fields.push({ number, value: take(Number(varint())) })
    else if (type === 5) take(4)
    else throw new RangeError('a field of no known type')
  }
  return fields
}

/** Writes the protocol buffer `prometheus.ReadResponse`: one list of series for each query. */
export function readResponse(results: readonly (readonly HistorySeries[])[]): Uint8Array {
  const sizes = results.map((all) => all.map(seriesSize))
  const resultSizes = sizes.map((all) => all.reduce((sum, size) => sum + fieldSize(size), 0))
  const total = resultSizes.reduce((sum, size) => sum + fieldSize(size), 0)
  const output = new Output(total)
  results.forEach((all, i) => {
    output.head(1, resultSizes[i]!)
    all.forEach((series, k) => {
      output.head(1, sizes[i]![k]!)
      writeSeries(output, series)
    })
  })
  return output.bytes
}

function writeSeries(output: Output, { labels, instants, values }: HistorySeries): void {
  for (const [name, value] of labels) {
    const [nameSize, valueSize] = [Buffer.byteLength(name), Buffer.byteLength(value)]
    output.head(1, fieldSize(nameSize) + fieldSize(valueSize))
    output.text(1, name, nameSize)
    output.text(2, value, valueSize)
  }
  instants.forEach((at, i) => {
    output.head(2, sampleSize(at))
    output.double(1, values[i]!)
    output.number(2, at)
  })
}

function seriesSize({ labels, instants }: HistorySeries): number {
  const texts = labels.reduce((sum, [name, value]) => {
    const size = fieldSize(Buffer.byteLength(name)) + fieldSize(Buffer.byteLength(value))
    return sum + fieldSize(size)
  }, 0)
  return instants.reduce((sum, at) => sum + fieldSize(sampleSize(at)), texts)
}

/** A value of eight bytes and an instant, each after the byte that names it. */
function sampleSize(at: EpochMs): number {
  return 10 + varintSize(at)
}

/** Size of a field of so many bytes; all are numbered below 16. */
function fieldSize(length: number): number {
  return 1 + varintSize(length) + length
}

function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++
  return size
}

class Output {
  readonly bytes: Buffer
  #at = 0

  constructor(size: number) {
    this.bytes = Buffer.alloc(size)
  }

  /** What stands before a field of bytes. */
  head(number: number, length: number): void {
    this.#at = this.bytes.writeUInt8((number << 3) | 2, this.#at)
    this.#varint(length)
  }

  text(number: number, value: string, size: number): void {
    this.head(number, size)
    this.#at += this.bytes.write(value, this.#at)
  }

  double(number: number, value: number): void {
    this.#at = this.bytes.writeUInt8((number << 3) | 1, this.#at)
    this.#at = this.bytes.writeDoubleLE(value, this.#at)
  }

  number(number: number, value: number): void {
    this.#at = this.bytes.writeUInt8(number << 3, this.#at)
    this.#varint(value)
  }

  #varint(value: number): void {
    let rest = value
    for (; rest > 127; rest = Math.floor(rest / 128)) {
      this.#at = this.bytes.writeUInt8((rest % 128) | 128, this.#at)
    }
    this.#at = this.bytes.writeUInt8(rest, this.#at)
  }
}
