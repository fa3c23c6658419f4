import { isDeepStrictEqual } from 'node:util'
import { parseJson } from '../../protocol/json.ts'
import { messageTypes, thumbprint } from '../../protocol/jws.ts'
import { emptyTree, type Frontier, grow, leafHash } from '../../protocol/merkle.ts'
import { dayMs, type EpochMs, minuteMs } from '../../protocol/time.ts'
import { admitEvidence, type EvidenceMessage, placeInStream } from '../ingest/admit.ts'
import type { Dating } from '../ingest/clock.ts'
import { readMessage } from '../ingest/message.ts'
import { type Member, Roster } from '../ingest/roster.ts'
import type { Entry } from '../register/difference.ts'
import type { LeafRow, StoredMessage } from '../store/logs.ts'
import type { FoldTarget, Refolded } from '../store/refolded.ts'
import { type Effect, firstCursor } from '../store/store.ts'
import { effectsOf } from './effects.ts'
import { nationalLog } from './leaf.ts'

/** A leaf that cannot be what the collector wrote: it names its place and what is wrong. */
export class BadLeaf extends Error {
  override readonly name = 'BadLeaf'
  constructor({ log, index }: Pick<LeafRow, 'log' | 'index'>, what: string, cause?: unknown) {
    super(`${log} #${index}: ${what}`, { cause })
  }
}

/** Leaves in one commit. */
const leavesPerCommit = 1_000
const streamTypes = [messageTypes.batch, messageTypes.gap, messageTypes.rotation]

/**
 * Reads leaves again, in their order, through the code that admitted them: every hash, signature,
 * number and chain is checked on the way, and only the dating is taken from the leaf, because what
 * it rested on (heartbeats) is no evidence. Rebuild and verify are this with other targets.
 */
export class Fold {
  readonly #target: FoldTarget
  readonly #trees: Map<string, Frontier>
  #rows: Refolded[] = []
  /** Who may send, as of the last leaf; read once. */
  #roster: Roster | null = null
  /** Whether a leaf that waits changes who may send: it is kept before the next message is. */
  #changesSenders = false

  constructor(target: FoldTarget) {
    this.#target = target
    this.#trees = target.frontiers()
  }

  /** The tree of a log so far. */
  tree(log: string): Frontier {
    return this.#trees.get(log) ?? emptyTree
  }

  /** Takes the next leaf. Throws BadLeaf; nothing of that leaf counts then. */
  async add(leaf: LeafRow): Promise<void> {
    const { log, index, entry, hash } = leaf
    if (index !== this.tree(log).size) throw new BadLeaf(leaf, 'it does not follow the one before')
    if (!leafHash(Buffer.from(entry)).equals(hash)) {
      throw new BadLeaf(leaf, 'its hash is not that of its entry')
    }
    const row = leaf.message
      ? await this.#message(leaf, leaf.message)
      : await this.#noted(leaf, entryOf(leaf))
    this.#trees.set(log, grow(this.tree(log), hash))
    this.#rows.push(row)
    if (this.#rows.length >= leavesPerCommit) this.flush()
  }

  /** Takes a leaf of which only the hash is known: it counts in the tree and for nothing else. */
  addHash(log: string, hash: Buffer): void {
    this.#trees.set(log, grow(this.tree(log), hash))
  }

  /** Commits what was taken. */
  flush(): void {
    if (this.#rows.length > 0) this.#target.apply(this.#rows, this.#trees)
    this.#rows = []
    this.#changesSenders = false
  }

  async #members(): Promise<Roster> {
    this.#roster ??= new Roster(await this.#target.agents())
    return this.#roster
  }

  async #noted(leaf: LeafRow, entry: Record<string, unknown>): Promise<Refolded> {
    const { log, kind } = leaf
    if (entry.kind !== kind) throw new BadLeaf(leaf, 'its kind is not that of its entry')
    const isNational = kind !== 'act'
    if (isNational && log !== nationalLog) throw new BadLeaf(leaf, `no log has a ${kind} leaf`)
    if (kind === 'liveness') return { ...nothing, leaf, livenessAt: instant(leaf, entry.at) }
    if (kind !== 'act') return { ...nothing, leaf }
    const isAboutAgent = (entry as Partial<Entry>).what?.startsWith('agent/')
    const roster = isAboutAgent ? await this.#members() : null
    try {
      const effects = effectsOf(log, entry as Entry, (agent) => roster!.get(agent).agent)
      for (const effect of effects) {
        requireSound(effect)
        if (!roster) continue
        follow(roster, effect)
        this.#changesSenders = true
      }
      return { ...nothing, leaf, effects }
    } catch (cause) {
      throw new BadLeaf(leaf, (cause as Error).message, cause)
    }
  }

