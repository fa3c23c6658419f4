import type { EpochMs } from '../../protocol/time.ts'

/** What the system wrote into wtmp of its own starts and ends. */
export type BootRecord = { readonly kind: 'boot' | 'shutdown'; readonly at: EpochMs }

/**
 * `struct utmp` of glibc (bits/utmp.h): 384 bytes where its times have 32 bits, also on x86-64;
 * 400 bytes where they have 64, as on arm64. Little-endian, as all machines we run on.
 */
const layouts = [
  { bytes: 384, seconds: (record: Buffer) => record.readInt32LE(340), microsAt: 344 },
  { bytes: 400, seconds: (record: Buffer) => Number(record.readBigInt64LE(344)), microsAt: 352 },
] as const
const lineAt = 8
const userAt = 44
const hostAt = 76
const kinds = { runLevel: 1, boot: 2, last: 9 } as const

/**
 * Starts and ends of the system in the end of a wtmp file, oldest first; null when it is none.
 * Who logged in is passed over unread.
 */
export function bootRecords(tail: Buffer): BootRecord[] | null {
  for (const layout of layouts) {
    const first = tail.length % layout.bytes
    const records: Buffer[] = []
    for (let at = first; at < tail.length; at += layout.bytes) {
      records.push(tail.subarray(at, at + layout.bytes))
    }
    const isWhole = records.every((record) => isRecord(record, layout.seconds(record)))
    if (isWhole) return records.flatMap((record) => bootRecord(record, layout))
  }
  return null
}

function isRecord(record: Buffer, seconds: number): boolean {
  const kind = record.readInt16LE(0)
  // From 2000 to 2100; an empty record has no time.
  const isTime = seconds > 946_684_800 && seconds < 4_102_444_800
  return kind >= 0 && kind <= kinds.last && (isTime || (kind === 0 && seconds === 0))
}

function bootRecord(record: Buffer, layout: (typeof layouts)[number]): BootRecord[] {
  const kind = record.readInt16LE(0)
  const at = layout.seconds(record) * 1_000 + Math.floor(record.readInt32LE(layout.microsAt) / 1e3)
  if (kind === kinds.boot) return [{ kind: 'boot', at }]
  const isShutdown =
    kind === kinds.runLevel &&
    textOf(record, userAt, hostAt) === 'shutdown' &&
    textOf(record, lineAt, lineAt + 32).startsWith('~')
  return isShutdown ? [{ kind: 'shutdown', at }] : []
}

function textOf(record: Buffer, from: number, to: number): string {
  const text = record.toString('latin1', from, to)
  const end = text.indexOf('\0')
  return end === -1 ? text : text.slice(0, end)
}

/**
 * When the system recorded that it shut down before this boot; null when it did not: it was cut
 * off, or the record is not there.
 */
export function shutdownBefore(records: readonly BootRecord[], bootedAt: EpochMs): EpochMs | null {
  const before = records.filter(({ at }) => at < bootedAt)
  // This boot's own record may lie before what its clock says of its start by now.
  if (before.at(-1)?.kind === 'boot' && before.at(-1)!.at > bootedAt - ownBootMs) before.pop()
  const last = before.at(-1)
  return last?.kind === 'shutdown' ? last.at : null
}

/** How far the clock at a boot and what it says later of that moment may lie apart. */
const ownBootMs = 120_000
