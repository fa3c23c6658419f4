import type { EpochMs } from '../../protocol/time.ts'
import type { InstitutionRow, Snapshot } from '../kpi/snapshot.ts'
import type { Account } from '../people/accounts.ts'
import type { AssetUrls } from './assets.ts'
import type { Writer } from './format.ts'

/** What surrounds the content of a page: for whom it is made, when, and what it refers to. */
export type Frame = Writer & {
  /** Path of the page behind the language, e.g. `/institutions/a`; the language switch keeps it. */
  readonly path: string
  readonly now: EpochMs
  /** Who is signed in; null on the pages that need nobody. */
  readonly account: Account | null
  readonly assets: AssetUrls
}

/** The institutions whose rows an account may see: all, or for the role `institution` its own. */
export function visibleTo(
  account: Account | null,
  { institutions }: Snapshot,
): readonly InstitutionRow[] {
  if (account?.role !== 'institution') return institutions
  return institutions.filter(({ id }) => id === account.institution)
}
