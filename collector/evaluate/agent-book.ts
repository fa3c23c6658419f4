import type { EpochMs } from '../../protocol/time.ts'
import type { AgentRow } from '../kpi/snapshot.ts'
import type { LastContact } from '../store/answers.ts'
import type { ContactRow, TimelineStore } from '../store/store.ts'
import { agentRow, type ContactedAgent, isSilent } from './current.ts'
import { keyOf } from './ledgers.ts'

/** What is held of an agent: who it is, and how it was shown last. */
type Held = { readonly agent: Omit<ContactedAgent, 'contact'>; readonly row: AgentRow | null }

/** An agent as it is shown, and since when it belongs to its environment. */
export type EnrolledAgent = { readonly row: AgentRow; readonly enrolledAt: EpochMs }

/**
 * Who is heard, by environment. Agents change with acts only; contacts with every message, so that
 * all of them are looked through each time.
 */
export class AgentBook {
  readonly #reader: Pick<TimelineStore, 'contacts' | 'lastContacts'>
  #newestAct: number | null = null
  #held = new Map<string, Held[]>()
  #rows = new Map<string, readonly AgentRow[]>()
  #firstEnrolledAt: EpochMs | null = null

  constructor(reader: Pick<TimelineStore, 'contacts' | 'lastContacts'>) {
    this.#reader = reader
  }

  /** When the first agent of all enrolled; null before. */
  get firstEnrolledAt(): EpochMs | null {
    return this.#firstEnrolledAt
  }

  /** The agents of an environment; the same list as before where nothing of it changed. */
  rows(environment: string): readonly AgentRow[] {
    return this.#rows.get(environment) ?? none
  }

  /** The same with when each enrolled, in the same order. */
  enrolled(environment: string): readonly EnrolledAgent[] {
    return (this.#held.get(environment) ?? []).flatMap(({ agent, row }) => {
      return row ? [{ row, enrolledAt: agent.enrolledAt }] : []
    })
  }

  /** Answers in which environments evidence came, or an agent was not heard or heard again. */
  async read(newestAct: number, now: EpochMs): Promise<Set<string>> {
    if (newestAct !== this.#newestAct) await this.#readAgents()
    this.#newestAct = newestAct
    const contacts = new Map<string, LastContact>()
    for (const contact of await this.#reader.lastContacts()) contacts.set(contact[0], contact)
    const touched = new Set<string>()
    for (const [key, agents] of this.#held) {
      const before = this.#rows.get(key)
      let isSame = before?.length === agents.length
      agents.forEach(({ agent, row }, i) => {
        const next = shown(agent, contacts.get(agent.agent), row, now)
        if (next === row) return
        agents[i] = { agent, row: next }
        isSame = false
        const isNews = next.silent !== row?.silent || next.lastBatchAt !== row.lastBatchAt
        if (isNews) touched.add(key)
      })
      if (!isSame)
        this.#rows.set(
          key,
          agents.map(({ row }) => row!),
        )
    }
    return touched
  }

  /** Reads who there is; how each was shown is forgotten, so that all of it is looked at again. */
  async #readAgents(): Promise<void> {
    const held = new Map<string, Held[]>()
    let first: EpochMs | null = null
    for (const row of await this.#reader.contacts()) {
      const { agent, name, status, institution, environment, enrolledAt } = row
      first = Math.min(first ?? enrolledAt, enrolledAt)
      const place = held.get(keyOf(row)) ?? []
      place.push({
        agent: { agent, name, status, institution, environment, enrolledAt },
        row: null,
      })
      held.set(keyOf(row), place)
    }
    this.#held = held
    this.#rows.clear()
    this.#firstEnrolledAt = first
  }
}

const none: readonly AgentRow[] = []

/** How an agent is shown now: the row of before where it still says all of it. */
function shown(
  agent: Held['agent'],
  last: LastContact | undefined,
  before: AgentRow | null,
  now: EpochMs,
): AgentRow {
  const isAsBefore =
    before !== null &&
    before.lastReportAt === (last?.[1] ?? null) &&
    before.lastBatchAt === (last?.[2] ?? null) &&
    before.version === (last?.[3] ?? null) &&
    before.spooledMessages === (last?.[4] ?? 0) &&
    before.silent === isSilent(before.lastReportAt, now)
  if (isAsBefore) return before
  return agentRow({ ...agent, contact: last ? contactOf(last) : null }, now)
}

function contactOf([
  ,
  lastReportAt,
  lastBatchAt,
  version,
  spooledMessages,
]: LastContact): ContactRow {
  return { lastReportAt, lastBatchAt, version, spooledMessages }
}
