import { AppError } from '../error.ts'
import { type Account, type Role, roles } from './accounts.ts'

/** For whom a role does something: its own institution, or all. */
export type Reach = 'own' | 'all'

type Row = Readonly<Partial<Record<Role, Reach>>>

const nationalRead: Row = { admin: 'all', ministry: 'all', evaluator: 'all', auditor: 'all' }
const ministries: Row = { admin: 'all', ministry: 'all' }
const deciders: Row = { ...ministries, evaluator: 'all' }

/**
 * The one table of who may do what. Two-person acts need a second person besides; those of another
 * body (declarations, exemptions, baselines) one who acts for another body than whoever asked.
 */
export const permissions = {
  /** Rows of institutions: figures, evidence, what was asked for and declared. */
  read: { ...nationalRead, institution: 'own' },
  /** Whose reading is itself an act in the log. */
  'read.noted': { auditor: 'all' },
  /** About all institutions at once, with the rows of each: frozen bytes, the national log. */
  'read.all': nationalRead,
  /** Maintenance, disputes, declarations: asking, changing what was asked, taking it back. */
  ask: { admin: 'all', institution: 'own' },
  'maintenance.decide': deciders,
  'disputes.decide': { evaluator: 'all' },
  'declarations.decide': { ministry: 'all', evaluator: 'all' },
  'workloads.register': { ...ministries, institution: 'own' },
  /** Exemptions and baselines. */
  'roadmap.ask': { ...ministries, institution: 'own' },
  'roadmap.decide': deciders,
  'cycles.propose': ministries,
  'cycles.decide': deciders,
  /** Publishing figures that were held back. */
  'figures.confirm': ministries,
  'models.propose': ministries,
  'models.decide': deciders,
  /** Official results and figures of the programme. */
  'official.import': ministries,
  /** Exports that others asked for. */
  'exports.remove': { admin: 'all' },
  /** Enrolment tokens and agents. */
  'agents.manage': { admin: 'all', institution: 'own' },
  /** Letting a quarantined agent go on, which whoever manages agents asks for. */
  'releases.decide': deciders,
  /** Settings of the policy: asking for others, and taking that back. */
  'policy.propose': ministries,
  'policy.decide': deciders,
  'hooks.manage': { admin: 'all' },
  'accounts.manage': { admin: 'all' },
} as const satisfies Readonly<Record<string, Row>>

export type Act = keyof typeof permissions

/** Who asks, as far as the table needs it. */
type Asking = Pick<Account, 'role' | 'institution'>

/**
 * Whether an account may do something for an institution; without one, whether it may for any
 * institution at all.
 */
export function may({ role, institution }: Asking, act: Act, owner?: string): boolean {
  const row: Row = permissions[act]
  const reach = row[role]
  return reach === 'all' || (reach === 'own' && (owner === undefined || owner === institution))
}

/** Whether a role, as the log names it, may do something for some institution. */
export function roleMay(role: string, act: Act): boolean {
  return rolesThatMay(act).some((each) => each === role)
}

/** The roles that may do something for some institution. */
export function rolesThatMay(act: Act): readonly Role[] {
  const row: Row = permissions[act]
  return roles.filter((role) => row[role] !== undefined)
}

/** Whether an account sees the rows of an institution. To whom it does not they do not exist. */
export function sees(account: Asking, owner: string): boolean {
  return may(account, 'read', owner)
}

/** Throws AppError `not_found` for a foreign institution, as for one that does not exist. */
export function requireSight(account: Asking, owner: string, missing = 'institution'): void {
  if (!sees(account, owner)) throw new AppError('not_found', `There is no such ${missing}.`)
}

const named: Readonly<Record<Role, string>> = {
  admin: 'an admin',
  ministry: 'the ministry',
  evaluator: 'the evaluator',
  institution: 'the institution itself',
  auditor: 'an auditor',
}

/** Who may do something, as a refusal says it: `an admin, the ministry or the evaluator`. */
export function namesOf(act: Act): string {
  const names = rolesThatMay(act).map((role) => named[role])
  const last = names.pop()
  return names.length === 0 ? `${last}` : `${names.join(', ')} or ${last}`
}

/** Throws AppError `forbidden` for who may not do something for an institution, or at all. */
export function requireMay(account: Asking, act: Act, owner?: string): void {
  if (!may(account, act, owner)) throw notFor(act)
}

/** The refusal of whoever may not do something. */
export function notFor(act: Act): AppError {
  return new AppError('forbidden', `Only ${namesOf(act)} may do this.`, {
    detail: { rule: 'role' },
  })
}
