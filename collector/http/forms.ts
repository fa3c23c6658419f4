import type { Account } from '../people/accounts.ts'
import type { Declarations } from '../people/declarations.ts'
import type { Disputes } from '../people/disputes.ts'
import type { Place } from '../people/environment-acts.ts'
import type { Inbox } from '../people/inbox.ts'
import type { Maintenance } from '../people/maintenance.ts'
import type { Roadmap } from '../people/roadmap.ts'
import type { Workloads } from '../people/workloads.ts'
import type { RefusedDispute } from '../web/parts/disputes.ts'
import type { RefusedMaintenance } from '../web/parts/maintenance.ts'
import { submitDispute } from './disputes-form.ts'
import { submitMaintenance } from './maintenance-form.ts'

/** What people ask for on pages of environments and institutions. */
export type People = {
  readonly maintenance: Maintenance
  readonly disputes: Disputes
  readonly declarations: Declarations
  readonly workloads: Workloads
  readonly roadmap: Roadmap
  /** What waits for whoever is signed in. */
  readonly inbox: Inbox
}

/** The form of a page that was sent and refused; all null without one. */
export type Refused = {
  readonly maintenance: RefusedMaintenance | null
  readonly disputes: RefusedDispute | null
}

export const nothingRefused: Refused = { maintenance: null, disputes: null }

/**
 * Does what a form of an environment's page asks for. Resolves to where on the page it is seen once
 * done, or why it was refused. Throws what is no refusal.
 */
export async function submit(
  { maintenance, disputes }: People,
  account: Account,
  place: Place,
  form: URLSearchParams,
  timezone: string,
): Promise<string | { readonly refused: Refused }> {
  if (form.get('about') === 'dispute') {
    const refused = await submitDispute(disputes, account, place, form, timezone)
    return refused ? { refused: { ...nothingRefused, disputes: refused } } : '#disputes'
  }
  const refused = await submitMaintenance(maintenance, account, place, form, timezone)
  return refused ? { refused: { ...nothingRefused, maintenance: refused } } : '#maintenance'
}
