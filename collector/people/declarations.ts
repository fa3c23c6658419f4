import { randomBytes } from 'node:crypto'
import { AppError } from '../error.ts'
import type { Views } from '../http/views.ts'
import { Turns } from '../ingest/turns.ts'
import { declarableMetrics, type MetricName, metricOf } from '../kpi/readiness/metrics.ts'
import type { Model } from '../kpi/readiness/model.ts'
import type { Bilingual } from '../kpi/snapshot.ts'
import {
  type AskedDeclaration,
  type Declaration,
  type DeclarationState,
  declarationState,
  declaredDaysMax,
  mayReview,
  requestDeclaration,
  reviewDeclaration,
  withdrawDeclaration,
} from '../register/declarations.ts'
import {
  type DeclarationBook,
  type DeclarationKey,
  declarationRules,
  declarationSubject,
  foldDeclarations,
} from '../register/declarations-log.ts'
import { registerHistory } from '../register/history.ts'
import type { Account } from './accounts.ts'
import { applyActs } from './acts.ts'
import { type ActsOptions, requireAsker } from './environment-acts.ts'
import { HeldHistory } from './held-log.ts'
import { requireSight, sees } from './permissions.ts'
import { type Decision, decisionOf, isSecondPerson } from './two-person.ts'

export type DeclarationsOptions = ActsOptions & {
  /** The figures as everybody is shown them, with the model in force. */
  readonly views: Pick<Views, 'snapshot'>
}

/** A declaration with whose it is, as it is listed. */
export type ListedDeclaration = Declaration & {
  readonly institution: string
  readonly state: DeclarationState
}

/** Which declarations are asked for; all without a word. */
export type DeclarationFilter = {
  readonly institution?: string
  readonly state?: DeclarationState
}

/** What can be declared. */
export type Offered = {
  /** Metrics that are declared under every model. */
  readonly metrics: readonly {
    readonly metric: MetricName
    readonly isNumber: boolean
    readonly isOfEnvironment: boolean
  }[]
  /** Days that a declaration holds at most. */
  readonly daysMax: number
  /** Criteria that can be waived. */
  readonly criteria: readonly { readonly id: string; readonly label: Bilingual }[]
  /** Metrics that may leave the denominator where they do not apply. */
  readonly notApplicable: readonly { readonly metric: MetricName; readonly label: Bilingual }[]
}

const metrics: Offered['metrics'] = declarableMetrics.map((metric) => {
  const { unit, scope } = metricOf(metric)
  return { metric, isNumber: unit !== 'boolean', isOfEnvironment: scope !== 'institution' }
})

/** What can be declared under a model, or without one. */
export function offeredBy(model: Model | null): Offered {
  if (!model) return { metrics, daysMax: declaredDaysMax, criteria: [], notApplicable: [] }
  const indicators = model.dimensions.flatMap((each) => each.indicators)
  const labels = new Map(indicators.filter((each) => each.mayNotApply).map(labelled))
  for (const { label, conditions } of model.enabled) {
    for (const { metric, mayNotApply } of conditions) {
      if (mayNotApply && !labels.has(metric)) labels.set(metric, label)
    }
  }
  return {
    metrics,
    daysMax: Math.min(declaredDaysMax, model.missing.staleDeclaredDays),
    criteria: model.enabled.map(({ id, label }) => ({ id, label })),
    // What people declare applies, whatever a model says: no agent says that it does not.
    notApplicable: [...labels]
      .filter(([metric]) => metricOf(metric).source !== 'declared')
      .map(([metric, label]) => ({ metric, label })),
  }
}

function labelled({ metric, label }: { metric: MetricName; label: Bilingual }) {
  return [metric, label] as const
}

/**
 * What institutions declare of themselves, and what another body said to it. What stands in the log
 * is held in memory. Acts happen one after another, and each is judged in its turn.
 */
export class Declarations {
  readonly #options: DeclarationsOptions
  readonly #turns = new Turns()
  readonly #history: HeldHistory
  readonly #book: DeclarationBook

  private constructor(options: DeclarationsOptions, book: DeclarationBook) {
    this.#options = options
    this.#history = options.history ?? new HeldHistory(options.store)
    this.#book = book
  }

  /** Reads what the log says. */
  static async open(options: DeclarationsOptions): Promise<Declarations> {
    const entries = await options.store.entries()
    const book = foldDeclarations(new Map(), entries, registerHistory(entries))
    return new Declarations(options, book)
  }

