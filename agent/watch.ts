import type { Fact } from '../protocol/batch.ts'
import type { Observation } from '../protocol/check.ts'
import { limits } from '../protocol/limits.ts'
import { type BootMs, type EpochMs, hourMs, minuteMs, secondMs } from '../protocol/time.ts'
import type { Clock, Timer } from './clock.ts'
import type { Contact } from './deliver.ts'
import {
  addFacts,
  addPause,
  type CheckFold,
  type Fold,
  hasNews,
  isUnsettled,
  type KeptFold,
  observeAll,
} from './fold.ts'
import type { Log } from './log.ts'
import type { Outbox } from './outbox.ts'
import { restMsOf } from './probes/all.ts'
import { codeOf } from './probes/network-error.ts'
import { nextTick, phaseOf, Schedule } from './schedule.ts'
import { forgetSealed, seal } from './seal.ts'
import type { Spool } from './spool.ts'
import { isDiskFull } from './spool-file.ts'
import type { Usage } from './usage.ts'

export type WatchParts = {
  readonly agent: string
  readonly enrolledAt: EpochMs
  readonly fold: Fold
  readonly look: (check: string) => Observation | Promise<Observation>
  /** Told what each look saw. */
  readonly onSeen?: (check: string, observation: Observation) => void
  readonly outbox: Outbox
  readonly spool: Spool
  /** Told of every look; kept with the fold. */
  readonly usage?: Usage
  readonly clock: Clock
  readonly timer: Timer
  readonly report: Log
  /** Told when messages were sealed. */
  readonly onSealed: () => void
}

/** When the readiness facts were measured last, for `status`. */
export type KeptFacts = { readonly at: EpochMs }

/** Changes within this time travel together: what breaks at once is told at once. */
const gatherMs = secondMs
/** The looks of a round are saved together when the last is over, or when one takes this long. */
const saveMs = limits.intervalMsMin
/** What was sent is kept for a week: to look through it for what is older takes a while. */
const forgetMs = hourMs
/** How the collector was met is of use to `status` only: it waits for the looks of a minute. */
const saveContactMs = minuteMs

/** Looks at the checks, folds what is seen, seals it and keeps it safe from the process's end. */
export class Watch {
  readonly #parts: WatchParts
  readonly #schedule: Schedule
  #fold: Fold
  /** Not kept yet, as the next. */
  #contact: Contact | null = null
  #facts: KeptFacts | null = null
  #isStopped = false
  #looksUnderWay = 0
  #cancel = () => {}
  /** When the timer that is set will ring; null without one. */
  #armedFor: BootMs | null = null
  #sealAt: BootMs
  #saveAt: BootMs = Number.POSITIVE_INFINITY
  #forgetAt: BootMs = 0
  #newsSealedAt: BootMs = Number.NEGATIVE_INFINITY
  #seen: { boot: BootMs; running: number }
  /** The shortest interval of a check. */
  readonly #shortestMs: number
  /** Told once by the wall clock: nobody makes an agent young again by setting it. */
  readonly #youngUntil: BootMs

  constructor(parts: WatchParts) {
    const { fold, agent, clock, enrolledAt } = parts
    this.#parts = parts
    this.#fold = fold
    this.#seen = { boot: clock.boot(), running: clock.running() }
    const ageMs = clock.wall() - enrolledAt
    this.#youngUntil = this.#seen.boot + (ageMs < 0 ? 0 : limits.youngMs - ageMs)
    const rhythms = fold.checks.map(({ definition }) => {
      return { ...definition, restMs: restMsOf(definition.kind) }
    })
    this.#shortestMs = Math.min(...rhythms.map(({ intervalMs }) => intervalMs))
    this.#schedule = new Schedule(rhythms, agent, this.#seen.boot)
    this.#sealAt = this.#nextSealAt(this.#seen.boot)
  }

  start(): void {
    this.#turn()
  }

