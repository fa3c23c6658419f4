import type { EpochMs } from '../../protocol/time.ts'
import { AppError, type ErrorCode } from '../error.ts'
import type { Model, ModelInForce } from '../kpi/readiness/model.ts'
import { isEnough, modelDifference, versionStep } from '../model/difference.ts'
import { roleMay } from '../people/permissions.ts'
import { type Decision, decide, type Proposal } from '../people/two-person.ts'

/**
 * One version of a readiness model as people proposed and decided it. It is this object, as JSON,
 * that entries of the log hold before and after each act: whoever computes needs no validator.
 */
export type ModelAct = Proposal & {
  /** `approved` exactly when the decision says so. */
  readonly model: Model
  /** When its file says that it shall hold; it never holds before it was approved. */
  readonly from: EpochMs
  /** Null: until another one takes its place. */
  readonly to: EpochMs | null
  readonly why: string
}

/** The newest act about each version, by `<id>/<version>`. */
export type ModelBook = ReadonlyMap<string, ModelAct>

/** Versions of models that are kept, and of these the ones that wait. */
export const modelVersionsMax = 200
export const modelProposalsMax = 10

/** What a file says of when its model shall hold. */
export type ProposedModel = Pick<ModelAct, 'model' | 'from' | 'to' | 'why'>

/** A model that is in force, and since when. */
export type ModelSince = ModelInForce & { readonly from: EpochMs }

/** Which version an act is about. */
export function modelKey({ id, version }: Pick<Model, 'id' | 'version'>): string {
  return `${id}/${version}`
}

/** Proposes a version. Throws AppError; its detail names the rule. */
export function proposeModel(
  asked: ProposedModel,
  who: { readonly by: string; readonly role: string },
  at: EpochMs,
  book: ModelBook,
): ModelAct {
  requireProposer(who.role)
  const { model, from, to, why } = asked
  if (to !== null && to <= at) {
    const message = 'The model no longer holds: its effective.to has passed. Set a later day.'
    throw refusal('conflict', 'ended', message)
  }
  requireNew(model, book)
  requireRoom(model, book)
  return {
    ...{ model: { ...model, status: 'draft' }, from, to, why },
    ...{ requestedBy: who.by, requestedAt: at, decision: null },
  }
}

/** Throws AppError for a role that proposes no model. */
export function requireProposer(role: string): void {
  if (roleMay(role, 'models.propose')) return
  throw refusal('forbidden', 'role', 'Only an admin or the ministry may propose a model.')
}

/** An approved version never changes, and a later one says by its number what became of it. */
function requireNew(model: Model, book: ModelBook): void {
  const known = book.get(modelKey(model))
  if (known?.decision === null) {
    throw refusal('conflict', 'proposed', 'A proposal for this version already waits for approval.')
  }
  if (known?.decision?.is === 'approved') {
    const same = known.model.hash === model.hash
    const message = same
      ? 'This version is approved already.'
      : 'This version is approved and never changes: raise the version of the file.'
    throw refusal('conflict', same ? 'approved' : 'immutable', message)
  }
  const newest = newestVersion(book, model.id)
  if (!newest) return
  const step = versionStep(newest.version, model.version)
  if (step === null) {
    const message = `The version must be later than ${newest.version}, which is approved.`
    throw refusal('conflict', 'version', message)
  }
  const { kind } = modelDifference(newest, model)
  if (isEnough(step, kind)) return
  const because = kind === 'major' ? 'scores cannot be compared' : 'something that is not scored'
  const message = `The version must rise by a ${kind} step from ${newest.version}: ${because}.`
  throw refusal('conflict', 'step', message)
}

function requireRoom(model: Model, book: ModelBook): void {
  const open = [...book.values()].filter(({ decision }) => decision === null)
  if (open.length >= modelProposalsMax) {
    const message = `At most ${modelProposalsMax} models wait for approval; decide one first.`
    throw refusal('conflict', 'proposals', message)
  }
  if (book.size < modelVersionsMax || book.has(modelKey(model))) return
  throw refusal('conflict', 'versions', `At most ${modelVersionsMax} versions are kept.`)
}

/** The approved version of a model that is later than its others; null where none is approved. */
export function newestVersion(book: ModelBook, id: string): Model | null {
  const approved = [...book.values()].filter(isApproved).map(({ model }) => model)
  return approved
    .filter((model) => model.id === id)
    .reduce<Model | null>((best, model) => {
      return best && versionStep(best.version, model.version) === null ? best : model
    }, null)
}

/** The proposal as a second person decided it. Throws AppError. */
export function decideModel(act: ModelAct, decision: Decision): ModelAct {
  const decided = decide(act, decision, 'models.decide')
  if (decision.is === 'refused') return decided
  return { ...decided, model: { ...act.model, status: 'approved' } }
}

/**
 * The model in force at an instant and since when, or null while none is: of those that hold, the
 * one that took effect last. What was approved later holds for nothing before.
 */
export function inForce(book: ModelBook, at: EpochMs): ModelSince | null {
  const holding = [...book.values()].flatMap((act) => {
    const from = isApproved(act) ? Math.max(act.from, act.decision.at) : Number.NaN
    const holds = from <= at && (act.to === null || at < act.to)
    return holds && isApproved(act) ? [{ model: act.model, from, decidedAt: act.decision.at }] : []
  })
  const [newest] = holding.sort((a, b) => b.from - a.from || b.decidedAt - a.decidedAt)
  return newest ? { model: newest.model, from: newest.from } : null
}

/** Whether two persons agreed on it. */
export function isApproved(act: ModelAct): act is ModelAct & { readonly decision: Decision } {
  return act.decision?.is === 'approved'
}

function refusal(code: ErrorCode, rule: string, message: string): AppError {
  return new AppError(code, message, { detail: { rule } })
}
