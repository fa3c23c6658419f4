import type { Timeline } from '../../collector/kpi/timeline.ts'
import { sqliteStore } from '../../collector/store/sqlite/sqlite.ts'
import type { AgentRow, CheckRecord, Store } from '../../collector/store/store.ts'
import type { Batch } from '../../protocol/batch.ts'
import { sha256 } from '../../protocol/jws.ts'
import type { Span } from '../../protocol/time.ts'
import type { Issued, LoggedMessage, StoredRow } from './oracle.ts'

/** What a collector has on its disk, as the oracle wants it. */
export type RecordOnDisk = {
  readonly stored: readonly StoredRow[]
  readonly logged: readonly LoggedMessage[]
  readonly timelines: readonly { readonly check: CheckRecord; readonly timeline: Timeline }[]
  /** Time of an agent that rests on its host's own wall clock, and says so: class B. */
  readonly flagged: readonly (Span & { readonly agent: string })[]
  /** Agents of which something was declared lost or not surely placed in time (B, C). */
  readonly incomplete: ReadonlySet<string>
}

/**
 * Reads back a collector's database through the store's interface: the only place here that knows
 * it. `issued` names numbers to look for beside those that follow one another.
 */
export async function readRecord(
  file: string,
  issued: readonly Issued[],
  window: Span,
): Promise<RecordOnDisk> {
  const store = sqliteStore(file)
  try {
    const agents = await store.agents()
    const stored: StoredRow[] = []
    for (const { agent, cursor } of agents) {
      const own = issued.filter((message) => message.agent === agent.agent)
      const places = [...own.map(({ epoch, through }) => ({ epoch, seq: through })), cursor]
      stored.push(...(await storedOf(store, agent, places)))
    }
    const logs = [...new Set(agents.map(({ agent }) => agent.institution))]
    const leaves = (await Promise.all(logs.map((log) => loggedIn(store, log)))).flat()
    const timelines = []
    for (const check of await store.checks()) {
      timelines.push({ check, timeline: await store.timeline(check.number, window) })
    }
    const flagged = leaves.flatMap((leaf) => flaggedBy(leaf, stored))
    const isLess = ({ type, timeClass = 'A' }: LoggedLeaf) => type === 'gap' || timeClass !== 'A'
    const incomplete = new Set(leaves.filter(isLess).map(({ agent }) => agent))
    return { stored, logged: leaves, timelines, flagged, incomplete }
  } finally {
    await store.close()
  }
}

/** Every message of an agent up to the farthest of these places, epoch by epoch. */
async function storedOf(
  store: Store,
  agent: AgentRow,
  places: readonly { readonly epoch: number; readonly seq: number }[],
): Promise<StoredRow[]> {
  const found: StoredRow[] = []
  for (const [epoch, ofEpoch] of Map.groupBy(places, (place) => place.epoch)) {
    const last = Math.max(...ofEpoch.map(({ seq }) => seq))
    for (let seq = 1; seq <= last; seq++) {
      const message = await store.message(agent, epoch, seq)
      if (!message) continue
      const { through, type, jws } = message
      const { why = null } = contentOf(jws)
      found.push({ agent: agent.agent, epoch, seq, through, type, why, sha256: sha256(jws), jws })
    }
  }
  return found
}

type LoggedLeaf = LoggedMessage & {
  readonly type: string
  readonly timeClass?: string
  readonly offset?: number
}

async function loggedIn(store: Store, log: string): Promise<LoggedLeaf[]> {
  const found: LoggedLeaf[] = []
  for (let index = 0; ; index++) {
    const leaf = await store.leaf(log, index)
    if (!leaf) return found
    const content = JSON.parse(leaf.entry)
    if (content.seq !== undefined) found.push({ ...content, type: content.kind })
  }
}

/** What touches misplaced time may be moved by it. */
const flagMarginMs = 30_000

/** What a message of class B says, where it was put. */
function flaggedBy(leaf: LoggedLeaf, stored: readonly StoredRow[]) {
  const { agent, epoch, seq, timeClass, offset = 0 } = leaf
  if (timeClass !== 'B') return []
  const row = stored.find((each) => {
    return each.agent === agent && each.epoch === epoch && each.seq === seq
  })
  if (!row) return []
  const { window, runs } = contentOf(row.jws) as Batch
  const from = Math.min(window.from, ...runs.map((run) => run.from))
  return [{ agent, from: offset + from - flagMarginMs, to: offset + window.to + flagMarginMs }]
}

function contentOf(jws: string) {
  return JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString())
}