  /** What an account may see, in the order in which it was declared. */
  list(account: Account, where: DeclarationFilter = {}): ListedDeclaration[] {
    if (where.institution !== undefined) requireSight(account, where.institution)
    const found: ListedDeclaration[] = []
    for (const [institution, all] of this.#book) {
      if (!sees(account, institution)) continue
      if ((where.institution ?? institution) !== institution) continue
      for (const each of all) {
        const listed = this.#listed(institution, each)
        if ((where.state ?? listed.state) === listed.state) found.push(listed)
      }
    }
    // Of one instant they stay in the order of the log.
    return found.sort((a, b) => a.requestedAt - b.requestedAt)
  }

  /** One of them. Throws AppError `not_found`, for a foreign one too. */
  get(account: Account, { institution, id }: DeclarationKey): ListedDeclaration {
    const found = this.list(account, { institution }).find((each) => each.id === id)
    if (!found) throw new AppError('not_found', 'There is no such declaration.')
    return found
  }

  /** What can be declared under the model in force. */
  offered(): Offered {
    return offeredBy(this.#options.views.snapshot()?.readiness?.model ?? null)
  }

  /** Declares something. Throws AppError; its detail names the rule that was broken. */
  request(
    account: Account,
    institution: string,
    asked: AskedDeclaration,
  ): Promise<ListedDeclaration> {
    requireSight(account, institution)
    requireAsker(account, institution)
    return this.#turns.take(async () => {
      const history = await this.#history.read()
      const at = this.#options.now()
      const offered = this.offered()
      const rules = declarationRules(history, institution, at, this.#allOf(institution))
      const id = `c-${randomBytes(6).toString('hex')}`
      const made = requestDeclaration({ ...asked, id }, account, at, {
        ...rules,
        daysMax: offered.daysMax,
      })
      requireOffered(made, offered)
      return this.#act(account, institution, null, made, made.detail, at)
    })
  }

  /** Verifies or refuses, as another body. */
  review(
    account: Account,
    key: DeclarationKey,
    is: Decision['is'],
    why: string,
  ): Promise<ListedDeclaration> {
    return this.#change(account, key, why, (declaration, at) => {
      return reviewDeclaration(declaration, decisionOf(account, declaration, { is, at, why }))
    })
  }

  /** Takes back what holds or waits. */
  withdraw(account: Account, key: DeclarationKey, why: string): Promise<ListedDeclaration> {
    return this.#change(account, key, why, (declaration, at) => {
      requireAsker(account, key.institution)
      return withdrawDeclaration(declaration, at, this.#allOf(key.institution))
    })
  }

  #change(
    account: Account,
    key: DeclarationKey,
    why: string,
    change: (declaration: Declaration, at: number) => Declaration,
  ): Promise<ListedDeclaration> {
    return this.#turns.take(async () => {
      this.get(account, key)
      const before = this.#allOf(key.institution).find(({ id }) => id === key.id)!
      const at = this.#options.now()
      return this.#act(account, key.institution, before, change(before, at), why, at)
    })
  }

  async #act(
    { id: actor, role }: Account,
    institution: string,
    before: Declaration | null,
    after: Declaration,
    why: string,
    at: number,
  ): Promise<ListedDeclaration> {
    const what = declarationSubject({ institution, id: after.id })
    const entry = { actor, role, what, why, before, after, effectiveFrom: at }
    await applyActs(this.#options.store, [{ log: institution, entry }], at)
    const all = this.#allOf(institution)
    const place = before ? all.indexOf(before) : all.length
    this.#book.set(institution, all.toSpliced(place, 1, after))
    this.#options.onChange()
    return this.#listed(institution, after)
  }

  #allOf(institution: string): readonly Declaration[] {
    return this.#book.get(institution) ?? []
  }

  #listed(institution: string, declaration: Declaration): ListedDeclaration {
    const all = this.#allOf(institution)
    return {
      ...declaration,
      institution,
      state: declarationState(declaration, this.#options.now(), all),
    }
  }
}

/** Whether an account reviews a declaration that waits: another body's, and not its own. */
export function reviews(account: Account, declaration: Declaration): boolean {
  return isSecondPerson(account, declaration.requestedBy) && mayReview(account.role, declaration)
}

/** The model decides what can be waived and what may not apply. */
function requireOffered({ about }: Declaration, { criteria, notApplicable }: Offered): void {
  if (about.kind === 'waiver' && !criteria.some(({ id }) => id === about.criterion)) {
    const known = criteria.map(({ id }) => id).join(', ') || 'none'
    const message = `The model in force has no such criterion. It has: ${known}.`
    throw new AppError('invalid', message, { detail: { rule: 'criterion' } })
  }
  if (about.kind !== 'not_applicable') return
  if (notApplicable.some(({ metric }) => metric === about.metric)) return
  const known = notApplicable.map(({ metric }) => metric).join(', ') || 'none'
  const message = `By the model in force this always applies. What may not: ${known}.`
  throw new AppError('invalid', message, { detail: { rule: 'applies' } })
}
