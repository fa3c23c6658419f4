import type { CursorAnswer, CursorQuestion, Heartbeat } from '../protocol/heartbeat.ts'
import { messageTypes, parseJws } from '../protocol/jws.ts'
import { limits } from '../protocol/limits.ts'
import { type BootMs, type EpochMs, secondMs } from '../protocol/time.ts'
import { readCursor, readRefusal } from './answer.ts'
import { delayMs, retryAfterMs } from './backoff.ts'
import type { Clock, Timer } from './clock.ts'
import type { Moment } from './gap.ts'
import type { Keyring } from './keyring.ts'
import type { Log } from './log.ts'
import type { Message } from './message.ts'
import type { Outbox, Outgoing } from './outbox.ts'
import type { Answer, Post } from './post.ts'
import { isDiskFull } from './spool-file.ts'
import type { Trust } from './trust.ts'
import { version } from './version.ts'

/** How the last exchange with the collector went, for `status`. */
export type Contact = {
  readonly at: EpochMs
  readonly outcome: 'delivered' | 'heard' | 'failed' | 'denied' | 'busy' | 'quarantined'
}

export type DeliveryParts = {
  readonly outbox: Outbox
  readonly keys: Keyring
  readonly agent: string
  readonly trust: Trust
  readonly post: Post
  readonly clock: Clock
  readonly bootId: string
  readonly timer: Timer
  readonly random: () => number
  readonly report: Log
  /** The collector runs on this host. */
  readonly local: boolean
  readonly onContact: (contact: Contact) => void
}

/** A backlog drains no faster than this, so that live agents are heard in between. */
const paceMs = secondMs
const stopMs = 2 * secondMs
/** The collector's codes for an agent of which it has seen another copy. */
const isolating = ['conflict', 'quarantined']

/**
 * Sends what the outbox holds: one message in flight, oldest first, until each has its receipt.
 * Heartbeats keep their own rhythm, failures or not: they are small, they show the host alive
 * within minutes of a long outage, and the first that is heard starts the drain.
 */
export class Delivery {
  readonly #parts: DeliveryParts
  readonly #stop = new AbortController()
  #cancel = () => {}
  #inFlight: Promise<void> | null = null
  /** Failures in a row. */
  #failures = 0
  /** Whether the collector heard this process and nothing failed since: only then messages go. */
  #isHeard = false
  /** The last message was answered and not taken: that heartbeats are heard is no news for it. */
  #isRefused = false
  #sendAt: BootMs = 0
  #heartbeatAt: BootMs = 0

  constructor(parts: DeliveryParts) {
    this.#parts = parts
  }

