import type { EpochMs } from '../../../protocol/time.ts'
import { writeVarint } from './snappy.ts'

/** One series of a remote-write request. */
export type WrittenSeries = {
  /** Sorted by name, `__name__` included. */
  readonly labels: readonly (readonly [string, string])[]
  readonly samples: readonly { readonly value: number; readonly at: EpochMs }[]
}

/**
 * Encodes a Prometheus remote-write 1.0 request, uncompressed: the protocol buffer
 * `prometheus.WriteRequest`. https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export function writeRequest(series: readonly WrittenSeries[]): Buffer {
  return Buffer.concat(series.map((each) => field(1, timeSeries(each))))
}

function timeSeries({ labels, samples }: WrittenSeries): Buffer {
  return Buffer.concat([
    ...labels.map(([name, value]) => field(1, Buffer.concat([text(1, name), text(2, value)]))),
    ...samples.map(({ value, at }) => field(2, sample(value, at))),
  ])
}

function sample(value: number, at: EpochMs): Buffer {
  const bytes = Buffer.allocUnsafe(20)
  const end = bytes.writeDoubleLE(value, bytes.writeUInt8((1 << 3) | 1))
  return bytes.subarray(0, writeVarint(bytes, bytes.writeUInt8(2 << 3, end), at))
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value))
}

/** A field of bytes with its length before it. */
function field(number: number, content: Buffer): Buffer {
  const head = Buffer.allocUnsafe(11)
  const end = writeVarint(head, head.writeUInt8((number << 3) | 2), content.length)
  return Buffer.concat([head.subarray(0, end), content])
}
