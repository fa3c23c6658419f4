import type { Batch } from '../protocol/batch.ts'
import type { Gap } from '../protocol/gap.ts'
import type { CursorAnswer } from '../protocol/heartbeat.ts'
import { messageTypes, noPrevious, sha256 } from '../protocol/jws.ts'
import type { KeptFold } from './fold.ts'
import { gapFor, lossesOf, type Moment } from './gap.ts'
import type { Signer } from './identity.ts'
import type { Body } from './seal.ts'
import type { Spool, SpooledMessage, SpooledRow } from './spool.ts'

/** The place of the next message. `afterLoss`: it must rest on nothing that was said before. */
export type Cursor = CursorAnswer & { readonly afterLoss: boolean }

/** A message that is about to go out. */
export type Outgoing = SpooledMessage & SpooledRow

/** The agent's stream of messages: numbered, chained, signed once, kept until acknowledged. */
export class Outbox {
  readonly #spool: Spool
  readonly #signer: Signer
  readonly #agent: string
  #cursor: Cursor | null

  constructor(spool: Spool, signer: Signer, agent: string) {
    this.#spool = spool
    this.#signer = signer
    this.#agent = agent
    this.#cursor = spool.state('cursor') as Cursor | null // written below and at enrolment
  }

  /** Null after the spool was lost, until the collector has said where it stands. */
  get cursor(): Cursor | null {
    return this.#cursor
  }

  /** Signs what was sealed and stores it together with the fold that goes on from there. */
  put(bodies: readonly Body[], fold: KeptFold): void {
    let cursor = this.#mustHaveCursor()
    const added: SpooledMessage[] = []
    for (const body of bodies) {
      const { epoch, seq, prev } = cursor
      const batch: Batch = { v: 1, agent: this.#agent, epoch, seq, prev, ...body }
      const jws = this.#signer.sign(messageTypes.batch, batch)
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

  acknowledge(message: Outgoing, receipt: string): void {
    this.#spool.commit({ removed: [message], receipt: { of: message, jws: receipt } })
  }

  /** Declares a message missing that the collector will not have. A gap itself cannot be. */
  refuse(message: Outgoing, code: string): void {
    const gap = gapFor(this.#agent, { rows: [message], why: 'refused' })
    const added = [this.#spooledGap(gap, message)]
    this.#commitLoss({ removed: [message], added, rejected: { message, code } })
  }

  /**
   * Declares what the collector says it lacks and this agent has no more. False when that is
   * nothing: then the two disagree about what was sent, and no message can mend it.
   */
  resume(expected: CursorAnswer, head: Outgoing): boolean {
    const isEarlierEpoch = expected.epoch < head.epoch
    const from = isEarlierEpoch ? { epoch: head.epoch, seq: 1, prev: noPrevious } : expected
    if (from.epoch !== head.epoch || from.seq >= head.seq) return false
    const { epoch, prev: lastDropped, boot } = head
    const gap: Gap = {
      ...{ v: 1, agent: this.#agent, epoch, seq: from.seq, through: head.seq - 1 },
      ...{ prev: from.prev, lastDropped, boot, window: { from: 0, to: head.windowFrom } },
      why: 'spool_lost',
    }
    this.#commitLoss({ added: [this.#spooledGap(gap, head)] })
    return true
  }

  /** Begins a new epoch after the spool was lost. `known` is where the collector stands. */
  openEpoch(known: CursorAnswer, now: Moment): void {
    const epoch = known.epoch + 1
    const gap: Gap = {
      ...{ v: 1, agent: this.#agent, epoch, seq: 1, through: 1, prev: noPrevious },
      ...{ lastDropped: null, boot: now.bootId, window: { from: 0, to: now.boot } },
      why: 'spool_lost',
    }
    const message = this.#spooledGap(gap, { sealedWall: now.wall, sealedBoot: now.boot })
    const cursor = { epoch, seq: 2, prev: message.after, afterLoss: true }
    this.#spool.commit({ added: [message], states: { cursor } })
    this.#cursor = cursor
  }

  #spooledGap(gap: Gap, sealed: Pick<SpooledRow, 'sealedWall' | 'sealedBoot'>): SpooledMessage {
    const { epoch, seq, through, why, boot, window, prev, lastDropped } = gap
    const jws = this.#signer.sign(messageTypes.gap, gap)
    const { sealedWall, sealedBoot } = sealed
    return {
      ...{ epoch, seq, through, type: 'gap', why, boot, prev, after: lastDropped ?? sha256(jws) },
      ...{ windowFrom: window.from, windowTo: window.to, sealedWall, sealedBoot, jws },
    }
  }

  #commitLoss(change: Parameters<Spool['commit']>[0]): void {
    const cursor = { ...this.#mustHaveCursor(), afterLoss: true }
    this.#spool.commit({ ...change, states: { cursor } })
    this.#cursor = cursor
  }

  #mustHaveCursor(): Cursor {
    if (!this.#cursor) throw new Error('The place of the next message is not known.')
    return this.#cursor
  }
}
