import { compress, uncompress } from 'snappyjs'
import type { EpochMs } from '../../protocol/time.ts'

/** What a test asks for as Prometheus would. */
export type Asked = {
  readonly from: EpochMs
  readonly to: EpochMs
  /** Kind by number (0 to 3 are =, !=, =~, !~), name, value. */
  readonly matchers: readonly (readonly [kind: number, name: string, value: string])[]
  readonly hints?: {
    readonly stepMs?: number
    readonly from: EpochMs
    readonly to: EpochMs
    readonly rangeMs?: number
  }
}

/** One series of an answer. */
export type Answered = {
  readonly labels: Readonly<Record<string, string>>
  readonly samples: readonly (readonly [at: EpochMs, value: number])[]
}

/** The body of a remote-read request, compressed as it is sent. */
export function readBody(queries: readonly Asked[]): Buffer {
  return Buffer.from(compress(Buffer.concat(queries.map((query) => bytes(1, queryBytes(query))))))
}

function queryBytes({ from, to, matchers, hints }: Asked): Buffer {
  const parts = [number(1, from), number(2, to)]
  for (const [kind, name, value] of matchers) {
    const matcher = [number(1, kind), bytes(2, Buffer.from(name)), bytes(3, Buffer.from(value))]
    parts.push(bytes(3, Buffer.concat(matcher)))
  }
  if (hints) {
    const { stepMs = 0, rangeMs = 0 } = hints
    const all = [number(1, stepMs), number(3, hints.from), number(4, hints.to), number(7, rangeMs)]
    parts.push(bytes(4, Buffer.concat(all)))
  }
  return Buffer.concat(parts)
}

function varint(value: bigint): number[] {
  const rest = BigInt.asUintN(64, value)
  return rest < 128n ? [Number(rest)] : [Number(rest & 127n) | 128, ...varint(rest >> 7n)]
}

function number(field: number, value: number): Buffer {
  return Buffer.from([field << 3, ...varint(BigInt(value))])
}

function bytes(field: number, content: Uint8Array): Buffer {
  const head = Buffer.from([(field << 3) | 2, ...varint(BigInt(content.length))])
  return Buffer.concat([head, content])
}

/** The series of an answer, by query. */
export function readAnswer(body: Uint8Array): Answered[][] {
  return parts(Buffer.from(uncompress(body, 64 * 1024 * 1024)), 1).map((result) =>
    parts(result, 1).map((series) => ({
      labels: Object.fromEntries(
        parts(series, 1).map((label) => [String(parts(label, 1)[0]), String(parts(label, 2)[0])]),
      ),
      samples: parts(series, 2).map((sample) => {
        const at = Number(varintAt(sample, 10)[0])
        return [at, sample.readDoubleLE(1)] as const
      }),
    })),
  )
}

/** The fields of bytes with a number. */
function parts(message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < message.length; ) {
    const field = message[at]!
    const [length, start] = varintAt(message, at + 1)
    if (field === ((wanted << 3) | 2)) found.push(message.subarray(start, start + Number(length)))
    at = start + Number(length)
  }
  return found
}

function varintAt(message: Buffer, start: number): [value: bigint, end: number] {
  let value = 0n
  for (let at = start, shift = 0n; ; at++, shift += 7n) {
    value |= BigInt(message[at]! & 127) << shift
    if (message[at]! < 128) return [value, at + 1]
  }
}
