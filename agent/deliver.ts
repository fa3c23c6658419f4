import type { CursorAnswer, CursorQuestion, Heartbeat } from '../protocol/heartbeat.ts'
import { messageTypes } from '../protocol/jws.ts'
import { limits } from '../protocol/limits.ts'
import { type BootMs, type EpochMs, secondMs } from '../protocol/time.ts'
import { delayMs, retryAfterMs } from './backoff.ts'
import type { Clock, Timer } from './clock.ts'
import type { Moment } from './gap.ts'
import type { Signer } from './identity.ts'
import type { Log } from './log.ts'
import type { Outbox, Outgoing } from './outbox.ts'
import type { Answer, Post } from './post.ts'
import { isReceiptFor, type PinnedLog } from './receipt.ts'
import { isDiskFull } from './spool-file.ts'
import { version } from './version.ts'

/** How the last exchange with the collector went, for `status`. */
export type Contact = {
  readonly at: EpochMs
  readonly outcome: 'delivered' | 'heard' | 'failed' | 'denied' | 'busy' | 'quarantined'
}

export type DeliveryParts = {
  readonly outbox: Outbox
  readonly signer: Signer
  readonly agent: string
  readonly log: PinnedLog
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
  #isQuarantined = false
  /** Failures in a row. */
  #failures = 0
  /** Whether the collector heard this process and nothing failed since: only then messages go. */
  #isHeard = false
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
    return !this.#isQuarantined && (!outbox.cursor || outbox.depth().messages > 0)
  }

  async #heartbeat(): Promise<void> {
    const { outbox, agent, bootId, clock, random } = this.#parts
    // A tenth of jitter, so that agents that started together part.
    this.#heartbeatAt = clock.boot() + limits.heartbeatMs * (0.95 + 0.1 * random())
    const heartbeat: Heartbeat = {
      ...{ v: 1, agent, epoch: outbox.cursor?.epoch ?? 1, boot: bootId },
      ...{ at: this.#reading(), spool: outbox.depth(), version },
    }
    const answer = await this.#post('/v1/heartbeats', messageTypes.heartbeat, heartbeat)
    if (!answer) return
    if (answer.status >= 200 && answer.status < 300) this.#heard('heard')
    else this.#failed(answer)
  }

  async #send(): Promise<void> {
    const { outbox } = this.#parts
    if (!outbox.cursor) return this.#askCursor()
    const head = outbox.head()
    if (!head) return
    outbox.attempt(head)
    const answer = await this.#exchange('/v1/batches', head.jws)
    if (answer) this.#settle(head, answer)
  }

  /** What the collector's answer means for the message. */
  #settle(head: Outgoing, answer: Answer): void {
    const { outbox, agent, log, report, clock } = this.#parts
    const { epoch, seq } = head
    const { status } = answer
    const refusal = readRefusal(answer.body)
    this.#sendAt = clock.boot() + paceMs
    if (status === 200 && isReceiptFor(answer.body, head, agent, log)) {
      outbox.acknowledge(head, answer.body)
      this.#heartbeatAt = clock.boot() + limits.heartbeatMs
      this.#heard('delivered')
    } else if (status === 409 && refusal) {
      const { code, expected } = refusal
      const isMended = code === 'gap' && expected !== null && outbox.resume(expected, head)
      if (isMended)
        report('warn', 'The collector lost messages; they are declared.', { epoch, seq })
      else this.#quarantine(code, head)
    } else if ([400, 413, 415].includes(status) && refusal && head.type === 'batch') {
      const { code } = refusal
      report('error', 'The collector refused a message.', { epoch, seq, status, code })
      outbox.refuse(head, code)
    } else {
      this.#failed(answer)
    }
  }

  /** Another copy of this agent lives, or history was forged: people have to look. */
  #quarantine(code: string, { epoch, seq }: Outgoing): void {
    this.#isQuarantined = true
    this.#parts.report('error', 'Quarantined: the collector has another message in this place.', {
      ...{ code, epoch, seq },
    })
    this.#contact('quarantined')
  }

  async #askCursor(): Promise<void> {
    const { outbox, agent, bootId, report } = this.#parts
    const question: CursorQuestion = { v: 1, agent, at: this.#reading(), boot: bootId }
    const answer = await this.#post('/v1/cursor', messageTypes.cursor, question)
    if (!answer) return
    const known = answer.status === 200 ? readCursor(parseOrNull(answer.body)) : null
    if (!known) return this.#failed(answer)
    outbox.openEpoch(known, this.#moment())
    report('warn', 'The spool was lost; a new epoch begins.', { epoch: known.epoch + 1 })
  }

  #post(path: string, typ: (typeof messageTypes)[keyof typeof messageTypes], content: object) {
    return this.#exchange(path, this.#parts.signer.sign(typ, content))
  }

  /** Posts and waits for the answer; null when none came. */
  async #exchange(path: string, jws: string): Promise<Answer | null> {
    try {
      return await this.#parts.post(path, jws, this.#stop.signal)
    } catch (error) {
      if (this.#stop.signal.aborted) return null
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'timeout'
      this.#failed(null, code)
      return null
    }
  }

  #heard(outcome: Contact['outcome']): void {
    if (this.#failures > 0) {
      this.#parts.report('info', 'The collector is heard again.', { failures: this.#failures })
      this.#sendAt = 0
    }
    this.#failures = 0
    this.#isHeard = true
    this.#contact(outcome)
  }

  #failed(answer: Answer | null, code = ''): void {
    const { clock, local, random, report } = this.#parts
    this.#failures += 1
    this.#isHeard = false
    const status = answer?.status ?? 0
    const denied = status === 401 || status === 403
    const floorMs = retryAfterMs(answer?.retryAfter ?? null, clock.wall())
    const waitMs = delayMs({ count: this.#failures, denied, floorMs, local }, random)
    this.#sendAt = clock.boot() + waitMs
    if (denied || floorMs > 0) this.#heartbeatAt = this.#sendAt
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

type Refusal = { readonly code: string; readonly expected: CursorAnswer | null }

/** The collector's own refusals are JSON with a code; a page of some proxy is not. */
function readRefusal(body: string): Refusal | null {
  const answer = parseOrNull(body)
  if (typeof answer?.code !== 'string') return null
  return { code: answer.code, expected: readCursor(answer.expected) }
}

function readCursor(value: unknown): CursorAnswer | null {
  if (typeof value !== 'object' || value === null) return null
  const { epoch, seq, prev } = value as Record<string, unknown>
  const isCursor = Number.isSafeInteger(epoch) && Number.isSafeInteger(seq)
  if (!isCursor || typeof prev !== 'string' || !/^[0-9a-f]{64}$/.test(prev)) return null
  return { epoch: Number(epoch), seq: Number(seq), prev }
}

function parseOrNull(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null
  } catch {
    return null
  }
}
