import { AppError } from '../error.ts'
import type { HostingPolicy } from '../kpi/migration/hosting-policy.ts'
import {
  type ClaimedState,
  claimedStates,
  type Day,
  type Workload,
  type WorkloadPlace,
} from '../kpi/migration/workload.ts'
import { type FieldProblem, fieldProblems, workloadLimits } from './workload-fields.ts'

/** What somebody says of a workload: all of it, as it is to stand from now on. */
export type AskedWorkload = Omit<Workload, 'isRolledBack' | 'weight'> & {
  /** Absent: as it was, or that of the criticality where it is new. */
  readonly weight?: number
}

/** By what a workload of an institution is judged when an act about it is made. */
export type WorkloadRules = {
  /** The day of the policy's zone on which the act is made. */
  readonly today: Day
  /** Null while the policy says nothing of hosting: then data classes and providers are free. */
  readonly hosting: HostingPolicy | null
  readonly weights: Readonly<Record<Workload['criticality'], number>>
  /** Whether the register has, or ever had, such an environment of the institution. */
  readonly isEnvironment: (environment: string) => boolean
  /** Names of all agents ever enrolled for it; null where they are not looked at. */
  readonly hostsOf: (environment: string) => ReadonlySet<string> | null
  /** Whether a workload that was removed had this id. */
  readonly isGone: (id: string) => boolean
  /** Workloads that the institution has. */
  readonly count: number
}

/** Whether a state is this one, or a later one of the way. */
export function hasReached(state: ClaimedState, wanted: ClaimedState): boolean {
  return claimedStates.indexOf(state) >= claimedStates.indexOf(wanted)
}

/**
 * All that keeps a workload from being registered so, on top of what was known of it (null: it is
 * new); empty where nothing does. Looks at every field, whatever it holds.
 */
export function workloadProblems(
  asked: AskedWorkload,
  known: Workload | null,
  rules: WorkloadRules,
): readonly FieldProblem[] {
  const shape = fieldProblems(asked)
  // What is no state and no strategy says nothing of what else must be there.
  if (shape.length > 0) return shape
  return [
    ...identityProblems(asked, known, rules),
    ...knownProblems(asked, known, rules),
    ...missingProblems(asked),
    ...untimelyProblems(asked),
    ...dateProblems(asked, rules),
  ]
}

/** The workload as it stands from now on. Throws AppError `invalid` with all problems. */
export function registeredWorkload(
  asked: AskedWorkload,
  known: Workload | null,
  rules: WorkloadRules,
): Workload {
  const problems = workloadProblems(asked, known, rules)
  if (problems.length > 0) throw refusedWorkloads(problems.map(first), 1)
  const { id, name, criticality, dataClass, strategy, provider, blocked, state } = asked
  const { serviceSince, plannedStart, plannedFinish, startedOn, cutOverOn, retiredOn } = asked
  return {
    ...{ id, name: { ar: composed(name.ar), en: composed(name.en) }, criticality },
    weight: asked.weight ?? known?.weight ?? rules.weights[criticality],
    ...{ dataClass, strategy, provider },
    wave: asked.wave === null ? null : composed(asked.wave),
    owner: asked.owner === null ? null : composed(asked.owner),
    ...{ source: placeOf(asked.source), target: placeOf(asked.target) },
    ...{ serviceSince, plannedStart, plannedFinish, startedOn, cutOverOn, retiredOn, state },
    isRolledBack: isRolledBack(state, known),
    blocked: blocked && { reason: composed(blocked.reason), since: blocked.since },
  }
}

/** A problem of one workload of a list; `index` from 0. */
export type PlacedProblem = FieldProblem & { readonly index: number }

/** Problems shown in a refusal's sentence; its detail has all. */
const problemsShownMax = 20

