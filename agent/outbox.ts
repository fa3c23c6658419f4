import type { KeyObject } from 'node:crypto'
import type { Batch } from '../protocol/batch.ts'
import type { Gap } from '../protocol/gap.ts'
import type { CursorAnswer } from '../protocol/heartbeat.ts'
import { messageTypes, noPrevious, publicKeyText, sha256 } from '../protocol/jws.ts'
import { limits } from '../protocol/limits.ts'
import { provePossession } from '../protocol/possession.ts'
import type { Rotation } from '../protocol/rotation.ts'
import { type KeptCheckpoints, noCheckpoints, noteCheckpoint } from './checkpoints.ts'
import type { KeptFold } from './fold.ts'
import { ageMs, gapFor, lossesOf, type Moment } from './gap.ts'
import { type Signer, signerOf } from './identity.ts'
import type { Keyring } from './keyring.ts'
import type { Accepted } from './receipt.ts'
import { type Hole, replayOf } from './replay.ts'
import type { Body } from './seal.ts'
import { signedAnew } from './signed-anew.ts'
import type { Change, Spool } from './spool.ts'
import type { Row, SpooledMessage, SpooledRow } from './spool-row.ts'

/** The place of the next message. `afterLoss`: it must rest on nothing that was said before. */
export type Cursor = CursorAnswer & { readonly afterLoss: boolean }

/** A message that is about to go out. */
export type Outgoing = SpooledMessage & SpooledRow

/** The collector takes no evidence until people have looked: another copy of this agent lives. */
export type Quarantine = { readonly at: number; readonly code: string }

/** The agent's stream of messages: numbered, chained, signed once, kept until acknowledged. */
export class Outbox {
  readonly #spool: Spool
  readonly #keys: Keyring
  readonly #agent: string
  #cursor: Cursor | null
  #quarantine: Quarantine | null

  constructor(spool: Spool, keys: Keyring, agent: string) {
    this.#spool = spool
    this.#keys = keys
    this.#agent = agent
    this.#cursor = spool.state('cursor') as Cursor | null // written below and at enrolment
    this.#quarantine = spool.state('quarantine') as Quarantine | null // written below
  }

  /** Null after the spool was lost, until the collector has said where it stands. */
  get cursor(): Cursor | null {
    return this.#cursor
  }

  /** Null while evidence may be sent. Only a rejoin ends it. */
  get quarantine(): Quarantine | null {
    return this.#quarantine
  }