  /** Something new may have to go out. */
  wake(): void {
    if (this.#stop.signal.aborted || this.#inFlight) return
    this.#cancel()
    const { clock, timer } = this.#parts
    const now = clock.boot()
    const isWaiting = this.#hasWork() || !this.#isHeard
    const due = isWaiting ? Math.min(this.#sendAt, this.#heartbeatAt) : this.#heartbeatAt
    this.#cancel = timer(Math.max(0, due - now), () => this.#turn())
  }

  /** Ends delivery after one last attempt, in two seconds at most. */
  async stop(): Promise<void> {
    this.#cancel()
    const cancel = this.#parts.timer(stopMs, () => this.#stop.abort())
    await this.#inFlight
    if (!this.#stop.signal.aborted && this.#isHeard && this.#hasWork()) await this.#send()
    cancel()
    this.#stop.abort()
  }

  #turn(): void {
    this.#inFlight = this.#step()
      .catch((error) => {
        // A full disk passes; nothing was changed. Anything else ends the process.
        if (!isDiskFull(error)) throw error
        this.#failed(null, 'disk_full')
      })
      .finally(() => {
        this.#inFlight = null
      })
    this.#inFlight.then(() => this.wake())
  }

  async #step(): Promise<void> {
    const now = this.#parts.clock.boot()
    if (now >= this.#heartbeatAt || !this.#isHeard) await this.#heartbeat()
    if (this.#stop.signal.aborted || !this.#isHeard || now < this.#sendAt) return
    if (this.#hasWork()) await this.#send()
  }

  #hasWork(): boolean {
    const { outbox } = this.#parts
    return !outbox.quarantine && (!outbox.cursor || outbox.depth().messages > 0)
  }

  async #heartbeat(): Promise<void> {
    const { outbox, agent, bootId, clock, random } = this.#parts
    // A tenth of jitter, so that agents that started together part.
    this.#heartbeatAt = clock.boot() + limits.heartbeatMs * (0.95 + 0.1 * random())
    const say = (): Heartbeat => ({
      ...{ v: 1, agent, epoch: outbox.cursor?.epoch ?? 1, boot: bootId },
      ...{ at: this.#reading(), spool: outbox.depth(), version },
    })
    const answer = await this.#post('/v1/heartbeats', messageTypes.heartbeat, say)
    if (!answer) return
    if (answer.status >= 200 && answer.status < 300) this.#heard('heard')
    else this.#failed(answer)
  }

  async #send(): Promise<void> {
    const { outbox } = this.#parts
    if (!outbox.cursor) return this.#openEpoch()
    const head = outbox.head()
    if (!head) return
    if (!(await this.#isExpected(head))) return
    outbox.attempt(head)
    const answer = await this.#exchange('/v1/batches', head.jws)
    if (answer) await this.#settle(head, answer)
  }

  /**
   * False when the collector stands elsewhere, and what it lacks goes first. That is asked for only
   * where the message cannot ask itself: one whose key the collector may not know is nobody's.
   */
  async #isExpected(head: Outgoing): Promise<boolean> {
    if (parseJws(head.jws).kid === this.#parts.keys.known.kid) return true
    const expected = await this.#askCursor()
    return expected !== null && !this.#resume(expected, head)
  }

  /** What the collector's answer means for the message. */
  async #settle(head: Outgoing, answer: Answer): Promise<void> {
    const { outbox, report, clock } = this.#parts
    const { epoch, seq } = head
    const { status } = answer
    this.#sendAt = clock.boot() + paceMs
    if (status === 200) return this.#receive(head, answer)
    const { code = '', expected = null } = readRefusal(answer.body) ?? {}
    if (status === 409 && isolating.includes(code)) {
      this.#quarantine(code)
    } else if (status === 409 && code === 'gap' && expected && this.#resume(expected, head)) {
      return
    } else if ([400, 413, 415].includes(status) && code !== '' && head.type !== 'gap') {
      report('error', 'The collector refused a message.', { epoch, seq, status, code })
      outbox.refuse(head, code)
    } else {
      this.#refused(answer)
    }
  }

  /** Only a receipt of the pinned log, or of a key that follows it, ends a message's time here. */
  async #receive(head: Outgoing, answer: Answer): Promise<void> {
    const { outbox, agent, trust, post, report, clock } = this.#parts
    let receipt = trust.receipt(answer.body, head, agent)
    const kid = receipt ? null : await trust.learn(answer.body, post, this.#stop.signal)
    if (kid !== null) {
      report('warn', "The collector's log has a new key, which the one before signed.", { kid })
      receipt = trust.receipt(answer.body, head, agent)
    }
    if (!receipt) return this.#refused(answer, 'no_receipt')
    if (!outbox.acknowledge(head, receipt, clock.wall())) {
      const log = receipt.checkpoint?.log ?? ''
      report('error', "The collector's log contradicts itself; both checkpoints are kept.", { log })
    }
    this.#heartbeatAt = clock.boot() + limits.heartbeatMs
    this.#heard('delivered')
  }

  /** Sends again or declares what the collector lacks before a message; false for nothing. */
  #resume(expected: CursorAnswer, head: Outgoing): boolean {
    const replay = this.#parts.outbox.resume(expected, head)
    if (!replay) return false
    const { epoch, seq } = expected
    const fields = { epoch, seq, ...replay }
    this.#parts.report('warn', 'The collector lost messages: what is left is sent again.', fields)
    return true
  }

  /** Another copy of this agent lives, or history was forged: people have to look. */
  #quarantine(code: string): void {
    const { outbox, report, clock } = this.#parts
    outbox.isolate({ at: clock.wall(), code })
    const quarantined = 'Quarantined: another copy of this agent reports.'
    report('error', `${quarantined} See: istimrar-agent status`, { code })
    this.#contact('quarantined')
  }

  async #openEpoch(): Promise<void> {
    const { outbox, report } = this.#parts
    const known = await this.#askCursor()
    if (!known) return
    outbox.openEpoch(known, this.#moment())
    report('warn', 'The spool was lost; a new epoch begins.', { epoch: known.epoch + 1 })
  }

  /** Where the collector stands; null when it did not say. */
  async #askCursor(): Promise<CursorAnswer | null> {
    const { agent, bootId } = this.#parts
    const ask = (): CursorQuestion => ({ v: 1, agent, at: this.#reading(), boot: bootId })
    const answer = await this.#post('/v1/cursor', messageTypes.cursor, ask)
    if (!answer) return null
    const known = answer.status === 200 ? readCursor(answer.body) : null
    if (known) return known
    const { code = '' } = readRefusal(answer.body) ?? {}
    if (answer.status === 409 && isolating.includes(code)) this.#quarantine(code)
    else this.#failed(answer)
    return null
  }

  /** What tells the time is signed when it leaves: the collector dates evidence by it. */
  #post(path: string, typ: (typeof messageTypes)[keyof typeof messageTypes], told: () => object) {
    return this.#exchange(path, () => this.#parts.keys.known.sign(typ, told()))
  }

  /** Posts and waits for the answer; null when none came. */
  async #exchange(path: string, message: Message): Promise<Answer | null> {
    try {
      return await this.#parts.post(path, message, this.#stop.signal)
    } catch (error) {
      if (this.#stop.signal.aborted) return null
      // An AbortError has a number for a code.
      const { code } = error as { code?: unknown }
      this.#failed(null, typeof code === 'string' ? code : 'timeout')
      return null
    }
  }

  #heard(outcome: 'heard' | 'delivered'): void {
    this.#isHeard = true
    this.#contact(outcome)
    if (outcome === 'heard' && this.#isRefused) return
    if (this.#failures > 0) {
      this.#parts.report('info', 'The collector is heard again.', { failures: this.#failures })
      this.#sendAt = 0
    }
    this.#failures = 0
    this.#isRefused = false
  }

  /** An answer that does not take a message, for whatever reason. */
  #refused(answer: Answer, code = ''): void {
    this.#failed(answer, code)
    // Who says when to come again, or does not know us, may take the next.
    this.#isRefused = answer.retryAfter === null && ![401, 403].includes(answer.status)
  }