/** Why workloads are refused: in one sentence, and one by one in the detail. */
export function refusedWorkloads(problems: readonly PlacedProblem[], count: number): AppError {
  const told = problems.slice(0, problemsShownMax).map(({ index, field, message }) => {
    return `${count > 1 ? `number ${index + 1}: ` : ''}${field} ${message}`
  })
  const more = problems.length - told.length
  const message = `${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`
  return new AppError('invalid', message, { detail: { rule: 'workload', problems } })
}

function first(problem: FieldProblem): PlacedProblem {
  return { index: 0, ...problem }
}

/** A move that failed or was undone, until it goes on. */
function isRolledBack(state: ClaimedState, known: Workload | null): boolean {
  if (!known || hasReached(state, 'migrating')) return false
  return known.isRolledBack || (state === 'planned' && hasReached(known.state, 'migrating'))
}

function identityProblems(
  { id }: AskedWorkload,
  known: Workload | null,
  { isGone, count }: WorkloadRules,
): FieldProblem[] {
  const problems: FieldProblem[] = []
  const { workloadsMax } = workloadLimits
  if (known && known.id !== id) problems.push({ field: 'id', message: 'must stay as it is' })
  if (!known && isGone(id)) {
    problems.push({ field: 'id', message: 'was that of a removed workload, and is not used again' })
  }
  if (!known && count >= workloadsMax) {
    const message = `cannot be registered: an institution has at most ${workloadsMax} workloads`
    problems.push({ field: 'id', message })
  }
  return problems
}

/**
 * What the register and the policy do not know. A provider or class that left the policy may stay
 * where it was, so that all else of the workload can still be told.
 */
function knownProblems(
  { source, target, dataClass, provider }: AskedWorkload,
  known: Workload | null,
  { hosting, isEnvironment, hostsOf }: WorkloadRules,
): FieldProblem[] {
  const problems: FieldProblem[] = []
  for (const [field, place] of [['source', source] as const, ['target', target] as const]) {
    if (!place) continue
    if (!isEnvironment(place.environment)) {
      const message = 'must be a hosting environment of the institution, as the register names it'
      problems.push({ field: `${field}.environment`, message })
      continue
    }
    const hosts = hostsOf(place.environment)
    if (hosts && place.hosts.some((host) => !hosts.has(host))) {
      const message = `must name agents of its environment: ${listed([...hosts].sort())}`
      problems.push({ field: `${field}.hosts`, message })
    }
  }
  if (source && target && overlaps(source, target)) {
    problems.push({ field: 'target', message: 'must not be where the source is' })
  }
  if (!hosting) return problems
  for (const [field, value, all] of [
    ['dataClass', dataClass, hosting.dataClasses],
    ['provider', provider, hosting.providers],
  ] as const) {
    if (value === null || value === known?.[field] || all.some(({ id }) => id === value)) continue
    const message = `must be one that the policy names: ${listed(all.map(({ id }) => id))}`
    problems.push({ field, message })
  }
  return problems
}

/** Two places share a host; one that names no hosts has all of its environment. */
function overlaps(one: WorkloadPlace, other: WorkloadPlace): boolean {
  if (one.environment !== other.environment) return false
  if (one.hosts.length === 0 || other.hosts.length === 0) return true
  return one.hosts.some((host) => other.hosts.includes(host))
}

type Field = Exclude<keyof AskedWorkload, 'weight' | 'isRolledBack'>

/** What a state needs beside what those before it need. */
const needed: Readonly<Record<ClaimedState, (asked: AskedWorkload) => readonly Field[]>> = {
  identified: () => [],
  assessed: () => ['strategy', 'dataClass'],
  planned: (asked) => {
    const stays = asked.strategy === 'retain' || asked.strategy === 'retire'
    const place: Field[] = stays || !asked.target ? ['source'] : []
    const provider: Field[] = stays ? [] : ['provider']
    return [...place, ...provider, 'plannedStart', 'plannedFinish', 'owner']
  },
  preparing: ({ strategy }) => (strategy === 'retire' ? [] : ['target']),
  migrating: () => ['startedOn'],
  cut_over: ({ strategy }) => (strategy === 'retire' ? [] : ['cutOverOn']),
  retired: () => ['retiredOn', 'source'],
}

