import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { AppError, type ErrorCode } from '../error.ts'
import {
  declarableMetrics,
  isMetric,
  type MetricName,
  type MetricUnit,
  metricOf,
} from '../kpi/readiness/metrics.ts'
import { roleMay } from '../people/permissions.ts'
import { bodyOf, type Decision, decide, type Proposal } from '../people/two-person.ts'

/**
 * What is declared: a value that no agent can measure; that a criterion of the enabled share need
 * not be passed for now; or that a metric does not apply, as an agent said.
 */
export type DeclaredAbout =
  | { readonly kind: 'metric'; readonly metric: MetricName; readonly value: number | boolean }
  | { readonly kind: 'waiver'; readonly criterion: string }
  | { readonly kind: 'not_applicable'; readonly metric: MetricName }

/**
 * What an institution declares of itself, or of one of its environments, until another body has
 * reviewed it and as long as it has not expired. It is this object, as JSON, that entries of the
 * log hold before and after each act.
 */
export type Declaration = Proposal & {
  readonly id: string
  /** Null: the institution itself. */
  readonly environment: string | null
  readonly about: DeclaredAbout
  /** SHA-256 in hex of a file that the institution keeps. */
  readonly evidenceSha256: string
  /** What the evidence is, in the declarer's words. */
  readonly detail: string
  readonly expiresAt: EpochMs
  /** The role of `requestedBy`: no body reviews what it declared itself. */
  readonly requestedRole: string
  readonly withdrawnAt: EpochMs | null
}

/** What a declaration is at an instant. `replaced`: by a later one about the same. */
export const declarationStates = [
  'open',
  'verified',
  'refused',
  'withdrawn',
  'expired',
  'replaced',
] as const
export type DeclarationState = (typeof declarationStates)[number]

/** `all` are those of the institution, in the order in which they were made. */
export function declarationState(
  declaration: Declaration,
  at: EpochMs,
  all: readonly Declaration[],
): DeclarationState {
  const { decision, withdrawnAt, expiresAt, id } = declaration
  if (withdrawnAt !== null) return 'withdrawn'
  if (decision?.is === 'refused') return 'refused'
  const later = all.slice(all.findIndex((each) => each.id === id) + 1)
  const isReplaced = later.some((each) => {
    return each.decision?.is === 'approved' && subjectOf(each) === subjectOf(declaration)
  })
  if (decision && isReplaced) return 'replaced'
  if (expiresAt <= at) return 'expired'
  return decision ? 'verified' : 'open'
}

/** What a declaration is about, without its value: a later one of the same renews it. */
export function subjectOf({ environment, about }: Pick<Declaration, 'environment' | 'about'>) {
  const name = about.kind === 'waiver' ? about.criterion : about.metric
  return `${about.kind}/${name}/${environment ?? ''}`
}

/** Days that a declaration holds at most; a model may want fewer, never more. */
export const declaredDaysMax = 365
/** Declarations of one institution that nobody has reviewed. */
export const declarationsOpenMax = 200
/** A hundred years in days: no declared number is larger. */
const valueMax = 36_500

/** What a declaration is judged by when it is made. */
export type DeclarationRules = {
  /** Days that it may hold, from when it is made. */
  readonly daysMax: number
  /** Whether the institution has such an environment now; of null: whether there is one at all. */
  readonly isRegistered: (environment: string | null) => boolean
  /** All of the institution, in the order in which they were made. */
  readonly all: readonly Declaration[]
}

/** What somebody declares. */
export type AskedDeclaration = Pick<
  Declaration,
  'environment' | 'about' | 'evidenceSha256' | 'detail' | 'expiresAt'
>

/** A new declaration. Throws AppError; its detail names the rule that was broken. */
export function requestDeclaration(
  asked: AskedDeclaration & Pick<Declaration, 'id'>,
  by: { readonly id: string; readonly role: string },
  at: EpochMs,
  { daysMax, isRegistered, all }: DeclarationRules,
): Declaration {
  const { id, environment, evidenceSha256, detail, expiresAt } = asked
  if (!isRegistered(environment)) {
    const thing = environment === null ? 'institution' : 'environment'
    throw new AppError('not_found', `There is no such ${thing}.`)
  }
  const about = rebuiltAbout(asked.about)
  requireAbout(about, environment)
  if (!/^[0-9a-f]{64}$/.test(evidenceSha256)) {
    const message = 'The evidence is named by its SHA-256: 64 hex digits in lower case.'
    throw refusal('invalid', 'evidence', message)
  }
  if (expiresAt <= at) {
    throw refusal('invalid', 'expired', 'A declaration must expire in the future.')
  }
  if (expiresAt > at + daysMax * dayMs) {
    const message = `A declaration holds for at most ${daysMax} days; then it is renewed.`
    throw refusal('invalid', 'too_long', message, { until: at + daysMax * dayMs })
  }
  const open = all.filter((each) => declarationState(each, at, all) === 'open')
  const other = open.find((each) => subjectOf(each) === subjectOf({ environment, about }))
  if (other) {
    throw refusal('conflict', 'waiting', `The same waits for a review already: ${other.id}.`)
  }
  if (open.length >= declarationsOpenMax) {
    const message = `The institution has ${declarationsOpenMax} declarations nobody has reviewed.`
    throw refusal('conflict', 'open', message)
  }
  return {
    ...{ id, environment, about, evidenceSha256, detail, expiresAt },
    ...{ requestedBy: by.id, requestedRole: by.role, requestedAt: at },
    ...{ decision: null, withdrawnAt: null },
  }
}

