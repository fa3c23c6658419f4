import type { KeyObject } from 'node:crypto'
import type { Batch, CheckDefinition, Fact, Run } from '../../protocol/batch.ts'
import { definitionsHash } from '../../protocol/definitions.ts'
import type { EnrolmentAnswer } from '../../protocol/enrolment.ts'
import type { Gap } from '../../protocol/gap.ts'
import type { Heartbeat } from '../../protocol/heartbeat.ts'
import {
  type MessageType,
  messageTypes,
  noPrevious,
  parseJws,
  publicKeyText,
  sha256,
  signJws,
  thumbprint,
} from '../../protocol/jws.ts'
import type { BootMs, EpochMs } from '../../protocol/time.ts'
import { readReceipt } from './read-receipt.ts'
import { endOf, keyOfSeed, looks } from './seeded.ts'

/** What came back; `retryAfter` is the header as sent, null without one. */
export type Reply = {
  readonly status: number
  readonly body: string
  readonly retryAfter: string | null
}

/** Posts a signed message. Throws when no whole answer came. */
export type Exchange = (path: string, jws: string) => Promise<Reply>

/** A message sealed: signed, chained, and from here on always the same bytes. */
export type Sealed = {
  readonly type: 'batch' | 'gap'
  readonly epoch: number
  readonly seq: number
  /** The last number it stands for: that of a gap may be later than `seq`. */
  readonly through: number
  readonly hash: string
  readonly jws: string
}

/** A message sealed at some time, without its bytes: what the oracle compares the record with. */
export type Issued = Omit<Sealed, 'jws'>

/** A message that the pinned log signed for. */
export type Acked = {
  readonly epoch: number
  readonly seq: number
  readonly hash: string
  readonly leaf: number
  readonly leafHash: string
  /** The receipt itself, a compact JWS. */
  readonly receipt: string
}

/**
 * acked: stored by this attempt; duplicate: it was stored before; refused: the collector will not
 * take it (4xx); failed: no whole answer, no valid receipt, or "come back later" (429, 5xx).
 */
export type Delivered = 'acked' | 'duplicate' | 'refused' | 'failed'

export type SimulatedAgentOptions = {
  /** Name of its host: an `Id` of the protocol. */
  readonly name: string
  /** What it watches; agents may share one array. */
  readonly definitions: readonly CheckDefinition[]
  /** Same seed, same key, same bytes. */
  readonly seed: number
  /** Boot id, as hexadecimal with dashes. */
  readonly boot: string
  /** Wall clock at boot: epoch = bootAt + boot milliseconds. */
  readonly bootAt: EpochMs
  /** When it begins to look. Default 0. */
  readonly from?: BootMs
}

/**
 * An agent that watches nothing: it speaks the real protocol, says what its driver tells it, and
 * remembers what it issued and what was acknowledged. It has no timer, no clock and no disk; one
 * process holds thousands. At most one `deliver` may run at a time.
 */
export class SimulatedAgent {
  readonly name: string
  readonly definitions: readonly CheckDefinition[]
  readonly seed: number
  readonly boot: string
  readonly bootAt: EpochMs
  /** Every message sealed, in order. */
  readonly issued: Issued[] = []
  /** Every message with a receipt, in the order of the receipts. */
  readonly acked: Acked[] = []
  /** Requests with a batch or gap, whatever became of them. */
  attempts = 0
  /** What the last request got; null when no whole answer came. */
  lastReply: Reply | null = null
  readonly #key: KeyObject
  readonly #publicKey: string
  readonly #kid: string
  readonly #definitionsHash: string
  readonly #backlog: Sealed[] = []
  /** Where the last run of each check ended, in definition order. */
  readonly #ends: BootMs[]
  #identity: EnrolmentAnswer | null = null
  #epoch = 1
  #seq = 1
  #prev = noPrevious
  #isDefined = false
  #sealedAt: BootMs

  constructor({ name, definitions, seed, boot, bootAt, from = 0 }: SimulatedAgentOptions) {
    this.name = name
    this.definitions = definitions
    this.seed = seed
    this.boot = boot
    this.bootAt = bootAt
    this.#key = keyOfSeed(seed)
    this.#publicKey = publicKeyText(this.#key)
    this.#kid = thumbprint(this.#publicKey)
    this.#definitionsHash = definitionsHash(definitions)
    this.#ends = definitions.map(() => from)
    this.#sealedAt = from
  }

  /** The id the collector gave. Empty before `enrol`. */
  get agent(): string {
    return this.#identity?.agent ?? ''
  }

