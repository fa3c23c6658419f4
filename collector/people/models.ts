import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { nationalLog } from '../evidence/leaf.ts'
import type { Views, WhatIf } from '../http/views.ts'
import { Turns } from '../ingest/turns.ts'
import type { Model, ModelInForce } from '../kpi/readiness/model.ts'
import type { Cycle } from '../kpi/snapshot.ts'
import { type ModelDifference, modelDifference } from '../model/difference.ts'
import { readModelFile } from '../model/read-model.ts'
import {
  decideModel,
  inForce,
  type ModelAct,
  type ModelBook,
  modelKey,
  proposeModel,
  requireProposer,
} from '../register/models.ts'
import { foldModels, modelSubject } from '../register/models-log.ts'
import type { EvidenceReader, EvidenceWriter } from '../store/store.ts'
import type { Account } from './accounts.ts'
import { applyActs } from './acts.ts'
import { readSent } from './sent-document.ts'
import { type Decision, decisionOf } from './two-person.ts'

export type ModelsOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'entries'>
  readonly now: () => EpochMs
  /** What computes while no model is approved. */
  readonly defaultModel: Model
  readonly views: Pick<Views, 'whatIf'>
  /** Told after each approval. */
  readonly onChange: () => void
}

/** A model beside the one that computes, and how they differ. */
export type ComparedModels = {
  readonly before: Model
  readonly after: Model
  readonly difference: ModelDifference
}

/**
 * Versions of the readiness model: proposed by one person, approved by another one, and from then
 * on never changed. Acts happen one after another, and each is judged in its turn.
 */
export class Models {
  readonly #options: ModelsOptions
  readonly #turns = new Turns()
  #book: ModelBook

  private constructor(options: ModelsOptions, book: ModelBook) {
    this.#options = options
    this.#book = book
  }

  /** Reads what the log says. */
  static async open(options: ModelsOptions): Promise<Models> {
    return new Models(options, foldModels(await options.store.entries('figures')))
  }

  /** The newest act about each version, the newest first. */
  list(): ModelAct[] {
    return [...this.#book.values()].sort((a, b) => b.requestedAt - a.requestedAt)
  }

  /** One version. Throws AppError `not_found`. */
  get(key: string): ModelAct {
    const found = this.#book.get(key)
    if (!found) throw new AppError('not_found', 'There is no such version of a model.')
    return found
  }

  /** What computes now: the approved model in force, else the default one as a draft. */
  current(): ModelInForce {
    const { now, defaultModel } = this.#options
    return inForce(this.#book, now()) ?? { model: defaultModel, from: null }
  }

  /** The model of a file, which is only looked at. Throws AppError with all that is wrong. */
  read(text: string): Model {
    return readSent(() => readModelFile(text, 'model')).model
  }

  /** A model beside what computes now. */
  compare(after: Model): ComparedModels {
    const before = this.current().model
    return { before, after, difference: modelDifference(before, after) }
  }

  /**
   * What would be shown under a model, now or at the end of a cycle. Nothing of it is stored. Null
   * while there are no figures.
   */
  trial(model: Model, cycle: Cycle | null): Promise<WhatIf | null> {
    return this.#options.views.whatIf(model, cycle)
  }

  /** Proposes a file's model. Throws AppError; its detail names the rule. */
  propose(account: Account, text: string, why: string): Promise<ModelAct> {
    return this.#turns.take(async () => {
      const at = this.#options.now()
      // Before a file is read, which takes a while.
      requireProposer(account.role)
      const { model, from, to, status } = readSent(() => readModelFile(text, 'model'))
      if (status === 'retired') {
        const message = 'The file says that its model is retired; its status must be draft.'
        throw new AppError('conflict', message, { detail: { rule: 'retired' } })
      }
      const asked = { model, from, to, why }
      const act = proposeModel(asked, { by: account.id, role: account.role }, at, this.#book)
      return this.#act(account, act, why, at)
    })
  }

  /** Approves or refuses what another account proposed. Throws AppError. */
  decide(account: Account, key: string, is: Decision['is'], why: string): Promise<ModelAct> {
    return this.#turns.take(async () => {
      const at = this.#options.now()
      const asked = this.get(key)
      const decision = decisionOf(account, asked, { is, at, why })
      const act = await this.#act(account, decideModel(asked, decision), why, at)
      if (is === 'approved') this.#options.onChange()
      return act
    })
  }

  async #act(account: Account, after: ModelAct, why: string, at: EpochMs): Promise<ModelAct> {
    const { id: actor, role } = account
    const key = modelKey(after.model)
    const before = this.#book.get(key) ?? null
    const what = modelSubject(after.model)
    const entry = { actor, role, what, why, before, after, effectiveFrom: at }
    await applyActs(this.#options.store, [{ log: nationalLog, entry }], at)
    this.#book = new Map([...this.#book, [key, after]])
    return after
  }
}
