import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Fact } from '../../protocol/batch.ts'
import type { Moment } from '../gap.ts'
import { bootRecords, shutdownBefore } from './wtmp.ts'

/** The end of wtmp: the last shutdown stands among the newest of its records. */
const tailBytes = 64 * 1024

/**
 * The fact `host.shutdown` for the first batch of a boot, where the system recorded it in wtmp;
 * none otherwise. The resident reads it itself, since the first batch does not wait for a child.
 */
export function shutdownFacts(root: string, now: Moment): Fact[] {
  const tail = readTail(join(root, 'var/log/wtmp'))
  const records = tail && bootRecords(tail)
  const at = records && shutdownBefore(records, now.wall - now.boot)
  if (!at) return []
  return [{ indicator: 'host.shutdown', at: now.boot, value: at, method: 'wtmp' }]
}

function readTail(file: string): Buffer | null {
  let open: number | null = null
  try {
    open = openSync(file, 'r')
    const { size } = fstatSync(open)
    const bytes = Buffer.alloc(Math.min(size, tailBytes))
    const length = readSync(open, bytes, 0, bytes.length, size - bytes.length)
    return length === bytes.length ? bytes : null
  } catch {
    return null // not there, or not for us: nothing is told then
  } finally {
    if (open !== null) closeSync(open)
  }
}