  /** What the collector said at enrolment. Throws before it. */
  get identity(): EnrolmentAnswer {
    if (!this.#identity) throw new Error(`${this.name} is not enrolled.`)
    return this.#identity
  }

  /** Messages without a receipt, oldest first. */
  get backlog(): readonly Sealed[] {
    return this.#backlog
  }

  /** The end of the last seal. */
  get sealedAt(): BootMs {
    return this.#sealedAt
  }

  /** Joins. Throws with the status and the body when it is refused. Asking again is harmless. */
  async enrol(exchange: Exchange, token: string): Promise<void> {
    const payload = { v: 1, token, name: this.name, publicKey: this.#publicKey }
    const jws = this.#sign(messageTypes.enrolment, payload)
    this.lastReply = await exchange('/v1/enrolments', jws)
    const { status, body } = this.lastReply
    if (status !== 200) throw new Error(`${this.name} may not join: ${status} ${body}`)
    this.#identity = JSON.parse(body) as EnrolmentAnswer
    this.#epoch = this.#identity.epoch
  }

  /** Says that it is alive, and what time it has: `wall`, and as boot time `wall - bootAt`. */
  async heartbeat(exchange: Exchange, wall: EpochMs): Promise<'heard' | 'refused' | 'failed'> {
    const bytes = this.#backlog.reduce((sum, { jws }) => sum + jws.length, 0)
    const heartbeat: Heartbeat = {
      v: 1,
      agent: this.agent,
      epoch: this.#epoch,
      boot: this.boot,
      at: { wall, boot: wall - this.bootAt },
      spool: { messages: this.#backlog.length, bytes },
      version: '0.1.0',
    }
    const jws = this.#sign(messageTypes.heartbeat, heartbeat)
    const reply = await this.#ask(exchange, '/v1/heartbeats', jws)
    if (reply?.status === 200) return 'heard'
    return isRefusal(reply) ? 'refused' : 'failed'
  }

  /**
   * Appends a batch to the backlog. Checks that `runs` does not name just go on: the first batch
   * defines them all and says they are up from the start, later ones put them under `steady`.
   */
  seal(through: BootMs, runs: readonly Run[] = [], facts: readonly Fact[] = []): Sealed {
    const told = new Set(runs.map(({ check }) => check))
    const isFirst = !this.#isDefined
    const said: Run[] = []
    const steady: Batch['steady'] = { checks: this.#definitionsHash, through: [], counts: [] }
    this.definitions.forEach(({ check, intervalMs }, i) => {
      const from = this.#ends[i]!
      const count = looks(from, through, intervalMs)
      const goesOn = !isFirst && !told.has(check)
      steady.through.push(goesOn ? through : null)
      steady.counts.push(goesOn ? count : 0)
      if (isFirst && !told.has(check)) said.push({ check, state: 'up', from, to: through, count })
      this.#ends[i] = told.has(check) ? endOf(runs, check) : through
    })
    const batch: Batch = {
      v: 1,
      agent: this.agent,
      epoch: this.#epoch,
      seq: this.#seq,
      prev: this.#prev,
      boot: this.boot,
      sealed: { wall: this.bootAt + through, boot: through },
      window: { from: this.#sealedAt, to: through },
      runs: [...said, ...runs],
      steady,
      facts: [...facts],
      pauses: [],
      ...(isFirst && { checks: [...this.definitions] }),
    }
    this.#isDefined = true
    this.#sealedAt = through
    const sealed = this.#frozen('batch', batch, batch.seq)
    this.#backlog.push(sealed)
    this.#seq++
    this.#prev = sealed.hash
    return sealed
  }

  /** Declares the oldest `count` messages of the backlog lost: one gap takes their place. */
  drop(count: number, why: Gap['why'] = 'spool_full'): void {
    const lost = this.#backlog.splice(0, count)
    const first = lost[0]
    const last = lost.at(-1)
    if (!first || !last) return
    const prev = JSON.parse(Buffer.from(parseJws(first.jws).payload).toString()).prev as string
    const gap: Gap = {
      v: 1,
      agent: this.agent,
      epoch: first.epoch,
      seq: first.seq,
      through: last.through,
      prev,
      lastDropped: last.hash,
      boot: this.boot,
      window: { from: 0, to: this.#sealedAt },
      why,
    }
    this.#backlog.unshift(this.#frozen('gap', gap, gap.through))
    // The next batch spells out what its checks do: after a loss `steady` says nothing.
    this.#isDefined = false
  }

  /** Sends the oldest message of the backlog; it leaves only with a valid receipt. */
  async deliver(exchange: Exchange): Promise<Delivered> {
    const head = this.#backlog[0]
    if (!head) throw new Error(`${this.name} has nothing to deliver.`)
    this.attempts++
    const startedAt = performance.now()
    const reply = await this.#ask(exchange, '/v1/batches', head.jws)
    if (reply?.status !== 200) return isRefusal(reply) ? 'refused' : 'failed'
    const receipt = readReceipt(reply.body, this.identity.log, { ...head, agent: this.agent })
    if (!receipt) return 'failed'
    this.#backlog.shift()
    const { epoch, seq, batch: hash, leaf, leafHash } = receipt
    this.acked.push({ epoch, seq, hash, leaf, leafHash, receipt: reply.body })
    // What the collector has had for longer than this attempt lasted came with an earlier one.
    const isOlder = receipt.now - receipt.received > performance.now() - startedAt + clockGrainMs
    return isOlder ? 'duplicate' : 'acked'
  }

  #frozen(type: Sealed['type'], payload: Batch | Gap, through: number): Sealed {
    const jws = this.#sign(messageTypes[type], payload)
    const { epoch, seq } = payload
    const issued: Issued = { type, epoch, seq, through, hash: sha256(jws) }
    this.issued.push(issued)
    return { ...issued, jws }
  }

  #sign(typ: MessageType, payload: object): string {
    return signJws(typ, payload, this.#key, this.#kid)
  }

  async #ask(exchange: Exchange, path: string, jws: string): Promise<Reply | null> {
    try {
      this.lastReply = await exchange(path, jws)
    } catch {
      // The network may fail in any way: a failure is an outcome here, and the log counts it.
      this.lastReply = null
    }
    return this.lastReply
  }
}

/** Clocks are read in whole milliseconds. */
const clockGrainMs = 2

/** A client error that waiting does not mend. */
function isRefusal(reply: Reply | null): boolean {
  return reply !== null && reply.status >= 400 && reply.status < 500 && reply.status !== 429
}
