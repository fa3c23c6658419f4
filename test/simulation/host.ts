import { createHash, type KeyObject } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Timer } from '../../agent/clock.ts'
import { Delivery } from '../../agent/deliver.ts'
import type { KeptFold } from '../../agent/fold.ts'
import { signerOf } from '../../agent/identity.ts'
import { Keyring, type KeyState } from '../../agent/keyring.ts'
import { written } from '../../agent/message.ts'
import { Outbox } from '../../agent/outbox.ts'
import type { Post } from '../../agent/post.ts'
import type { PinnedLog } from '../../agent/receipt.ts'
import { resumeFold } from '../../agent/resume.ts'
import type { Spool } from '../../agent/spool.ts'
import { isDiskFull, openSpool } from '../../agent/spool-file.ts'
import type { SpooledMessage } from '../../agent/spool-row.ts'
import { Trust } from '../../agent/trust.ts'
import { Watch } from '../../agent/watch.ts'
import type { CheckDefinition } from '../../protocol/batch.ts'
import type { Observation } from '../../protocol/check.ts'
import { noPrevious } from '../../protocol/jws.ts'
import { type EpochMs, type Span, secondMs } from '../../protocol/time.ts'
import type { Damage, SpoolFate } from './faults.ts'
import type { Random } from './random.ts'
import type { Owner, VirtualTime } from './virtual-time.ts'

/** What a host is from its enrolment on. */
export type HostIdentity = {
  readonly name: string
  readonly agent: string
  readonly key: KeyObject
  readonly log: PinnedLog
  readonly enrolledAt: EpochMs
  readonly definitions: readonly CheckDefinition[]
}

/** The world around a host. */
export type Surroundings = {
  readonly time: VirtualTime
  readonly folder: string
  readonly random: Random
  /** One look at a check: what is true now. */
  readonly look: (check: string, process: Owner) => Promise<Observation>
  readonly post: (path: string, jws: string | null, process: Owner) => ReturnType<Post>
  readonly onIssued: (messages: readonly SpooledMessage[]) => void
  readonly note: (what: string) => void
}

/** The agent's process while it lives. */
type Process = Owner & {
  readonly dir: string
  readonly spool: Spool
  readonly watch: Watch
  readonly delivery: Delivery
}

/** A service manager starts what ended by itself again after this time. */
const restartMs = 10 * secondMs

/**
 * A host with its clocks and its disk, and the real agent on it: the same parts that
 * agent/resident.ts puts together.
 */
export class Host {
  readonly identity: HostIdentity
  /** How far the wall clock is ahead of the truth. */
  wallErrorMs = 0
  /** When the agent was dropped; looks just before may not have been kept. */
  readonly droppedAt: EpochMs[] = []
  readonly #fullSpans: { from: EpochMs; to: EpochMs }[] = []
  readonly #around: Surroundings
  /** Why the agent does not run; empty while it does or is about to. */
  readonly #holds = new Set<string>()
  #process: Process | null = null
  #starts = 0
  #boots = 0
  #bootId = ''
  #bootedAt: EpochMs = 0
  #suspendedMs = 0
  #resumesAt: EpochMs = 0
  #dir: string

  readonly clock: Clock = {
    wall: () => this.#around.time.now + this.wallErrorMs,
    boot: () => this.#around.time.now - this.#bootedAt,
    running: () => this.#around.time.now - this.#bootedAt - this.#suspendedMs,
  }

