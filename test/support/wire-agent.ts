import { sign } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Batch, CheckDefinition, Run } from '../../protocol/batch.ts'
import { definitionsHash } from '../../protocol/definitions.ts'
import type { EnrolmentAnswer } from '../../protocol/enrolment.ts'
import {
  generateKey,
  type MessageType,
  messageTypes,
  noPrevious,
  privateKey,
  sha256,
  signJws,
  thumbprint,
} from '../../protocol/jws.ts'
import { provePossession } from '../../protocol/possession.ts'
import type { BootMs, EpochMs } from '../../protocol/time.ts'

export type WireAnswer = { readonly status: number; readonly text: string; json(): never }

/** A run in a test: `to` from where the check's last run ended, unless `from` says otherwise. */
export type ShortRun = Partial<Run> & Pick<Run, 'check' | 'state' | 'to'>

/**
 * Speaks the agents' protocol to a collector, message by message, without any of the agent's code:
 * what it sends is what the test says.
 */
export class WireAgent {
  #app: FastifyInstance
  #pair = generateKey()
  #key = privateKey(this.#pair.privatePem)
  readonly boot = 'b007b007-0000-4000-8000-000000000001'
  definitions: readonly CheckDefinition[]
  /** Wall clock at boot: epoch = bootAt + boot milliseconds. */
  readonly bootAt: EpochMs
  agent = ''
  epoch = 1
  seq = 1
  prev = noPrevious
  #ends = new Map<string, BootMs>()
  #defined = false

  constructor(
    app: FastifyInstance,
    bootAt: EpochMs,
    definitions: readonly CheckDefinition[] = [{ check: 'host', kind: 'host', intervalMs: 60_000 }],
  ) {
    this.#app = app
    this.bootAt = bootAt
    this.definitions = definitions
  }