  /** Seals what is decided; nothing is looked at or changed any more. */
  stop(): void {
    this.#cancel()
    this.#isStopped = true
    this.#seal()
    this.#save()
  }

  /** Keeps how the collector was last met, with the next save. */
  noteContact(contact: Contact): void {
    this.#contact = contact
    if (this.#isStopped) this.#save()
    else this.#saveBy(this.#parts.clock.boot() + saveContactMs)
    this.#arm()
  }

  /** Takes readiness facts; they leave with the next batch. */
  addFacts(facts: readonly Fact[]): void {
    if (this.#isStopped || facts.length === 0) return
    this.#fold = addFacts(this.#fold, facts)
    this.#facts = { at: this.#parts.clock.wall() }
    this.#saveBy(this.#parts.clock.boot() + saveMs)
    this.#arm()
  }

  #turn(): void {
    this.#armedFor = null
    const now = this.#parts.clock.boot()
    this.#noticeSuspend(now)
    this.#lookAtDue(now)
    if (now >= this.#sealAt) this.#seal()
    if (now >= this.#saveAt) this.#save()
    this.#arm(now)
  }

  /** Waits for what is due next. What this turn took is added to the wait: nothing rings early. */
  #arm(now?: BootMs): void {
    const due = Math.min(this.#schedule.nextAt(), this.#sealAt, this.#saveAt)
    // Most looks change nothing about when to wake up next.
    if (this.#isStopped || due === this.#armedFor) return
    this.#cancel()
    const { clock, timer } = this.#parts
    this.#armedFor = due
    this.#cancel = timer(Math.max(0, due - (now ?? clock.boot())), () => this.#turn())
  }

  /** Looks at what is due; what is seen at once is folded at once, as one. */
  #lookAtDue(now: BootMs): void {
    const seen = new Map<string, Observation | null>()
    for (const check of this.#schedule.takeDue(now)) {
      try {
        const answer = this.#parts.look(check)
        if (answer instanceof Promise) void this.#awaitLook(check, answer, now)
        else seen.set(check, answer)
      } catch (error) {
        seen.set(check, this.#couldNotLook(check, error))
      }
    }
    if (seen.size > 0) this.#take(seen, now)
  }

  async #awaitLook(check: string, answer: Promise<Observation>, at: BootMs): Promise<void> {
    this.#looksUnderWay += 1
    const observation = await answer.catch((error) => this.#couldNotLook(check, error))
    this.#looksUnderWay -= 1
    if (this.#isStopped) return
    this.#take(new Map([[check, observation]]), at)
    if (this.#looksUnderWay === 0) this.#save()
    this.#arm()
  }

  #couldNotLook(check: string, error: unknown): null {
    // The sentence may name a path or an address: `agent check` shows it, no log does.
    const code = codeOf(error) || 'failed'
    this.#parts.report('warn', 'A check could not be made.', { check, code })
    return null
  }

  /** Folds what was seen by looks begun at the same instant; null where no look could be made. */
  #take(seen: ReadonlyMap<string, Observation | null>, at: BootMs): void {
    const { usage, clock, onSeen } = this.#parts
    const before = this.#fold
    this.#fold = observeAll(before, seen, at)
    const wall = clock.wall()
    for (const [index, check] of this.#fold.checks.entries()) {
      const { check: name, kind, intervalMs } = check.definition
      const observation = seen.get(name)
      if (observation === undefined) continue
      usage?.note(name, observation?.value, wall)
      if (observation) onSeen?.(name, observation)
      const retryMs = Math.max(Math.min(limits.retryMs, intervalMs), restMsOf(kind))
      const isAgain = observation !== null && isUnsettled(check)
      this.#schedule.done(name, isAgain ? at + retryMs : null)
      this.#reportChange(before.checks[index]?.last ?? null, check)
      if (hasNews(check)) this.#sealSoon()
    }
    if (this.#looksUnderWay === 0) this.#saveAt = at
    else this.#saveBy(at + saveMs)
  }

  #reportChange(before: CheckFold['last'], { definition, last }: CheckFold): void {
    if (!last || last.state === before?.state) return
    const { state, reason = null } = last
    this.#parts.report('info', 'A check has a new state.', {
      ...{ check: definition.check, state, reason },
    })
  }

  /** Timers stand still in suspend, the boot clock does not. */
  #noticeSuspend(boot: BootMs): void {
    const { clock, report } = this.#parts
    const before = this.#seen
    this.#seen = { boot, running: clock.running() }
    const lostMs = boot - before.boot - (this.#seen.running - before.running)
    if (lostMs <= 2 * this.#shortestMs) return
    this.#fold = addPause(this.#fold, { from: before.boot, to: boot, why: 'suspended' })
    report('warn', 'The host was suspended.', { lostMs: Math.round(lostMs) })
  }

  #sealSoon(): void {
    const { clock } = this.#parts
    const soonest = this.#newsSealedAt + limits.sealEarlyMs
    this.#sealAt = Math.min(this.#sealAt, Math.max(soonest, clock.boot() + gatherMs))
  }

  #saveBy(at: BootMs): void {
    this.#saveAt = Math.min(this.#saveAt, at)
  }

  #nextSealAt(now: BootMs): BootMs {
    if (now < this.#youngUntil) return now + limits.sealYoungMs
    return nextTick(now, limits.sealMs, phaseOf(this.#parts.agent, limits.sealMs))
  }

  #seal(): void {
    const { outbox, onSealed, report } = this.#parts
    const at = this.#reading()
    this.#sealAt = this.#nextSealAt(at.boot)
    // Without its place in the stream nothing can be signed; the fold keeps what is decided.
    if (!outbox.cursor) return
    if (this.#fold.checks.some(hasNews)) this.#newsSealedAt = at.boot
    const from = outbox.cursor.afterLoss ? forgetSealed(this.#fold) : this.#fold
    const { bodies, fold } = seal(from, at, at.boot < this.#youngUntil)
    if (bodies.length === 0) return
    const isKept = this.#unlessDiskFull(() => outbox.put(bodies, { fold, at }))
    if (!isKept) return
    this.#fold = fold
    this.#saveAt = Number.POSITIVE_INFINITY
    const moment = { ...at, bootId: fold.boot }
    this.#unlessDiskFull(() => {
      if (at.boot >= this.#forgetAt) {
        this.#forgetAt = at.boot + forgetMs
        outbox.forget(moment)
      }
      const dropped = outbox.trim(moment)
      if (dropped > 0) report('warn', 'The spool is full: oldest messages dropped.', { dropped })
    })
    onSealed()
  }

  #save(): void {
    const { spool, usage } = this.#parts
    const at = this.#reading()
    const kept: KeptFold = { fold: this.#fold, at }
    const [contact, facts] = [this.#contact, this.#facts]
    const history = usage?.unsaved(at.wall, this.#isStopped)
    const states = {
      fold: kept,
      ...(contact && { delivery: contact }),
      ...(facts && { facts }),
      ...(history && { history }),
    }
    this.#saveAt = Number.POSITIVE_INFINITY
    const isKept = this.#unlessDiskFull(() => spool.keep(states))
    if (isKept && history) usage?.saved(at.wall)
    // Written once each: the fold alone is news every time.
    if (isKept) this.#contact = this.#facts = null
    if (!isKept) this.#saveBy(at.boot + saveMs)
  }

  /** A full disk is no reason to stop looking: what is decided waits in memory. */
  #unlessDiskFull(write: () => void): boolean {
    try {
      write()
      return true
    } catch (error) {
      if (!isDiskFull(error)) throw error
      this.#parts.report('error', 'The disk is full: nothing can be kept.')
      return false
    }
  }

  #reading(): { wall: EpochMs; boot: BootMs } {
    const { clock } = this.#parts
    return { wall: clock.wall(), boot: clock.boot() }
  }
}
