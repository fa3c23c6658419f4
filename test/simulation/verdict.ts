import { sha256 } from '../../protocol/jws.ts'
import { limits } from '../../protocol/limits.ts'
import { hourMs, type Span, secondMs } from '../../protocol/time.ts'
import type { Host } from './host.ts'
import {
  type Acked,
  type Issued,
  judgeRecord,
  judgeShown,
  type Shown,
  type StoredRow,
  type Violation,
} from './oracle.ts'
import { readRecord } from './record.ts'
import { nameOf, type Watched } from './sight.ts'

/** What was written down while a world ran. */
export type Notes = {
  readonly issued: readonly Issued[]
  readonly acked: readonly Acked[]
  readonly hosts: readonly Host[]
  readonly checks: readonly Watched[]
  /** When it ended. */
  readonly endsAt: number
}

/** The agent gives up after this time, so no answered heartbeat is later: the most a clock errs. */
const clockMs = 15 * secondMs

/** Holds a collector's database against what was written down. */
export async function judgeWorld(file: string, notes: Notes) {
  const { issued, acked, hosts, checks, endsAt } = notes
  const all: Span = { from: 0, to: endsAt + hourMs }
  const record = await readRecord(file, issued, all)
  const { stored, logged, timelines, flagged, incomplete } = record
  const shown = timelines.map(({ check, timeline }): Shown => {
    const name = `${check.institution}/${check.environment}/${check.name}`
    const watched = checks.find(({ address }) => nameOf(address) === name)
    const host = hosts.find(({ identity }) => identity.agent === check.agent)
    if (!watched || !host) throw new Error(`Nobody declared ${name}.`)
    const { truth, looks, intervalMs } = watched
    const isComplete = !incomplete.has(check.agent)
    return {
      ...{ name, intervalMs, timeline, truth },
      looks: looks.toSorted((a, b) => a - b),
      flagged: flagged.filter(({ agent }) => agent === check.agent),
      excused: isComplete ? mayBeMissing(host, intervalMs) : [all],
    }
  })
  const violations: Violation[] = [
    ...judgeRecord({ issued, acked, stored, logged }),
    ...stored.filter(isFalseExcuse).map(({ agent, epoch, seq }) => {
      return { rule: 'd', what: `declared as lost by others: ${agent}/${epoch}/${seq}` }
    }),
    ...judgeShown(shown, { retryMs: limits.retryMs, clockMs }),
  ]
  return { violations, shown, stored, flagged }
}

/**
 * A lost spool opens an epoch, and the collector of this world loses nothing: within an epoch
 * nobody has a reason to say `spool_lost`. An agent that drops without a word is made to say it.
 */
function isFalseExcuse({ type, why, seq }: StoredRow): boolean {
  return type === 'gap' && why === 'spool_lost' && seq > 1
}

/** Around the end of a process its last looks may be missing, on a full disk many. */
function mayBeMissing({ droppedAt, fullSpans }: Host, intervalMs: number): Span[] {
  const marginMs = 4 * intervalMs
  const drops = droppedAt.map((at) => ({ from: at - marginMs, to: at + marginMs }))
  return [...drops, ...fullSpans.map(({ from, to }) => ({ from: from - marginMs, to }))]
}

/** Which message an acknowledgement was for. */
export function placeIn(jws: string): Acked {
  const { agent, epoch, seq } = JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString())
  return { agent, epoch, seq, sha256: sha256(jws) }
}