  get kid(): string {
    return thumbprint(this.#pair.publicKey)
  }

  get publicKey(): string {
    return this.#pair.publicKey
  }

  /** Goes on with another key. */
  use(pair: ReturnType<typeof generateKey>): void {
    this.#pair = pair
    this.#key = privateKey(pair.privatePem)
  }

  /** Another host with a copy of this one's key and place: a clone of its disk. */
  copy(): WireAgent {
    const twin = new WireAgent(this.#app, this.bootAt, this.definitions)
    twin.use(this.#pair)
    twin.#defined = this.#defined
    twin.#ends = new Map(this.#ends)
    const { agent, epoch, seq, prev } = this
    return Object.assign(twin, { agent, epoch, seq, prev })
  }

  /** Talks to the collector that came after a restart. */
  connect(app: FastifyInstance): void {
    this.#app = app
  }

  /** Watches other checks from the next batch on. */
  define(definitions: readonly CheckDefinition[]): void {
    this.definitions = definitions
    this.#defined = false
  }

  sign(typ: MessageType, payload: object, kid = this.kid): string {
    return signJws(typ, payload, this.#key, kid)
  }

  /** Signs bytes whatever they are, as a broken or hostile agent could. */
  signBytes(typ: MessageType, bytes: Uint8Array): string {
    const header = this.sign(typ, {}).split('.')[0]!
    const input = `${header}.${Buffer.from(bytes).toString('base64url')}`
    const signature = sign(null, Buffer.from(input), this.#key)
    return `${input}.${signature.toString('base64url')}`
  }

  /** `from` is the address that it seems to come from. */
  async post(
    path: string,
    body: string | Buffer,
    headers = {},
    from?: string,
  ): Promise<WireAnswer> {
    const { statusCode, body: text } = await this.#app.inject({
      method: 'POST',
      url: path,
      headers: { 'content-type': 'application/jose', ...headers },
      payload: body,
      ...(from !== undefined && { remoteAddress: from }),
    })
    return { status: statusCode, text, json: () => JSON.parse(text) as never }
  }

  async enrol(token: string, name = 'web-1', from?: string): Promise<WireAnswer> {
    const payload = { v: 1, token, name, publicKey: this.#pair.publicKey }
    const jws = this.sign(messageTypes.enrolment, payload)
    const answer = await this.post('/v1/enrolments', jws, {}, from)
    if (answer.status === 200) this.agent = (answer.json() as EnrolmentAnswer).agent
    return answer
  }

  heartbeat(at: BootMs, more = {}): Promise<WireAnswer> {
    const payload = {
      v: 1,
      agent: this.agent,
      epoch: this.epoch,
      boot: this.boot,
      at: { wall: this.bootAt + at, boot: at },
      spool: { messages: 0, bytes: 0 },
      version: '0.1.0',
      ...more,
    }
    return this.post('/v1/heartbeats', this.sign(messageTypes.heartbeat, payload))
  }

  /** Signs the next message of the stream: a new key takes over. Uses it once it was taken. */
  async rotate(next = generateKey(), more: object = {}): Promise<WireAnswer> {
    const key = privateKey(next.privatePem)
    const rotation = {
      ...{ v: 1, agent: this.agent, epoch: this.epoch, seq: this.seq, prev: this.prev },
      ...{ boot: this.boot, sealed: { wall: this.bootAt, boot: 0 }, publicKey: next.publicKey },
      possession: provePossession('rotation', this.agent, next.publicKey, key),
      ...more,
    }
    const jws = this.sign(messageTypes.rotation, rotation)
    const answer = await this.post('/v1/batches', jws)
    if (answer.status === 200) {
      this.use(next)
      this.seq++
      this.prev = sha256(jws)
    }
    return answer
  }

  /** Asks to go on with a new key; the key is used only once `use` is told. */
  rejoin(next = generateKey(), more: object = {}): Promise<WireAnswer> {
    const { publicKey } = next
    const key = privateKey(next.privatePem)
    const possession = provePossession('rejoin', this.agent, publicKey, key)
    const request = { v: 1, agent: this.agent, publicKey, possession, ...more }
    return this.post('/v1/rejoins', this.sign(messageTypes.rejoin, request))
  }

  /** Opens the next epoch, after its own record was lost. */
  async restart(): Promise<WireAnswer> {
    const gap = {
      ...{ v: 1, agent: this.agent, epoch: this.epoch + 1, seq: 1, through: 1, prev: noPrevious },
      ...{ lastDropped: null, boot: this.boot, window: { from: 0, to: 0 }, why: 'spool_lost' },
    }
    const jws = this.sign(messageTypes.gap, gap)
    const answer = await this.post('/v1/batches', jws)
    if (answer.status === 200) {
      this.epoch++
      this.seq = 2
      this.prev = sha256(jws)
    }
    return answer
  }

  /** Where the collector says that the stream stands. */
  cursor(): Promise<WireAnswer> {
    const at = { wall: this.bootAt, boot: 0 }
    const question = { v: 1, agent: this.agent, at, boot: this.boot }
    return this.post('/v1/cursor', this.sign(messageTypes.cursor, question))
  }

  /** The next batch of the stream, sealed at the end of its runs; definitions with the first. */
  batch(runs: readonly ShortRun[], more: Partial<Batch> = {}): Batch {
    const full = runs.map((run): Run => {
      const from = run.from ?? this.#ends.get(run.check) ?? 0
      this.#ends.set(run.check, run.to)
      return { count: 1, ...run, from }
    })
    const end = Math.max(0, ...full.map(({ to }) => to))
    return {
      v: 1,
      agent: this.agent,
      epoch: this.epoch,
      seq: this.seq,
      prev: this.prev,
      boot: this.boot,
      sealed: { wall: this.bootAt + end, boot: end },
      window: { from: 0, to: end },
      runs: full,
      steady: {
        checks: definitionsHash(this.definitions),
        through: this.definitions.map(() => null),
        counts: this.definitions.map(() => 0),
      },
      facts: [],
      pauses: [],
      ...(!this.#defined && { checks: [...this.definitions] }),
      ...more,
    }
  }

  /** Declares that the next messages are lost, `count` of them. */
  async declareLost(
    count: number,
    lastDropped = sha256('the last message that was lost'),
  ): Promise<WireAnswer> {
    const gap = {
      v: 1,
      agent: this.agent,
      epoch: this.epoch,
      seq: this.seq,
      through: this.seq + count - 1,
      prev: this.prev,
      lastDropped,
      boot: this.boot,
      window: { from: 0, to: 0 },
      why: 'spool_full',
    }
    const answer = await this.post('/v1/batches', this.sign(messageTypes.gap, gap))
    if (answer.status === 200) {
      this.seq += count
      this.prev = lastDropped
    }
    return answer
  }

  /** Sends a batch and moves on when it was taken. */
  async send(batch: Batch): Promise<WireAnswer> {
    const jws = this.sign(messageTypes.batch, batch)
    const answer = await this.post('/v1/batches', jws)
    if (answer.status === 200 && batch.seq === this.seq) {
      this.seq++
      this.#defined = true
      this.prev = sha256(jws)
    }
    return answer
  }
}
