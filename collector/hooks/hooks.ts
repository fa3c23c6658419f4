import { dayMs, type EpochMs, minuteMs, secondMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import { bodyOf, testBody } from './body.ts'
import { type Condition, type Judging, judge } from './conditions.ts'
import type {
  Delivery,
  DeliveryQuery,
  HookCounts,
  HookFigures,
  hookOutcomes,
  Outcome,
} from './delivery.ts'
import { type HookEvent, step } from './event.ts'
import type { HookStore } from './hook-store.ts'
import type { Hook, HookSettings } from './hooks-file.ts'
import type { Answer, Send } from './send.ts'
import { signedHeaders } from './signature.ts'

export type HooksOptions = {
  readonly settings: HookSettings
  readonly store: HookStore
  readonly send: Send
  readonly now: () => EpochMs
  /** What of the cycle is used up, by what was evaluated last. */
  readonly cycleUse: () => Promise<Judging['cycleUse']>
  /** Runs an action later; the function it returns cancels that. */
  readonly timer: (delayMs: number, action: () => void) => () => void
  /** In [0, 1); spreads repeated attempts. */
  readonly random: () => number
  /** Told of each attempt that failed. */
  readonly onFailure: (failure: FailedAttempt) => void
  /** Something failed that is no receiver's fault. */
  readonly onError: (error: unknown) => void
}

export type FailedAttempt = Pick<Delivery, 'hook' | 'event' | 'type'> & {
  readonly state: Delivery['state']
  readonly problem: string | null
}

/** A hook as an administrator sees it: where its URL leads, and nothing that is secret. */
export type HookView = Pick<Hook, 'id' | 'events' | 'institutions' | 'language'> & {
  readonly origin: string
  readonly counts: HookCounts
}

export const retryLimits = {
  /** From the first wait to the longest, each twice the one before. */
  backoffMs: 5 * secondMs,
  backoffMsMax: 15 * minuteMs,
  /** So long an event is tried. */
  lifeMs: dayMs,
} as const

/** Statuses by which a receiver says that it will never take this body. */
const refusals = new Set([400, 410, 413, 415, 422])

/**
 * Tells receivers what snapshots show, each event once: one in flight for each hook, oldest first,
 * again and again until it was taken.
 */
export class Hooks {
  readonly #options: HooksOptions
  readonly #open: Map<string, Condition>
  readonly #stopping = new AbortController()
  readonly #running = new Map<string, Promise<void>>()
  readonly #waiting = new Map<string, () => void>()
  readonly #outcomes = new Map<string, Record<(typeof hookOutcomes)[number], number>>()
  #watchingSince: EpochMs | null = null

  constructor(options: HooksOptions) {
    this.#options = options
    const { store, settings } = options
    store.keepOnly(settings.hooks.map(({ id }) => id))
    this.#open = store.conditions()
    for (const hook of settings.hooks) this.#wake(hook)
  }

  /** To be called after each evaluation. Never rejects: figures go on without hooks. */
  async look(snapshot: () => Snapshot | null): Promise<void> {
    try {
      const cycleUse = await this.#options.cycleUse()
      const newest = snapshot()
      if (newest && !this.#stopping.signal.aborted) this.observe(newest, cycleUse)
    } catch (error) {
      this.#options.onError(error)
    }
  }

  /** Tells what a snapshot shows, whether it is published or held back. Never throws. */
  observe(snapshot: Snapshot, cycleUse: Judging['cycleUse']): void {
    const { settings, store, now, onError } = this.#options
    const at = now()
    this.#watchingSince ??= at
    try {
      const { afterMs } = settings
      const judging = { afterMs, watchingSince: this.#watchingSince, cycleUse }
      const judged = judge(snapshot, judging, at)
      const change = step(this.#open, judged, at, snapshot.held !== undefined)
      if (change.events.length === 0) return
      const deliveries = settings.hooks.flatMap((hook) =>
        change.events
          .filter((event) => wants(hook, event))
          .map((event) => ({
            hook: hook.id,
            event: event.id,
            type: event.type,
            institution: event.subject.institution?.id ?? null,
            body: bodyOf(event, hook.language, snapshot),
          })),
      )
      const dropped = store.note(change, deliveries, at)
      for (const [hook, events] of dropped) this.#countsOf(hook).dropped += events
      for (const each of change.opened) this.#open.set(each.key, each)
      for (const key of change.closed) this.#open.delete(key)
      for (const hook of settings.hooks) this.#wake(hook)
    } catch (error) {
      // A full disk: nothing was noted, so that the next snapshot tells it again.
      onError(error)
    }
  }

  list(): HookView[] {
    const { settings, store } = this.#options
    return settings.hooks.map(({ id, url, events, institutions, language }) => {
      const { origin } = new URL(url)
      return { id, origin, events, institutions, language, counts: store.counts(id) }
    })
  }

  /** How each hook stands, for `/metrics`. */
  figures(): HookFigures[] {
    const { settings, store, now } = this.#options
    return settings.hooks.map(({ id: hook }) => {
      const { waiting, oldestAt } = store.waiting(hook)
      // A clock that was set back makes nothing wait for less than no time.
      const oldestWaitingMs = oldestAt === null ? 0 : Math.max(0, now() - oldestAt)
      return { hook, outcomes: { ...this.#countsOf(hook) }, waiting, oldestWaitingMs }
    })
  }

  #countsOf(hook: string) {
    const none = { delivered: 0, failed: 0, refused: 0, given_up: 0, dropped: 0 }
    return this.#outcomes.getOrInsert(hook, none)
  }

  deliveries(query: DeliveryQuery): Delivery[] {
    return this.#options.store.deliveries(query)
  }

  /** Sends a trial message now, and once: what came of it. Throws AppError `not_found`. */
  async test(id: string): Promise<Answer> {
    const { settings, now, send } = this.#options
    const hook = settings.hooks.find((each) => each.id === id)
    if (!hook) throw new AppError('not_found', 'There is no such hook.')
    const at = now()
    const { id: event, body } = testBody(hook.id, at, hook.language)
    return send(hook.url, body, headersOf(hook, event, at, body), this.#stopping.signal)
  }

  /** Ends what is in flight; it is sent again after the next start. */
  async close(): Promise<void> {
    this.#stopping.abort()
    for (const cancel of this.#waiting.values()) cancel()
    await Promise.all(this.#running.values())
    this.#options.store.close()
  }

  #wake(hook: Hook): void {
    if (this.#stopping.signal.aborted || this.#running.has(hook.id)) return
    this.#waiting.get(hook.id)?.()
    this.#waiting.delete(hook.id)
    const run = this.#run(hook).catch((error) => {
      this.#options.onError(error)
      this.#sleep(hook, retryLimits.backoffMsMax)
    })
    this.#running.set(hook.id, run)
  }

  async #run(hook: Hook): Promise<void> {
    // Lets whoever wakes it note that it runs.
    await Promise.resolve()
    try {
      await this.#sendDue(hook)
    } finally {
      this.#running.delete(hook.id)
    }
  }

  /** Sends what is due, one after the other. */
  async #sendDue(hook: Hook): Promise<void> {
    const { store, now, send, onFailure } = this.#options
    const { signal } = this.#stopping
    for (let next = store.next(hook.id); next; next = store.next(hook.id)) {
      if (signal.aborted) return
      const at = now()
      // A clock that was set back must not keep anything waiting for years.
      const waitMs = Math.min(next.nextAt - at, retryLimits.backoffMsMax)
      if (waitMs > 0) return this.#sleep(hook, waitMs)
      const { event, type, body } = next
      const answer = await send(hook.url, body, headersOf(hook, event, at, body), signal)
      if (signal.aborted) return
      const outcome = this.#outcomeOf(next, answer)
      store.noteAttempt(next.number, outcome)
      const { state, problem } = outcome
      this.#countsOf(hook.id)[state === 'waiting' ? 'failed' : state]++
      if (state !== 'delivered') onFailure({ hook: hook.id, event, type, state, problem })
    }
  }

  #outcomeOf({ madeAt, attempts }: Delivery, { status, problem, retryAfterMs }: Answer): Outcome {
    const { now, random } = this.#options
    const triedAt = now()
    const told = { status, problem, triedAt }
    if (problem === null) return { ...told, state: 'delivered', nextAt: triedAt }
    if (status !== null && refusals.has(status)) {
      return { ...told, state: 'refused', nextAt: triedAt }
    }
    if (triedAt - madeAt >= retryLimits.lifeMs) {
      return { ...told, state: 'given_up', nextAt: triedAt }
    }
    const { backoffMs, backoffMsMax } = retryLimits
    const mostMs = Math.min(backoffMs * 2 ** Math.min(attempts, 20), backoffMsMax)
    // From half of it on, so that receivers that come back are not met by all at once.
    const spreadMs = (mostMs * (1 + random())) / 2
    const nextAt = triedAt + Math.round(Math.max(spreadMs, retryAfterMs ?? 0))
    return { ...told, state: 'waiting', nextAt }
  }

  #sleep(hook: Hook, delayMs: number): void {
    if (this.#stopping.signal.aborted) return
    const { timer } = this.#options
    this.#waiting.set(
      hook.id,
      timer(delayMs, () => this.#wake(hook)),
    )
  }
}

/** A hook of some institutions is told nothing of the nation. */
function wants({ events, institutions }: Hook, { type, subject }: HookEvent): boolean {
  const owner = subject.institution?.id
  const isOwn = institutions === null || (owner !== undefined && institutions.includes(owner))
  return isOwn && events.includes(type)
}

function headersOf({ keys }: Hook, id: string, at: EpochMs, body: string) {
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'istimrar',
    ...signedHeaders(keys, id, at, body),
  }
}
