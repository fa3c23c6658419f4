import type { KeyObject } from 'node:crypto'
import { generateKey, privateKey, publicKey } from '../../protocol/jws.ts'
import type {
  AgentRow,
  AgentStatus,
  AnchorRow,
  CheckRecord,
  ContactRow,
  CursorRow,
  StoredAgent,
} from '../store/store.ts'
import type { KeyRing } from './message.ts'
import { ownName } from './project.ts'

/** What admission knows of one agent, as of the last commit. Replaced, never changed in place. */
export type Member = {
  readonly agent: AgentRow
  readonly cursor: CursorRow
  readonly contact: ContactRow | null
  readonly anchors: readonly AnchorRow[]
  /** By the agent's own check name. */
  readonly checks: ReadonlyMap<string, CheckRecord>
}

/** All enrolled agents, in memory: the ingest thread is the only writer, so this is the truth. */
export class Roster implements KeyRing {
  readonly decoy: KeyObject = privateKey(generateKey().privatePem)
  readonly #members = new Map<string, Member>()
  readonly #keys = new Map<string, { agent: string; key: KeyObject }>()
  #lastCheckNumber = 0

  constructor(stored: readonly StoredAgent[]) {
    for (const { checks, ...rest } of stored) {
      this.#add({ ...rest, checks: new Map(checks.map((check) => [ownName(check), check])) })
      for (const { number } of checks)
        this.#lastCheckNumber = Math.max(this.#lastCheckNumber, number)
    }
  }

  find(kid: string): { agent: AgentRow; key: KeyObject } | null {
    const entry = this.#keys.get(kid)
    return entry ? { agent: this.get(entry.agent).agent, key: entry.key } : null
  }

  /** An enrolled agent. Throws when there is none of that id: callers have authenticated it. */
  get(agent: string): Member {
    const member = this.#members.get(agent)
    if (!member) throw new Error(`No agent ${agent} is enrolled.`)
    return member
  }

  all(): Iterable<Member> {
    return this.#members.values()
  }

  /** A new agent, after its enrolment was stored. */
  enrol(agent: AgentRow, cursor: CursorRow): void {
    this.#add({ agent, cursor, contact: null, anchors: [], checks: new Map() })
  }

  /** A member after its message was stored. */
  set(member: Member): void {
    this.#members.set(member.agent.agent, member)
  }

  setStatus(agent: string, status: AgentStatus): void {
    const member = this.get(agent)
    this.set({ ...member, agent: { ...member.agent, status } })
  }

  newCheckNumber(): number {
    return ++this.#lastCheckNumber
  }

  #add(member: Member): void {
    const { agent, kid, publicKey: text } = member.agent
    this.#members.set(agent, member)
    this.#keys.set(kid, { agent, key: publicKey(text) })
  }
}
