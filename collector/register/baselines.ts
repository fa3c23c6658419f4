import type { EpochMs } from '../../protocol/time.ts'
import { AppError, type ErrorCode } from '../error.ts'
import type { Baseline, Day, Workload } from '../kpi/migration/workload.ts'
import { type BodyProposal, type Decision, decideAsOtherBody } from '../people/two-person.ts'
import { requireRoadmapAsker } from './exemptions.ts'
import { type FieldProblem, isDay } from './workload-fields.ts'

/**
 * A roadmap that somebody proposes: what was planned for every workload at that moment. Once it is
 * approved it never changes. It is this object, as JSON, that entries of the log hold.
 */
export type BaselineAct = BodyProposal & {
  /** Its number as text: that of the next one to be approved. */
  readonly id: string
  readonly startOn: Day
  readonly workloads: Baseline['workloads']
}

export const baselineStates = ['open', 'approved', 'refused', 'withdrawn'] as const
export type BaselineState = (typeof baselineStates)[number]

export function baselineState({ decision, withdrawnAt }: BaselineAct): BaselineState {
  if (withdrawnAt !== null) return 'withdrawn'
  return decision?.is ?? 'open'
}

/** Approved baselines of one institution, for ever. */
export const baselinesMax = 100
/** From its start to its last planned finish. */
export const baselineYearsMax = 30

/** What a baseline is judged by when it is proposed. */
export type BaselineRules = {
  /** As they stand now, in the order of registration. */
  readonly workloads: readonly Workload[]
  /** Whether an exemption of it is in force now. */
  readonly isExempt: (workload: string) => boolean
  /** All of the institution, in the order of their numbers. */
  readonly all: readonly BaselineAct[]
}

/**
 * What a baseline from `startOn` on would promise now, with everything that stands against it and
 * where: `portal.plannedFinish`.
 */
export function draftBaseline(
  startOn: Day,
  { workloads, isExempt }: Omit<BaselineRules, 'all'>,
): { readonly workloads: Baseline['workloads']; readonly problems: readonly FieldProblem[] } {
  const problems: FieldProblem[] = []
  const promised: Baseline['workloads'][number][] = []
  const isStart = isDay(startOn)
  const latest = isStart
    ? `${Number(startOn.slice(0, 4)) + baselineYearsMax}${startOn.slice(4)}`
    : ''
  if (!isStart) problems.push({ field: 'startOn', message: 'must be a day such as 2027-01-01' })
  for (const workload of workloads) {
    const { id, weight, plannedFinish: finishOn } = workload
    if (isExempt(id)) continue
    // What has moved may have done so before the start.
    const isMoved = workload.state === 'cut_over' || workload.state === 'retired'
    const field = `${id}.plannedFinish`
    if (finishOn === null) {
      problems.push({ field, message: missingWords(workload) })
    } else if (isStart && finishOn < startOn && !isMoved) {
      const message = `is ${finishOn}, before the roadmap starts on ${startOn}: plan it again`
      problems.push({ field, message })
    } else if (isStart && finishOn > latest) {
      const message = `is ${finishOn}; a roadmap ends within ${baselineYearsMax} years`
      problems.push({ field, message })
    } else {
      promised.push({ id, weight, finishOn })
    }
  }
  if (problems.length === 0 && !promised.some(({ finishOn }) => finishOn > startOn)) {
    const message = 'must hold one that is to be moved after the start'
    problems.push({ field: 'workloads', message })
  }
  return { workloads: promised, problems }
}

function missingWords({ strategy }: Workload): string {
  const missing = 'is missing, and it is neither exempt nor moved'
  return strategy === 'retain' ? `${missing}: what is retained needs an exemption` : missing
}

/** A new baseline, which waits. Throws AppError; `problems` in its detail are all there are. */
export function proposeBaseline(
  { startOn }: Pick<BaselineAct, 'startOn'>,
  by: { readonly id: string; readonly role: string },
  at: EpochMs,
  rules: BaselineRules,
): BaselineAct {
  requireRoadmapAsker(by.role)
  const open = rules.all.find((each) => baselineState(each) === 'open')
  if (open) {
    const message = `Baseline ${open.id} waits for a decision: one at a time is proposed.`
    throw refusal('conflict', 'waiting', message)
  }
  const approved = rules.all.filter((each) => baselineState(each) === 'approved').length
  if (approved >= baselinesMax) {
    throw refusal('conflict', 'full', `An institution has at most ${baselinesMax} baselines.`)
  }
  const { workloads, problems } = draftBaseline(startOn, rules)
  if (problems.length > 0) {
    const told = problems.slice(0, 20).map(({ field, message }) => `${field} ${message}`)
    const more = problems.length > told.length ? `; and ${problems.length - told.length} more` : ''
    const message = `The roadmap is not complete: ${told.join('; ')}${more}.`
    throw new AppError('invalid', message, { detail: { rule: 'incomplete', problems } })
  }
  return {
    ...{ id: String(approved + 1), startOn, workloads, requestedBy: by.id },
    ...{ requestedRole: by.role, requestedAt: at, decision: null, withdrawnAt: null },
  }
}

/** The baseline as another body decided it. Throws AppError. */
export function decideBaseline(baseline: BaselineAct, decision: Decision): BaselineAct {
  return decideAsOtherBody(baseline, decision)
}

/** The baseline as taken back while it waits. Throws AppError. */
export function withdrawBaseline(baseline: BaselineAct, role: string, at: EpochMs): BaselineAct {
  requireRoadmapAsker(role)
  if (baselineState(baseline) === 'open') return { ...baseline, withdrawnAt: at }
  const message = 'Only a baseline that nobody has decided is withdrawn.'
  throw refusal('conflict', 'closed', message)
}

/** The approved ones, by number. */
export function approvedBaselines(all: readonly BaselineAct[]): Baseline[] {
  return all.flatMap(({ id, startOn, workloads, decision, withdrawnAt }) =>
    decision?.is === 'approved' && withdrawnAt === null
      ? [{ number: Number(id), startOn, approvedAt: decision.at, workloads }]
      : [],
  )
}

function refusal(code: ErrorCode, rule: string, message: string): AppError {
  return new AppError(code, message, { detail: { rule } })
}
