import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { Compile } from 'typebox/compile'
import { Batch } from '../../protocol/batch.ts'
import { signCheckpoint } from '../../protocol/checkpoint.ts'
import { type EnrolmentAnswer, EnrolmentRequest } from '../../protocol/enrolment.ts'
import { Gap } from '../../protocol/gap.ts'
import { CursorQuestion, Heartbeat } from '../../protocol/heartbeat.ts'
import {
  generateKey,
  messageTypes,
  noPrevious,
  parseJws,
  privateKey,
  publicKey,
  publicKeyText,
  sha256,
  signJws,
  thumbprint,
  verifyJws,
} from '../../protocol/jws.ts'
import { limits } from '../../protocol/limits.ts'
import { isPossessed } from '../../protocol/possession.ts'
import { RejoinRequest } from '../../protocol/rejoin.ts'
import { Rotation } from '../../protocol/rotation.ts'
import { listen } from './loopback.ts'

const schemas = {
  [messageTypes.batch]: Compile(Batch),
  [messageTypes.gap]: Compile(Gap),
  [messageTypes.heartbeat]: Compile(Heartbeat),
  [messageTypes.cursor]: Compile(CursorQuestion),
  [messageTypes.enrolment]: Compile(EnrolmentRequest),
  [messageTypes.rotation]: Compile(Rotation),
  [messageTypes.rejoin]: Compile(RejoinRequest),
}

const joseHeaders = { 'content-type': 'application/jose' }
const addresses: Partial<Readonly<Record<keyof typeof messageTypes, string>>> = {
  ...{ heartbeat: '/v1/heartbeats', cursor: '/v1/cursor', enrolment: '/v1/enrolments' },
  ...{ batch: '/v1/batches', gap: '/v1/batches', rotation: '/v1/batches', rejoin: '/v1/rejoins' },
}

/** A key that a rotation replaced: it still verifies what stands in its part of the stream. */
type Rotated = { readonly epoch: number; readonly seq: number; before: string; after: string }

/** A message as it arrived; its signature and its schema were in order. */
export type Received = {
  readonly path: string
  readonly type: keyof typeof messageTypes
  // biome-ignore lint/suspicious/noExplicitAny: tests look into contents of every type
  readonly content: any
  readonly jws: string
}

