import { dayMs, type EpochMs, hourMs, intersect, minuteMs, type Span } from '../../protocol/time.ts'
import { AppError, type ErrorCode } from '../error.ts'
import { localTime } from '../kpi/zone.ts'
import { type Decision, decide, type Proposal } from '../people/two-person.ts'

/**
 * A time for which an institution asked that one of its environments need not be up. It is this
 * object, as JSON, that entries of the log hold before and after each act.
 */
export type MaintenanceWindow = Span &
  Proposal & {
    readonly id: string
    readonly why: string
    readonly withdrawnAt: EpochMs | null
  }

/** What a window is at an instant. `lapsed`: it began before anybody approved it. */
export const maintenanceStates = [
  'requested',
  'approved',
  'under_way',
  'over',
  'refused',
  'withdrawn',
  'lapsed',
] as const
export type MaintenanceState = (typeof maintenanceStates)[number]

export function maintenanceState(
  { from, to, decision, withdrawnAt }: MaintenanceWindow,
  now: EpochMs,
): MaintenanceState {
  if (withdrawnAt !== null) return 'withdrawn'
  if (decision?.is === 'refused') return 'refused'
  if (now < from) return decision ? 'approved' : 'requested'
  if (!decision) return 'lapsed'
  return now < to ? 'under_way' : 'over'
}

/** Whether a window takes time out of the figures, as far as the quota goes. */
export function isApproved({ decision, withdrawnAt }: MaintenanceWindow): boolean {
  return decision?.is === 'approved' && withdrawnAt === null
}

/** No window is longer: no policy can set a larger quota. */
export const maintenanceMsMax = 30 * dayMs
/** Nor does any start later than this after it was asked for. */
export const maintenanceAheadMsMax = 366 * dayMs
/** Windows of one environment that are still to end. */
export const maintenanceOpenMax = 50

/** What a request is judged by. */
export type RequestRules = {
  readonly noticeMs: number
  /** Only for the sentence of a refusal. */
  readonly timezone: string
  /** All other windows of the environment. */
  readonly others: readonly MaintenanceWindow[]
}

/** A new window. Throws AppError; its detail names the rule that was broken. */
export function requestMaintenance(
  asked: Span & { readonly id: string; readonly why: string },
  requestedBy: string,
  at: EpochMs,
  { noticeMs, timezone, others }: RequestRules,
): MaintenanceWindow {
  const { id, from, to, why } = asked
  if (to <= from) throw refusal('invalid', 'order', 'Maintenance must end after it starts.')
  if (from % minuteMs !== 0 || to % minuteMs !== 0) {
    throw refusal('invalid', 'minutes', 'Maintenance starts and ends at whole minutes.')
  }
  const earliest = Math.ceil((at + noticeMs) / minuteMs) * minuteMs
  if (from < earliest) {
    const start = `the earliest start is ${localTime(earliest, timezone)}`
    const hours = noticeMs / hourMs
    const notice = `Maintenance must be asked for ${hours} hours before it starts`
    const past = 'Maintenance is never entered afterwards'
    const [rule, words] = from < at ? ['past', past] : ['notice', notice]
    throw refusal('invalid', rule, `${words}: ${start}.`, { earliest, hours })
  }
  if (to - from > maintenanceMsMax) {
    throw refusal('invalid', 'length', 'Maintenance lasts at most 30 days.')
  }
  if (from - at > maintenanceAheadMsMax) {
    throw refusal('invalid', 'ahead', 'Maintenance starts at most 366 days after it is asked for.')
  }
  const open = others.filter((each) => stands(each, at) && each.to > at)
  if (open.length >= maintenanceOpenMax) {
    const message = `The environment has ${maintenanceOpenMax} windows still to end already.`
    throw refusal('conflict', 'open', message)
  }
  const other = open.find((each) => intersect(each, asked))
  if (other) {
    const times = [other.from, other.to].map((each) => localTime(each, timezone)).join(' to ')
    const message = `It overlaps the maintenance ${other.id}, from ${times}.`
    throw refusal('conflict', 'overlap', message, { from: other.from, to: other.to })
  }
  const decision = null
  return { id, from, to, why, requestedBy, requestedAt: at, decision, withdrawnAt: null }
}

/** Whether a window is in the way of others. */
function stands(window: MaintenanceWindow, at: EpochMs): boolean {
  return !['refused', 'withdrawn', 'lapsed'].includes(maintenanceState(window, at))
}

/** The window as a second person decided it before it starts. Throws AppError. */
export function decideMaintenance(
  window: MaintenanceWindow,
  decision: Decision,
): MaintenanceWindow {
  const decided = decide(window, decision, 'maintenance.decide')
  const state = maintenanceState(window, decision.at)
  if (state === 'requested') return decided
  const message =
    state === 'lapsed'
      ? 'It began before anybody approved it, so it has lapsed.'
      : 'It was withdrawn.'
  throw refusal('conflict', state, message)
}

/** The window with an earlier end, which has not passed. Throws AppError. */
export function shortenMaintenance(
  window: MaintenanceWindow,
  to: EpochMs,
  at: EpochMs,
): MaintenanceWindow {
  const state = maintenanceState(window, at)
  if (state !== 'requested' && state !== 'approved' && state !== 'under_way') {
    throw refusal('conflict', 'closed', 'Only maintenance that has not ended is shortened.')
  }
  if (to % minuteMs !== 0) {
    throw refusal('invalid', 'minutes', 'Maintenance starts and ends at whole minutes.')
  }
  if (to >= window.to) {
    throw refusal('invalid', 'extended', 'Maintenance is only ever shortened, never extended.')
  }
  if (to <= window.from) throw refusal('invalid', 'order', 'Maintenance must end after it starts.')
  if (to < at) throw refusal('invalid', 'end_passed', 'The new end must not have passed.')
  return { ...window, to }
}

/** The window as given up before it starts. Throws AppError. */
export function withdrawMaintenance(window: MaintenanceWindow, at: EpochMs): MaintenanceWindow {
  const state = maintenanceState(window, at)
  if (state === 'requested' || state === 'approved') return { ...window, withdrawnAt: at }
  const message = 'Only maintenance that has not started is withdrawn; one under way is shortened.'
  throw refusal('conflict', 'started', message)
}

function refusal(
  code: ErrorCode,
  rule: string,
  message: string,
  values: Readonly<Record<string, number>> = {},
): AppError {
  return new AppError(code, message, { detail: { rule, ...values } })
}