  #failed(answer: Answer | null, code = ''): void {
    const { clock, keys, local, random, report } = this.#parts
    if (this.#stop.signal.aborted) return
    this.#failures += 1
    this.#isHeard = this.#isRefused = false
    const status = answer?.status ?? 0
    const denied = status === 401 || status === 403
    const floorMs = retryAfterMs(answer?.retryAfter ?? null, clock.wall())
    const waitMs = delayMs({ count: this.#failures, denied, floorMs, local }, random)
    this.#sendAt = clock.boot() + waitMs
    if (denied) keys.tryAnother()
    // Signs of life wait hardly longer than they were asked to: they show the host alive meanwhile.
    const soonestMs = floorMs > 0 ? floorMs + random() * limits.heartbeatMs : 0
    const soonest = denied ? this.#sendAt : clock.boot() + soonestMs
    this.#heartbeatAt = Math.max(this.#heartbeatAt, soonest)
    const level = denied ? 'error' : 'warn'
    const retryMs = Math.round(waitMs)
    const fields = { status, ...(code && { code }), failures: this.#failures, retryMs }
    report(level, denied ? 'The collector does not know this agent.' : 'Not delivered.', fields)
    this.#contact(denied ? 'denied' : floorMs > 0 ? 'busy' : 'failed')
  }

  #contact(outcome: Contact['outcome']): void {
    this.#parts.onContact({ at: this.#parts.clock.wall(), outcome })
  }

  #reading(): { wall: EpochMs; boot: BootMs } {
    const { clock } = this.#parts
    return { wall: clock.wall(), boot: clock.boot() }
  }

  #moment(): Moment {
    return { ...this.#reading(), bootId: this.#parts.bootId }
  }
}