  /** Signs what was sealed and stores it together with the fold that goes on from there. */
  put(bodies: readonly Body[], fold: KeptFold): void {
    let cursor = this.#mustHaveCursor()
    const added: SpooledMessage[] = []
    for (const body of bodies) {
      const { epoch, seq, prev } = cursor
      const batch: Batch = { v: 1, agent: this.#agent, epoch, seq, prev, ...body }
      const jws = this.#keys.signerAt(batch).sign(messageTypes.batch, batch)
      const after = sha256(jws)
      const { boot, sealed, window } = body
      added.push({
        ...{ epoch, seq, through: seq, type: 'batch', why: null, boot, prev, after, jws },
        ...{ windowFrom: window.from, windowTo: window.to },
        ...{ sealedWall: sealed.wall, sealedBoot: sealed.boot },
      })
      cursor = { epoch, seq: seq + 1, prev: after, afterLoss: false }
    }
    this.#spool.commit({ added, states: { cursor, fold } })
    this.#cursor = cursor
  }

  /** Lets another key take over from here on. The old one signs that, the new one proves itself. */
  rotate(key: KeyObject, { bootId: boot, wall, boot: bootMs }: Moment): void {
    const before = this.#mustHaveCursor()
    const { epoch, seq, prev } = before
    const publicKey = publicKeyText(key)
    const possession = provePossession('rotation', this.#agent, publicKey, key)
    const rotation: Rotation = {
      ...{ v: 1, agent: this.#agent, epoch, seq, prev, boot },
      ...{ sealed: { wall, boot: bootMs }, publicKey, possession },
    }
    const jws = this.#keys.signerAt(before).sign(messageTypes.rotation, rotation)
    const after = sha256(jws)
    const message: SpooledMessage = {
      ...{ epoch, seq, through: seq, type: 'rotation', why: null, boot, prev, after, jws },
      ...{ windowFrom: bootMs, windowTo: bootMs, sealedWall: wall, sealedBoot: bootMs },
    }
    const signer = signerOf(key)
    const state = this.#keys.rotated(signer, before, wall)
    const cursor = { ...before, seq: seq + 1, prev: after }
    this.#spool.commit({ added: [message], states: { cursor, key: state } })
    this.#cursor = cursor
    this.#keys.take(state, signer)
  }

  /** Forgets sent messages and receipts whose time is over: each is looked at for that. */
  forget(now: Moment): void {
    const { sentBytesMax, sentAgeMsMax, receiptAgeMsMax } = limits
    this.#spool.forgetSent(sentBytesMax, (row) => ageMs(row, now) > sentAgeMsMax)
    this.#spool.forgetReceipts(receiptAgeMsMax, now.wall)
  }

  /** Keeps the spool within its limits; what has to go is declared. Answers how much went. */
  trim(now: Moment): number {
    const losses = lossesOf(this.#spool.rows(), now)
    const removed = losses.flatMap(({ rows }) => rows)
    if (removed.length === 0) return 0
    const added = losses.map((loss) =>
      this.#spooledGap(gapFor(this.#agent, loss), loss.rows.at(-1) as SpooledRow),
    ) // a loss has rows
    this.#commitLoss({ removed, added })
    return removed.length
  }

  depth(): { messages: number; bytes: number } {
    return this.#spool.depth()
  }

  head(): Outgoing | null {
    return this.#spool.head()
  }

  /** To be called before a message is sent: nothing may change it from here on. */
  attempt(message: Outgoing): void {
    if (!message.attempted) this.#spool.commit({ attempted: message })
  }

  /** Keeps the receipt of a message. False when its checkpoint contradicts an earlier one. */
  acknowledge(message: Outgoing, receipt: Accepted, keptAt: number): boolean {
    const { jws, received, checkpoint } = receipt
    const delivered = { of: message, jws, received, keptAt }
    const kept = (this.#spool.state('checkpoints') ?? noCheckpoints) as KeptCheckpoints // ours
    const checkpoints = checkpoint ? noteCheckpoint(kept, checkpoint, keptAt) : kept
    const key = message.type === 'rotation' ? this.#keys.confirmed(message) : null
    const changed = checkpoints === kept ? {} : { checkpoints }
    this.#spool.commit({ delivered, states: { ...changed, ...(key && { key }) } })
    if (key) this.#keys.take(key)
    return checkpoints.contradictions.length === kept.contradictions.length
  }

  /** Declares a message missing that the collector will not have. A gap itself cannot be. */
  refuse(message: Outgoing, code: string): void {
    const gap = gapFor(this.#agent, { rows: [message], why: 'refused' })
    const added = [this.#spooledGap(gap, message)]
    const change = { removed: [message], added, rejected: { message, code } }
    if (message.type === 'rotation') this.#commitOldKey(message, change)
    else this.#commitLoss(change)
  }

  /**
   * Sends again what the collector says it lacks, and declares what is gone. Null when that is
   * nothing: then the two disagree about what was sent, and no message can mend it.
   */
  resume(expected: CursorAnswer, head: Outgoing): { again: number; declared: number } | null {
    const replay = replayOf((from) => this.#spool.sentFrom(from), expected, head)
    if (!replay) return null
    const { again, holes } = replay
    const added = holes.map((hole) => this.#declared(hole, head))
    if (added.length === 0) this.#spool.commit({ again })
    else this.#commitLoss({ added, again })
    return { again: again.length, declared: added.length }
  }

  /** Notes that the collector takes no more evidence. */
  isolate(quarantine: Quarantine): void {
    this.#spool.commit({ states: { quarantine } })
    this.#quarantine = quarantine
  }

  /** Takes evidence to the collector again, which says that it never stopped or was restored. */
  release(): void {
    this.#spool.commit({ states: { quarantine: null } })
    this.#quarantine = null
  }

  /**
   * Begins a new epoch after the spool was lost or another copy of this agent was shut out; what
   * still waits belongs to the old one and is set aside. `known` is where the collector stands.
   */
  openEpoch(known: CursorAnswer, now: Moment): void {
    const epoch = known.epoch + 1
    const gap: Gap = {
      ...{ v: 1, agent: this.#agent, epoch, seq: 1, through: 1, prev: noPrevious },
      ...{ lastDropped: null, boot: now.bootId, window: { from: 0, to: now.boot } },
      why: 'spool_lost',
    }
    const sealed = { sealedWall: now.wall, sealedBoot: now.boot }
    const message = this.#spooledGap(gap, sealed, this.#keys.known)
    const cursor = { epoch, seq: 2, prev: message.after, afterLoss: true }
    const key = this.#keys.opened(now.wall)
    const states = { cursor, key, quarantine: null }
    this.#spool.commit({ allSetAside: true, added: [message], states })
    this.#cursor = cursor
    this.#quarantine = null
    this.#keys.take(key)
  }

  #declared({ epoch, seq, through, prev, next }: Hole, head: Row): SpooledMessage {
    const { boot, windowFrom } = next ?? { ...head, windowFrom: 0 }
    const gap: Gap = {
      ...{ v: 1, agent: this.#agent, epoch, seq, through, prev, boot, why: 'spool_lost' },
      ...{ lastDropped: next?.prev ?? null, window: { from: 0, to: windowFrom } },
    }
    return this.#spooledGap(gap, next ?? head)
  }

  #spooledGap(
    gap: Gap,
    { sealedWall, sealedBoot }: Pick<Row, 'sealedWall' | 'sealedBoot'>,
    signer: Signer = this.#keys.signerAt(gap),
  ): SpooledMessage {
    const { epoch, seq, through, why, boot, window, prev, lastDropped } = gap
    const jws = signer.sign(messageTypes.gap, gap)
    return {
      ...{ epoch, seq, through, type: 'gap', why, boot, prev, after: lastDropped ?? sha256(jws) },
      ...{ windowFrom: window.from, windowTo: window.to, sealedWall, sealedBoot, jws },
    }
  }

  /** The old key stays: what waits behind the refused rotation is signed with it instead. */
  #commitOldKey(rotation: Outgoing, change: Change): void {
    const signer = this.#keys.signerAt(rotation)
    const key = this.#keys.refused(rotation, rotation.sealedWall)
    let cursor: Cursor = { ...this.#mustHaveCursor(), afterLoss: true }
    let prev = rotation.after
    const sign = (message: SpooledMessage) => {
      const again = signedAnew(message, prev, signer)
      prev = again.after
      return again
    }
    const states = () => {
      cursor = { ...cursor, prev }
      return { cursor, key }
    }
    this.#spool.commit({ ...change, resigned: { behind: rotation, sign }, states })
    this.#cursor = cursor
    this.#keys.take(key)
  }

  #commitLoss(change: Change): void {
    const cursor = { ...this.#mustHaveCursor(), afterLoss: true }
    this.#spool.commit({ ...change, states: { cursor } })
    this.#cursor = cursor
  }

  #mustHaveCursor(): Cursor {
    if (!this.#cursor) throw new Error('The place of the next message is not known.')
    return this.#cursor
  }
}
