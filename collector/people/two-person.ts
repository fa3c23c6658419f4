import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { type Account, localAdmin } from './accounts.ts'
import { type Act, namesOf, roleMay } from './permissions.ts'

/** What the second person said. */
export type Decision = {
  readonly is: 'approved' | 'refused'
  readonly by: string
  readonly role: string
  readonly at: EpochMs
  readonly why: string
}

/** What one person asks for and another one decides, once. */
export type Proposal = {
  readonly requestedBy: string
  readonly requestedAt: EpochMs
  readonly decision: Decision | null
}

/**
 * The proposal as decided. Throws AppError `forbidden` for the account that asked and for roles
 * that decide nothing, `conflict` when it was decided before. To be called where nothing else can
 * be written in between.
 */
export function decide<P extends Proposal>(
  proposal: P,
  decision: NonNullable<P['decision']>,
  act: Act,
): P {
  if (!roleMay(decision.role, act)) {
    const message = `Only ${namesOf(act)} may decide this.`
    throw new AppError('forbidden', message, { detail: { rule: 'role' } })
  }
  if (proposal.requestedBy === decision.by) {
    const message = 'Whoever asked for something cannot decide it: a second person must.'
    throw new AppError('forbidden', message, { detail: { rule: 'second_person' } })
  }
  if (proposal.decision) {
    const { is } = proposal.decision
    const message = `This was decided before: it is ${is}.`
    throw new AppError('conflict', message, { detail: { rule: 'decided' } })
  }
  return { ...proposal, decision }
}

/**
 * Whether an account can be the second person to another one: no account is to itself under two
 * sessions, nor to whoever made it or a way into it, nor to whom it made one. Commands on the
 * collector's machine make accounts for everybody, and count for none of them. A token is nobody.
 */
export function isSecondPerson({ id, related = [], via }: Account, requestedBy: string): boolean {
  return id !== requestedBy && via !== 'token' && !isRelated({ id, related }, requestedBy)
}

function isRelated(
  { id, related }: { readonly id: string; readonly related: readonly string[] },
  other: string,
): boolean {
  return ![id, other].includes(localAdmin.id) && related.includes(other)
}

/** What an account says to a proposal. Throws AppError `forbidden` for no second person. */
export function decisionOf(
  { id, role, related = [], via }: Account,
  { requestedBy }: Pick<Proposal, 'requestedBy'>,
  said: Pick<Decision, 'is' | 'at' | 'why'>,
): Decision {
  if (via === 'token') {
    const message = 'A token decides nothing: a person who signed in must.'
    throw new AppError('forbidden', message, { detail: { rule: 'token' } })
  }
  if (isRelated({ id, related }, requestedBy)) {
    const message =
      'One of the two accounts made the other one or a way into it: a second person must decide.'
    throw new AppError('forbidden', message, { detail: { rule: 'second_person' } })
  }
  return { is: said.is, by: id, role, at: said.at, why: said.why }
}

/** A proposal whose decision another body takes than the one that asked. */
export type BodyProposal = Proposal & {
  /** The role of `requestedBy`. */
  readonly requestedRole: string
  readonly withdrawnAt: EpochMs | null
}

/** The bodies that people act for: an admin is the ministry's. */
export function bodyOf(role: string): string {
  return role === 'admin' ? 'ministry' : role
}

/** Whether people of a role may decide what people of another one asked for. */
export function mayDecideFor(role: string, requestedRole: string): boolean {
  return roleMay(role, 'roadmap.decide') && bodyOf(role) !== bodyOf(requestedRole)
}

/**
 * The proposal as decided by another body than the one that asked: no word of the decision but
 * those that it has is kept. Throws AppError, as `decide`; `conflict` for what was withdrawn too.
 */
export function decideAsOtherBody<P extends BodyProposal>(proposal: P, decision: Decision): P {
  const { is, by, role, at, why } = decision
  if (bodyOf(role) === bodyOf(proposal.requestedRole)) {
    const message = 'Another body than the one that asked must decide this.'
    throw new AppError('forbidden', message, { detail: { rule: 'own_body' } })
  }
  if (proposal.withdrawnAt !== null) {
    throw new AppError('conflict', 'It was withdrawn.', { detail: { rule: 'withdrawn' } })
  }
  return decide<BodyProposal & P>(proposal, { is, by, role, at, why }, 'roadmap.decide')
}
