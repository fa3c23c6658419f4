import { setImmediate } from 'node:timers/promises'
import type { EpochMs } from '../../protocol/time.ts'

/** Whose tasks go when it goes: a process of the world. */
export type Owner = { readonly name: string }

type Task = { due: EpochMs; readonly order: number; readonly owner: Owner; action: () => unknown }

/** After this many turns of the event loop nothing real is under way any more, and never less. */
const turnsAfterTask = 6

/**
 * The world's time: tasks run one after the other in the order of their instants, and the next one
 * only once everything the last one set in motion has come to rest.
 */
export class VirtualTime {
  now: EpochMs
  readonly #tasks = new Set<Task>()
  readonly #gone = new WeakSet<Owner>()
  readonly #onError: (owner: Owner, error: unknown) => void
  #order = 0

  constructor(now: EpochMs, onError: (owner: Owner, error: unknown) => void) {
    this.now = now
    this.#onError = onError
  }

  /** Runs an action later. An answered promise is waited for in real time. Answers how to cancel. */
  after(delayMs: number, owner: Owner, action: () => unknown): () => void {
    if (this.#gone.has(owner)) return () => {}
    const due = this.now + Math.max(0, Math.ceil(delayMs))
    const task: Task = { due, order: this.#order++, owner, action }
    this.#tasks.add(task)
    return () => this.#tasks.delete(task)
  }

  /** A process ended: what it waited for never comes. */
  forget(owner: Owner): void {
    this.#gone.add(owner)
    for (const task of this.#tasks) if (task.owner === owner) this.#tasks.delete(task)
  }

  /** A host sleeps: its timers stand still. */
  delay(owner: Owner, ms: number): void {
    for (const task of this.#tasks) if (task.owner === owner) task.due += ms
  }

  /** Lets time pass; everything due before `until`, included, has run then. */
  async runUntil(until: EpochMs): Promise<void> {
    for (let task = this.#next(until); task; task = this.#next(until)) await this.#run(task)
    this.now = until
  }

  /** Lets time pass until a promise is settled. Throws when nothing is left to wait for. */
  async finish<T>(promise: Promise<T>): Promise<T> {
    let isOver = false
    const over = promise.finally(() => {
      isOver = true
    })
    over.catch(() => {}) // it is awaited below
    await rest()
    while (!isOver) {
      const task = this.#next(Number.POSITIVE_INFINITY)
      if (!task) throw new Error('The world waits for something that never comes.')
      await this.#run(task)
    }
    return over
  }

  #next(until: EpochMs): Task | null {
    let next: Task | null = null
    for (const task of this.#tasks) {
      if (!next || task.due < next.due || (task.due === next.due && task.order < next.order)) {
        next = task
      }
    }
    return next && next.due <= until ? next : null
  }

  async #run(task: Task): Promise<void> {
    this.#tasks.delete(task)
    this.now = Math.max(this.now, task.due)
    try {
      const outcome = task.action()
      if (outcome instanceof Promise) await outcome
    } catch (error) {
      this.#onError(task.owner, error)
    }
    await rest()
  }
}

async function rest(): Promise<void> {
  for (let turn = 0; turn < turnsAfterTask; turn++) await setImmediate()
}

/**
 * Hands the timers of everything that runs meanwhile to the world: code that was not handed a timer
 * waits in virtual time too. `owner` says whose a timer is; null: of somebody who is gone.
 */
export async function withVirtualTimers<T>(
  time: VirtualTime,
  owner: () => Owner | null,
  work: () => Promise<T>,
): Promise<T> {
  const { setTimeout, clearTimeout } = globalThis
  const fake = (action: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) => {
    const of = owner()
    const cancel = of ? time.after(delayMs, of, () => action(...args)) : () => {}
    const handle = { cancel, ref: () => handle, unref: () => handle, hasRef: () => true }
    return handle
  }
  const stop = (handle?: { cancel?: () => void }) => handle?.cancel?.()
  // The pair takes the place of Node's own only as far as our code uses it.
  globalThis.setTimeout = fake as unknown as typeof setTimeout
  globalThis.clearTimeout = stop as typeof clearTimeout
  try {
    return await work()
  } finally {
    globalThis.setTimeout = setTimeout
    globalThis.clearTimeout = clearTimeout
  }
}