export type FakeAnswer = {
  readonly status: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * A collector on a real port that keeps the rules of the protocol: signatures, schemas, sequence,
 * receipts. It stores in memory only, and a test may put words into its mouth.
 */
export class FakeCollector {
  readonly received: Received[] = []
  /** Consulted before anything else; null leaves it to the rules. `cut` ends the connection. */
  answer: (received: Received) => FakeAnswer | 'cut' | 'silence' | null = () => null
  cursor = { epoch: 1, seq: 1, prev: noPrevious }
  url = ''
  /** Told when somebody came who is not known. */
  onDenied = () => {}
  /** Set by a conflict; ended by `release`. */
  isQuarantined = false
  /** Put into every receipt. */
  checkpoint: string | null = null
  /** What `GET /v1/log-keys` answers. */
  logKeys: readonly string[] = []
  /** Addresses that were asked for without a message. */
  readonly asked: string[] = []
  #key = privateKey(generateKey().privatePem)
  readonly #stored = new Map<string, string>()
  /** Keys that may do everything. */
  readonly #agentKeys = new Map<string, string>()
  #rotations: Rotated[] = []
  #wanted = ''
  #waiting: (() => void)[] = []

  static async start(port = 0): Promise<FakeCollector> {
    const collector = new FakeCollector()
    const server = createServer((request, response) => {
      void collector.#serve(request, response)
    })
    collector.url = `http://127.0.0.1:${await listen(server, port)}`
    return collector
  }

  get log() {
    const key = publicKeyText(this.#key)
    return { id: 'ministry', publicKey: key, kid: thumbprint(key) }
  }

  /** Messages of one type so far. */
  of(type: Received['type']): Received[] {
    return this.received.filter((message) => message.type === type)
  }

  /** Waits until so many messages of a type have come. */
  async until(type: Received['type'], count: number): Promise<Received[]> {
    while (this.of(type).length < count) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    return this.of(type)
  }

  /** Lets a key sign, as an enrolment would. */
  enrol(key: string): EnrolmentAnswer {
    this.#agentKeys.set(thumbprint(key), key)
    const place = { institution: 'ministry', environment: 'portal', epoch: 1 }
    return { v: 1, agent: `a-${sha256(key).slice(0, 8)}`, ...place, log: this.log }
  }

  /** The agent's keys that may do everything. */
  get agentKids(): string[] {
    return [...this.#agentKeys.keys()]
  }

  /** Goes back to how it was at a place of the stream, as from a backup. */
  restore(cursor: FakeCollector['cursor']): void {
    this.cursor = cursor
    const isUndone = ({ epoch, seq }: { epoch: number; seq: number }) =>
      epoch > cursor.epoch || (epoch === cursor.epoch && seq >= cursor.seq)
    for (const place of this.#stored.keys()) {
      const [epoch = 0, seq = 0] = place.split('/').map(Number)
      if (isUndone({ epoch, seq })) this.#stored.delete(place)
    }
    for (const { before, after } of this.#rotations.filter(isUndone).toReversed()) {
      this.#agentKeys.delete(thumbprint(after))
      this.#agentKeys.set(thumbprint(before), before)
    }
    this.#rotations = this.#rotations.filter((rotation) => !isUndone(rotation))
  }

  /** What was stored, by epoch and number. */
  stored(): ReadonlyMap<string, string> {
    return this.#stored
  }

  /** Takes a message as if it had come; what it would have answered is lost. */
  admit(jws: string): void {
    const received = this.#read({ url: '/v1/batches', headers: joseHeaders }, jws)
    if (received) this.#rules(received)
  }

  /** Lets the agent in again that asked: only its new key counts from here on. */
  release(): void {
    this.isQuarantined = false
    this.#rotations = []
    this.#agentKeys.clear()
    this.#agentKeys.set(thumbprint(this.#wanted), this.#wanted)
  }

  /** Signs with another key from now on, and says so with the one before. */
  changeLogKey(): void {
    const next = privateKey(generateKey().privatePem)
    const change = { v: 1, publicKey: publicKeyText(next), at: 1 }
    this.logKeys = [...this.logKeys, signJws(messageTypes.logKey, change, this.#key, this.log.kid)]
    this.#key = next
  }

  /** A checkpoint of a log, signed with the present key. */
  note(log: string, size: number, root: string): string {
    const checkpoint = { log, size, root: Buffer.from(sha256(root), 'hex') }
    return signCheckpoint(checkpoint, this.#key, this.log.publicKey)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const jws = (await buffer(request).catch(() => '')).toString()
    if (request.method === 'GET' && request.url === '/v1/log-keys') {
      this.asked.push(request.url)
      return void response.end(JSON.stringify({ keys: this.logKeys }))
    }
    // From a process that was killed, or one that looks at what listens on this machine.
    if (!request.complete || request.method !== 'POST') return void response.destroy()
    const received = this.#read(request, jws)
    const answer = received ? (this.answer(received) ?? this.#rules(received)) : { status: 401 }
    if (received) this.received.push(received)
    else this.onDenied()
    if (answer === 'cut') response.destroy()
    else if (answer !== 'silence')
      response.writeHead(answer.status, answer.headers).end(answer.body)
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #read(
    { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
    compact: string,
  ): Received | null {
    const jws = parseJws(compact)
    const isLong = compact.length > limits.messageBytesMax
    if (isLong || headers['content-type'] !== 'application/jose') return null
    const content = JSON.parse(Buffer.from(jws.payload).toString())
    const isEnrolment = jws.typ === messageTypes.enrolment
    const key = isEnrolment ? content.publicKey : this.#keyFor(jws.kid, content)
    if (!key || thumbprint(key) !== jws.kid || !verifyJws(jws, publicKey(key))) return null
    const misfits = schemas[jws.typ as keyof typeof schemas].Errors(content)
    if (misfits.length > 0) throw new Error(`schema: ${JSON.stringify(misfits)}`)
    const types = Object.keys(messageTypes) as Received['type'][]
    const type = types.find((name) => messageTypes[name] === jws.typ)
    return type ? { path: url, type, content, jws: compact } : null
  }

  /** A key that was replaced signs what stands before the rotation, and nothing else. */
  #keyFor(kid: string, { epoch, seq }: Received['content']): string | undefined {
    const rotated = this.#rotations.find(({ before }) => thumbprint(before) === kid)
    const isBefore = rotated && epoch === rotated.epoch && seq <= rotated.seq
    return this.#agentKeys.get(kid) ?? (isBefore ? rotated.before : undefined)
  }

  #rules({ type, content, jws, path }: Received): FakeAnswer {
    if (path !== addresses[type]) return { status: 404 }
    if (type === 'heartbeat') return { status: 200, body: '{}' }
    if (type === 'cursor') return { status: 200, body: JSON.stringify(this.cursor) }
    if (type === 'enrolment') return json(200, this.enrol(content.publicKey))
    if (type === 'rejoin') return this.#rejoin(content)
    if (this.isQuarantined) return json(409, { code: 'quarantined', message: '' })
    const answer = this.#admit(content, jws)
    if (String(answer.body).includes('"conflict"')) this.isQuarantined = true
    if (type === 'rotation' && answer.status === 200) this.#rotate(content, jws)
    return answer
  }

  #rotate({ epoch, seq, publicKey: after, agent, possession }: Rotation, jws: string): void {
    if (!isPossessed('rotation', agent, after, possession)) throw new Error('not possessed')
    const kid = parseJws(jws).kid
    const before = this.#agentKeys.get(kid)
    // Gone when the rotation was seen before.
    if (before === undefined) return
    this.#rotations.push({ epoch, seq, before, after })
    this.#agentKeys.delete(kid)
    this.#agentKeys.set(thumbprint(after), after)
  }

  #rejoin({ publicKey: wanted, agent, possession }: RejoinRequest): FakeAnswer {
    if (!this.isQuarantined) return json(409, { code: 'conflict', message: '' })
    if (!isPossessed('rejoin', agent, wanted, possession)) throw new Error('not possessed')
    this.#wanted = wanted
    return json(202, { code: 'waiting', message: '' })
  }

  /** The sequence rules of docs/protocol.md. */
  #admit(content: Received['content'], jws: string): FakeAnswer {
    const { epoch, seq, prev, through = seq, why, agent } = content
    const place = `${epoch}/${seq}`
    const hash = sha256(jws)
    const opens = why === 'spool_lost' && epoch === this.cursor.epoch + 1 && seq === 1
    if (!opens) {
      const isAhead = epoch > this.cursor.epoch || seq > this.cursor.seq
      if (isAhead) return json(409, { code: 'gap', message: '', expected: this.cursor })
      if (epoch < this.cursor.epoch) return json(409, { code: 'conflict', message: '' })
      const isSeen = seq < this.cursor.seq
      if (isSeen && this.#stored.get(place) === jws) return this.#receipt(agent, epoch, seq, hash)
      if (isSeen || prev !== this.cursor.prev) return json(409, { code: 'conflict', message: '' })
    }
    this.#stored.set(place, jws)
    this.cursor = { epoch, seq: through + 1, prev: content.lastDropped ?? hash }
    return this.#receipt(agent, epoch, seq, hash)
  }

  #receipt(agent: string, epoch: number, seq: number, batch: string): FakeAnswer {
    const receipt = {
      ...{ v: 1, log: this.log.id, agent, epoch, seq, batch, leaf: this.#stored.size },
      ...{ leafHash: sha256(batch), received: 1, now: 1 },
      ...(this.checkpoint !== null && { checkpoint: this.checkpoint }),
    }
    const body = signJws(messageTypes.receipt, receipt, this.#key, this.log.kid)
    return { status: 200, body, headers: { 'content-type': 'application/jose' } }
  }
}

function json(status: number, body: object): FakeAnswer {
  return { status, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}
