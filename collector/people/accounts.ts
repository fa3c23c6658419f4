/** What a person may do. `institution` sees and changes its own rows only. */
export const roles = ['admin', 'ministry', 'evaluator', 'institution', 'auditor'] as const
export type Role = (typeof roles)[number]

/** Who is acting. `institution` is set exactly for the role of that name. */
export type Account = {
  readonly id: string
  readonly role: Role
  readonly institution?: string
}

/** Who acts through commands on the collector's own machine. */
export const localAdmin = { id: 'local-admin', role: 'admin' } as const satisfies Account

/** Sessions of people on the board. All secrets are compared and kept as hashes. */
export type Sessions = {
  /** Uses up a one-time login code: the session's secret, or null when the code is not valid. */
  login(code: string): Promise<string | null>
  /** The account behind a session's secret; null when unknown or expired. */
  account(secret: string): Promise<Account | null>
  logout(secret: string): Promise<void>
}