/** Every state needs its own fields and those of all before it: no jump skips evidence. */
function missingProblems(asked: AskedWorkload): FieldProblem[] {
  const { state } = asked
  const missing = new Map<Field, ClaimedState>()
  for (const each of claimedStates.filter((one) => hasReached(state, one))) {
    for (const field of needed[each](asked)) {
      if (asked[field] === null && !missing.has(field)) missing.set(field, each)
    }
  }
  return [...missing].map(([field, since]) => {
    const of = since === state ? state : `${since}, which ${state} comes after`
    return { field, message: `must be given: it is needed for ${of}` }
  })
}

/** What must not be there yet, or never with this strategy. */
function untimelyProblems(asked: AskedWorkload): FieldProblem[] {
  const { state, strategy, target, blocked } = asked
  const problems: FieldProblem[] = []
  for (const [field, first] of [
    ['startedOn', 'migrating'],
    ['cutOverOn', 'cut_over'],
    ['retiredOn', 'retired'],
  ] as const) {
    if (asked[field] === null || hasReached(state, first)) continue
    problems.push({ field, message: `must be empty before ${first}` })
  }
  if (strategy === 'retire' && target) {
    problems.push({ field: 'target', message: 'must be empty: what is retired goes nowhere' })
  }
  if (strategy === 'retire' && state === 'cut_over') {
    const message = 'must not be cut_over with the strategy retire: say retired'
    problems.push({ field: 'state', message })
  }
  if (strategy !== null && strategy !== 'retire' && state === 'retired') {
    const message = 'is retired only with the strategy retire: what has moved is cut_over'
    problems.push({ field: 'state', message })
  }
  if (strategy === 'retain' && state !== 'retired' && hasReached(state, 'preparing')) {
    const message = 'must be planned or earlier with the strategy retain: what stays does not move'
    problems.push({ field: 'state', message })
  }
  if (blocked && state === 'retired') {
    problems.push({ field: 'blocked', message: 'must be empty once it is retired' })
  }
  return problems
}

/** Days out of order, and days that have not come of what has happened. */
function dateProblems(asked: AskedWorkload, rules: WorkloadRules): FieldProblem[] {
  const { plannedStart, plannedFinish, serviceSince, startedOn, cutOverOn, retiredOn } = asked
  const problems: FieldProblem[] = []
  const inOrder = (days: readonly (readonly [Field, Day | null])[]) => {
    const given = days.flatMap(([field, day]) => (day === null ? [] : [{ field, day }]))
    for (const [i, { field, day }] of given.entries()) {
      const before = given[i - 1]
      if (!before || before.day <= day) continue
      problems.push({ field, message: `must not be before ${before.field}` })
    }
  }
  inOrder([
    ['plannedStart', plannedStart],
    ['plannedFinish', plannedFinish],
  ])
  const happened = [
    ['startedOn', startedOn],
    ['cutOverOn', cutOverOn],
    ['retiredOn', retiredOn],
  ] as const
  inOrder([['serviceSince', serviceSince], ...happened])
  const since = ['blocked.since', asked.blocked?.since ?? null] as const
  for (const [field, day] of [...happened, since]) {
    if (day === null || day <= rules.today) continue
    problems.push({ field, message: 'must not be in the future' })
  }
  return problems
}

function placeOf(place: WorkloadPlace | null): WorkloadPlace | null {
  return place && { environment: place.environment, hosts: [...place.hosts].sort() }
}

/** Names that look alike are the same text: Unicode's composed form. */
function composed(text: string): string {
  return text.normalize('NFC')
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, 20).join(', ') || 'none yet'
  return ids.length > 20 ? `${shown} and ${ids.length - 20} more` : shown
}
