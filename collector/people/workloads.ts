import { isDeepStrictEqual } from 'node:util'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { Turns } from '../ingest/turns.ts'
import type { HostingPolicy } from '../kpi/migration/hosting-policy.ts'
import type { Workload } from '../kpi/migration/workload.ts'
import type { Entry } from '../register/difference.ts'
import { policyAt, registerAt, registerHistory } from '../register/history.ts'
import { workloadLimits } from '../register/workload-fields.ts'
import {
  type AskedWorkload,
  type PlacedProblem,
  refusedWorkloads,
  registeredWorkload,
  type WorkloadRules,
  workloadProblems,
} from '../register/workloads.ts'
import {
  foldWorkloads,
  isRemovable,
  keepWorkload,
  type WorkloadBook,
  type WorkloadTrail,
  workloadRules,
  workloadSubject,
} from '../register/workloads-log.ts'
import type { Account } from './accounts.ts'
import { applyActs, type NewAct } from './acts.ts'
import type { ActsOptions } from './environment-acts.ts'
import { HeldFold, HeldHistory } from './held-log.ts'
import { may, requireMay, requireSight } from './permissions.ts'

/** Whether an account registers an institution's workloads. */
export function registersFor(account: Account, owner: string): boolean {
  return may(account, 'workloads.register', owner)
}

/**
 * The workloads of institutions, as people registered them. What stands in the log is held in
 * memory. Acts happen one after another, and each is judged in its turn.
 */
export class Workloads {
  readonly #options: ActsOptions
  readonly #turns = new Turns()
  readonly #history: HeldHistory
  readonly #hosts: HeldFold<Hosts>
  readonly #book: WorkloadBook
  readonly #trail: WorkloadTrail

  private constructor(options: ActsOptions, book: WorkloadBook, trail: WorkloadTrail) {
    this.#options = options
    this.#history = options.history ?? new HeldHistory(options.store)
    this.#hosts = new HeldFold<Hosts>(options.store, new Map(), foldHosts)
    this.#book = book
    this.#trail = trail
  }

  /** Reads what the log says. */
  static async open(options: ActsOptions): Promise<Workloads> {
    const entries = await options.store.entries()
    const trail: WorkloadTrail = new Map()
    const book = foldWorkloads(new Map(), entries, registerHistory(entries), trail)
    return new Workloads(options, book, trail)
  }

  /** An institution's, in the order of their registration. Throws AppError `not_found`. */
  list(account: Account, institution: string): readonly Workload[] {
    requireSight(account, institution)
    return this.#book.get(institution) ?? []
  }

  /** One of them. Throws AppError `not_found`, for a foreign one too. */
  get(account: Account, institution: string, workload: string): Workload {
    const found = this.list(account, institution).find(({ id }) => id === workload)
    if (!found) throw new AppError('not_found', 'There is no such workload.')
    return found
  }

  /**
   * Registers a workload, or says anew all that is known of it; one that stands so already changes
   * nothing. Throws AppError; of `invalid` its detail holds all `problems`.
   */
  async put(
    account: Account,
    institution: string,
    asked: AskedWorkload,
    why: string,
  ): Promise<Workload> {
    await this.putAll(account, institution, [asked], why)
    return this.get(account, institution, asked.id)
  }