  async #message(leaf: LeafRow, stored: StoredMessage): Promise<Refolded> {
    const roster = await this.#members()
    if (this.#changesSenders) this.flush()
    try {
      const { agent, message } = readMessage(Buffer.from(stored.jws), streamTypes, roster)
      const member = roster.get(agent.agent)
      const evidence = message as EvidenceMessage // of the types asked for
      requireGood(leaf, member, evidence, stored)
      const { received, dating } = stored
      const number = () => roster.newCheckNumber()
      const { rows, after } = admitEvidence(member, evidence, received, number, dating)
      requireSame(leaf, rows.evidence!.leaf.entry)
      const { rotation } = rows.evidence!
      if (rotation) roster.changeKey(after, rotation.retired)
      else roster.set(after)
      this.#changesSenders = rotation !== undefined
      return { ...nothing, leaf, admitted: rows }
    } catch (cause) {
      if (cause instanceof BadLeaf) throw cause
      throw new BadLeaf(leaf, (cause as Error).message, cause)
    }
  }
}

const nothing = { admitted: null, effects: [], livenessAt: null }

/** Nesting of an entry: an act about a readiness model holds one, deeper than any message. */
const entryDepthMax = 12

/** An entry as JSON. Throws BadLeaf. */
export function entryOf(leaf: Pick<LeafRow, 'log' | 'index' | 'entry'>): Record<string, unknown> {
  try {
    const value = parseJson(Buffer.from(leaf.entry), entryDepthMax)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const entry = value as Record<string, unknown>
      if (entry.v === 1) return entry
    }
  } catch (cause) {
    throw new BadLeaf(leaf, (cause as Error).message, cause)
  }
  throw new BadLeaf(leaf, 'its entry is none of version 1')
}

function instant(leaf: LeafRow, value: unknown): EpochMs {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
  throw new BadLeaf(leaf, 'it names no instant')
}

/** The roster follows what changes who may send, as it did when that happened. */
function follow(roster: Roster, effect: Effect): void {
  if (effect.kind === 'agent') roster.enrol(effect.agent, firstCursor)
  if (effect.kind === 'agent-status') roster.setStatus(effect.agent, effect.status)
  if (effect.kind === 'agent-key') {
    const { agent, retired } = effect
    roster.changeKey({ ...roster.get(agent.agent), agent }, retired)
  }
}

function requireSound(effect: Effect): void {
  if (effect.kind !== 'agent' && effect.kind !== 'agent-key') return
  const { kid, publicKey } = effect.agent
  if (thumbprint(publicKey) !== kid) throw new Error('The key is not the one that it names.')
}

function requireGood(
  leaf: LeafRow,
  { agent, cursor }: Member,
  message: EvidenceMessage,
  stored: StoredMessage,
): void {
  if (agent.institution !== leaf.log) throw new BadLeaf(leaf, 'its agent is of another log')
  if (agent.status !== 'active') throw new BadLeaf(leaf, `its agent was ${agent.status}`)
  if (message.kid !== agent.kid) throw new BadLeaf(leaf, 'the key that signed it was retired')
  if (placeInStream({ agent, cursor } as Member, message) !== 'next') {
    throw new BadLeaf(leaf, 'its number was taken before')
  }
  if (message.type === 'batch') requirePlausible(leaf, message.content.sealed, stored)
}

const futureMsMax = 5 * minuteMs
const pastMsMax = 8 * dayMs

/** A dating that counts names the anchor it rests on and lies around the time of arrival. */
function requirePlausible(
  leaf: LeafRow,
  sealed: { readonly wall: EpochMs; readonly boot: number },
  { dating, received }: StoredMessage,
): void {
  if (!dating) throw new BadLeaf(leaf, 'a batch without a date')
  const { timeClass, offsetMs } = dating
  if (timeClass === 'C') return
  const at = offsetMs + sealed.boot
  const fits = at <= received + futureMsMax && at >= received - pastMsMax
  const byWall = timeClass === 'A' || offsetMs === sealed.wall - sealed.boot
  if (!fits || !byWall) throw new BadLeaf(leaf, 'its date cannot be')
}

/** Leaves from before anchors were named do not name one. */
function requireSame(leaf: LeafRow, expected: string): void {
  if (leaf.entry === expected) return
  const { anchoredAt, ...rest } = JSON.parse(expected) as Record<string, unknown>
  if (anchoredAt === null && isDeepStrictEqual(JSON.parse(leaf.entry), rest)) return
  throw new BadLeaf(leaf, 'its entry is not what its message says')
}

/** What a leaf says of how its message was dated. Throws BadLeaf. */
export function datingOfEntry(
  leaf: Pick<LeafRow, 'log' | 'index'>,
  { timeClass, offset, anchoredAt = null }: Record<string, unknown>,
): Dating | null {
  if (timeClass === undefined) return null
  const known = timeClass === 'A' || timeClass === 'B' || timeClass === 'C'
  const numbers = [offset, anchoredAt ?? 0].every(Number.isSafeInteger)
  if (!known || !numbers) throw new BadLeaf(leaf, 'its date makes no sense')
  return { timeClass, offsetMs: offset as number, anchoredAt: anchoredAt as number | null }
}
