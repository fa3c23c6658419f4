import { createHash } from 'node:crypto'
import type { Answer } from '../../agent/post.ts'
import { minuteMs, secondMs } from '../../protocol/time.ts'
import type { Central } from './central.ts'
import type { Fault } from './faults.ts'
import type { Host } from './host.ts'
import type { Random } from './random.ts'
import type { Owner, VirtualTime } from './virtual-time.ts'

type NetworkFault = Extract<Fault, { kind: 'network' | 'refused' }>

/** The agent gives up on an answer after this time: agent/post.ts. */
const timeoutMs = 15 * secondMs
const wire: Owner = { name: 'network' }

/** What the network did, for the report of a run. */
export const counted = ['lost', 'replies lost', 'twice', 'late', 'refused', 'delayed'] as const
export type Counts = Record<(typeof counted)[number], number>

/** Carries messages from hosts to the collector and answers back, as well as it can. */
export class Network {
  readonly counts: Counts = Object.fromEntries(counted.map((name) => [name, 0])) as Counts
  readonly #active = new Set<Fault>()
  readonly #time: VirtualTime
  readonly #central: Central
  readonly #random: Random
  readonly #note: (what: string) => void
  /** Told of every message that an agent hands over, whatever becomes of it. */
  onPost: (host: Host, path: string, jws: string) => void = () => {}
  /** Told of every answer that reached its agent. */
  onAnswer: (host: Host, path: string, jws: string, answer: Answer) => void = () => {}

  constructor(time: VirtualTime, central: Central, random: Random, note: (what: string) => void) {
    this.#time = time
    this.#central = central
    this.#random = random
    this.#note = note
  }

  begin(fault: Fault): void {
    this.#active.add(fault)
  }

  end(fault: Fault): void {
    this.#active.delete(fault)
  }

  /** Posts for an agent's process; never settles once the process is gone. */
  post(index: number, host: Host, path: string, jws: string, process: Owner): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    let isOver = false
    const fail = (code: string, afterMs: number) =>
      this.#time.after(afterMs, process, () => {
        if (isOver) return
        isOver = true
        this.#log(host, path, jws, code)
        reject(Object.assign(new Error(code), { code }))
      })
    this.onPost(host, path, jws)
    const faults = this.#faultsOf(index)
    if (faults.some(({ kind }) => kind === 'refused')) {
      this.counts.refused++
      fail('ECONNREFUSED', 2)
      return promise
    }
    fail('ETIMEDOUT', timeoutMs)
    const has = (share: 'loss' | 'replyLoss' | 'twice' | 'late') =>
      faults.some((fault) => fault.kind === 'network' && this.#random.chance(fault[share]))
    const delayMs = () => {
      const slow = faults.map((fault) => (fault.kind === 'network' ? fault.delayMs : 0))
      return this.#random.whole(5, 40) + this.#random.whole(0, Math.max(0, ...slow))
    }
    const arrive = async (isFirst: boolean) => {
      const answer = await this.#central.deliver(path, jws)
      this.#log(host, path, jws, `${answer?.status ?? 'cut'}${isFirst ? '' : ' again'}`)
      if (!isFirst) return
      if (answer && has('replyLoss')) {
        this.counts['replies lost']++
        return
      }
      const wakesMs = Math.max(0, host.resumesAt - this.#time.now)
      const backMs = wakesMs + delayMs()
      if (!answer) fail('ECONNRESET', backMs)
      else {
        this.#time.after(backMs, process, () => {
          if (isOver) return
          isOver = true
          this.onAnswer(host, path, jws, answer)
          resolve(answer)
        })
      }
    }
    const travelMs = delayMs()
    if (travelMs > secondMs) this.counts.delayed++
    const send = (afterMs: number, isFirst: boolean) =>
      this.#time.after(afterMs, wire, () => {
        if (!this.#central.isUp) {
          if (isFirst) fail('ECONNREFUSED', Math.max(0, host.resumesAt - this.#time.now))
          return
        }
        void arrive(isFirst)
      })
    if (has('loss')) this.counts.lost++
    else send(travelMs, true)
    if (has('twice')) {
      this.counts.twice++
      send(travelMs + this.#random.whole(1, 3_000), false)
    }
    if (has('late')) {
      this.counts.late++
      send(travelMs + this.#random.whole(minuteMs, 40 * minuteMs), false)
    }
    return promise
  }

  #faultsOf(index: number): NetworkFault[] {
    return [...this.#active].filter(
      (fault): fault is NetworkFault =>
        (fault.kind === 'network' || fault.kind === 'refused') &&
        (fault.host === null || fault.host === index),
    )
  }

  #log(host: Host, path: string, jws: string, outcome: string): void {
    const digest = createHash('sha256').update(jws).digest('hex').slice(0, 8)
    this.#note(`${host.identity.name} ${path} ${digest} ${outcome}`)
  }
}
