import { closeSync, openSync, readSync } from 'node:fs'
import { AppError } from '../../error.ts'
import { isThere } from './files.ts'

/** The format of a WAL file. Source: https://sqlite.org/fileformat2.html#walformat */
const headerBytes = 32
const frameHeaderBytes = 24
const magic = { littleEndian: 0x377f0682, bigEndian: 0x377f0683 } as const

/**
 * Commits in a damaged stretch: one may be what a power cut left half-written and was never
 * acknowledged; of two, the first one was on disk before the second began.
 */
const tornCommitsMax = 1

/**
 * SQLite passes over a damaged WAL in silence, and over every commit in it. Throws AppError when a
 * WAL holds commits that would be dropped like that.
 */
export function inspectWal(file: string): void {
  if (!isThere(file)) return
  const descriptor = openSync(file, 'r')
  try {
    const lost = droppedCommits(descriptor)
    if (lost === null || lost > tornCommitsMax) throw damaged(file)
  } finally {
    closeSync(descriptor)
  }
}

/** Commits of this WAL behind its first damaged frame; null when its header is damaged. */
function droppedCommits(descriptor: number): number | null {
  const header = Buffer.alloc(headerBytes)
  // The header is on disk before any frame is written: a shorter file holds nothing.
  if (readSync(descriptor, header, 0, headerBytes, 0) < headerBytes) return 0
  const kind = header.readUInt32BE(0)
  const isLittle = kind === magic.littleEndian
  if (!isLittle && kind !== magic.bigEndian) return null
  let sum = checksum([0, 0], header.subarray(0, 24), isLittle)
  if (!isSum(sum, header, 24)) return null
  const frame = Buffer.alloc(frameHeaderBytes + header.readUInt32BE(8))
  let isWhole = true
  let lost = 0
  for (let at = headerBytes; ; at += frame.length) {
    if (readSync(descriptor, frame, 0, frame.length, at) < frame.length) return lost
    // Other salts: what is left of an earlier time, or a frame whose head is damaged.
    const isOfNow = frame.subarray(8, 16).equals(header.subarray(16, 24))
    if (isWhole) {
      const next = checksum(sum, frame.subarray(0, 8), isLittle)
      sum = checksum(next, frame.subarray(frameHeaderBytes), isLittle)
      isWhole = isOfNow && isSum(sum, frame, 16)
    }
    const isCommit = frame.readUInt32BE(4) !== 0
    if (!isWhole && isOfNow && isCommit) lost++
  }
}

type Sum = readonly [number, number]

function checksum([s0, s1]: Sum, bytes: Buffer, isLittle: boolean): Sum {
  let a = s0
  let b = s1
  for (let at = 0; at < bytes.length; at += 8) {
    const first = isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
    const second = isLittle ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)
    a = (a + first + b) >>> 0
    b = (b + second + a) >>> 0
  }
  return [a, b]
}

function isSum([a, b]: Sum, bytes: Buffer, at: number): boolean {
  return bytes.readUInt32BE(at) === a && bytes.readUInt32BE(at + 4) === b
}

function damaged(file: string): AppError {
  return new AppError(
    'unavailable',
    `${file} is damaged: it holds messages that were acknowledged. Nothing was changed. ` +
      'Restore a backup, or move that file away; agents send what they still have: ' +
      'docs/operations.md.',
  )
}
