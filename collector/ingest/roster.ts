import type { KeyObject } from 'node:crypto'
import { definitionsHash } from '../../protocol/definitions.ts'
import { generateKey, type PublicKeyText, privateKey, publicKey } from '../../protocol/jws.ts'
import type { AnchorRow } from '../store/clocks.ts'
import type {
  AgentRow,
  AgentStatus,
  CheckRecord,
  ContactRow,
  CursorRow,
  RetiredKey,
  StoredAgent,
} from '../store/store.ts'
import { shiftAnchors, withAnchor } from './clock.ts'
import { type Checks, type Held, HeldChecks, RecalledChecks } from './held-checks.ts'
import type { KeyRing, KnownKey } from './message.ts'
import { ownName } from './project.ts'
import { Turns } from './turns.ts'

/** What admission knows of one agent, as of the last commit. Replaced, never changed in place. */
export type Member = {
  readonly agent: AgentRow
  readonly cursor: CursorRow
  /** What names the definitions of the cursor. */
  readonly definitionsHash: string
  readonly contact: ContactRow | null
  readonly anchors: readonly AnchorRow[]
  readonly checks: Checks
}

/** A member between its messages. */
type HeldMember = Omit<Member, 'checks'> & { readonly checks: Held }

/** Sets of definitions that are looked for; agents can declare whatever they like. */
const definitionSetsMax = 1_000

/** Its key object is made when it is needed: that takes microseconds, and holding it 1.7 KB. */
type HeldKey = {
  readonly agent: string
  readonly publicKey: PublicKeyText
  readonly retired: RetiredKey | null
}

/** All enrolled agents, in memory: the ingest thread is the only writer, so this is the truth. */
export class Roster implements KeyRing {
  readonly decoy: KeyObject = privateKey(generateKey().privatePem)
  readonly #members = new Map<string, HeldMember>()
  readonly #checks = new HeldChecks()
  /** Who is or was in an environment. */
  readonly #places = new Map<string, string[]>()
  readonly #keys = new Map<string, HeldKey>()
  readonly #turns = new Turns()
  /** By hash: most hosts of a nation declare the same checks, and hold them once. */
  readonly #definitions = new Map<string, CursorRow['definitions']>()
  #lastCheckNumber = 0

  constructor(stored: readonly StoredAgent[]) {
    for (const { checks, retiredKeys, ...rest } of stored) {
      const anchors = rest.anchors.reduce<readonly AnchorRow[]>(withAnchor, [])
      this.#add({
        ...rest,
        anchors,
        checks: new Map(checks.map((check) => [ownName(check), check])),
      })
      for (const { number } of checks)
        this.#lastCheckNumber = Math.max(this.#lastCheckNumber, number)
      for (const retired of retiredKeys) this.#hold(retired, retired)
    }
  }

  /**
   * Does one change of members after another: what it reads is still so when it is stored. A change
   * must not wait for another one.
   */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    return this.#turns.take(change)
  }

  /** Whose key this is or was. */
  find(kid: string): KnownKey | null {
    const entry = this.#keys.get(kid)
    if (!entry) return null
    const { retired } = entry
    return { agent: this.#heldOf(entry.agent).agent, key: publicKey(entry.publicKey), retired }
  }

  has(agent: string): boolean {
    return this.#members.has(agent)
  }

  /** An enrolled agent. Throws when there is none of that id: callers have authenticated it. */
  get(agent: string): Member {
    return recalled(this.#heldOf(agent))
  }

  *all(): Iterable<Member> {
    for (const held of this.#members.values()) yield recalled(held)
  }

  /** All agents, without what is known of their checks: cheap. */
  *rows(): Iterable<Pick<Member, 'agent' | 'contact'>> {
    yield* this.#members.values()
  }

  #heldOf(agent: string): HeldMember {
    const held = this.#members.get(agent)
    if (!held) throw new Error(`No agent ${agent} is enrolled.`)
    return held
  }

  /**
   * A new agent, after its enrolment was stored. The name of a revoked one passes to it, and the
   * timelines with it.
   */
  enrol(agent: AgentRow, cursor: CursorRow): void {
    const checks = new Map<string, CheckRecord>()
    for (const other of this.#ofName(agent)) {
      for (const [name, check] of other.checks) {
        checks.set(name, { ...check, agent: agent.agent, boot: null })
      }
      this.set({ ...other, checks: new Map() })
    }
    this.#add({ agent, cursor, contact: null, anchors: [], checks })
  }

  /** Who has this agent's name in its environment, revoked ones too. */
  #ofName(agent: AgentRow): Member[] {
    const there = (this.#places.get(placeOf(agent)) ?? []).map((each) => this.#heldOf(each))
    return there.filter((other) => other.agent.name === agent.name).map(recalled)
  }

  /** Whether an agent that is not revoked has this one's name in its environment. */
  isNameTaken(agent: AgentRow): boolean {
    for (const member of this.#ofName(agent)) if (member.agent.status !== 'revoked') return true
    return false
  }

  /** A member after its message was stored. */
  set(member: Member): void {
    const { agent } = member.agent
    const { definitions } = member.cursor
    const before = this.#members.get(agent)
    const isKnown = definitions === before?.cursor.definitions
    const checks = this.#checks.hold(member.checks, before?.checks ?? null)
    this.#members.set(agent, { ...(isKnown ? member : this.#sharing(member)), checks })
    if (!before) this.#settle(member.agent)
  }

  #settle(agent: AgentRow): void {
    const place = placeOf(agent)
    const there = this.#places.get(place)
    if (there) there.push(agent.agent)
    else this.#places.set(place, [agent.agent])
  }

  setStatus(agent: string, status: AgentStatus): void {
    const member = this.get(agent)
    this.set({ ...member, agent: { ...member.agent, status } })
  }

  /** A member that has another key now, and the one before it. */
  changeKey(member: Member, retired: RetiredKey): void {
    this.#hold(retired, retired)
    this.#add(member)
  }

  /** The collector's clock was set by so much: what was anchored keeps its moment. */
  shiftClocks(stepMs: number): void {
    for (const [agent, member] of this.#members) {
      this.#members.set(agent, { ...member, anchors: shiftAnchors(member.anchors, stepMs) })
    }
  }

  /** What is anchored, by agent. */
  *anchors(): Iterable<[string, readonly AnchorRow[]]> {
    for (const [agent, { anchors }] of this.#members) yield [agent, anchors]
  }

  newCheckNumber(): number {
    return ++this.#lastCheckNumber
  }

  /** The same member, with definitions that it shares with whoever has the same. */
  #sharing(member: Member): Member {
    const { definitionsHash: hash, cursor } = member
    const definitions = this.#definitions.get(hash) ?? cursor.definitions
    if (this.#definitions.size >= definitionSetsMax) this.#definitions.clear()
    this.#definitions.set(hash, definitions)
    return { ...member, cursor: { ...cursor, definitions } }
  }

  #add(member: Omit<Member, 'definitionsHash'>): void {
    this.set({ ...member, definitionsHash: definitionsHash(member.cursor.definitions) })
    this.#hold(member.agent, null)
  }

  #hold({ kid, agent, publicKey }: Key, retired: RetiredKey | null): void {
    this.#keys.set(kid, { agent, publicKey, retired })
  }
}

function recalled(held: HeldMember): Member {
  return { ...held, checks: new RecalledChecks(held.checks, held.agent) }
}

function placeOf({ institution, environment }: AgentRow): string {
  return `${institution}/${environment}`
}

type Key = { readonly kid: string; readonly agent: string; readonly publicKey: PublicKeyText }
