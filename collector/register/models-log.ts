import { isDeepStrictEqual } from 'node:util'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Model } from '../kpi/readiness/model.ts'
import { isDecision, isInstant, isRecord } from './act-log.ts'
import type { Entry } from './difference.ts'
import {
  decideModel,
  inForce,
  type ModelAct,
  type ModelBook,
  type ModelSince,
  modelKey,
  proposeModel,
} from './models.ts'

/** The `what` of an entry about a version of a model. */
export function modelSubject(model: Pick<Model, 'id' | 'version'>): string {
  return `model/${modelKey(model)}`
}

/** `<id>/<version>` of the model that an entry is about; null where it is about something else. */
export function parseModelSubject(what: string): string | null {
  if (!what.startsWith('model/')) return null
  const found = /^model\/([a-z][a-z0-9-]{0,39}\/\d{1,4}\.\d{1,4}\.\d{1,4})$/.exec(what)
  return found?.[1] ?? null
}

/**
 * Folds entries of the national log, oldest first, into what became of each version. Every act is
 * judged again by the rules that it was let in by, and one that breaks them counts for nothing.
 */
export function foldModels(entries: readonly Entry[]): ModelBook {
  const book = new Map<string, ModelAct>()
  for (const entry of entries) {
    const key = parseModelSubject(entry.what)
    const act = key && judged(entry, key, book)
    if (key && act) book.set(key, act)
  }
  return book
}

/** The approved model in force at an instant; null while none is. */
export function modelAt(entries: readonly Entry[], at: EpochMs): ModelSince | null {
  return inForce(foldModels(entries), at)
}

/** The version after an act, or null for an act that its rules do not allow. */
function judged(entry: Entry, key: string, book: ModelBook): ModelAct | null {
  const { actor: by, role, why, effectiveFrom: at } = entry
  const known = book.get(key) ?? null
  const after = modelActOf(entry.after)
  if (!after || modelKey(after.model) !== key || !isDeepStrictEqual(entry.before, known)) {
    return null
  }
  try {
    const again =
      known?.decision === null
        ? after.decision && decideModel(known, { is: after.decision.is, by, role, at, why })
        : proposeModel(after, { by, role }, at, book)
    return isDeepStrictEqual(again, after) ? after : null
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

/** An act about a version that an entry holds; null where it holds something else. */
export function modelActOf(value: unknown): ModelAct | null {
  if (!isRecord(value)) return null
  const { model, from, to, why, requestedBy, requestedAt, decision } = value
  const texts = [why, requestedBy].every((each) => typeof each === 'string')
  const instants = [from, to ?? 0, requestedAt].every(isInstant)
  const isDecided = decision === null || isDecision(decision)
  // Every field was looked at; what is inside a model its validator saw before it was let in.
  return texts && instants && isDecided && isModel(model) ? (value as unknown as ModelAct) : null
}

function isModel(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { id, version, hash, status, levels, dimensions, enabled } = value
  const texts = [id, version].every((each) => typeof each === 'string')
  const isHash = typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)
  const lists = [levels, dimensions, enabled].every(Array.isArray)
  return texts && isHash && lists && (status === 'draft' || status === 'approved')
}