  constructor(identity: HostIdentity, around: Surroundings) {
    this.identity = identity
    this.#around = around
    this.#dir = join(around.folder, `${identity.name}-0`)
    mkdirSync(this.#dir, { recursive: true })
    const spool = openSpool(this.#dir, identity.enrolledAt)
    spool.commit({ states: { cursor: { epoch: 1, seq: 1, prev: noPrevious, afterLoss: false } } })
    spool.close()
    this.#boot()
  }

  get isRunning(): boolean {
    return this.#process !== null
  }

  /** When the disk was full. */
  get fullSpans(): readonly Span[] {
    return this.#fullSpans
  }

  get isDiskFull(): boolean {
    return this.#fullSpans.at(-1)?.to === Number.POSITIVE_INFINITY
  }

  set isDiskFull(isFull: boolean) {
    const { now } = this.#around.time
    const last = this.#fullSpans.at(-1)
    if (isFull && !this.isDiskFull)
      this.#fullSpans.push({ from: now, to: Number.POSITIVE_INFINITY })
    if (!isFull && last) last.to = Math.min(last.to, now)
  }

  /** When the host wakes from its sleep; in the past while it is awake. */
  get resumesAt(): EpochMs {
    return this.#resumesAt
  }

  /** How many messages wait; null while nobody can say. */
  get waiting(): number | null {
    return this.#process?.spool.depth().messages ?? null
  }

  /** Keeps the agent from running, for a reason; it is dropped without a word if it runs. */
  hold(why: string): void {
    this.#holds.add(why)
    this.#drop()
  }

  /** Ends the agent in order, and keeps it from running. */
  stop(why: string): void {
    this.#holds.add(why)
    const process = this.#process
    if (!process) return
    process.watch.stop()
    void process.delivery.stop().then(() => {
      if (this.#process === process) this.#drop()
    })
  }

  /** A reason is gone; the last one lets the agent start. `boots`: the host was off. */
  release(why: string, boots = false): void {
    this.#holds.delete(why)
    if (this.#process) this.#drop()
    if (boots) this.#boot()
    this.start()
  }

  /** Starts the agent unless something holds it; a full disk makes it try again. */
  start(): void {
    if (this.#process || this.#holds.size > 0) return
    const { time, note } = this.#around
    const manager = { name: `${this.identity.name} manager` }
    const waitMs = this.#resumesAt - time.now
    if (waitMs > 0) {
      time.after(waitMs, manager, () => this.start())
      return
    }
    try {
      this.#process = this.#assemble()
    } catch (error) {
      if (!isDiskFull(error)) throw error
      note(`${this.identity.name} cannot start: the disk is full`)
      time.after(restartMs, manager, () => this.start())
      return
    }
    this.#process.watch.start()
    this.#process.delivery.wake()
  }

  /** The host sleeps; its timers stand still. */
  suspend(ms: number): void {
    const { time } = this.#around
    if (time.now < this.#resumesAt) return
    this.#resumesAt = time.now + ms
    this.#suspendedMs += ms
    if (this.#process) time.delay(this.#process, ms)
  }

  /** What a crash leaves of the spool, before the next start. */
  spoil(spool: SpoolFate): void {
    if (this.#process) return
    const file = join(this.#dir, 'spool.sqlite')
    if (spool.fate === 'lost') {
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
    } else if (spool.fate === 'damaged' && existsSync(file))
      writeFileSync(file, damaged(readFileSync(file), spool))
  }

  #boot(): void {
    const { time } = this.#around
    this.#boots++
    const id = createHash('sha256').update(`${this.identity.name} boot ${this.#boots}`)
    this.#bootId = id.digest('hex').slice(0, 32)
    this.#bootedAt = time.now - 5 * secondMs
    this.#suspendedMs = 0
    this.#resumesAt = time.now
  }

  #drop(): void {
    const lost = this.#process
    if (!lost) return
    this.#process = null
    this.droppedAt.push(this.#around.time.now)
    this.#around.time.forget(lost)
    this.#dir = join(this.#around.folder, `${this.identity.name}-${this.#starts}`)
    cpSync(lost.dir, this.#dir, { recursive: true })
    lost.spool.close()
  }

  #assemble(): Process {
    const { time, random, note } = this.#around
    const { agent, key, log, enrolledAt, definitions, name } = this.identity
    const { clock } = this
    const process: Owner = { name: `${name} ${++this.#starts}` }
    const dir = this.#dir
    const spool = this.#watched(openSpool(dir, clock.wall()))
    const keys = new Keyring([signerOf(key)], spool.state('key') as KeyState | null) // the outbox's
    const trust = new Trust(log, () => log)
    const timer: Timer = (delayMs, action) => time.after(delayMs, process, action)
    const report = (_level: string, message: string) => note(`${process.name}: ${message}`)
    const kept = spool.state('fold') as KeptFold | null // written by the watch
    const reading = { wall: clock.wall(), boot: clock.boot() }
    const outbox = new Outbox(spool, keys, agent)
    const bootId = this.#bootId
    try {
      const { bodies, fold } = resumeFold(kept, definitions, { bootId, ...reading })
      if (bodies.length > 0 && outbox.cursor) outbox.put(bodies, { fold, at: reading })
      const watch = new Watch({
        ...{ agent, enrolledAt, fold, outbox, spool, clock, timer, report },
        look: (check) => this.#around.look(check, process),
        onSealed: () => delivery.wake(),
      })
      const delivery = new Delivery({
        ...{ outbox, keys, agent, clock, bootId, timer, report, trust },
        random: random.next,
        post: (path, message) => this.#around.post(path, written(message), process),
        local: false,
        onContact: (contact) => watch.noteContact(contact),
      })
      return Object.assign(process, { dir, spool, watch, delivery })
    } catch (error) {
      spool.close()
      throw error
    }
  }

  /** The spool on this host's disk: it can be full, and what is frozen on it was issued. */
  #watched(spool: Spool): Spool {
    const commit = spool.commit.bind(spool)
    spool.commit = (change) => {
      if (this.isDiskFull) {
        const error = new Error('database or disk is full')
        throw Object.assign(error, { code: 'ERR_SQLITE_ERROR', errcode: 13 })
      }
      const issued = [...(change.added ?? [])]
      const sign = (message: SpooledMessage) => {
        const signed = change.resigned!.sign(message)
        issued.push(signed)
        return signed
      }
      commit(change.resigned ? { ...change, resigned: { ...change.resigned, sign } } : change)
      this.#around.onIssued(issued)
    }
    return spool
  }
}

const pageBytes = 4096

function damaged(file: Buffer, { page, how }: Damage): Uint8Array {
  const pages = Math.max(1, Math.ceil(file.length / pageBytes))
  const from = (page % pages) * pageBytes
  const copy = Buffer.from(file)
  if (how === 'cut') return copy.subarray(0, from + pageBytes / 2)
  if (how === 'zero') return copy.fill(0, from, from + pageBytes)
  for (let i = from; i < Math.min(copy.length, from + pageBytes); i += 97) copy[i]! ^= 0x55
  return copy
}