  /**
   * Registers several in one transaction: all of them, or none. Resolves to those that were changed
   * by it. Throws AppError; of `invalid` its detail holds all `problems`, each with the `index` of
   * the workload in the list.
   */
  putAll(
    account: Account,
    institution: string,
    asked: readonly AskedWorkload[],
    why: string,
  ): Promise<readonly Workload[]> {
    return this.#turns.take(async () => {
      const at = this.#options.now()
      const changes = await this.#judge(account, institution, asked, at)
      await this.#act(account, institution, changes, why, at)
      return changes.map(({ after }) => after)
    })
  }

  /** What `putAll` would make of a list now, without doing it. Throws AppError as it does. */
  tryAll(
    account: Account,
    institution: string,
    asked: readonly AskedWorkload[],
  ): Promise<readonly Change<Workload>[]> {
    return this.#turns.take(() => this.#judge(account, institution, asked, this.#options.now()))
  }

  /** What the policy in force demands of hosting; null while it says nothing. */
  async hosting(): Promise<HostingPolicy | null> {
    const history = await this.#history.read()
    return history.size === 0 ? null : (policyAt(history, this.#options.now()).hosting ?? null)
  }

  /** Takes out what was never planned. Throws AppError. */
  remove(account: Account, institution: string, workload: string, why: string): Promise<void> {
    return this.#turns.take(async () => {
      const before = this.get(account, institution, workload)
      requireRegistrar(account, institution)
      if (!isRemovable(this.#trail, { institution, workload })) {
        const message =
          'What was planned once is not removed: ask for an exemption, or register it as retired.'
        throw new AppError('conflict', message, { detail: { rule: 'planned' } })
      }
      await this.#act(account, institution, [{ before, after: null }], why, this.#options.now())
    })
  }

  /** What would change, in the order of the list. Throws AppError with all problems. */
  async #judge(
    account: Account,
    institution: string,
    asked: readonly AskedWorkload[],
    at: EpochMs,
  ): Promise<Change<Workload>[]> {
    requireSight(account, institution)
    requireRegistrar(account, institution)
    const { workloadsMax } = workloadLimits
    if (asked.length > workloadsMax) {
      throw new AppError('invalid', `A list holds at most ${workloadsMax} workloads.`)
    }
    const history = await this.#history.read()
    if (!registerAt(history, at).institutions.some(({ id }) => id === institution)) {
      throw new AppError('not_found', 'There is no such institution.')
    }
    const state = { history, institution, book: this.#book, trail: this.#trail }
    const rules = workloadRules(state, at, hostsIn(await this.#hosts.read(), institution))
    const known = new Map((this.#book.get(institution) ?? []).map((each) => [each.id, each]))
    return judgeAll(asked, known, rules)
  }

  async #act(
    { id: actor, role }: Account,
    institution: string,
    changes: readonly Change<Workload | null>[],
    why: string,
    at: EpochMs,
  ): Promise<void> {
    if (changes.length === 0) return
    const keyOf = ({ before, after }: Change<Workload | null>) => {
      return { institution, workload: (after ?? before)!.id } // a change has one of both
    }
    const acts = changes.map((change): NewAct => {
      const what = workloadSubject(keyOf(change))
      const { before, after } = change
      const entry = { actor, role, what, why, before, after, effectiveFrom: at }
      return { log: institution, entry }
    })
    await applyActs(this.#options.store, acts, at)
    for (const change of changes) {
      keepWorkload(this.#book, this.#trail, keyOf(change), change.after)
    }
    this.#options.onChange()
  }
}

/** What an act does to a workload; `before` null: it is new. */
export type Change<T extends Workload | null> = {
  readonly before: Workload | null
  readonly after: T
}

/** Judges a list as if one were registered after the other. Throws AppError: all problems. */
function judgeAll(
  asked: readonly AskedWorkload[],
  known: ReadonlyMap<string, Workload>,
  rules: WorkloadRules,
): Change<Workload>[] {
  const problems: PlacedProblem[] = []
  const changes: Change<Workload>[] = []
  const places = new Map<string, number>()
  let { count } = rules
  for (const [index, each] of asked.entries()) {
    const before = known.get(each.id) ?? null
    const own = { ...rules, count }
    const first = places.get(each.id)
    const found = [...workloadProblems(each, before, own)]
    if (first !== undefined) {
      found.unshift({ field: 'id', message: `is that of number ${first + 1} of the list too` })
    }
    places.set(each.id, first ?? index)
    problems.push(...found.map((problem) => ({ index, ...problem })))
    if (found.length > 0) continue
    if (!before) count++
    const after = registeredWorkload(each, before, own)
    if (!isDeepStrictEqual(before, after)) changes.push({ before, after })
  }
  if (problems.length > 0) throw refusedWorkloads(problems, asked.length)
  return changes
}

/** Names of all agents that were ever enrolled, by `<institution>/<environment>`. */
type Hosts = ReadonlyMap<string, ReadonlySet<string>>

function foldHosts(before: Hosts, entries: readonly Entry[]): Hosts {
  const found = new Map(before)
  for (const { what, after } of entries) {
    if (!what.startsWith('agent/')) continue
    // Of acts about agents only those that say who they are name them.
    const { institution, environment, name } = (after ?? {}) as Readonly<Record<string, unknown>>
    if (institution === undefined) continue
    const place = `${institution}/${environment}`
    found.set(place, new Set(found.get(place)).add(String(name)))
  }
  return found
}

function hostsIn(hosts: Hosts, institution: string): WorkloadRules['hostsOf'] {
  return (environment) => hosts.get(`${institution}/${environment}`) ?? new Set()
}

function requireRegistrar(account: Account, institution: string): void {
  requireMay(account, 'workloads.register', institution)
}