/** With the fields that its kind has, and no others. */
function rebuiltAbout(about: DeclaredAbout): DeclaredAbout {
  if (about.kind === 'waiver') return { kind: about.kind, criterion: about.criterion }
  const { kind, metric } = about
  return kind === 'metric' ? { kind, metric, value: about.value } : { kind, metric }
}

const declarableWords = `Declared are: ${declarableMetrics.join(', ')}.`

function requireAbout(about: DeclaredAbout, environment: string | null): void {
  if (about.kind === 'waiver') {
    if (!/^E([1-9]|1\d|20)$/.test(about.criterion)) {
      throw refusal('invalid', 'criterion', 'A criterion is one of E1 to E20.')
    }
    requirePlace(environment, 'institution')
    return
  }
  if (!isMetric(about.metric)) {
    throw refusal('invalid', 'metric', `There is no such metric. ${declarableWords}`)
  }
  const { scope, source, unit } = metricOf(about.metric)
  if (about.kind === 'not_applicable' && source === 'declared') {
    const message = 'What is declared applies: only what agents tell may not.'
    throw refusal('invalid', 'applies', message)
  }
  if (about.kind === 'metric' && !declarableMetrics.includes(about.metric)) {
    const message = `This metric is measured, and nobody declares it. ${declarableWords}`
    throw refusal('invalid', 'measured', message)
  }
  requirePlace(environment, scope === 'institution' ? 'institution' : 'environment')
  if (about.kind === 'metric' && !isValue(about.value, unit)) {
    const message = `The value must be ${valueWords(unit)}.`
    throw refusal('invalid', 'value', message)
  }
}

function requirePlace(environment: string | null, scope: 'institution' | 'environment'): void {
  if ((environment === null) === (scope === 'institution')) return
  const message =
    scope === 'institution'
      ? 'This is declared of the institution itself, not of an environment.'
      : 'This is declared of an environment: name which one.'
  throw refusal('invalid', scope === 'institution' ? 'of_institution' : 'of_environment', message)
}

function isValue(value: unknown, unit: MetricUnit): boolean {
  if (unit === 'boolean') return typeof value === 'boolean'
  if (typeof value !== 'number' || !(value >= 0)) return false
  return unit === 'ratio' ? value <= 1 : Number.isSafeInteger(value) && value <= valueMax
}

function valueWords(unit: MetricUnit): string {
  if (unit === 'boolean') return 'true or false'
  return unit === 'ratio'
    ? 'a number from 0 to 1'
    : `a whole number from 0 to ${valueMax} (${unit})`
}

/** Whether people of a role may review what people of another one declared. */
export function mayReview(role: string, { requestedRole }: Declaration): boolean {
  return roleMay(role, 'declarations.decide') && bodyOf(role) !== bodyOf(requestedRole)
}

/** The declaration as another body reviewed it. Throws AppError. */
export function reviewDeclaration(declaration: Declaration, decision: Decision): Declaration {
  const { is, by, role, at, why } = decision
  if (bodyOf(role) === bodyOf(declaration.requestedRole)) {
    const message = 'Another body than the one that declared must review this.'
    throw refusal('forbidden', 'own_body', message)
  }
  const reviewed = decide(declaration, { is, by, role, at, why }, 'declarations.decide')
  if (declaration.withdrawnAt !== null) {
    throw refusal('conflict', 'withdrawn', 'It was withdrawn.')
  }
  if (declaration.expiresAt <= at) {
    throw refusal('conflict', 'lapsed', 'It expired before anybody reviewed it.')
  }
  return reviewed
}

/** The declaration as taken back, before or after its review. Throws AppError. */
export function withdrawDeclaration(
  declaration: Declaration,
  at: EpochMs,
  all: readonly Declaration[],
): Declaration {
  const state = declarationState(declaration, at, all)
  if (state === 'open' || state === 'verified') return { ...declaration, withdrawnAt: at }
  throw refusal('conflict', 'closed', 'It holds no more, so nothing is left to withdraw.')
}

function refusal(
  code: ErrorCode,
  rule: string,
  message: string,
  values: Readonly<Record<string, number>> = {},
): AppError {
  return new AppError(code, message, { detail: { rule, ...values } })
}
